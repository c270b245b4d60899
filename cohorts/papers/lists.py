"""Names and places: desk cards, badges, the name list, and the forms of appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cohorts.papers.values import Appraisal, Attended, Choice, Material, MemberLine, by_group, by_unit
from core.drawing.badges import Badge, draw_badges
from core.drawing.dates import chinese_window
from core.drawing.desk_cards import draw_desk_cards
from core.drawing.parts import Cell, Document, Form, FormRow, Heading, NewPage, Paragraph, Part, Section, Table
from core.drawing.tables import Column
from core.spreadsheets.writer import SheetSpec, write_xlsx

SIGNED = "签名：　　　　　　　　　年　　月　　日"
SEALED = "（盖章）　　　　　　　　年　　月　　日"
APPRAISAL_NOTE = "本表一式两份，一份留存，一份反馈选派单位。仅反映在班学习情况，不作为任免、奖惩的直接依据。"
SHARES = (0.15, 0.35, 0.15, 0.35)


def desk_cards(material: Material, choice: Choice) -> bytes:
    """A folded sheet for each member, by group, so that rows of seats can be laid out from the pile."""
    names = [row.name for _, rows in by_group(material.members) for row in rows]
    return draw_desk_cards(names, title=f"桌签 {material.facts.title}", created=material.today)


def badges(material: Material, choice: Choice) -> bytes:
    rows = [
        Badge(row.name, row.unit, row.group, row.duty, material.photos.get(row.key, b""))
        for _, group in by_group(material.members)
        for row in group
    ]
    marker = "示范，人员均为虚构" if material.facts.is_synthetic else ""
    return draw_badges(rows, title=material.facts.title, marker=marker, created=material.today)


# The name list.

GROUP_COLUMNS = (
    Column("序号", 0.1, "center"), Column("姓名", 0.18), Column("单位", 0.36), Column("职务", 0.22),
    Column("班内职务", 0.14),
)  # fmt: skip
UNIT_COLUMNS = (
    Column("序号", 0.1, "center"), Column("姓名", 0.2), Column("职务", 0.36), Column("小组", 0.18),
    Column("班内职务", 0.16),
)  # fmt: skip


def name_list(material: Material, choice: Choice) -> Document:
    """Everybody twice: by group, and by the unit that sent them."""
    facts = material.facts
    parts: list[Part] = [Heading(facts.title, 0), Heading(f"按小组（共 {len(material.members)} 人）")]
    for words, rows in by_group(material.members):
        lines = [(str(n), r.name, r.unit, r.post, r.duty) for n, r in enumerate(rows, 1)]
        parts += [Heading(f"{words}（{len(rows)} 人）", 2), without_empty(GROUP_COLUMNS, lines)]
    units = by_unit(material.members)
    parts += [NewPage(), Heading(f"按单位（{len(units)} 个单位）")]
    for unit, rows in units:
        lines = [(str(n), r.name, r.post, r.group_words, r.duty) for n, r in enumerate(rows, 1)]
        parts += [Heading(f"{unit}（{len(rows)} 人）", 2), without_empty(UNIT_COLUMNS, lines)]
    section = Section(tuple(parts), head=chinese_window(facts.starts_on, facts.ends_on), note=facts.marker)
    return Document(f"学员名册 {facts.title}", (section,), author=facts.host, created=material.today)


def without_empty(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Table:
    """A list whose last column is left out where nobody has anything in it; its share goes to the one before."""
    if any(row[-1] for row in rows):
        return Table(tuple(columns), tuple(tuple(row) for row in rows))
    *first, wide, gone = columns
    return Table((*first, replace(wide, share=wide.share + gone.share)), tuple(tuple(row[:-1]) for row in rows))


def name_workbook(material: Material, choice: Choice) -> bytes:
    """The same as a workbook: a sheet by group and one by unit."""
    columns = ["序号", "姓名", "单位", "职务", "小组", "班内职务"]
    note = f"{material.facts.title}（{material.today:%Y-%m-%d}）"
    sheets = []
    for name, groups in (("按小组", by_group(material.members)), ("按单位", by_unit(material.members))):
        people = [row for _, rows in groups for row in rows]
        lines = [[n, r.name, r.unit, r.post, r.group_words, r.duty] for n, r in enumerate(people, 1)]
        sheets.append(SheetSpec(name, columns, lines, note=note))
    return write_xlsx(sheets)


# The appraisal.


def appraisal_forms(material: Material, choice: Choice) -> Document:
    """A form for each member: what is known is filled in, what nobody wrote yet has room to write."""
    facts = material.facts
    sections = tuple(
        Section(_appraisal(material, row), head=f"{row.name} · {row.unit}", note=facts.marker)
        for row in material.members
    )
    return Document(f"结业鉴定表 {facts.title}", sections, author=facts.host, created=material.today)


def _appraisal(material: Material, row: MemberLine) -> tuple[Part, ...]:
    facts, text = material.facts, material.appraisals.get(row.key, Appraisal())
    return (
        Heading("学员结业鉴定表", 0),
        Form(
            SHARES,
            (
                _pair("姓名", row.name, "小组", row.group_words),
                _line("单位", row.unit),
                _line("职务", row.post),
                _line("班次", facts.title),
                _pair("培训时间", chinese_window(facts.starts_on, facts.ends_on), "总学时", facts.hours_words),
                _line("出勤", _attended(material.attended.get(row.key))),
                _text("自我鉴定", text.own, 52, f"本人{SIGNED}"),
                _text("小组意见", text.group, 28, f"组长{SIGNED}"),
                _text("班主任\n鉴定意见", text.teacher, 48, f"班主任{SIGNED}"),
                _text("主办单位\n意见", text.host, 30, SEALED),
            ),
        ),
        Paragraph(APPRAISAL_NOTE, quiet=True),
    )


def _pair(first: str, one: str, second: str, two: str) -> FormRow:
    return FormRow((Cell(first, label=True), Cell(one), Cell(second, label=True), Cell(two)))


def _line(label: str, value: str) -> FormRow:
    return FormRow((Cell(label, label=True), Cell(value, 3)))


def _text(label: str, value: str, height: float, foot: str) -> FormRow:
    return FormRow((Cell(label, label=True), Cell(value, 3)), height, foot)


def _attended(half_days: Attended | None) -> str:
    """应到 10 个半天：到课 8，请假 2 — what occurs; nothing before anything is recorded."""
    if half_days is None or not half_days.due:
        return ""
    words = (("到课", "present"), ("迟到", "late"), ("早退", "left_early"), ("请假", "on_leave"), ("旷课", "absent"))
    counted = [f"{word} {half_days.count(status)}" for word, status in words if half_days.count(status)]
    if not counted:
        return f"应到 {len(half_days.due)} 个半天"
    return f"应到 {len(half_days.due)} 个半天：{'，'.join(counted)}"
