"""Evaluations of sessions: opened for those who were there, recalled, and asked for by graduation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments import services as assessments
from assessments.models import Survey
from cohorts.models import (
    AttendanceStatus,
    Cohort,
    CohortState,
    Evaluation,
    Membership,
    MembershipState,
    Requirement,
    Session,
)
from cohorts.permissions import require_runs
from cohorts.presenters.figures import day_words, listed
from cohorts.reading.classes import statuses_of
from cohorts.rules import states
from cohorts.rules.halfdays import HalfDay
from cohorts.services.locking import locked
from cohorts.services.requirements import add_leaf
from core import clock
from core.errors import DomainError
from people.models import User

FEWEST_DAYS, USUAL_DAYS, MOST_DAYS = 1, 3, 14
AWAY = (AttendanceStatus.ON_LEAVE, AttendanceStatus.ABSENT)


def end_of(session: Session) -> datetime:
    return timezone.make_aware(datetime.combine(session.day, session.ends_at))


@transaction.atomic
def open_evaluations(
    *, actor: User, cohort: Cohort, sessions: Iterable[Session], days: int = USUAL_DAYS
) -> list[Evaluation]:
    """Open evaluations of sessions for the members of their groups who were not recorded as away; those that are new.

    A window begins at the session's end and lasts ``days`` from then, or from now where the session is over.
    """
    require_runs(actor, cohort)
    held = locked(cohort, CohortState.RUNNING)
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise DomainError(_("评估开放 1 至 14 天，请重新填写。"))
    chosen = list(held.sessions.filter(pk__in=[s.pk for s in sessions]).select_related("lecturer").with_groups())
    if not chosen:
        raise DomainError(_("请至少选择一节课。"))
    _check(chosen)
    members = list(held.memberships.filter(state=MembershipState.REGISTERED).select_related("user"))
    statuses = statuses_of(m.pk for m in members)
    made = [_open(actor, held, s, days, _there(members, statuses, s)) for s in chosen]
    new = [evaluation for evaluation, is_new in made if is_new]
    if new:
        data = {"count": len(new), "titles": [e.survey.title for e in new]}
        log(held, "cohorts.evaluations.open", user=actor, data=data)
    return new


def _check(sessions: list[Session]) -> None:
    """Every session has a lecturer and is not still to come."""
    if nobody := [s.title for s in sessions if s.lecturer is None]:
        raise DomainError(_("“%(names)s”没有授课教师，不能评估；请先在课表中指定。") % {"names": listed(nobody)})
    if later := [s.title for s in sessions if s.day > clock.today()]:
        raise DomainError(_("“%(names)s”还没有上课，当天起才能发起评估。") % {"names": listed(later)})


def _there(members: list[Membership], statuses: dict[int, dict[HalfDay, str]], session: Session) -> list[User]:
    place = HalfDay(session.day, session.half)
    here = [m for m in members if statuses[m.pk].get(place) not in AWAY]
    return [m.user for m in here if not session.group_keys or m.group_id in (None, *session.group_keys)]


def _open(actor: User, cohort: Cohort, session: Session, days: int, users: list[User]) -> tuple[Evaluation, bool]:
    if not users:
        raise DomainError(_("《%(title)s》没有到课的学员，不能评估。") % {"title": session.title})
    ends = end_of(session)
    survey, _new = assessments.open_survey(
        actor=actor,
        context_key=cohort.context_key,
        about=f"session:{session.pk}",
        title=session.title,
        subject=_("%(name)s，%(day)s%(half)s") % {
            "name": session.lecturer.name, "day": day_words(session.day), "half": session.get_half_display(),
        },
        opens_at=ends,
        closes_at=max(ends, clock.now()) + timedelta(days=days),
        users=users,
    )  # fmt: skip
    return Evaluation.objects.get_or_create(
        survey=survey, defaults={"cohort": cohort, "session": session, "lecturer": session.lecturer}
    )


@transaction.atomic
def remind_of_evaluation(*, actor: User, evaluation: Evaluation) -> None:
    """Recall an evaluation to whoever has not answered; the actor does not learn who that is."""
    require_runs(actor, evaluation.cohort)
    assessments.remind(actor=actor, survey=evaluation.survey)
    log(evaluation.cohort, "cohorts.evaluations.remind", user=actor, data={"title": evaluation.survey.title})


@transaction.atomic
def require_surveys(*, actor: User, cohort: Cohort, surveys: Iterable[Survey]) -> list[Requirement]:
    """Ask everybody who was invited to have answered these evaluations of the class."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    mine = list(Survey.objects.of(held.context_key).filter(pk__in=[s.pk for s in surveys]))
    if not mine:
        raise DomainError(_("请至少选择一项本班的教学评估。"))
    return [add_leaf(actor, held, kind=Requirement.Kind.SURVEY, survey=survey) for survey in mine]
