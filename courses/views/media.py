"""Recordings, captions and documents of a lesson, for those enrolled; a player may ask for any part of a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from core.errors import DomainError
from core.spreadsheets.writer import disposition
from courses.formats import byte_ranges, hls, recordings
from courses.formats.byte_ranges import ByteRange, Unsatisfiable
from courses.models import EditionLesson, Enrolment
from courses.services.learning import note_opened
from people.permissions import requires_sign_in

CHUNK = 256 * 1024
CAPTIONS = "text/vtt; charset=utf-8"


def _lesson(user: Any, public_id: UUID, position: int) -> EditionLesson:
    files = ("video", "audio", "captions", "document")
    rows = EditionLesson.objects.select_related(*files).defer("body").filter(position=position)
    mine = Enrolment.objects.of(user).standing().filter(public_id=public_id)
    return get_object_or_404(rows, edition__in=mine.values("edition"))


@requires_sign_in
@require_safe
def video(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    film = _lesson(request.user, public_id, position).video
    if film is not None and recordings.is_stream(film):
        raise Http404
    return file_response(request, film)


@requires_sign_in
@require_safe
def audio(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    sound = _lesson(request.user, public_id, position).audio
    return file_response(request, sound, recordings.type_of(sound) if sound else "")


@requires_sign_in
@require_safe
def stream(request: HttpRequest, public_id: UUID, position: int, name: str) -> HttpResponse:
    """A playlist or a segment out of a lesson's package."""
    document = _lesson(request.user, public_id, position).video
    if document is None or not recordings.is_stream(document):
        raise Http404
    package = _opened(document)
    try:
        contents = hls.Package(package)
        file, size, kind = contents.open(contents.index if name == hls.INDEX else name)
    except (KeyError, DomainError) as missing:
        package.close()
        raise Http404 from missing
    headers = {"Cache-Control": "private, max-age=3600", "Content-Length": str(size)}
    part = Part(file, ByteRange(0, size - 1), package)
    return StreamingHttpResponse(part, content_type=kind, headers=headers)


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

    def __init__(self, file: BinaryIO, span: ByteRange, *around: BinaryIO) -> None:
        self._file, self._span, self._around = file, span, around

    def close(self) -> None:
        for file in (self._file, *self._around):
            file.close()

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.first)
        left = len(self._span)
        while left > 0 and (chunk := self._file.read(min(CHUNK, left))):
            left -= len(chunk)
            yield chunk
