"""The handbook of the class (学员手册): facts, timetable, names, rules, rooms and people to ask."""

from __future__ import annotations

from decimal import Decimal

from cohorts.papers.lists import GROUP_COLUMNS, without_empty
from cohorts.papers.values import NO_GROUP, Choice, ClassFacts, Material, SessionLine, by_group
from cohorts.presenters.figures import plain
from cohorts.rules import leave
from cohorts.rules.halfdays import HalfDay, half_word
from cohorts.rules.schedule import groups_words
from core.drawing.dates import chinese_window
from core.drawing.parts import Contents, Cover, Document, Facts, Heading, NewPage, Paragraph, Part, Section, Table
from core.drawing.tables import Column

WEEKDAYS = "一二三四五六日"
ATTENDANCE = (
    "考勤以半天为单位，由班主任点名登记。状态分到课、迟到、早退、请假、旷课五种；没有登记不等于旷课。",
    "学员应按课表上课，提前到场，课间不无故离开。考勤登记有误的，可以向班主任提出，更正须写明原因并留有记录。",
    "无故缺课按旷课登记，另按纪律规定处理。",
)
LEAVE = (
    "因公、因病、因事不能上课的，应事先请假，经批准后方可离开；情况紧急来不及的，应先报告班主任，事后补办。",
    "请假学时按课表计算：请假期间课表上排定的学时，即为请假学时。提前返回的应及时销假，未用的学时退回。",
)


def handbook(material: Material, choice: Choice) -> Document:
    """Cover, contents and six chapters."""
    facts = material.facts
    parts: list[Part] = [_cover(facts), Contents(), *_about(facts, material), *_people(material, choice)]
    parts += [*_timetable(material), *_rooms(material), *_names(material), *_rules(material)]
    section = Section(tuple(parts), head=facts.host, note=facts.marker or "学员手册，请妥善保管，勿向班外散发。")
    return Document(f"学员手册 {facts.title}", (section,), author=facts.host, created=material.today)


def _cover(facts: ClassFacts) -> Cover:
    rows = (
        ("培训时间", chinese_window(facts.starts_on, facts.ends_on)),
        ("培训地点", facts.place or "另行通知"),
        ("主办单位", facts.host),
    )
    return Cover(facts.host, facts.title, "学员手册", rows, facts.marker)


def _about(facts: ClassFacts, material: Material) -> list[Part]:
    groups = [words for words, _ in by_group(material.members) if words != NO_GROUP]
    parted = f"，分 {len(groups)} 组" if groups else ""
    rows = [
        ("班次名称", facts.title),
        ("班次编号", facts.code),
        ("培训时间", chinese_window(facts.starts_on, facts.ends_on)),
        ("培训地点", facts.place or "另行通知"),
        ("主办单位", facts.host),
        ("总学时", facts.hours_words),
        ("学员", f"{len(material.members)} 人{parted}"),
    ]  # fmt: skip
    return [Heading("班次概况"), Facts(tuple(rows))]


def _timetable(material: Material) -> list[Part]:
    columns = (
        Column("日期", 0.12), Column("时段", 0.08, "center"), Column("时间", 0.14), Column("内容", 0.3),
        Column("形式", 0.11, "center"), Column("教师", 0.12), Column("地点", 0.13),
    )  # fmt: skip
    rows, before = [], None
    for one in material.sessions:
        rows.append(_session(one, before))
        before = one.place
    by = material.facts.timetable
    said = [Paragraph(f"以下按{by}，此后的调整以最新通知为准。", quiet=True)] if by else []
    return [NewPage(), Heading("课程安排"), *said, Table(columns, tuple(rows), "课程还没有排定，确定后另行通知。")]


def _session(one: SessionLine, before: HalfDay | None) -> tuple[str, ...]:
    """A line of the timetable; the day stands only where it begins."""
    place = one.place
    new_day = before is None or before.day != place.day
    day = f"{place.day.month}月{place.day.day}日\n周{WEEKDAYS[place.day.weekday()]}" if new_day else ""
    half = half_word(place.half) if before != place else ""
    title = f"{one.title}（{groups_words(one.tracks)}）" if one.tracks else one.title
    return (day, half, one.time, title, one.kind, one.lecturer, one.room)


def _names(material: Material) -> list[Part]:
    parts: list[Part] = [NewPage(), Heading("学员名单")]
    number = 0
    for words, rows in by_group(material.members):
        lines = []
        for row in rows:
            number += 1
            lines.append((str(number), row.name, row.unit, row.post, row.duty))
        parts += [Heading(f"{words}（{len(rows)} 人）", 2), without_empty(GROUP_COLUMNS, lines)]
    return parts if number else [*parts, Paragraph("学员名单还没有确定。", quiet=True)]


def _rules(material: Material) -> list[Part]:
    parts: list[Part] = [NewPage(), Heading("考勤与请假"), Heading("考勤", 2)]
    parts += [Paragraph(text) for text in ATTENDANCE]
    parts += [Heading("请假", 2), *(Paragraph(text) for text in LEAVE)]
    if material.rules.ladder:
        parts += [Paragraph("请假按时间长短，依次经以下环节审批：", keep=True)]
        parts += [Paragraph(f"{n}. {line}") for n, line in enumerate(material.rules.ladder, 1)]
    return [*parts, Heading("七分之一", 2), *(Paragraph(text) for text in seventh(material.facts.total_hours))]


def seventh(total: Decimal) -> list[str]:
    """The rule of one seventh with the class's own figures."""
    rule = "累计请假超过班次总学时七分之一的，原则上作退学处理；恰为七分之一的不算超过。是否退学由主办单位决定。"
    if total <= 0:
        return [rule, "本班总学时以课程安排为准，课程排定后计算。"]
    most = leave.limit(total)
    whole = Decimal(int(total / 7))
    return [
        rule,
        f"本班总学时 {plain(total)} 学时，七分之一为 {plain(total)} ÷ 7 ＝ {plain(most)} 学时。"
        f"例如：累计请假 {plain(whole)} 学时，没有超过；累计请假 {plain(whole + 1)} 学时，就超过了。",
        "总学时为课表上全部学时之和，课表调整后重新计算。",
    ]


def _rooms(material: Material) -> list[Part]:
    rooms: dict[str, int] = {}
    for one in material.sessions:
        if one.room:
            rooms[one.room] = rooms.get(one.room, 0) + 1
    rows = tuple((room, f"{count} 次") for room, count in rooms.items())
    columns = (Column("教室或场地", 0.7), Column("课表安排", 0.3, "right"))
    return [Heading("教室与场地"), Table(columns, rows, "教室还没有排定，以课前通知为准。")]


def _people(material: Material, choice: Choice) -> list[Part]:
    rows = tuple((one.duty, one.name, one.unit) for one in material.staff)
    columns = (Column("职责", 0.2), Column("姓名", 0.25), Column("单位", 0.55))
    phone = choice.phone or "　　　　　　　　　　"
    return [
        Heading("联系人"),
        Table(columns, rows, "办班人员还没有确定。"),
        Paragraph(f"班务电话：{phone}", indent=0),
        Paragraph("遇有突发情况，先联系班主任。", indent=0),
    ]
