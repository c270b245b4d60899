"""A class as values for the rules, in a number of queries that does not grow with its members."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import (
    Attendance,
    AttendanceStatus,
    Cohort,
    ConditionWaiver,
    DisciplineRecord,
    Duty,
    LeaveDecision,
    LeaveRecord,
    Membership,
    MembershipState,
    Requirement,
    RequirementResult,
    Session,
    SessionGroup,
)
from cohorts.presenters.figures import plain
from cohorts.querysets import SERVED
from cohorts.reading.fulfilment import survey_fulfilment
from cohorts.rules import leave
from cohorts.rules.graduation import MemberStanding, Node, Waiver
from cohorts.rules.halfdays import HalfDay, Timetable, called_groups, timetable_hours
from cohorts.rules.hours import ATTENDED, Credit, Factors, credits
from core import clock

NOON = 12
Statuses = dict[HalfDay, str]
Table = Timetable


def timetable_of(cohort: Cohort, day: date | None = None) -> Table:
    """The hours of each half day in the timetable, or of one day's, in order, and whom each calls. Two queries."""
    rows = cohort.sessions.all() if day is None else cohort.sessions.filter(day=day)
    found, groups = list(rows.values_list("pk", "day", "half", "hours")), defaultdict[int, set[int]](set)
    pairs = SessionGroup.objects.filter(session__in=[key for key, *_facts in found])
    for session, group in pairs.values_list("session", "group"):
        groups[session].add(group)
    lessons = [Lesson(*facts, frozenset(groups[key])) for key, *facts in found]
    called = called_groups((HalfDay(lesson.day, lesson.half), lesson.tracks) for lesson in lessons)
    return Timetable(timetable_hours(lessons), called)


class Lesson(NamedTuple):
    """What the rules read of a session."""

    day: date
    half: str
    hours: Decimal
    tracks: frozenset[int]


def called_to(cohort: Cohort, place: HalfDay) -> Q:
    """The condition on memberships: the half day is for them. Two queries."""
    groups = timetable_of(cohort, place.day).called.get(place)
    return Q() if groups is None else in_groups(groups)


def in_groups(groups: Iterable[int], prefix: str = "") -> Q:
    """Members of these groups, and those who have no group yet; ``prefix`` leads to the membership."""
    return Q(**{f"{prefix}group__in": sorted(groups)}) | Q(**{f"{prefix}group": None})


def this_half_day() -> HalfDay:
    """The half day in which we are."""
    now = timezone.localtime(clock.now())
    return HalfDay(now.date(), "am" if now.hour < NOON else "pm")


def statuses_of(members: Iterable[int]) -> dict[int, Statuses]:
    """What is recorded of each member by half day; what is missing is not recorded. One query."""
    found: dict[int, Statuses] = defaultdict(dict)
    rows = Attendance.objects.filter(membership__in=list(members))
    for member, day, half, status in rows.values_list("membership", "day", "half", "status"):
        found[member][HalfDay(day, half)] = status
    return found


def status_counts(members: Iterable[int], table: Table, until: HalfDay) -> dict[int, Counter[str]]:
    """By member how many of the half days owed up to ``until`` have which status, counted by the database. 1 query."""
    inside = owed_by(table, until)
    rows = Attendance.objects.filter(inside, membership__in=list(members)).order_by()
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for member, status, n in rows.values_list("membership", "status").annotate(n=Count("pk")):
        found[member][status] = n
    return found


def owed_by(table: Table, until: HalfDay | None) -> Q:
    """The condition on attendance: a half day with hours up to ``until``, for the member's group, before they left."""
    days: dict[tuple[str, frozenset[int] | None], list[date]] = defaultdict(list)
    for place, hours in table.items():
        if hours > 0 and (until is None or place <= until):
            days[place.half, table.called.get(place)].append(place.day)
    inside = Q(pk__in=[])
    for (half, groups), chosen in days.items():
        called = Q() if groups is None else in_groups(groups, "membership__")
        inside |= Q(half=half, day__in=chosen) & called
    stayed = ~Q(membership__state=MembershipState.WITHDRAWN) | Q(day__lte=F("membership__ended_on"))
    return inside & stayed


