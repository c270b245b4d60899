"""Notes of one's own: written, changed and deleted by their owner; nothing of it is logged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from courses.models import EditionLesson, Enrolment, LessonNote

LONGEST = 4000  # characters of a note
MOST = 200  # notes of one person at one lesson


@transaction.atomic
def save_note(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, key: UUID, text: str, second: int | None = None
) -> LessonNote:
    """Keep a note under its key, new or changed; safe to repeat. ``second``: place in the video, None outside one."""
    if enrolment.user_id != user.pk or lesson.edition_id != enrolment.edition_id:
        raise DomainError(_("这不是您的选课，请从“我的课程”进入学习。"))
    _refuse_unfit(text)
    there = LessonNote.objects.of(user).at(lesson)
    place = None if second is None or not lesson.seconds else min(max(second, 0), lesson.seconds)
    written = {"text": text.strip(), "second": place, "updated_at": clock.now()}
    if not there.filter(public_id=key).update(**written):
        _refuse_full(there)
        fresh = LessonNote(public_id=key, user=user, lesson=lesson, created_at=clock.now(), **written)
        LessonNote.objects.bulk_create([fresh], ignore_conflicts=True)
    note = there.filter(public_id=key).first()
    if note is None:
        raise DomainError(_("这条笔记没有保存，请刷新页面后重新填写。"))
    return note


def _refuse_unfit(text: str) -> None:
    if not text.strip() or "\x00" in text:
        raise DomainError(_("请先写下笔记内容，再保存。"))
    if len(text) > LONGEST:
        raise DomainError(_("一条笔记最多 %(n)s 字，请分成几条。") % {"n": LONGEST})


def _refuse_full(there: Any) -> None:
    if there.count() >= MOST:
        raise DomainError(_("这一课时已有 %(n)s 条笔记，请先整理或者删除一些。") % {"n": MOST})


def delete_note(*, note: LessonNote) -> None:
    """Gone for good, the text with it."""
    note.delete()
