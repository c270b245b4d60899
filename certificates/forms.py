from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class VerifyForm(forms.Form):
    """Number and code as they stand on the certificate."""

    number = forms.CharField(
        label=_("证书编号"),
        max_length=80,
        help_text=_("可填完整编号，也可只填年份和序号，例如 2026-0001。"),
        error_messages={"required": _("请填写证书编号。")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        help_text=_("证书左下角二维码旁的 8 位字符，不区分大小写。"),
        error_messages={"required": _("请填写验证码。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class ReasonForm(forms.Form):
    """Why a certificate loses its validity."""

    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明原因和依据的文号或申请；将记入日志，公众核验页只显示状态和日期。"),
        error_messages={"required": _("请写明原因，并注明依据的文号或申请。")},
    )


class IssueForm(forms.Form):
    """Which of the eligible members are chosen, and by which template."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    template = forms.ModelChoiceField(queryset=None, label=_("证书模板"), empty_label=None)
    members = forms.TypedMultipleChoiceField(
        coerce=int, label=_("学员"), error_messages={"required": _("请至少选择一名学员。")}
    )

    def __init__(self, *args: Any, templates: Any, members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates
        self.fields["members"].choices = members


class TemplateForm(forms.Form):
    """What a template says; the layout is the product's own, drawn from data."""

    name = forms.CharField(
        label=_("模板名称"), max_length=60, help_text=_("同名模板会存为新的版本，已发证书不受影响。")
    )
    issuer = forms.CharField(label=_("发证机构"), max_length=60)
    seal_text = forms.CharField(
        label=_("印章中间文字"), max_length=6, help_text=_("未启用正式印章时填“样章”。"), required=False
    )
    number_prefix = forms.CharField(
        label=_("编号前缀"),
        max_length=20,
        help_text=_("例如“领航示范结字”，编号会是：领航示范结字〔2026〕第0001号；每个前缀每年从1号起连续编号。"),
    )