def recorded_by_half_day(cohort: Cohort, table: Table) -> dict[HalfDay, tuple[int, int]]:
    """By half day how many of those in class, or in it to the end, have a status of those it calls. Two queries."""
    here = cohort.memberships.filter(state__in=SERVED).order_by()
    sizes = dict(here.values_list("group").annotate(n=Count("pk")))
    rows = Attendance.objects.filter(membership__in=here.values("pk")).order_by()
    recorded: Counter[HalfDay] = Counter()
    for day, half, group, n in rows.values_list("day", "half", "membership__group").annotate(n=Count("pk")):
        place = HalfDay(day, half)
        recorded[place] += n if table.calls(place, group) else 0
    return {
        place: (recorded[place], sum(n for group, n in sizes.items() if table.calls(place, group))) for place in table
    }


def missing_today(cohorts: Any, now: HalfDay) -> dict[tuple[int, str], int]:
    """By class and half day of today that has begun: of how many whom it calls nothing is recorded. Four queries."""
    sessions = list(Session.objects.filter(cohort__in=cohorts, day=now.day, hours__gt=0).with_groups())
    if not sessions:
        return {}
    here = Membership.objects.filter(cohort__in=cohorts, state=MembershipState.REGISTERED).order_by()
    sizes = list(here.values_list("cohort", "group").annotate(n=Count("pk")))
    rows = Attendance.objects.filter(membership__in=here.values("pk"), day=now.day).order_by()
    counts = list(rows.values_list("half", "membership__cohort", "membership__group").annotate(n=Count("pk")))
    found = {}
    for cohort, half in sorted({(s.cohort_id, s.half) for s in sessions if HalfDay(s.day, s.half) <= now}):
        place = HalfDay(now.day, half)
        called = called_groups((place, s.group_keys) for s in sessions if (s.cohort_id, s.half) == (cohort, half))
        table = Timetable({place: Decimal(0)}, called)
        expected = sum(n for key, group, n in sizes if key == cohort and table.calls(place, group))
        recorded = sum(n for h, key, group, n in counts if (key, h) == (cohort, half) and table.calls(place, group))
        found[cohort, half] = expected - recorded
    return found


def due(table: Table, member: Membership, until: HalfDay | None = None) -> list[HalfDay]:
    """The half days with hours for which the member owes attendance, up to ``until``; other groups' are left out."""
    if member.state in (MembershipState.CONFIRMED, MembershipState.ABSENT):
        return []
    last = member.ended_on if member.state == MembershipState.WITHDRAWN else None
    return [
        place
        for place, hours in table.items()
        if hours > 0
        and table.calls(place, member.group_id)
        and (until is None or place <= until)
        and (last is None or place.day <= last)
    ]


def factors_of(cohort: Cohort) -> Factors:
    return Factors(cohort.hour_rule.hours_per_day, cohort.hour_rule.hours_per_half_day)


def credits_of(cohort: Cohort, statuses: Statuses, table: Table) -> list[Credit]:
    """What a member's attendance is worth by the class's version of the hour rule."""
    return credits(statuses, table, factors_of(cohort))


def last_decisions(members: Iterable[int]) -> dict[int, LeaveDecision]:
    """The newest decision about each member's leave."""
    newest = LeaveDecision.objects.filter(membership__in=list(members)).values("membership").annotate(last=Max("pk"))
    rows = LeaveDecision.objects.filter(pk__in=[row["last"] for row in newest]).select_related("decided_by")
    return {row.membership_id: row for row in rows}


def is_decided(member: Membership, decision: LeaveDecision | None, total: Decimal) -> bool:
    """Whether somebody decided about the leave as it is today."""
    if decision is None:
        return False
    return leave.covers((decision.leave_hours, decision.total_hours), (member.leave_hours, total))


