"""A class read for its papers; each source of other subjects has one function here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.utils import timezone

from cohorts.models import Appraisal as WrittenAppraisal
from cohorts.models import Cohort, GraduationDecision, Honour, MemberPhoto, Membership, MembershipState, Session
from cohorts.papers.values import (
    Appraisal,
    Attended,
    Choice,
    ClassFacts,
    Material,
    MemberLine,
    Outcome,
    Rules,
    SessionLine,
    StaffLine,
)
from cohorts.presenters.figures import day_words, plain
from cohorts.reading import classes as reading
from cohorts.reading.approvals import ladder_of
from cohorts.reading.published import Told, last_told
from cohorts.rules.graduation import Condition
from cohorts.rules.halfdays import timetable_hours
from cohorts.rules.ladder import Step
from core import clock

ARRIVED = ("registered", "graduated", "not_graduated", "withdrawn")


def material_of(cohort: Cohort, actor: Any, choice: Choice, *, arrived: bool = False, photos: bool = False) -> Material:
    """Everything about the chosen people that the actor may see; ``arrived`` takes those who came, also who left."""
    members, told = _members(cohort, actor, choice, arrived=arrived), last_told(cohort)
    keys = [member.pk for member in members]
    duties, table = duties_of(keys), reading.timetable_of(cohort)
    return Material(
        facts=facts_of(cohort, told),
        today=clock.today(),
        members=tuple(_line(member, duties) for member in members),
        sessions=sessions_of(told),
        staff=staff_of(cohort),
        rules=rules_of(cohort),
        half_days=tuple(table),
        attended=_attended(table, members),
        outcomes=outcomes_of(cohort, members),
        appraisals=appraisals_of(keys),
        photos=photos_of(keys) if photos else {},
    )


def facts_of(cohort: Cohort, told: Told | None) -> ClassFacts:
    closed = timezone.localdate(cohort.closed_at) if cohort.closed_at else None
    return ClassFacts(
        title=cohort.full_title,
        code=cohort.code,
        host=cohort.host.name,
        place=cohort.place,
        starts_on=cohort.starts_on,
        ends_on=cohort.ends_on,
        total_hours=cohort.total_hours if closed else _told_hours(told),
        is_synthetic=cohort.is_synthetic,
        closed_on=closed,
        timetable=published_words(told),
    )


def _told_hours(told: Told | None) -> Decimal:
    return sum(timetable_hours(told.entries).values(), Decimal(0)) if told else Decimal(0)


def published_words(told: Told | None) -> str:
    """课表第 2 次发布（2026年9月10日）, or nothing before the first."""
    return f"课表第 {told.number} 次发布（{day_words(timezone.localdate(told.at))}）" if told else ""


def _members(cohort: Cohort, actor: Any, choice: Choice, *, arrived: bool) -> list[Membership]:
    rows = Membership.objects.visible_to(actor).filter(cohort=cohort)
    rows = rows.filter(state__in=ARRIVED) if arrived else rows.expected()
    for name, value in (("unit", choice.unit), ("group", choice.group)):
        if value is not None:
            rows = rows.filter(**{name: value})
    if choice.members:
        rows = rows.filter(pk__in=choice.members)
    return list(rows.select_related("user", "unit", "group", "posting").order_by("user__sort_key", "pk"))


def _line(member: Membership, duties: dict[int, str]) -> MemberLine:
    return MemberLine(
        key=member.pk,
        user=member.user_id,
        name=member.user.name,
        unit=member.unit.name,
        post=member.posting.post if member.posting else "",
        group=str(member.group) if member.group else "",
        group_number=member.group.number if member.group else 0,
        duty=duties.get(member.pk, ""),
    )


def sessions_of(told: Told | None) -> tuple[SessionLine, ...]:
    """The timetable as the members were told; nothing before the first publication."""
    return tuple(
        SessionLine(
            place=entry.place,
            time=entry.time_words,
            title=entry.title,
            kind=str(Session.Kind(entry.kind).label),
            lecturer=entry.lecturer_name,
            room=entry.room,
            tracks=entry.tracks,
        )
        for entry in (told.entries if told else ())
    )


def staff_of(cohort: Cohort) -> tuple[StaffLine, ...]:
    rows = cohort.staff.select_related("user__unit").order_by("duty", "user__sort_key")
    lines = [StaffLine(r.user.name, str(r.get_duty_display()), r.user.unit.name if r.user.unit else "") for r in rows]
    order = {"班主任": 0, "组织员": 1}
    return tuple(sorted(lines, key=lambda line: order.get(line.duty, 2)))


def duties_of(members: Iterable[int]) -> dict[int, str]:
    """The offices that members hold in the class today (班长 …), by membership."""
    return {key: "、".join(titles) for key, titles in reading.duties_of(members).items()}


def photos_of(members: Iterable[int]) -> dict[int, bytes]:
    """The members' photos where there are any, by membership; a file that is gone counts as none."""
    found = {}
    for photo in MemberPhoto.objects.filter(membership__in=list(members)):
        with suppress(FileNotFoundError), photo.file.open("rb") as file:
            found[photo.membership_id] = file.read()
    return found


