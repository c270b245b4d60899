"""Notes in words: lines of a page, and the paper of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.drawing.parts import Document, Heading, Paragraph, Part, Section
from core.templatetags.linghang import day, moment_full
from courses.models import LessonNote


def clock_mark(second: int) -> str:
    """205 → 3:25, 3725 → 1:02:05."""
    hours, rest = divmod(second, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def line(note: LessonNote) -> dict[str, Any]:
    """A note on a page."""
    return {
        "id": note.public_id,
        "text": note.text,
        "second": note.second,
        "mark": "" if note.second is None else clock_mark(note.second),
        "when": moment_full(note.updated_at),
        "delete_url": reverse("courses:delete-note", args=[note.public_id]),
    }


def by_lesson(notes: Iterable[LessonNote], addresses: dict[int, str]) -> list[dict[str, Any]]:
    """Notes in reading order as groups of one lesson each; ``addresses``: a learner's lessons by their id."""
    groups = []
    for lesson, group in groupby(notes, key=lambda note: note.lesson):
        groups.append(
            {
                "course": lesson.edition.title,
                "lesson": lesson.title,
                "url": addresses.get(lesson.pk, ""),
                "notes": [line(note) for note in group],
            }
        )
    return groups


def paper(owner: str, notes: Iterable[LessonNote], today: date) -> Document:
    """All notes as one paper, course by course."""
    told = _("%(name)s，导出于%(day)s") % {"name": owner, "day": day(today)}
    parts: list[Part] = [Heading(_("学习笔记"), 0), Paragraph(told, quiet=True)]
    for course, of_course in groupby(notes, key=lambda note: note.lesson.edition.title):
        parts.append(Heading(course, 1))
        for lesson, group in groupby(of_course, key=lambda note: note.lesson.title):
            parts.append(Heading(lesson, 2))
            parts += [part for note in group for part in _written(note)]
    return Document(_("学习笔记"), (Section(tuple(parts)),), "book", owner, today)


def _written(note: LessonNote) -> list[Part]:
    place = _("视频 %(mark)s · ") % {"mark": clock_mark(note.second)} if note.second is not None else ""
    paragraphs = [Paragraph(text, indent=2.0) for text in note.text.splitlines() if text.strip()]
    return [*paragraphs, Paragraph(place + moment_full(note.updated_at), quiet=True)]
