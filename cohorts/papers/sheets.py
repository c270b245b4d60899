"""Sheets of attendance: to sign in by hand, and the table of what was recorded."""

from __future__ import annotations

from datetime import date

from cohorts.halfdays import HalfDay, half_word
from cohorts.papers.values import Choice, Material, MemberLine, by_group, weeks
from core.drawing.attendance import Row, SheetWords, Slot, draw_attendance_table, draw_sign_in_sheets
from core.drawing.dates import chinese_window
from core.errors import DomainError

MARKS = {"present": "√", "late": "迟", "left_early": "早", "on_leave": "假", "absent": "旷"}
NOT_RECORDED, NOT_DUE = "", "／"
TOTALS = ("到课", "迟到", "早退", "请假", "旷课", "未登记")
COUNTED = ("present", "late", "left_early", "on_leave", "absent", "")
LEGEND = (
    "√ 到课　迟 迟到　早 早退　假 请假　旷 旷课　空白 未登记（不等于旷课）　／ 不在应到范围。到课合计不含迟到、早退。"
)


def _rows(material: Material) -> list[MemberLine]:
    return [row for _, rows in by_group(material.members) for row in rows]


def _slot(place: HalfDay) -> Slot:
    return Slot(place.day, half_word(place.half))


def wanted(slots: str, places: list[HalfDay]) -> list[list[HalfDay]]:
    """The half days of each sheet: one week on one sheet, or each half day on its own."""
    kind, _, rest = slots.partition(":")
    if kind == "week":
        return [halves for monday, halves in weeks(places) if monday.isoformat() == rest]
    if kind == "half":
        day, _, half = rest.partition(":")
        return [[place] for place in places if place.day.isoformat() == day and place.half == half]
    return [[place] for place in places]


def slot_keys(places: list[HalfDay]) -> list[tuple[str, str]]:
    """What may be chosen, with its words: weeks, all half days, single half days."""
    found = [(f"week:{monday.isoformat()}", f"一周一张：{_span(halves)}") for monday, halves in weeks(places)]
    found.append(("all", "每个半天一张：全部"))
    return [*found, *((f"half:{p.day.isoformat()}:{p.half}", f"一个半天：{p.long_label}") for p in places)]


def _span(halves: list[HalfDay]) -> str:
    return chinese_window(halves[0].day, halves[-1].day)


def sign_in_sheets(material: Material, choice: Choice) -> bytes:
    """Sheets with room to sign, from the timetable's half days."""
    chosen = wanted(choice.slots, material.places)
    if not chosen:
        raise DomainError("课表中没有所选的半天，请重新选择。", code="no_such_half_day")
    parts = [(_sign_in_words(material, halves), [_slot(place) for place in halves]) for halves in chosen]
    rows = [Row(row.name, row.unit, row.group) for row in _rows(material)]
    return draw_sign_in_sheets(parts, rows, created=material.today)


def _sign_in_words(material: Material, halves: list[HalfDay]) -> SheetWords:
    facts = material.facts
    if len(halves) > 1:
        line = f"{_span(halves)}　　{facts.place}　　应到 {len(material.members)} 人"
    else:
        line = f"{halves[0].long_label}　　{_topic(material, halves[0])}　　应到 {len(material.members)} 人"
    return SheetWords(f"{facts.title}签到表", facts.host, line, facts.marker)


def _topic(material: Material, place: HalfDay) -> str:
    return "；".join(one.title for one in material.sessions if one.place == place)


def attendance_table(material: Material, choice: Choice) -> bytes:
    """Members by half days with marks, sums and the key to the marks."""
    facts = material.facts
    places = material.places
    line = f"{chinese_window(facts.starts_on, facts.ends_on)}　　截至{_today(material.today)}　　{facts.marker}"
    words = SheetWords(f"{facts.title}考勤表", facts.host, line, LEGEND)
    rows = [_marked(material, row, places) for row in _rows(material)]
    slots = [_slot(place) for place in places]
    return draw_attendance_table(words, slots, rows, TOTALS, created=material.today)


def _today(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _marked(material: Material, row: MemberLine, places: list[HalfDay]) -> Row:
    half_days = material.attended[row.key]
    marks = tuple(
        MARKS.get(half_days.statuses.get(p, ""), NOT_RECORDED) if p in half_days.due else NOT_DUE for p in places
    )
    totals = tuple(str(half_days.count(status) or "") for status in COUNTED)
    return Row(row.name, row.unit, row.group, marks, totals)
