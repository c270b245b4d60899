"""Questions on the way through a recording: shown when it is their moment, answered once and for all when right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments.models import QuestionVersion
from assessments.rules.scoring import allowed_choice, is_right
from core import clock
from core.errors import DomainError
from courses.models import CueAnswer, EditionLesson, Enrolment, LessonProgress
from courses.reading.standing import shape_of, state_of
from courses.rules import progress
from courses.rules.progress import Cue, LessonState
from courses.services.access import refuse_stranger
from courses.services.learning import Standing, standing_after


@dataclass(frozen=True)
class CueOutcome:
    """An answer to a question on the way and where it left the learner."""

    answer: CueAnswer
    version: QuestionVersion
    standing: Standing


def question_due(*, user: Any, enrolment: Enrolment, lesson: EditionLesson) -> tuple[Cue, QuestionVersion]:
    """The first question without a right answer, once the learner has come to it; DomainError else."""
    refuse_stranger(user, enrolment, lesson)
    row = LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson).first()
    cue = _due(lesson, state_of(row))
    return cue, QuestionVersion.objects.select_related("question").get(pk=cue.version)


def _due(lesson: EditionLesson, state: LessonState) -> Cue:
    waiting = shape_of(lesson).waiting(state)
    if not waiting:
        raise DomainError(_("这一课时的题目都已答对，请继续播放。"), code="none_due")
    if progress.furthest(state.watched) < waiting[0].at - progress.SLACK:
        raise DomainError(_("还没有播放到这道题，请先继续播放。"), code="none_due")
    return waiting[0]


@transaction.atomic
def answer_cue(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, client_key: UUID, choice: Sequence[int]
) -> CueOutcome:
    """Mark an answer to the question that is due; a wrong one may be followed by another, a right one stays."""
    refuse_stranger(user, enrolment, lesson)
    now = clock.now()
    row = LessonProgress.objects.select_for_update().filter(enrolment=enrolment, lesson=lesson).first()
    earlier = CueAnswer.objects.filter(enrolment=enrolment, client_key=client_key).first()
    if earlier is None:
        cue = _due(lesson, state_of(row))
        earlier = _marked(enrolment, lesson, cue.version, client_key, choice)
        if earlier.right and row is not None:
            row.answered = sorted({*row.answered, cue.version})
            LessonProgress.objects.filter(pk=row.pk).update(answered=row.answered, version=F("version") + 1)
    version = QuestionVersion.objects.select_related("question").get(pk=earlier.version_id)
    return CueOutcome(earlier, version, standing_after(enrolment, lesson, row, state_of(row), now))


def _marked(
    enrolment: Enrolment, lesson: EditionLesson, version: int, client_key: UUID, choice: Sequence[int]
) -> CueAnswer:
    wording = QuestionVersion.objects.select_related("question").get(pk=version)
    if not choice or not allowed_choice(wording.question.kind, len(wording.options), list(choice)):
        raise DomainError(_("答案与题目不符，请重新选择后再提交。"))
    return CueAnswer.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        version=wording,
        client_key=client_key,
        choice=sorted(choice),
        right=is_right(wording.answer, choice),
        at=clock.now(),
    )
