"""Letters to the sending units: the call-up notice with its slip, and the feedback after the closing."""

from __future__ import annotations

from datetime import date

from cohorts.papers.lists import without_empty
from cohorts.papers.values import Choice, ClassFacts, Material, MemberLine, by_unit
from cohorts.presenters.figures import plain
from core.drawing.dates import chinese_date, chinese_window
from core.drawing.parts import (
    Cell,
    Closing,
    CutLine,
    Document,
    Form,
    FormRow,
    Heading,
    Paragraph,
    Part,
    Section,
    Table,
)
from core.drawing.tables import Column

WEEKDAYS = "一二三四五六日"
BLANK_DAY = "　　月　　日"
BLANK_PHONE = "　　　　　　　"
BRING = "请携带本人有效身份证件和本通知；按课程要求自备学习资料。请勿携带涉密文件、资料和涉密设备。"


def notices(material: Material, choice: Choice) -> Document:
    """One notice for each sending unit, with the names of its people and a slip to return."""
    facts = material.facts
    sections = tuple(
        Section(_notice(material, choice, unit, rows), head=f"{facts.title}调训通知 · {unit}", note=facts.marker)
        for unit, rows in by_unit(material.members)
    )
    return Document(f"调训通知 {facts.title}", sections, "letter", author=facts.host, created=material.today)


def _notice(material: Material, choice: Choice, unit: str, rows: list[MemberLine]) -> tuple[Part, ...]:
    facts = material.facts
    when = chinese_window(facts.starts_on, facts.ends_on)
    reply = _day(choice.reply_by) if choice.reply_by else BLANK_DAY
    phone = choice.phone or BLANK_PHONE
    return (
        Heading(f"关于举办{facts.title}的调训通知", 0),
        Paragraph(choice.number or f"〔{material.today.year}〕　　　号", align="center", indent=0),
        Paragraph(f"{unit}：", align="left", indent=0, before=5),
        Paragraph(f"根据年度干部教育培训安排，定于{when}举办{facts.title}。现将有关事项通知如下。"),
        Heading("　　一、参训人员", 1),
        Paragraph(f"请你单位下列 {len(rows)} 名同志按时参训：", keep=True),
        Table(
            (Column("序号", 0.12, "center"), Column("姓名", 0.28, "center"), Column("职务", 0.6)),
            tuple((str(n), row.name, row.post or "—") for n, row in enumerate(rows, 1)),
        ),
        Heading("　　二、时间和地点", 1),
        Paragraph(f"培训时间：{when}，{_hours(facts)}。"),
        Paragraph(f"报到时间：{_arrival(material)}。"),
        Paragraph(f"培训地点：{facts.place or '另行通知'}。"),
        Heading("　　三、有关要求", 1),
        Paragraph(BRING),
        Paragraph("参训人员在培训期间脱产学习，遵守考勤和请假规定；累计请假超过总学时七分之一的，原则上作退学处理。"),
        Paragraph(f"请于{reply}前将回执反馈主办单位。因特殊情况不能参训的，请在回执中说明。"),
        Paragraph(f"联系人：{material.contact or '　　　　'}；联系电话：{phone}。"),
        Closing((facts.host, chinese_date(material.today))),
        CutLine("回执（沿此线剪下后反馈）"),
        Heading("回　执", 0),
        _slip(facts, unit, rows),
    )


def _slip(facts: ClassFacts, unit: str, rows: list[MemberLine]) -> Form:
    heads = ("姓名", "职务", "能否参训", "手机号码", "住宿、饮食等需要")
    return Form(
        (0.18, 0.24, 0.16, 0.2, 0.22),
        (
            FormRow((Cell("班次", label=True), Cell(facts.title, 4))),
            FormRow((Cell("单位（章）", label=True), Cell(unit, 4))),
            FormRow(tuple(Cell(head, label=True) for head in heads)),
            *(FormRow((Cell(r.name, align="center"), Cell(r.post), Cell(), Cell(), Cell())) for r in rows),
            FormRow((Cell("填报人", label=True), Cell(), Cell("联系电话", label=True), Cell(span=2))),
        ),
    )


