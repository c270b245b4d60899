"""The forms by which editors keep lessons and courses."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm

from courses import mp4
from courses.models import LessonKind
from people.models import Role, User


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

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("kind") == LessonKind.VIDEO and not data.get("video") and "video" not in self.errors:
            self.add_error("video", _("视频课时需要一个视频文件；还没有视频时，请先把形式设为图文。"))
        return data


class CourseForm(WagtailAdminModelForm):
    """The lecturers of a course are chosen among the people who hold that role today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "lecturers" in self.fields:
            self.fields["lecturers"].queryset = User.objects.holding(Role.LECTURER).order_by("sort_key", "pk")


def _is_video(document: Any) -> bool:
    if document.file_extension.lower() != "mp4":
        return False
    try:
        with document.file.open("rb") as file:
            return mp4.seconds(file) is not None
    except FileNotFoundError:
        return False
