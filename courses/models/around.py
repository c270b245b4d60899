"""What one keeps around the lessons for oneself: notes, and the wish about suggestions."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock
from core.fields import EncryptedTextField
from courses.models.editions import EditionLesson
from courses.querysets import NoteQuerySet


class AdviceDeclined(models.Model):
    """Somebody who wants no courses suggested; the row is the wish, taking it away asks for them again."""

    wagtail_reference_index_ignore = True

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="advice_declined")
    at = models.DateTimeField(default=clock.now)


class LessonNote(models.Model):
    """A note that somebody took at a lesson, for themselves alone; ``second`` is its place in the video.

    The text lies encrypted, nothing about it is logged, and its owner may delete it for good.
    """

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="lesson_notes")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(_("笔记"))
    second = models.PositiveIntegerField(_("视频位置（秒）"), null=True)
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("学习笔记")
        verbose_name_plural = _("学习笔记")
        indexes = [models.Index(fields=["user", "lesson"], name="notes_of_user")]
