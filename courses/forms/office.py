"""The forms by which editors keep lessons and courses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.errors import DomainError
from courses.formats import hls, recordings
from courses.models import RECORDINGS, LessonKind
from courses.services.fitness import is_pdf

NEEDED = {
    "video": _("视频课时需要一个视频文件；还没有视频时，请先把形式设为图文。"),
    "audio": _("音频课时需要一个音频文件；还没有音频时，请先把形式设为图文。"),
}


class LessonForm(WagtailAdminModelForm):
    def clean_video(self) -> Any:
        """Only what the player plays and whose length can be read."""
        document = self.cleaned_data.get("video")
        if document and recordings.is_stream(document):
            _check_package(document)
        elif document and not _plays(document, recordings.VIDEO):
            raise forms.ValidationError(_("请选择 MP4 视频文件或者分段视频压缩包；文件应当完整，能读出时长。"))
        return document

    def clean_audio(self) -> Any:
        document = self.cleaned_data.get("audio")
        if document and not _plays(document, recordings.AUDIO):
            raise forms.ValidationError(_("请选择 MP3 或者 M4A 音频文件；文件应当完整，能读出时长。"))
        return document

    def clean_captions(self) -> Any:
        document = self.cleaned_data.get("captions")
        if document and document.file_extension.lower() != "vtt":
            raise forms.ValidationError(_("请选择 VTT 字幕文件。"))
        return document

    def clean_document(self) -> Any:
        document = self.cleaned_data.get("document")
        if document and not is_pdf(document):
            raise forms.ValidationError(_("请选择 PDF 文件。"))
        return document

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for field, words in missing_for(data):
            if field not in self.errors:
                self.add_error(field, words)
        field = RECORDINGS.get(data.get("kind"))
        if field and not data.get(field) and field not in self.errors:
            self.add_error(field, NEEDED[field])
        elif field and data.get(field):
            self._check_cues(recordings.seconds_of(data[field]) or 0)
        return data

    def _check_cues(self, seconds: int) -> None:
        """Each question at a second of its own, before the recording ends."""
        taken: set[int] = set()
        for form in self.formsets["cues"].forms if "cues" in self.formsets else ():
            at = form.cleaned_data.get("at") if form.is_valid() and not form.cleaned_data.get("DELETE") else None
            if at is None:
                continue
            if at in taken or not 0 < at < seconds:
                form.add_error("at", _("请填 1 到 %(last)s 之间的秒数，每道题各占一秒。") % {"last": seconds - 1})
            taken.add(at)


def missing_for(data: dict[str, Any]) -> list[tuple[str, str]]:
    """What the kind of a lesson asks for and the form does not hold, as field and sentence."""
    kind, has = data.get("kind"), data.get
    found = []
    if kind == LessonKind.DOCUMENT:
        found = [("document", _("文档课时需要一个 PDF 文件。")), ("minutes", _("请填写读完大约需要多少分钟。"))]
    elif kind == LessonKind.LINK:
        found = [("platform", _("请填写平台名称。")), ("address", _("请填写课程网址。"))]
    elif kind == LessonKind.LIVE:
        found = [("starts_at", _("请填写直播开始时间。")), ("ends_at", _("请填写直播结束时间。"))]
    missing = [(field, str(words)) for field, words in found if not has(field)]
    return missing + (_wrong_in_live(data) if kind == LessonKind.LIVE else [])


def _wrong_in_live(data: dict[str, Any]) -> list[tuple[str, str]]:
    found = []
    starts_at, ends_at = data.get("starts_at"), data.get("ends_at")
    if starts_at and ends_at and ends_at <= starts_at:
        found.append(("ends_at", str(_("结束时间须晚于开始时间。"))))
    if not (data.get("address") or data.get("place")):
        found.append(("place", str(_("请填写直播网址或者地点，至少一项。"))))
    return found


def _plays(document: Any, extensions: tuple[str, ...]) -> bool:
    try:
        return recordings.extension_of(document) in extensions and recordings.seconds_of(document) is not None
    except FileNotFoundError:
        return False


def _check_package(document: Any) -> None:
    try:
        with document.file.open("rb") as file:
            hls.Package(file).seconds()
    except (DomainError, FileNotFoundError) as refusal:
        raise forms.ValidationError(str(refusal) or _("文件不在了，请重新上传。")) from refusal
