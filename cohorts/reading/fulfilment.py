"""How courses, exams and tasks say whether somebody has done them, with the sentence that explains it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Grade, Seat, Submission, SurveyInvitation
from cohorts.models import Requirement
from cohorts.presenters.figures import plain
from core import clock
from courses.models import Enrolment

Fulfilment = dict[int, tuple[bool, str]]


def fulfilment(requirement: Requirement, users: list[int]) -> Fulfilment:
    """Met or not, and why, by user key; people without any trace are left out. One query."""
    return READERS[requirement.kind](requirement, users)


def _courses(requirement: Requirement, users: list[int]) -> Fulfilment:
    rows = Enrolment.objects.current().filter(
        edition=requirement.edition_id, context_key=requirement.cohort.context_key, user__in=users
    )
    return {row.user_id: _course(row) for row in rows}


def _course(row: Enrolment) -> tuple[bool, str]:
    if row.state == Enrolment.State.COMPLETED:
        return True, _("%(day)s学完") % {"day": _day(row.completed_at)}
    return False, _("已学完 %(done)s / %(all)s 课时") % {"done": row.lessons_done, "all": row.lessons_total}


def _day(moment: Any) -> str:
    day = timezone.localdate(moment)
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def _exams(requirement: Requirement, users: list[int]) -> Fulfilment:
    exam = requirement.exam
    if exam is None or exam.released_at is None:
        return {}
    limit = plain(exam.pass_percent)
    return {seat.user_id: _exam(seat, limit) for seat in Seat.objects.filter(exam=exam, user__in=users)}


def _exam(seat: Seat, limit: str) -> tuple[bool, str]:
    if seat.is_voided:
        return False, _("成绩已取消")
    if seat.score is None or seat.percent is None:
        return False, _("缺考")
    verdict = _("及格") if seat.passed else _("不及格")
    words = {"score": plain(seat.score), "percent": plain(seat.percent), "limit": limit, "verdict": verdict}
    return bool(seat.passed), _("%(score)s 分，得分率 %(percent)s%%（及格线 %(limit)s%%），%(verdict)s") % words


def _tasks(requirement: Requirement, users: list[int]) -> Fulfilment:
    rows = Submission.objects.filter(task=requirement.task_id, user__in=users)
    return {row.user_id: _task(row) for row in rows}


def _task(row: Submission) -> tuple[bool, str]:
    if row.voided_at:
        return False, _("成绩已取消")
    if row.grade:
        return row.grade != Grade.FAIL, _("等第：%(grade)s") % {"grade": row.get_grade_display()}
    return False, _("已提交，待评分") if row.handed_in_at else _("尚未提交")


def survey_fulfilment(leaves: Iterable[Requirement], users: Iterable[int]) -> dict[int, Fulfilment]:
    """Who answered which evaluation, by requirement; read when asked, so that no time of answering is kept. One query.

    While an evaluation is open nobody is told who answered; who was not asked owes nothing.
    """
    asked, people = [leaf for leaf in leaves if leaf.survey], list(users)
    if not asked:
        return {}
    rows = SurveyInvitation.objects.filter(survey__in=[leaf.survey_id for leaf in asked], user__in=people)
    flags = {(survey, user): answered for survey, user, answered in rows.values_list("survey", "user", "answered")}
    now = clock.now()
    return {
        leaf.pk: {user: _survey(leaf.survey, flags.get((leaf.survey_id, user)), now) for user in people}
        for leaf in asked
    }


def _survey(survey: Any, answered: bool | None, now: datetime) -> tuple[bool, str]:
    if answered is None:
        return True, _("不在评估名单中，不作要求")
    if now < survey.closes_at:
        return False, _("评估%(day)s截止，截止后统计") % {"day": _day(survey.closes_at)}
    return answered, _("已完成评估") if answered else _("未完成评估")


READERS = {
    Requirement.Kind.COURSE: _courses,
    Requirement.Kind.EXAM: _exams,
    Requirement.Kind.TASK: _tasks,
}
