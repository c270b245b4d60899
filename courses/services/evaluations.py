"""What learners think of a course after they finished it: asked once a half-year, anonymous, never forced."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Survey
from assessments.services.surveys import admit, standing_survey
from core import clock
from core.errors import DomainError
from courses.models import CourseEdition, Enrolment
from courses.rules.terms import Term, term_of

VOLUNTARY = "course:"  # how the keys of all evaluations of courses begin


def context_of(course_id: int) -> str:
    """Under which key the evaluations of a course are kept."""
    return f"{VOLUNTARY}{course_id}"


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def ask_to_evaluate(*, enrolment: Enrolment) -> Survey:
    """Invite a learner who finished the course to this half-year's evaluation; invited before, nothing changes."""
    if enrolment.state != Enrolment.State.COMPLETED:
        raise DomainError(_("完成全部必修课时以后，才能评价这门课程。"))
    survey = _survey(enrolment.edition, term_of(clock.today()))
    admit(survey=survey, user=enrolment.user, title=_("您已学完课程，欢迎匿名评价（自愿）"))
    return survey


def _survey(edition: CourseEdition, term: Term) -> Survey:
    half = _("上半年") if term.half == 1 else _("下半年")
    return standing_survey(
        made_by=edition.made_by,
        context_key=context_of(edition.course_id),
        about=term.key,
        title=edition.title,
        subject=_("课程评价，%(year)s年%(half)s") % {"year": term.year, "half": half},
        opens_at=_midnight(term.first),
        closes_at=_midnight(term.closes),
    )


def invitation_of(user: Any, course_id: int) -> Any:
    """The person's newest invitation to evaluate the course; None where there is none."""
    mine = user.survey_invitations.filter(survey__context_key=context_of(course_id)).select_related("survey")
    return mine.order_by("-survey__closes_at").first()
