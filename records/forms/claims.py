"""Forms of claims: what a cadre hands in, what unit and office decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.forms.versions import Worded, day_field, number_field
from records.models import Bucket, Category, HourClaim, Mode

FILE_TYPES = "image/jpeg,image/png,image/webp,application/pdf"
DECISIONS = [("accept", _("同意")), ("refuse", _("不予认定"))]
CONTENT = (
    "bucket", "category", "mode", "title", "organiser", "starts_on", "ends_on", "days", "hours", "certificate_no",
)  # fmt: skip


class ClaimForm(Worded):
    """Hours earned elsewhere, with one file that shows it."""

    bucket = forms.ChoiceField(
        label=_("学时类别"), choices=Bucket.choices, help_text=_("集中培训、网络自学和基本培训分别计算，不能相加。")
    )
    category = forms.ChoiceField(label=_("培训类别"), choices=Category.choices, initial=Category.IN_SERVICE)
    mode = forms.ChoiceField(label=_("培训方式"), choices=Mode.choices, initial=Mode.OFF_JOB)
    title = forms.CharField(label=_("培训名称"), max_length=80, help_text=_("与证明材料上的名称一致。"))
    organiser = forms.CharField(label=_("主办单位"), max_length=60)
    starts_on = day_field(_("开始日期"))
    ends_on = day_field(_("结束日期"), help_text=_("跨年度的培训请按年度分两次申报。"))
    days = number_field(_("天数"), 400, digits=6, initial=0, help_text=_("半天填 0.5；网络自学没有天数的填 0。"))
    hours = number_field(_("学时"), 3000, digits=7, initial=0, help_text=_("按证明材料填写，不按天数折算。"))
    certificate_no = forms.CharField(label=_("证书编号"), max_length=80, required=False)
    file = forms.FileField(
        label=_("证明材料"), max_length=200, widget=forms.ClearableFileInput(attrs={"accept": FILE_TYPES}),
        help_text=_("结业证书、学时证明的照片、扫描件或 PDF，不超过 10 MB。仅供认定人员核对，每次查看都会留下记录。"),
    )  # fmt: skip
    declared = forms.BooleanField(
        label=_("我确认材料不涉及国家秘密和工作秘密，不含他人的个人信息（名单上的其他人已经遮盖）。"),
        error_messages={"required": _("请确认材料不涉密、不含他人个人信息。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = _("请上传证明材料。")
        self.fields["declared"].error_messages["required"] = _("请确认材料不涉密、不含他人个人信息。")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("days") or data.get("hours")) and not {"days", "hours"} & self.errors.keys():
            self.add_error("hours", _("天数和学时至少填写一项。"))
        return data


class ClaimDecisionForm(Worded):
    """``step`` is the one that the page showed; at the office's the amounts may be lowered."""

    step = forms.ChoiceField(choices=[("unit", ""), ("office", "")], widget=forms.HiddenInput)
    decision = forms.ChoiceField(label=_("意见"), choices=DECISIONS, widget=forms.RadioSelect)
    days = number_field(_("认定天数"), 400, digits=6, required=False)
    hours = number_field(_("认定学时"), 3000, digits=7, required=False, help_text=_("可以少于申报的学时，须写明理由。"))
    reason = forms.CharField(
        label=_("理由"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不予认定或减少学时的必填，学员会看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, claim: HourClaim, **kwargs: Any) -> None:
        start = {"step": claim.state, "days": claim.days, "hours": claim.hours}
        super().__init__(*args, initial=start, **kwargs)
        if claim.state == HourClaim.State.UNIT:
            del self.fields["days"], self.fields["hours"]


class ClaimReversalForm(Worded):
    """Why what was credited is taken back."""

    reason = forms.CharField(
        label=_("冲销理由"), max_length=100, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("学员会看到。原记录保留，另记一笔相反的学时；需要时学员可以重新申报。"),
    )  # fmt: skip


class ChangeDecisionForm(Worded):
    decision = forms.ChoiceField(
        label=_("意见"), choices=[("approve", _("按新值更改")), ("keep", _("维持原值"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("理由"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("维持原值的必填。"),
    )  # fmt: skip


class ImportForm(Worded):
    """A file of another system."""

    source = forms.CharField(
        label=_("来源系统"), max_length=30,
        help_text=_("例如：省干部网络学院。同一来源的同一外部编号只计一次，请每次都填同一名称。"),
    )  # fmt: skip
    file = forms.FileField(label=_("文件"), max_length=200)

    def clean_source(self) -> str:
        source: str = self.cleaned_data["source"].strip()
        if ":" in source:
            raise forms.ValidationError(_("来源系统的名称不要含有冒号。"))
        return source
