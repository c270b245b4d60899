"""Forms of the class space: they read and clean, services decide."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms.classes import moment_field
from cohorts.models import Cohort, Group, Session
from cohorts.rules import space
from core.templatetags.linghang import day_short


def key_field() -> forms.UUIDField:
    """A key per shown form, by which a double click is told from a second message."""
    return forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def text_field(label: Any, most: int, rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows, "maxlength": most}), **kwargs
    )


TITLE_HELP = _("一句话说清楚，不超过 %(n)s 字。") % {"n": space.LONGEST_TITLE}


class TopicForm(forms.Form):
    client_key = key_field()
    title = forms.CharField(label=_("话题"), max_length=space.LONGEST_TITLE, help_text=TITLE_HELP)
    group = forms.ModelChoiceField(
        label=_("谁能看到"), queryset=Group.objects.none(), required=False, empty_label=_("全班"),
        help_text=_("选了小组，只有这个小组和办班人员能看到。"),
    )  # fmt: skip
    text = text_field(
        _("内容"), space.LONGEST_POST, 8,
        help_text=_("不超过 2000 字；空一行另起一段。请勿写入国家秘密、工作秘密和他人隐私。"),
    )  # fmt: skip

    def __init__(self, *args: Any, groups: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups


class ReplyForm(forms.Form):
    client_key = key_field()
    text = text_field(
        _("回复"), space.LONGEST_POST, 5, help_text=_("不超过 2000 字；发出 15 分钟内可以修改。请勿写入国家秘密。")
    )


class PostForm(forms.Form):
    text = text_field(_("内容"), space.LONGEST_POST, 8, help_text=_("修改后显示“已编辑”。"))


class ReportForm(forms.Form):
    reason = forms.CharField(
        label=_("理由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200}),
        help_text=_("班主任会看到您的姓名和理由，写这条内容的人看不到。"),
    )  # fmt: skip


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"), max_length=200, help_text=_("写这条内容的人会看到原因；其他学员只看到“已隐藏”。")
    )


class NoticeForm(forms.Form):
    """A notice; ``version`` is what the page showed, empty for a new one."""

    client_key = key_field()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2_000_000_000)
    title = forms.CharField(label=_("标题"), max_length=space.LONGEST_TITLE, help_text=TITLE_HELP)
    text = text_field(_("内容"), space.LONGEST_NOTICE, 10, help_text=_("不超过 4000 字；空一行另起一段。"))
    groups = forms.ModelMultipleChoiceField(
        label=_("只发给这些小组"), queryset=Group.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("都不选就发给全班。"),
    )  # fmt: skip
    publish_at = moment_field(
        _("定时发布"), required=False, help_text=_("不填就立即发布；到时间后自动出现并提醒学员。")
    )
    is_pinned = forms.BooleanField(label=_("置顶"), required=False)
    file = forms.FileField(label=_("附件"), required=False, max_length=200, help_text=_("一个文件，不超过 20 MB。"))

    def __init__(self, *args: Any, cohort: Cohort, is_out: bool = False, has_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = cohort.groups.all()
        if is_out:
            del self.fields["publish_at"]
        if has_file:
            self.fields["drop_file"] = forms.BooleanField(label=_("去掉现在的附件"), required=False)


class SessionChoice(forms.ModelChoiceField):
    """Lessons with their day."""

    def label_from_instance(self, session: Session) -> str:
        return f"{day_short(session.day)} {session.get_half_display()} {session.title}"


class MaterialForm(forms.Form):
    """A material; ``version`` is what the page showed, empty for a new one."""

    client_key = key_field()
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2_000_000_000)
    title = forms.CharField(label=_("名称"), max_length=space.LONGEST_TITLE, help_text=_("学员看到的名称。"))
    session = SessionChoice(
        label=_("所属课程"), queryset=Session.objects.none(), required=False, empty_label=_("不属于某一节课"),
        help_text=_("选了课程，资料排在那一天。"),
    )  # fmt: skip
    visible_from = moment_field(_("开放时间"), required=False, help_text=_("不填就立即开放。"))
    file = forms.FileField(label=_("文件"), max_length=200, help_text=_("PDF、图片或表格等，不超过 20 MB。"))

    def __init__(self, *args: Any, cohort: Cohort, replacing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].queryset = cohort.sessions.all()
        if replacing:
            self.fields["file"].required = False
            self.fields["file"].label = _("换成新文件")
            self.fields["file"].help_text = _("不选文件就只改名称和时间；换文件后原文件作为旧版本保留。")
            self.fields["visible_from"].help_text = _("不填则保持原来的时间。")