def rules_of(cohort: Cohort) -> Rules:
    """The class's ladder of leave in words, as its host set it."""
    return Rules(ladder_words(ladder_of(cohort.host).steps))


def ladder_words(steps: Sequence[Step]) -> tuple[str, ...]:
    """A line for each step: 所有请假，由班主任审批；超过 0.5 天的，由教务处审批。"""
    lines = []
    for step in steps:
        when = f"超过 {plain(Decimal(step.over) / 2)} 天的" if step.over else "所有请假"
        lines.append(f"{when}，由{step.title}审批；")
    return (*lines[:-1], f"{lines[-1][:-1]}。") if lines else ()


def appraisals_of(members: Iterable[int]) -> dict[int, Appraisal]:
    """What was written in the members' appraisals, by membership; the class teacher's word once it is signed."""
    rows = WrittenAppraisal.objects.filter(membership__in=list(members))
    return {row.membership_id: Appraisal(row.summary, row.group_opinion, _teacher_words(row)) for row in rows}


def _teacher_words(row: WrittenAppraisal) -> str:
    if row.signed_at is None:
        return ""
    return f"{row.teacher_opinion}（鉴定等次：{row.get_grade_display()}）"


def honours_of(members: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The honours that stand, by membership."""
    rows = Honour.objects.filter(membership__in=list(members), withdrawn_at__isnull=True).select_related("quota")
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.membership_id] = (*found.get(row.membership_id, ()), row.quota.title)
    return found


def _attended(table: reading.Table, members: list[Membership]) -> dict[int, Attended]:
    statuses = reading.statuses_of(member.pk for member in members)
    return {m.pk: Attended(dict(statuses[m.pk]), frozenset(reading.due(table, m))) for m in members}


def outcomes_of(cohort: Cohort, members: list[Membership]) -> dict[int, Outcome]:
    """How each member ended at the standing closing; nobody before it."""
    rows = GraduationDecision.objects.filter(closing__cohort=cohort, closing__undone_at=None, membership__in=members)
    decisions = {row.membership_id: row for row in rows}
    honours = honours_of(decisions)
    found = {}
    for member in members:
        decision = decisions.get(member.pk)
        if decision is None:
            continue
        missing = tuple(c.label for c in (Condition(**row) for row in decision.conditions) if not c.met)
        word = "退学" if member.state == MembershipState.WITHDRAWN else "结业" if decision.granted else "未结业"
        hours = decision.hours if decision.granted else 0 * decision.hours
        found[member.pk] = Outcome(word, decision.granted, hours, missing, honours.get(member.pk, ()))
    return found
