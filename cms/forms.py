from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from cms.models import FeedbackMessage
from cms.services.feedback import path_only
from core.errors import DomainError
from core.templatetags.linghang import day
from core.uploads import refuse_marked

SECRET_NOTICE = _("本系统为非涉密系统。请不要填写国家秘密、工作秘密和身份证号。")


class FeedbackForm(forms.Form):
    """A message to the office; ``client_key`` makes sending it twice harmless."""

    category = forms.ChoiceField(label=_("类别"), choices=FeedbackMessage.Category.choices, widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("内容"),
        max_length=2000,
        help_text=_("请写清楚：您当时要做什么，看到了什么，希望怎样。"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": _("内容超过 2000 字，请删减后再提交。")},
    )
    page_path = forms.CharField(
        label=_("所在页面"), required=False, max_length=200, help_text=_("从哪一页来的；可以改，也可以清空。")
    )
    contact = forms.CharField(
        label=_("联系方式"),
        required=False,
        max_length=100,
        help_text=_("可以不填，不影响答复。填写以后加密保存，只有培训处能看到。"),
    )
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, came_from: str = "", **kwargs: Any) -> None:
        initial = {"page_path": path_only(came_from), "client_key": uuid.uuid4(), **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)

    def clean_client_key(self) -> uuid.UUID:
        return self.cleaned_data.get("client_key") or uuid.uuid4()


class FindFeedbackForm(forms.Form):
    code = forms.CharField(label=_("查询编号"), max_length=16)

    def clean_code(self) -> str:
        """Upper case, with the dash where it belongs, whatever was typed."""
        signs = "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isascii() and sign.isalnum())
        if len(signs) != 8:
            raise forms.ValidationError(_("查询编号是八位字母和数字，例如 7K3M-XQ2P。"))
        return f"{signs[:4]}-{signs[4:]}"


class AnswerForm(forms.Form):
    """The office's reply; ``seen_state`` tells whether somebody else was quicker. Saving is the service's work."""

    reply = forms.CharField(
        label=_("答复"),
        max_length=2000,
        help_text=_("提出人凭查询编号看到这段话。"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("请写下答复内容，提出人会看到它。")},
    )
    close = forms.BooleanField(label=_("答复后办结"), required=False)
    seen_state = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, instance: FeedbackMessage | None = None, **kwargs: Any) -> None:
        if instance is not None:
            kwargs["initial"] = {"reply": instance.reply, "seen_state": instance.state, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.instance = instance

    def clean_seen_state(self) -> str:
        state = self.cleaned_data["seen_state"]
        if state not in FeedbackMessage.State.values:
            raise forms.ValidationError(_("页面已过期，请刷新后再答复。"))
        return str(state)


class DatesField(forms.CharField):
    """Several dates in one line, kept as ISO dates in their order."""

    WRITTEN = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})日?")

    def prepare_value(self, value: Any) -> str:
        """Dates as they are read; what was typed stays as it was typed."""
        return "、".join(day(date.fromisoformat(one)) for one in value) if isinstance(value, list) else value or ""

    def clean(self, value: Any) -> list[str]:
        parts = [part for part in re.split(r"[、，,；;\s]+", super().clean(value) or "") if part]
        return [self._iso(part) for part in parts]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.prepare_value(initial) != data

    def _iso(self, part: str) -> str:
        found = self.WRITTEN.fullmatch(part)
        try:
            return date(*map(int, found.groups())).isoformat() if found else date.fromisoformat(part).isoformat()
        except ValueError as wrong:
            raise forms.ValidationError(
                _("“%(part)s”不是日期，请写成 2023年3月13日，多个日期用顿号分开。"), params={"part": part}
            ) from wrong


class LawRecordForm(WagtailAdminModelForm):
    revised = DatesField(
        label=_("修订、修正日期"), required=False, help_text=_("例如 2015年3月15日、2023年3月13日；没有就留空。")
    )


class WarnedUpload:
    """Wagtail's form of a library file, with the secrecy line at the file and no names that carry a mark of secrecy."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            field = self.fields["file"]
            field.help_text = format_lazy("{} {}", field.help_text, _("本系统为非涉密系统，请勿上传、处理国家秘密。"))

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        try:
            refuse_marked(file.name or "")
        except DomainError as refused:
            raise forms.ValidationError(str(refused)) from refused
        return file


class LibraryImageForm(WarnedUpload, BaseImageForm):
    """Pictures of the curriculum (WAGTAILIMAGES_IMAGE_FORM_BASE)."""


class LibraryDocumentForm(WarnedUpload, BaseDocumentForm):
    """Documents and films of the curriculum (WAGTAILDOCS_DOCUMENT_FORM_BASE)."""
