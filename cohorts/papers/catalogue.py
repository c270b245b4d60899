"""The papers of a class in the order of the work: what each is for, in which formats, and what it still lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Cohort, MembershipState
from cohorts.papers import handbook, letters, lists, sheets
from cohorts.papers.values import Choice, Material, by_group, by_unit
from cohorts.reading.published import pending
from core.docx import write_document
from core.drawing.papers import draw_document
from core.drawing.parts import Document

PDF, DOCX, XLSX = "pdf", "docx", "xlsx"
AT_A_TIME = 30  # members to a piece of a long paper
SHEETS_AT_A_TIME = 10
Make = Callable[[Material, Choice], bytes]


@dataclass(frozen=True)
class Snapshot:
    """What the page needs to say what is missing: counts, read once for all papers."""

    members: int
    arrived: int
    units: int
    publication: int  # the number of the last one, none before the first
    half_days: int
    changes: int  # in the office's timetable that were not published
    groups: int
    ungrouped: int
    has_place: bool
    teachers: int
    closed: bool


@dataclass(frozen=True)
class Lack:
    """Something that is missing for a paper; ``blocks`` when it cannot be printed without it."""

    sentence: str
    blocks: bool = False


@dataclass(frozen=True)
class Batch:
    """A piece of a long paper: its name and what of the paper it holds."""

    name: str
    choice: Choice


@dataclass(frozen=True)
class Paper:
    """A paper: how it is made in each format, what it lacks, how many pages it will have, how a long one is split.

    ``personal`` names the part of the personal file that it shows; ``arrived`` takes those who came instead of
    those who are expected.
    """

    key: str
    title: Any
    purpose: Any
    makers: dict[str, Make]
    lacks: Callable[[Snapshot], Sequence[Lack]]
    pages: Callable[[Material, Choice], int]
    batches: Callable[[Material, Choice], list[Batch]] | None = None
    extras: tuple[str, ...] = ()
    personal: str = ""
    arrived: bool = False
    photos: bool = False


def snapshot_of(cohort: Cohort) -> Snapshot:
    """A number of queries that does not grow with the members."""
    news, members = pending(cohort), list(cohort.memberships.values_list("state", "unit", "group"))
    expected = [row for row in members if row[0] not in (MembershipState.ABSENT, MembershipState.WITHDRAWN)]
    return Snapshot(
        members=len(expected),
        arrived=sum(1 for row in members if row[0] not in (MembershipState.ABSENT, MembershipState.CONFIRMED)),
        units=len({row[1] for row in expected}),
        publication=news.last.number if news.last else 0,
        half_days=len({entry.place for entry in news.entries}),
        changes=len(news.changes),
        groups=len({row[2] for row in expected if row[2]}),
        ungrouped=sum(1 for row in expected if not row[2]),
        has_place=bool(cohort.place),
        teachers=cohort.staff.filter(duty="teacher").count(),
        closed=cohort.state in ("closed", "archived"),
    )


def _people(found: Snapshot) -> list[Lack]:
    return [] if found.members else [Lack(_("还没有学员。先添加学员或导入名册。"), blocks=True)]


def _arrived(found: Snapshot) -> list[Lack]:
    return [] if found.arrived else [Lack(_("还没有学员报到。"), blocks=True)]


def _week(found: Snapshot, *, blocks: bool = False) -> list[Lack]:
    """Papers go by the published timetable."""
    if not found.half_days:
        return [Lack(_("课表还没有排。"), blocks=blocks)]
    if not found.publication:
        return [Lack(_("课表还没有发布，材料里的课程留空。"), blocks=blocks)]
    words = _("课表有 %(n)s 处修改没有发布，材料按第 %(number)s 次发布印出。")
    return [Lack(words % {"n": found.changes, "number": found.publication})] if found.changes else []


def _taught(found: Snapshot) -> list[Lack]:
    """The table of attendance goes by the half days in which it is owed, published or not."""
    return [] if found.half_days else [Lack(_("课表还没有排。"), blocks=True)]


def _groups(found: Snapshot) -> list[Lack]:
    if not found.groups:
        return [Lack(_("还没有分组，名单不分组印出。"))] if found.members else []
    return [Lack(_("还有 %(n)s 人没有分组，列在最后。") % {"n": found.ungrouped})] if found.ungrouped else []


def _for_notice(found: Snapshot) -> list[Lack]:
    place = [] if found.has_place else [Lack(_("班次还没有填写地点，印出时写“另行通知”。"))]
    teacher = [] if found.teachers else [Lack(_("还没有班主任，联系人留空。"))]
    return [*_people(found), *_week(found), *place, *teacher]


def _for_handbook(found: Snapshot) -> list[Lack]:
    return [*_people(found), *_week(found), *_groups(found)]


def _with_groups(found: Snapshot) -> list[Lack]:
    return [*_people(found), *_groups(found)]


def _for_sheets(found: Snapshot) -> list[Lack]:
    return [*_people(found), *_week(found, blocks=True)]


def _for_table(found: Snapshot) -> list[Lack]:
    return [*_arrived(found), *_taught(found)]


def _for_feedback(found: Snapshot) -> list[Lack]:
    closed = [] if found.closed else [Lack(_("班次还没有结班，结班后才能反馈。"), blocks=True)]
    return [*_arrived(found), *closed]


def _written(make: Callable[[Material, Choice], Document]) -> dict[str, Make]:
    """A paper of parts in both its formats."""
    return {
        PDF: lambda material, choice: draw_document(make(material, choice)),
        DOCX: lambda material, choice: write_document(make(material, choice)),
    }


def _by_unit(material: Material, choice: Choice) -> list[Batch]:
    return [
        Batch(unit, replace(choice, members=tuple(row.key for row in rows))) for unit, rows in by_unit(material.members)
    ]


def _by_members(material: Material, choice: Choice) -> list[Batch]:
    rows = [row for _words, group in by_group(material.members) for row in group]
    parts = [rows[at : at + AT_A_TIME] for at in range(0, len(rows), AT_A_TIME)]
    return [
        Batch(f"{part[0].name}至{part[-1].name}", replace(choice, members=tuple(row.key for row in part)))
        for part in parts
    ]


def _by_half_day(material: Material, choice: Choice) -> list[Batch]:
    halves = sheets.wanted(choice.slots, material.places)
    return [
        Batch(places[0].label, replace(choice, slots=f"half:{places[0].day.isoformat()}:{places[0].half}"))
        for places in halves
    ]


def _sheets_pages(material: Material, choice: Choice) -> int:
    chosen = sheets.wanted(choice.slots, material.places)
    return sum(-(-len(material.members) // (22 if len(halves) == 1 else 14)) for halves in chosen)


PAPERS = {
    paper.key: paper
    for paper in (
        Paper(
            "call-up", gettext_lazy("调训通知"),
            gettext_lazy("发给选派单位，每个单位一份，写明本单位参训人员，附可剪下的回执。"),
            _written(letters.notices), _for_notice,
            lambda m, c: sum(2 + len(rows) // 12 for _unit, rows in by_unit(m.members)),
            _by_unit, extras=("number", "reply_by", "phone"),
        ),
        Paper(
            "handbook", gettext_lazy("学员手册"),
            gettext_lazy("报到时发给学员：课程安排、名单、考勤与请假规定、教室和联系人。"),
            _written(handbook.handbook), _for_handbook, lambda m, c: 6 + len(m.members) // 30, extras=("phone",),
        ),
        Paper(
            "desk-cards", gettext_lazy("桌签"), gettext_lazy("一人一张 A4 横向纸，沿中线对折，两面都有姓名。"),
            {PDF: lists.desk_cards}, _people, lambda m, c: len(m.members), _by_members,
        ),
        Paper(
            "badges", gettext_lazy("胸卡"), gettext_lazy("每张 A4 八个，四周有裁切线；有照片的印照片。"),
            {PDF: lists.badges}, _with_groups, lambda m, c: -(-len(m.members) // 8), _by_members, photos=True,
        ),
        Paper(
            "name-list", gettext_lazy("学员名册"), gettext_lazy("按小组和按单位各列一遍，供办班和存档使用。"),
            {**_written(lists.name_list), XLSX: lists.name_workbook}, _with_groups,
            lambda m, c: 2 * (1 + len(m.members) // 25),
        ),
        Paper(
            "sign-in", gettext_lazy("签到表"),
            gettext_lazy("供学员手写签名：一周一张，或每个半天一张。签好后可作为结班材料上传。"),
            {PDF: sheets.sign_in_sheets}, _for_sheets, _sheets_pages, _by_half_day, extras=("slots",),
        ),
        Paper(
            "attendance", gettext_lazy("考勤表"), gettext_lazy("全班每个半天的考勤记录和合计，供核对和存档。"),
            {PDF: sheets.attendance_table}, _for_table,
            lambda m, c: -(-len(m.members) // 18) * -(-len(m.half_days) // 18), personal="考勤表", arrived=True,
        ),
        Paper(
            "appraisal", gettext_lazy("结业鉴定表"),
            gettext_lazy("一人一张，已有的内容印上，没有的留出填写的位置。"),
            _written(lists.appraisal_forms), _arrived, lambda m, c: len(m.members), _by_members,
            personal="结业鉴定表", arrived=True,
        ),
        Paper(
            "feedback", gettext_lazy("反馈函"),
            gettext_lazy("结班后发给选派单位，每个单位一份，只写本单位人员的结业、出勤和鉴定，不作比较。"),
            _written(letters.feedback), _for_feedback,
            lambda m, c: sum(2 + len(rows) // 4 for _unit, rows in by_unit(m.members)), _by_unit,
            extras=("number",), personal="反馈函", arrived=True,
        ),
    )
}  # fmt: skip
