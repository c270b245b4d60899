"""Sheets of attendance: to sign in by hand, and the table of what was recorded."""

from __future__ import annotations

from datetime import date

from cohorts.papers.values import Choice, Material, MemberLine, SessionLine, by_group, weeks
from cohorts.rules.halfdays import HalfDay, half_word
from cohorts.rules.schedule import groups_words
from core.drawing.attendance import Row, SheetWords, Slot, draw_attendance_table, draw_sign_in_sheets
from core.drawing.dates import chinese_window
from core.errors import DomainError

MARKS = {"present": "√", "late": "迟", "left_early": "早", "on_leave": "假", "absent": "旷"}
Slots = list[Slot]
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
    parts = [_sheet(material, halves, called) for halves in chosen if (called := _called(material, halves))]
    if not parts:
        raise DomainError("所选的半天没有这些学员的课，请重新选择。", code="nobody")
    return draw_sign_in_sheets(parts, created=material.today)


def _called(material: Material, halves: list[HalfDay]) -> list[MemberLine]:
    """Those who are taught in one of the half days: where groups are taught apart, not everybody."""
    return [row for row in _rows(material) if any(material.calls(row, place) for place in halves)]


def _sheet(material: Material, halves: list[HalfDay], called: list[MemberLine]) -> tuple[SheetWords, Slots, list[Row]]:
    words = _sign_in_words(material, halves, len(called))
    return words, [_slot(place) for place in halves], [_to_sign(material, row, halves) for row in called]


def _to_sign(material: Material, row: MemberLine, halves: list[HalfDay]) -> Row:
    """Room to sign; on a sheet of several half days a stroke where other groups are taught."""
    strokes = tuple("" if material.calls(row, place) else NOT_DUE for place in halves)
    return Row(row.name, row.unit, row.group, strokes if len(halves) > 1 else ())


def _sign_in_words(material: Material, halves: list[HalfDay], count: int) -> SheetWords:
    facts = material.facts
    what = f"{_span(halves)}　　{facts.place}" if len(halves) > 1 else halves[0].long_label
    topic = "" if len(halves) > 1 else f"　　{_topic(material, halves[0])}"
    line = f"{what}{topic}　　应到 {count} 人　　{facts.timetable}"
    return SheetWords(f"{facts.title}签到表", facts.host, line, facts.marker)


def _topic(material: Material, place: HalfDay) -> str:
    return "；".join(_named(one) for one in material.sessions if one.place == place)


def _named(one: SessionLine) -> str:
    return f"{one.title}（{groups_words(one.tracks)}）" if one.tracks else one.title


def attendance_table(material: Material, choice: Choice) -> bytes:
    """Members by half days with marks, sums and the key to the marks."""
    facts = material.facts
    places = list(material.half_days)
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