def duties_of(members: Iterable[int]) -> dict[int, list[str]]:
    """The offices that members hold now, by member. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for duty in Duty.objects.filter(membership__in=list(members), to_day__isnull=True).order_by("pk"):
        found[duty.membership_id].append(duty.title)
    return found


def standing_leaves(members: Iterable[int]) -> dict[int, list[LeaveRecord]]:
    """Leave that is not cancelled, by member, in order of time."""
    found: dict[int, list[LeaveRecord]] = defaultdict(list)
    for record in LeaveRecord.objects.filter(membership__in=list(members), cancelled_at__isnull=True):
        found[record.membership_id].append(record)
    return found


def discipline_of(members: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The matters of discipline that are not settled, in words, by member. One query."""
    return discipline_in(Q(membership__in=list(members)))


def discipline_in(chosen: Q) -> dict[int, tuple[str, ...]]:
    """The same of whoever is chosen. One query."""
    found: dict[int, tuple[str, ...]] = {}
    for record in DisciplineRecord.objects.open().filter(chosen).order_by("day", "half", "pk"):
        found[record.membership_id] = (*found.get(record.membership_id, ()), discipline_words(record))
    return found


def discipline_words(record: DisciplineRecord) -> str:
    """9月14日上午旷课（待核实）, or with what was decided."""
    state = record.get_level_display() if record.level else record.get_state_display()
    state = _("依据已更正，请复核") if record.corrected_at else state
    return _("%(when)s旷课（%(state)s）") % {"when": HalfDay(record.day, record.half).label, "state": state}


# Requirements.


def tree_of(cohort: Cohort) -> list[Requirement]:
    """Every requirement of the class with the titles and times of what it points at, one query."""
    rows = cohort.requirements.select_related("edition", "exam", "task", "survey").only(*TREE_VALUES)
    return list(rows.order_by("position", "pk"))


TREE_VALUES = (
    "cohort", "parent", "kind", "need", "share", "position", "edition__title", "edition__course",
    "exam__public_id", "exam__title", "exam__opens_at", "exam__closes_at", "exam__released_at",
    "exam__attempts_allowed", "task__public_id", "task__title", "task__due_at", "survey__public_id", "survey__title",
    "survey__closes_at",
)  # fmt: skip


def label_of(requirement: Requirement) -> str:
    """课程《…》, 考试《…》, 任务《…》, 完成评估《…》, or what a group asks for."""
    if requirement.edition:
        return _("课程《%(title)s》") % {"title": requirement.edition.title}
    if requirement.exam:
        return _("考试《%(title)s》") % {"title": requirement.exam.title}
    if requirement.task:
        return _("任务《%(title)s》") % {"title": requirement.task.title}
    if requirement.survey:
        return _("完成评估《%(title)s》") % {"title": requirement.survey.title}
    if requirement.share is not None:
        return _("出勤率不低于 %(share)s%%") % {"share": plain(requirement.share)}
    return _("任选 %(need)s 项") % {"need": requirement.need} if requirement.need else _("全部满足")


NOT_YET = {
    Requirement.Kind.COURSE: "尚未开始学习",
    Requirement.Kind.EXAM: "成绩尚未公布",
    Requirement.Kind.TASK: "尚未评分",
}
Results = dict[int, tuple[bool, str]]


def nodes_of(tree: list[Requirement]) -> Callable[[Results], tuple[Node, ...]]:
    """The requirements as they stand for one member, from the member's results; labels are found once for all."""
    children: dict[int | None, list[Requirement]] = defaultdict(list)
    for requirement in tree:
        children[requirement.parent_id].append(requirement)
    labels = {requirement.pk: label_of(requirement) for requirement in tree}

    def node(requirement: Requirement, results: Results) -> Node:
        met, detail = results.get(requirement.pk, (False, NOT_YET.get(requirement.kind, "")))
        return Node(
            key=f"requirement:{requirement.pk}",
            label=labels[requirement.pk],
            met=met,
            detail=detail,
            need=requirement.need,
            parts=tuple(node(child, results) for child in children[requirement.pk]),
            is_group=requirement.kind in (Requirement.Kind.ALL, Requirement.Kind.N_OF),
            share=requirement.share,
        )

    return lambda results: tuple(node(requirement, results) for requirement in children[None])


