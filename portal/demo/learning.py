"""How the simulated cadres learn: through the services that the lesson and exam pages call."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from assessments.models import Attempt, AttemptItem, Exam, QuestionVersion
from assessments.services import save_answer, start_attempt, submit
from core import clock
from courses.models import EditionLesson, Enrolment
from courses.reading.standing import shape_of
from courses.rules.progress import ProgressUpdate
from courses.services import answer_cue, answer_lesson_check, open_session, save_progress
from portal.demo.stage import Stage

# The share of right answers a cadre reaches, from … to …
BEFORE, AFTER, FAILING = (0.40, 0.65), (0.72, 0.95), (0.15, 0.25)


def study(enrolment: Enrolment, begins: datetime) -> datetime:
    """Go through every lesson with its check; the moment at which the last one is done."""
    moment = begins
    for lesson in enrolment.edition.lessons.select_related("check_paper"):
        moment = _finish_lesson(enrolment, lesson, moment)
    return moment


def _finish_lesson(enrolment: Enrolment, lesson: EditionLesson, moment: datetime) -> datetime:
    if shape_of(lesson).is_played:
        moment = _watch(enrolment, lesson, moment)
    else:
        moment += timedelta(minutes=12)
        _report(enrolment, lesson, moment, ProgressUpdate(1, Decimal(100), reached_end=True))
    if lesson.check_paper:
        moment += timedelta(minutes=2)
        with clock.freeze(moment):
            answer_lesson_check(
                user=enrolment.user,
                enrolment=enrolment,
                lesson=lesson,
                client_key=uuid.uuid4(),
                answers=_right_answers(lesson.check_paper.versions),
            )
    return moment


def _watch(enrolment: Enrolment, lesson: EditionLesson, moment: datetime) -> datetime:
    seconds = Decimal(lesson.seconds or 0)
    page = uuid.uuid4()
    with clock.freeze(moment):
        open_session(user=enrolment.user, enrolment=enrolment, lesson=lesson, session=page, device="", take_over=True)
    begins = moment
    for number, (at, version) in enumerate(lesson.cues, start=1):
        moment = begins + timedelta(seconds=int(at) + 2)
        _report(enrolment, lesson, moment, ProgressUpdate(number, at, ((Decimal(0), Decimal(at)),), session=page))
        _answer_on_the_way(enrolment, lesson, version, moment)
    moment = begins + timedelta(seconds=int(seconds) + 2)
    played = ((Decimal(0), seconds),)
    update = ProgressUpdate(len(lesson.cues) + 1, seconds, played, session=page, leaving=True)
    _report(enrolment, lesson, moment, update)
    return moment


def _answer_on_the_way(enrolment: Enrolment, lesson: EditionLesson, version: int, moment: datetime) -> None:
    [choice] = _right_answers([version]).values()
    with clock.freeze(moment):
        answer_cue(user=enrolment.user, enrolment=enrolment, lesson=lesson, client_key=uuid.uuid4(), choice=choice)


def _report(enrolment: Enrolment, lesson: EditionLesson, moment: datetime, update: ProgressUpdate) -> None:
    with clock.freeze(moment):
        save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=update)


def _right_answers(version_ids: list[int]) -> dict[str, list[int]]:
    return {
        str(pk): answer for pk, answer in QuestionVersion.objects.filter(pk__in=version_ids).values_list("pk", "answer")
    }


def ability(stage: Stage, user: Any, phase: str, *, failing: bool) -> float:
    """The share of answers a cadre gets right: drawn once, better after the class than before."""
    after = FAILING if failing else AFTER
    span = BEFORE if phase == "pre" else after
    return stage.chance("ability", phase, user.work_number).uniform(*span)


def sit(stage: Stage, exam: Exam, user: Any, *, phase: str, failing: bool, begins: datetime) -> Attempt:
    """Sit an exam from start to submission, an answer a minute."""
    seed = stage.chance("paper", phase, user.work_number).getrandbits(40)
    with clock.freeze(begins):
        attempt = start_attempt(user=user, exam=exam, seed=seed)
    items = list(attempt.items.select_related("version__question"))
    known = _known(stage, user, items, phase=phase, share=ability(stage, user, phase, failing=failing))
    for number, item in enumerate(items):
        right = item.position in known
        chance = stage.chance("choice", phase, user.work_number, item.version.question.key)
        choice = item.version.answer if right else _wrong(item.version, chance)
        with clock.freeze(begins + timedelta(minutes=1 + number)):
            save_answer(user=user, attempt=attempt, position=item.position, choice=choice, sequence=number + 1)
    with clock.freeze(begins + timedelta(minutes=len(items) + 2)):
        return submit(user=user, attempt=attempt)


def _known(stage: Stage, user: Any, items: list[AttemptItem], *, phase: str, share: float) -> set[int]:
    """Positions that a cadre answers rightly: a share of the paper, whichever questions were drawn.

    The one whom the story changes loses the first of them in the final exam; every other answer stays.
    """

    def draw(item: AttemptItem) -> float:
        return float(stage.chance("answer", phase, user.work_number, item.version.question.key).random())

    known = sorted(item.position for item in sorted(items, key=draw)[: round(share * len(items))])
    spoilt = phase == "post" and stage.change.wrong_answer == user.work_number
    return set(known[spoilt:])


def _wrong(version: QuestionVersion, chance: Any) -> list[int]:
    """Some other choice than the key."""
    others = [n for n in range(len(version.options)) if [n] != sorted(version.answer)]
    return [chance.choice(others)]
