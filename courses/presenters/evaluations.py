"""What an evaluation of a course came to, in words; the rate stands beside every score."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from assessments.reading.survey_results import Result
from assessments.rules.surveying import FEWEST
from core.templatetags.linghang import day, hours
from courses.models import Enrolment
from courses.services.evaluations import invitation_of


def about(result: Result) -> dict[str, Any]:
    """One evaluation with what may be shown of it."""
    figures, survey = result.tally, result.survey
    return {
        "title": survey.title,
        "subject": survey.subject,
        "rate": _("%(answered)s / %(invited)s 人（%(rate)s%%）")
        % {"answered": result.answered, "invited": result.invited, "rate": hours(result.rate)},
        "score": _("%(mean)s 分（满分 %(full)s 分）") % {"mean": figures.mean, "full": figures.full} if figures else "",
        "grade": _(figures.grade) if figures else "",
        "hidden": "" if figures else _why_hidden(result),
        "columns": [{"label": _("指标")}, {"label": _("平均分"), "number": True}, {"label": _("满分"), "number": True}],
        "rows": [[_(s.label), str(s.mean), str(s.points)] for s in figures.scores] if figures else [],
        "comments": result.comments,
    }


def _why_hidden(result: Result) -> str:
    if not result.is_closed:
        return _("%(day)s截止，截止后显示得分。") % {"day": day(result.survey.closes_at)}
    return _("不足 %(n)s 份，不显示得分和意见。") % {"n": FEWEST}


def own(enrolment: Enrolment) -> dict[str, Any] | None:
    """The learner's own evaluation on the page of the course; None before it is finished."""
    if enrolment.state != Enrolment.State.COMPLETED:
        return None
    invitation = invitation_of(enrolment.user, enrolment.edition.course_id)
    return {"answered": bool(invitation and invitation.answered)}
