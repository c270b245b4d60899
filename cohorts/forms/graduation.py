"""Forms of attendance as a condition, waivers, final appraisals and honours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Grade
from cohorts.models import Appraisal
from cohorts.services.appraisals import LONGEST

BIG = 2_000_000_000


def long_text(label: Any, rows: int, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, max_length=LONGEST, required=False, help_text=help_text)


def version_field() -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=BIG)


class AttendanceShareForm(forms.Form):
    share = forms.DecimalField(
        label=_("出勤率不低于（%）"), min_value=1, max_value=100, max_digits=5, decimal_places=2, initial=80,
        help_text=_("按半天计算，不足一个半天的进为一个：应到 7 个半天、80% 时，至少到课 6 个。"),
    )  # fmt: skip


class ExistingForm(forms.Form):
    """An exam or a task of the class, by its public key."""

    exam = forms.UUIDField(required=False)
    task = forms.UUIDField(required=False)

    def keys(self) -> tuple[Any, Any]:
        return self.cleaned_data["exam"], self.cleaned_data["task"]


class WaiverForm(forms.Form):
    condition = forms.ChoiceField(label=_("豁免的条件"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"), max_length=200, help_text=_("只有办班人员能看到，不写入通知和结业决定。"),
    )  # fmt: skip
    document_no = forms.CharField(
        label=_("文号"), max_length=60, help_text=_("批准豁免的文件，例如：领院〔2026〕12号。")
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = choices


class SummaryForm(forms.Form):
    text = long_text(_("自我鉴定"), 10, _("写明学习收获、不足和今后打算，2000 字以内；班主任签名前可以反复修改。"))
    version = version_field()


class AppraisalForm(forms.Form):
    """What the class says of a member; the versions are those that the page showed."""

    group_opinion = long_text(_("小组意见"), 4, _("由组长汇总本组意见，2000 字以内。"))
    teacher_opinion = long_text(_("班主任鉴定"), 8, _("写明政治表现、学习态度和实际收获，2000 字以内。"))
    grade = forms.ChoiceField(
        label=_("鉴定等次"), choices=[("", _("未定")), *Grade.choices], required=False, widget=forms.RadioSelect
    )
    signed_name = forms.CharField(
        label=_("签名"), max_length=50, required=False,
        help_text=_("班主任签上本人姓名后，鉴定不能再修改；日期为签名当天。"),
    )  # fmt: skip
    version = version_field()
    summary_version = version_field()

    @staticmethod
    def shown(held: Appraisal) -> dict[str, Any]:
        names = ("group_opinion", "teacher_opinion", "grade", "version", "summary_version")
        return {name: getattr(held, name) for name in names}


class RequiredForm(forms.Form):
    required = forms.BooleanField(label=_("结班前须签署全部结业鉴定"), required=False)


class QuotaForm(forms.Form):
    title = forms.CharField(label=_("称号"), max_length=20, help_text=_("例如：优秀学员。同一称号再次填写即修改名额。"))
    number = forms.IntegerField(
        label=_("名额（人）"), min_value=1, max_value=1000, required=False, help_text=_("名额和比例只填一项。")
    )
    share = forms.DecimalField(
        label=_("比例（%）"), min_value=1, max_value=100, max_digits=5, decimal_places=2, required=False,
        help_text=_("按在班人数计算，舍去小数。"),
    )  # fmt: skip


class HonourForm(forms.Form):
    reason = forms.CharField(label=_("评优理由"), max_length=200, help_text=_("对勾选的各位学员相同，可分几次办理。"))
