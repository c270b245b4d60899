"""All notes of one's own: read, taken away as a Word document, deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.docx import write_document
from core.drawing import MissingGlyphs
from core.drawing.papers import draw_document
from core.drawing.parts import Document
from core.errors import DomainError
from core.spreadsheets.writer import download_response
from courses.models import Enrolment, LessonNote
from courses.presenters import learning as presenters
from courses.presenters import notebook
from courses.services.notes import delete_note
from people.permissions import requires_sign_in

PER_PAGE = 30
MOST_NAMED = 20  # characters in a sentence


@requires_sign_in
@never_cache
@require_safe
def notes(request: HttpRequest) -> HttpResponse:
    """Course by course, lesson by lesson."""
    own = LessonNote.objects.of(request.user).in_reading_order()
    page = Paginator(own, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    groups = notebook.by_lesson(rows, _addresses(request.user, rows))
    return render(request, "courses/notes.html", {"title": _("我的笔记"), "page": page, "groups": groups})


def _addresses(user: Any, rows: list[LessonNote]) -> dict[int, str]:
    """Where the lessons of these notes are, as far as one still learns there."""
    editions = {note.lesson.edition_id for note in rows}
    mine = {e.edition_id: e for e in Enrolment.objects.of(user).standing().filter(edition__in=editions)}
    lessons = {note.lesson_id: note.lesson for note in rows}
    return {
        pk: presenters.lesson_url(mine[lesson.edition_id], lesson.position)
        for pk, lesson in lessons.items()
        if lesson.edition_id in mine
    }


@requires_sign_in
@never_cache
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All of them as one Word document, or with ``as=pdf`` as one to print."""
    own = list(LessonNote.objects.of(request.user).in_reading_order())
    if not own:
        raise DomainError(_("您还没有笔记可以导出。"))
    paper = notebook.paper(request.user.name, own, clock.today())
    if request.GET.get("as") == "pdf":
        return download_response(_("学习笔记.pdf"), _drawn(paper))
    return download_response(_("学习笔记.docx"), write_document(paper))


def _drawn(paper: Document) -> bytes:
    try:
        return draw_document(paper)
    except MissingGlyphs as missing:
        told = {"characters": "、".join(sorted(missing.characters)[:MOST_NAMED])}
        raise DomainError(
            _("PDF 画不出笔记里的这些字符：%(characters)s。请导出 Word，或者改写后再导出。") % told
        ) from missing


@requires_sign_in
@require_POST
def delete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    delete_note(note=get_object_or_404(LessonNote.objects.of(request.user), public_id=public_id))
    messages.success(request, _("笔记已删除。"))
    return redirect("courses:notes")
