"""The forms by which editors keep lessons and courses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from core.errors import DomainError
from courses import hls, recordings
from courses.models import RECORDINGS

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

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
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
