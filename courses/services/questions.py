"""Questions to lecturers: asked by learners, answered by lecturers or the office, hidden with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import DomainError
from courses.models import Course, EditionLesson, Enrolment, LessonAnswer, LessonQuestion
from courses.reading.teaching import lecturers_of, offices_of

MOST_WAITING = 10  # unanswered questions of one person in one course


def may_answer(user: Any, question: LessonQuestion) -> bool:
    """Who teaches the course, and the training office that looks after who asked."""
    return LessonQuestion.objects.to_answer_by(user).filter(pk=question.pk).exists()


@transaction.atomic
def ask(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, key: UUID, text: str, name_shown: bool
) -> LessonQuestion:
    """Put a question to the lecturers, else to the office, and tell them; under the same key it is asked once."""
    if enrolment.user_id != user.pk or lesson.edition_id != enrolment.edition_id:
        raise DomainError(_("这不是您的选课，请从“我的课程”进入学习。"))
    course = enrolment.edition.course
    _refuse_impatient(user, course, key)
    said = {"course": course, "lesson": lesson, "asker": user, "text": text, "name_shown": name_shown}
    question, new = LessonQuestion.objects.get_or_create(public_id=key, defaults=said)
    if question.asker_id != user.pk:
        raise DomainError(_("这个提问没有保存，请刷新页面后重新填写。"))
    if new:
        _announce(question)
    return question


def _refuse_impatient(user: Any, course: Course, key: UUID) -> None:
    waiting = LessonQuestion.objects.waiting().filter(asker=user, course=course).exclude(public_id=key)
    if waiting.count() >= MOST_WAITING:
        raise DomainError(_("您在本课程已有 %(n)s 个提问等待回复，请等回复后再提问。") % {"n": MOST_WAITING})


def _announce(question: LessonQuestion) -> None:
    """Tell who answers. No log: the row says who asked, the history of a course does not."""
    hearers = lecturers_of(question.course, question.asker) or offices_of(question.asker)
    url = reverse("courses:teach-question", args=[question.public_id])
    _tell(hearers, _("学员有新的提问"), question, url, "asked")


def _tell(to: list[int], title: str, question: LessonQuestion, url: str, what: str) -> None:
    words = _("《%(course)s》“%(lesson)s”") % {"course": question.course.title, "lesson": question.lesson.title}
    key = f"question:{question.public_id}:{what}"
    notices.send(to=to, title=title, text=words, url=url, key=key, kind="course.question")


@transaction.atomic
def answer(*, actor: Any, question: LessonQuestion, key: UUID, text: str) -> LessonAnswer:
    """Say something to a question and tell who asked; said again under the same key, nothing changes."""
    _insist(actor, question)
    if question.hidden_at:
        raise DomainError(_("这个提问已被隐藏，请先恢复显示，再回复。"))
    held = LessonQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    said, new = LessonAnswer.objects.get_or_create(
        public_id=key, defaults={"question": held, "text": text, "by": actor}
    )
    if said.question_id != held.pk:
        raise DomainError(_("回复没有保存，请刷新页面后重新填写。"))
    if not new:
        return said
    if held.answered_at is None:
        LessonQuestion.objects.filter(pk=held.pk).update(answered_at=clock.now())
    log(question.course, "courses.answer", user=actor, data={"lesson": question.lesson.title})
    url = reverse("courses:questions", args=[question.course.key]) + f"#question-{question.public_id}"
    _tell([question.asker_id], _("您的提问有了回复"), question, url, str(said.public_id))
    return said


@transaction.atomic
def hide(*, actor: Any, question: LessonQuestion, reason: str) -> None:
    """Take a question out of the learners' sight, with the reason that its asker reads."""
    _insist(actor, question)
    if not reason.strip():
        raise DomainError(_("请写明隐藏的理由，提问的学员会看到。"))
    shown = LessonQuestion.objects.filter(pk=question.pk, hidden_at__isnull=True)
    if shown.update(hidden_at=clock.now(), hidden_by=actor, hidden_reason=reason.strip()):
        log(question.course, "courses.hide_question", user=actor, data={"reason": reason.strip()})


@transaction.atomic
def show(*, actor: Any, question: LessonQuestion) -> None:
    """Bring a hidden question back."""
    _insist(actor, question)
    hidden = LessonQuestion.objects.filter(pk=question.pk, hidden_at__isnull=False)
    if hidden.update(hidden_at=None, hidden_by=None, hidden_reason=""):
        log(question.course, "courses.show_question", user=actor)


def _insist(actor: Any, question: LessonQuestion) -> None:
    if not may_answer(actor, question):
        raise DomainError(_("只有本课程的主讲和学员所在地的培训处可以处理这个提问。"), code="forbidden")
