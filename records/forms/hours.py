"""Registering hours that were earned before this system."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.plausible import plausible_day
from people.models import User
from people.scopes import managed_condition
from records.models import Bucket, Category, Mode

OFFICE = ("training_office",)


def sentences(field: forms.Field) -> dict[str, str]:
    """What is wrong with a field, as sentences that say what to do."""
    label = {"label": field.label}
    found = {"required": _("请填写%(label)s。") % label}
    if isinstance(field, forms.DecimalField):
        digits = _("%(label)s请填写数字，最多两位小数，例如 37.5。") % label
        found |= {"invalid": digits, "max_decimal_places": digits, "max_digits": digits, "max_whole_digits": digits}
        found |= {"min_value": _("%(label)s不能为负。") % label}
        found |= {"max_value": _("%(label)s超出了一次培训可能的数量，请核对。") % label}
    elif isinstance(field, forms.DateField):
        found["invalid"] = _("请填写实际存在的%(label)s。") % label
    elif isinstance(field, forms.ChoiceField):
        found["invalid_choice"] = _("请从列表中选择%(label)s。") % label
    elif isinstance(field, forms.CharField):
        found["max_length"] = _("%(label)s不能超过 %(n)s 个字。") % {**label, "n": field.max_length}
    return found


class EarlierHoursForm(forms.Form):
    """One proof of one cadre; the cadre is named by work number, within the reach of the office."""

    work_number = forms.CharField(
        label=_("工号"), max_length=32, help_text=_("学员的工号。姓名会在下一步显示，请核对后再确认。")
    )
    bucket = forms.ChoiceField(
        label=_("学时类别"), choices=Bucket, help_text=_("集中培训、网络自学和基本培训分别计算，不能相加。")
    )
    category = forms.ChoiceField(label=_("培训类别"), choices=Category, initial=Category.IN_SERVICE)
    mode = forms.ChoiceField(label=_("培训方式"), choices=Mode, initial=Mode.OFF_JOB)
    days = forms.DecimalField(
        label=_("天数"), min_value=0, max_value=400, max_digits=6, decimal_places=2, initial=0,
        help_text=_("按证明材料填写，半天填 0.5；网络自学没有天数的填 0。"),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("学时"), min_value=0, max_value=3000, max_digits=7, decimal_places=2, initial=0,
        help_text=_("按证明材料填写，不按天数折算。"),
    )  # fmt: skip
    earned_on = forms.DateField(
        label=_("取得日期"), widget=forms.DateInput(attrs={"type": "date"}), validators=[plausible_day],
        help_text=_("培训结束的日期。跨年度的培训请按年度分两次登记。"),
    )  # fmt: skip
    label = forms.CharField(
        label=_("培训名称"), max_length=120, help_text=_("例如：省委党校2024年春季县处级干部进修班。")
    )  # fmt: skip
    evidence_no = forms.CharField(
        label=_("证明材料编号"), max_length=80,
        help_text=_("结业证书编号或文件号。同一人的同一编号只能登记一次。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        for field in self.fields.values():
            field.error_messages.update(sentences(field))

    def clean_work_number(self) -> User:
        """The cadre of that number; a number outside the reach reads like one that does not exist."""
        number = self.cleaned_data["work_number"].strip()
        within = User.objects.filter(managed_condition(self.actor, OFFICE)).select_related("unit")
        person = within.filter(work_number=number).first()
        if person is None:
            raise forms.ValidationError(_("您的管理范围内没有工号为“%(n)s”的人员，请核对后重新填写。") % {"n": number})
        return person

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("days") or data.get("hours")) and not self.errors:
            self.add_error("hours", _("天数和学时至少填写一项。"))
        return data