def _hours(facts: ClassFacts) -> str:
    return f"共 {plain(facts.total_hours)} 学时" if facts.total_hours else "学时以课程安排为准"


def _arrival(material: Material) -> str:
    """The first day, and the hour before which to be there where the timetable says one."""
    first = material.sessions[0] if material.sessions else None
    if first and first.place.day == material.facts.starts_on:
        return f"{_day(material.facts.starts_on)}（星期{_weekday(material.facts.starts_on)}）{first.time[:5]}前"
    return f"{_day(material.facts.starts_on)}（星期{_weekday(material.facts.starts_on)}），具体时间另行通知"


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


# After the closing.


def feedback(material: Material, choice: Choice) -> Document:
    """One letter for each sending unit about its own people, by name; nobody is compared with anybody."""
    facts = material.facts
    sections = tuple(
        Section(_letter(material, choice, unit, rows), head=f"{facts.title}反馈函 · {unit}", note=facts.marker)
        for unit, rows in by_unit(material.members)
    )
    return Document(f"反馈函 {facts.title}", sections, "letter", author=facts.host, created=material.today)


def _letter(material: Material, choice: Choice, unit: str, rows: list[MemberLine]) -> tuple[Part, ...]:
    facts = material.facts
    when = chinese_window(facts.starts_on, facts.ends_on)
    closed = f"，{chinese_date(facts.closed_on)}结班" if facts.closed_on else ""
    return (
        Heading(f"关于{facts.title}\n学员学习情况的函", 0),
        Paragraph(choice.number or f"〔{material.today.year}〕　　　号", align="center", indent=0),
        Paragraph(f"{unit}：", align="left", indent=0, before=5),
        Paragraph(f"{facts.title}于{when}举办{closed}。你单位 {len(rows)} 名同志参加了学习，现将有关情况函告如下。"),
        Heading("　　一、结业情况", 1),
        _outcomes(material, rows),
        Heading("　　二、出勤情况", 1),
        Paragraph("以半天计，迟到、早退均已到课。", quiet=True, keep=True),
        _attendance(material, rows),
        Heading("　　三、结业鉴定", 1),
        *_appraisals(material, rows),
        Paragraph("以上仅反映学员在班期间的学习情况，供了解和培养干部时参考，不作为任免、奖惩的直接依据。"),
        Paragraph("特此函告。"),
        Closing((facts.host, chinese_date(material.today))),
    )


def _outcomes(material: Material, rows: list[MemberLine]) -> Table:
    lines = []
    for row in rows:
        outcome = material.outcomes.get(row.key)
        word = outcome.word if outcome else "—"
        if outcome and outcome.open_conditions and not outcome.granted and outcome.word != "退学":
            word = f"{word}（{'、'.join(outcome.open_conditions)}未满足）"
        honours = "、".join(outcome.honours) if outcome else ""
        hours = f"{plain(outcome.hours)}" if outcome and outcome.granted else "—"
        lines.append((row.name, row.post or "—", hours, word, honours))
    columns = (
        Column("姓名", 0.18), Column("职务", 0.26), Column("学时", 0.12, "right"), Column("结业情况", 0.26),
        Column("荣誉", 0.18),
    )  # fmt: skip
    return without_empty(columns, lines)


def _attendance(material: Material, rows: list[MemberLine]) -> Table:
    heads = ("应到", "到课", "其中迟到", "其中早退", "请假", "旷课")
    lines = []
    for row in rows:
        half_days = material.attended[row.key]
        late, early = half_days.count("late"), half_days.count("left_early")
        here = half_days.count("present") + late + early
        figures = (len(half_days.due), here, late, early, half_days.count("on_leave"), half_days.count("absent"))
        lines.append((row.name, *map(str, figures)))
    columns = (Column("姓名", 0.22), *(Column(head, 0.13, "right") for head in heads))
    return Table(columns, tuple(lines))


def _appraisals(material: Material, rows: list[MemberLine]) -> list[Part]:
    parts: list[Part] = []
    for row in rows:
        text = material.appraisals.get(row.key)
        words = (text.host or text.teacher) if text else ""
        parts.append(Paragraph(f"{row.name}：{words or '鉴定意见另行函告。'}"))
    return parts