def results_of(members: Iterable[int]) -> dict[int, Results]:
    """Where each member stands on each leaf. One query."""
    found: dict[int, Results] = defaultdict(dict)
    rows = RequirementResult.objects.filter(membership__in=list(members))
    for member, requirement, state, detail in rows.values_list("membership", "requirement", "state", "detail"):
        found[member][requirement] = (state == RequirementResult.State.MET, detail)
    return found


def survey_results(tree: Iterable[Requirement], members: Iterable[Membership]) -> dict[int, Results]:
    """Where each member stands on the leaves that are evaluations. One query, none without such leaves."""
    people = {member.user_id: member.pk for member in members}
    found: dict[int, Results] = defaultdict(dict)
    for leaf, by_user in survey_fulfilment(tree, people).items():
        for user, result in by_user.items():
            found[people[user]][leaf] = result
    return found


def waivers_in(chosen: Q) -> dict[int, dict[str, Waiver]]:
    """The waivers that stand, by member and key of the condition. One query."""
    found: dict[int, dict[str, Waiver]] = defaultdict(dict)
    rows = ConditionWaiver.objects.filter(chosen, revoked_at__isnull=True)
    for member, condition, number, name, at in rows.values_list(*WAIVER_VALUES):
        found[member][condition] = Waiver(number, name, timezone.localdate(at))
    return dict(found)


WAIVER_VALUES = ("membership", "condition", "document_no", "granted_by__name", "at")


# Everything that decides about a member.


class Frame(NamedTuple):
    """What is read once for a page: half days, requirements, and what concerns few members, by member."""

    table: Table
    tree: list[Requirement]
    discipline: dict[int, tuple[str, ...]]
    waivers: dict[int, dict[str, Waiver]]


def frame_of(cohort: Cohort) -> Frame:
    """Five queries."""
    of_class = Q(membership__cohort=cohort)
    return Frame(timetable_of(cohort), tree_of(cohort), discipline_in(of_class), waivers_in(of_class))


def standings(
    cohort: Cohort, members: list[Membership], until: HalfDay | None = None, frame: Frame | None = None
) -> dict[int, MemberStanding]:
    """The standing of each member by key, in ten queries at most; attendance counted up to ``until``."""
    keys = [member.pk for member in members]
    table, tree, open_ones, waivers = frame or frame_of(cohort)
    nodes, total = nodes_of(tree), sum(table.values(), Decimal(0))
    statuses, results, surveys = statuses_of(keys), results_of(keys), survey_results(tree, members)
    decisions = last_decisions([m.pk for m in members if leave.over_limit(m.leave_hours, total)])
    return {
        m.pk: _standing(
            m,
            total,
            statuses[m.pk],
            due(table, m, until),
            _waiver(m, decisions.get(m.pk), total),
            open_ones.get(m.pk, ()),
            nodes(results[m.pk] | surveys[m.pk]),
            waivers.get(m.pk, {}),
        )
        for m in members
    }


def _waiver(member: Membership, decision: LeaveDecision | None, total: Decimal) -> str:
    waived = decision is not None and decision.outcome == LeaveDecision.Outcome.WAIVE
    return decision.document_no if decision and waived and is_decided(member, decision, total) else ""


def _standing(
    member: Membership,
    total: Decimal,
    statuses: Statuses,
    places: list[HalfDay],
    waiver: str,
    open_discipline: tuple[str, ...],
    requirements: tuple[Node, ...],
    waivers: dict[str, Waiver],
) -> MemberStanding:
    counts = Counter(statuses.get(place, "") for place in places)
    withdrawn = member.state == MembershipState.WITHDRAWN
    return MemberStanding(
        registered_on=timezone.localdate(member.registered_at) if member.registered_at else None,
        leave_hours=member.leave_hours,
        total_hours=total,
        withdrawn_on=member.ended_on if withdrawn else None,
        withdrawal_reason=member.reason if withdrawn else "",
        waiver_no=waiver,
        half_days=len(places),
        attended=sum(counts[status] for status in ATTENDED),
        on_leave=counts[AttendanceStatus.ON_LEAVE],
        absent=counts[AttendanceStatus.ABSENT],
        not_recorded=counts[""],
        open_discipline=open_discipline,
        requirements=requirements,
        waivers=waivers,
    )
