"""Enrolling many at once: whom it touches is shown first, then all of it is written or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core import notices
from core.errors import DomainError
from courses.models import Course, CourseEdition, Enrolment
from courses.services.enrolments import enrol_many
from people.models import Posting, Role, Unit, User
from people.ranks import SENIOR_LEVELS, SENIOR_RANKS, Regime
from people.scopes import has_role, managed_condition

MOST = 3000  # people at once
OFFICE = (Role.TRAINING_OFFICE.value,)


@dataclass(frozen=True)
class BulkPlan:
    """Who would be enrolled, who learns already, who has left, and which numbers name nobody in one's scope."""

    edition: CourseEdition
    new: list[User]
    there: list[User]
    left: list[User]
    unknown: list[str]


def within_reach(actor: Any) -> QuerySet[User]:
    """Active people whom the actor's training office manages."""
    return User.objects.active().filter(managed_condition(actor, OFFICE))


def of_unit_and_rank(actor: Any, unit: Unit | None, rank: str) -> QuerySet[User]:
    """People of the actor's reach below a unit, and of a regime, a level or a rank; either may be left out."""
    rows = within_reach(actor)
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
    return rows.filter(pk__in=_postings(rank).values("user")) if rank else rows


def _postings(rank: str) -> QuerySet[Posting]:
    kind, _sep, value = rank.partition(":")
    held = Posting.objects.open()
    if kind != "regime":
        return held.filter(**{kind: value}) if kind in ("level", "rank") else held.none()
    senior = Q(level__in=SENIOR_LEVELS) | Q(rank__in=SENIOR_RANKS)
    return held.filter(senior) if value == Regime.SENIOR else held.exclude(senior)


def plan_bulk(*, actor: Any, course: Course, people: Iterable[User], numbers: Sequence[str]) -> BulkPlan:
    """What enrolling these people and these work numbers would do now; DomainError where it may not be done at all."""
    edition = _offered(actor, course)
    wanted = list(dict.fromkeys(numbers))
    named = {user.work_number: user for user in within_reach(actor).filter(work_number__in=wanted)}
    chosen = {user.pk: user for user in [*people, *named.values()]}
    if len(chosen) > MOST:
        raise DomainError(_("一次最多为 %(n)s 人选课，请缩小范围后分批办理。") % {"n": MOST})
    states = _states(course, chosen)
    ordered = sorted(chosen.values(), key=lambda user: (user.sort_key, user.pk))
    return BulkPlan(
        edition=edition,
        new=[user for user in ordered if user.pk not in states],
        there=[user for user in ordered if states.get(user.pk) not in (None, Enrolment.State.WITHDRAWN)],
        left=[user for user in ordered if states.get(user.pk) == Enrolment.State.WITHDRAWN],
        unknown=[number for number in wanted if number not in named],
    )


def _states(course: Course, people: Iterable[int]) -> dict[int, str]:
    """Outside classes, by person: an enrolment that stands before one that was left."""
    rows = Enrolment.objects.filter(edition__course=course, context_key="", user__in=list(people))
    found: dict[int, str] = {}
    for user, state in rows.values_list("user", "state"):
        if found.get(user) in (None, Enrolment.State.WITHDRAWN):
            found[user] = state
    return found


def _offered(actor: Any, course: Course) -> CourseEdition:
    if not has_role(actor, *OFFICE):
        raise DomainError(_("只有培训处可以批量选课。"), code="forbidden")
    edition = course.editions.order_by("-number").first()
    if edition is None or not course.live:
        raise DomainError(_("课程“%s”没有可以选的版次，请先发布课程和版次。") % course.title)
    return edition


def enrol_planned(*, actor: Any, course: Course, numbers: Sequence[str]) -> int:
    """Enrol those of the numbers who are new now, and tell them; how many were enrolled. Safe to repeat."""
    plan = plan_bulk(actor=actor, course=course, people=[], numbers=numbers)
    count = enrol_many(actor=actor, users=plan.new, edition=plan.edition, context_key="")
    notices.send(
        to=[user.pk for user in plan.new],
        title=_("培训处为您选了一门课程"),
        text=plan.edition.title,
        url=reverse("courses:course", args=[course.key]),
        key=f"enrolled:{plan.edition.pk}",
        kind="course.enrolled",
    )
    return count
