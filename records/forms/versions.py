"""Forms of the next version of the hour rule and of the requirements; services check and write."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.plausible import plausible_day
from people.ranks import Regime
from records.forms.hours import sentences
from records.models import LONGEST_CARRY, Bucket, Category, Mode, OnlineUnit, PolicyDraft, Window
from records.services.versions import CAP_TERMS, HOUR_TERMS, LINE_TERMS, POLICY_TERMS

SPARE_LINES, SPARE_CAPS = 2, 2
MOST_ROWS = 40
CERTAINTY = (("V", _("已核对原文")), ("V2", _("未核对原文")))


class Worded(forms.Form):
    """A form whose errors are sentences that say what to do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages.update(sentences(field))


def day_field(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=[plausible_day], **more)


def number_field(label: Any, most: int, *, digits: int = 4, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=most, max_digits=digits, decimal_places=2, **more)


class HourDraftForm(Worded):
    """What a version of the hour rule says; ``revision`` is the one that the page showed."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    name = forms.CharField(label=_("名称"), max_length=60)
    effective_from = day_field(_("生效日期"), help_text=_("须晚于已施行各版的生效日期，不能早于今天。"))
    hours_per_day = number_field(_("每天学时"), 24)
    hours_per_half_day = number_field(_("每半天学时"), 12)
    online_unit = forms.ChoiceField(label=_("网络课程计算单位"), choices=OnlineUnit.choices)
    online_full_minutes = forms.IntegerField(
        label=_("计满学时的分钟数"), min_value=1, max_value=600, help_text=_("达到这个时长（含）的，按长课计。")
    )
    online_half_minutes = forms.IntegerField(
        label=_("计短课学时的分钟数上限"), min_value=0, max_value=599, help_text=_("不超过这个时长（含）的，按短课计。")
    )
    online_full_hours = number_field(_("长课学时"), 24)
    online_half_hours = number_field(_("中等时长学时"), 24)
    online_short_hours = number_field(_("短课学时"), 24)
    online_test_hours = number_field(_("测验通过另计学时"), 24)
    online_capped = forms.BooleanField(label=_("不超过课程标明的学时"), required=False)
    note = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件名称和文号。"))

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in HOUR_TERMS}


class PolicyDraftForm(Worded):
    """The head of a version of the requirements."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    name = forms.CharField(label=_("名称"), max_length=60)
    effective_from = day_field(_("生效日期"), help_text=_("须晚于已施行各版的生效日期，不能早于今天。"))
    plan_from = day_field(_("规划周期开始"), required=False)
    plan_to = day_field(_("规划周期结束"), required=False)
    carry_from_year = forms.IntegerField(
        label=_("自哪一年度起结转"), min_value=2000, max_value=2100, required=False,
        help_text=_("不结转的不填。自这一年度起，超出要求的部分按各项要求的结转年数计入以后年度。"),
    )  # fmt: skip
    note = forms.CharField(label=_("依据"), max_length=200, required=False, help_text=_("文件名称和文号。"))

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in POLICY_TERMS}


class LineForm(Worded):
    """A line; its first values are those of a spare row, so that one left alone says nothing."""

    regime = forms.ChoiceField(label=_("对象"), choices=Regime.choices, initial=Regime.SENIOR)
    bucket = forms.ChoiceField(label=_("学时类别"), choices=Bucket.choices, initial=Bucket.CENTRAL)
    window = forms.ChoiceField(label=_("期限"), choices=Window.choices, initial=Window.YEAR)
    min_hours = number_field(_("学时不少于"), 9999, digits=7, required=False)
    min_days = number_field(_("天数不少于"), 3660, digits=6, required=False)
    min_months = number_field(_("月数不少于"), 60, required=False)
    days_per_month = forms.DecimalField(
        label=_("一个月折合天数"), min_value=1, max_value=31, max_digits=4, decimal_places=1, initial=Decimal("30")
    )
    carry_years = forms.IntegerField(label=_("结转年数"), min_value=0, max_value=LONGEST_CARRY, initial=0)
    certainty = forms.ChoiceField(label=_("核对情况"), choices=CERTAINTY, initial="V")


class CapForm(Worded):
    """A cap; a kind that is not chosen means any."""

    bucket = forms.ChoiceField(label=_("学时类别"), choices=Bucket.choices, initial=Bucket.CENTRAL)
    category = forms.ChoiceField(label=_("培训类别"), choices=[("", _("不限")), *Category.choices], required=False)
    mode = forms.ChoiceField(label=_("培训方式"), choices=[("", _("不限")), *Mode.choices], required=False)
    max_hours = number_field(_("每年最多计入学时"), 9999, digits=6)
    max_days = number_field(_("每年最多计入天数"), 366, digits=5, required=False)


LineFormSet = forms.formset_factory(
    LineForm, extra=SPARE_LINES, can_delete=True, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS
)
CapFormSet = forms.formset_factory(
    CapForm, extra=SPARE_CAPS, can_delete=True, max_num=MOST_ROWS, validate_max=True, absolute_max=MOST_ROWS
)


class PolicyForms:
    """The head of a draft with its lines and caps, as one form."""

    def __init__(self, draft: PolicyDraft, data: Any = None) -> None:
        head = {name: getattr(draft, name) for name in POLICY_TERMS}
        self.head = PolicyDraftForm(data, initial={**head, "revision": draft.revision})
        self.lines = LineFormSet(data, initial=[_row(x, LINE_TERMS) for x in draft.lines.all()], prefix="lines")
        self.caps = CapFormSet(data, initial=[_row(x, CAP_TERMS) for x in draft.caps.all()], prefix="caps")

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), self.lines.is_valid(), self.caps.is_valid()])

    @property
    def has_errors(self) -> bool:
        return bool(self.head.errors or any(self.lines.errors) or any(self.caps.errors) or self.row_errors)

    @property
    def row_errors(self) -> list[str]:
        """What is wrong with the rows as a whole."""
        found = [*self.lines.non_form_errors(), *self.caps.non_form_errors()] if self.head.is_bound else []
        return [str(error) for error in found]

    def values(self) -> dict[str, Any]:
        return {
            **self.head.terms(),
            "revision": self.head.cleaned_data["revision"],
            "lines": _kept(self.lines, LINE_TERMS),
            "caps": _kept(self.caps, CAP_TERMS),
        }


def _row(row: Any, names: list[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _kept(rows: Any, names: list[str]) -> list[dict[str, Any]]:
    """The rows that say something and are not crossed out."""
    data = [form.cleaned_data for form in rows if form.has_changed() or form.initial]
    return [{name: row[name] for name in names} for row in data if row and not row.get("DELETE")]
