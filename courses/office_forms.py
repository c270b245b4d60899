"""The forms by which editors keep lessons and courses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses import mp4
from courses.models import LessonKind
from courses.services.fitness import is_pdf


class LessonForm(WagtailAdminModelForm):
    def clean_video(self) -> Any:
        """Only what the player plays and whose length can be read."""
        document = self.cleaned_data.get("video")
        if document and not _is_video(document):
            raise forms.ValidationError(_("请选择 MP4 视频文件；文件应当完整，能读出时长。"))
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
        if data.get("kind") == LessonKind.VIDEO and not data.get("video") and "video" not in self.errors:
            self.add_error("video", _("视频课时需要一个视频文件；还没有视频时，请先把形式设为图文。"))
        return data


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


def _is_video(document: Any) -> bool:
    if document.file_extension.lower() != "mp4":
        return False
    try:
        with document.file.open("rb") as file:
            return mp4.seconds(file) is not None
    except FileNotFoundError:
        return False
