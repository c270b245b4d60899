"""Video, captions and document of a lesson, for those who are enrolled; a player may ask for any part of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.spreadsheets.writer import disposition
from courses import byte_ranges
from courses.byte_ranges import ByteRange, Unsatisfiable
from courses.models import EditionLesson, Enrolment
from courses.services.learning import note_opened
from people.permissions import requires_sign_in

CHUNK = 256 * 1024
CAPTIONS = "text/vtt; charset=utf-8"


def _lesson(user: Any, public_id: UUID, position: int) -> EditionLesson:
    rows = EditionLesson.objects.select_related("video", "captions", "document").defer("body").filter(position=position)
    mine = Enrolment.objects.of(user).standing().filter(public_id=public_id)
    return get_object_or_404(rows, edition__in=mine.values("edition"))


@requires_sign_in
@require_safe
def video(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    return file_response(request, _lesson(request.user, public_id, position).video)


@requires_sign_in
@require_safe
def captions(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    return file_response(request, _lesson(request.user, public_id, position).captions, CAPTIONS)


@requires_sign_in
@require_safe
def document(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """The PDF of the learner's lesson, to be read in the browser; that it was opened is noted."""
    lesson = _lesson(request.user, public_id, position)
    response = file_response(request, lesson.document)
    if request.method == "GET" and response.status_code < 400:
        enrolment = Enrolment.objects.get(public_id=public_id)
        note_opened(user=request.user, enrolment=enrolment, lesson=lesson)
    response["Content-Disposition"] = disposition(f"{lesson.title}.pdf", inline=True)
    return response


def file_response(request: HttpRequest, document: Any, content_type: str = "") -> HttpResponse:
    """The whole file (200), the part asked for (206), or a refusal of a part that is not there (416)."""
    file = _opened(document)
    size, tag = file.size, f'"{document.get_file_hash()}"'
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=3600", "ETag": tag}
    part = None
    if request.headers.get("If-Range", tag) == tag:
        try:
            part = byte_ranges.wanted(request.headers.get("Range", ""), size)
        except Unsatisfiable:
            file.close()
            return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
    span = part or ByteRange(0, size - 1)
    if part:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    headers["Content-Length"] = str(len(span))
    kind = content_type or document.content_type
    return StreamingHttpResponse(Part(file, span), status=206 if part else 200, content_type=kind, headers=headers)


def _opened(document: Any) -> BinaryIO:
    if document is None:
        raise Http404
    try:
        return document.file.open("rb")  # type: ignore[no-any-return]
    except FileNotFoundError as missing:
        raise Http404 from missing


class Part:
    """A span of a file, in chunks; closed with the response, whether it was read or not."""

    def __init__(self, file: BinaryIO, span: ByteRange) -> None:
        self._file, self._span = file, span
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.first)
        left = len(self._span)
        while left > 0 and (chunk := self._file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
