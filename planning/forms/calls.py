"""Forms of call-ups and nominations: they read and clean, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms.classes import day_field
from courses.models import Track
from people.models import Unit, User
from people.ranks import Level, Rank, Regime
from people.search import LABEL
from planning.models import CallUp

REASON = {"rows": 3}


class CallUpForm(forms.Form):
    """For whom, how many, until when and by which way; ``version`` is what the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    basis = forms.ChoiceField(label=_("选派方式"), choices=CallUp.Basis.choices, widget=forms.RadioSelect)
    theme = forms.ChoiceField(label=_("主题"), choices=Track.choices)
    places = forms.IntegerField(label=_("人数"), min_value=1, max_value=999)
    nominate_by = day_field(_("报名截止"), help_text=_("当天仍可提名；截止后由培训处在这里延长。"))
    route = forms.ChoiceField(
        label=_("审核方式"), choices=CallUp.Route.choices, widget=forms.RadioSelect,
        help_text=_("逐级审核：提名单位 → 上级单位 → 名额单位 → 培训处，单位最多三级。"),
    )  # fmt: skip
    unit_confirms = forms.BooleanField(
        label=_("名额单位终审"), required=False,
        help_text=_("勾选后，名额单位审核同意即确认，不再经培训处。"),
    )  # fmt: skip
    step_days = forms.IntegerField(label=_("每级审核期限（工作日）"), min_value=1, max_value=30, initial=3)
    regime = forms.ChoiceField(label=_("对象范围"), choices=[("", _("不限")), *Regime.choices], required=False)
    levels = forms.MultipleChoiceField(
        label=_("职务层次和职级"), choices=[*Level.choices, *Rank.choices], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("不选表示不限；选了几项，符合其中一项即可。"),
    )  # fmt: skip
    keeps_waiting_list = forms.BooleanField(label=_("名额满后继续候补"), required=False, initial=True)
    document_no = forms.CharField(label=_("通知文号"), max_length=60, required=False)


class QuotaForm(forms.Form):
    """Places of the units that have some or are proposed some, and of one more."""

    def __init__(self, *args: Any, units: list[Unit], places: dict[int, int], others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = units
        for unit in units:
            self.fields[f"unit_{unit.pk}"] = forms.IntegerField(
                label=unit.name, min_value=0, max_value=999, initial=places.get(unit.pk, 0)
            )
        self.fields["more"] = forms.ModelChoiceField(
            label=_("增加单位"), queryset=others, required=False, empty_label=_("请选择")
        )
        self.fields["more_places"] = forms.IntegerField(label=_("名额"), min_value=1, max_value=999, required=False)

    def rows(self) -> list[dict[str, Any]]:
        """The field of each unit, for the page."""
        return [{"unit": unit, "field": self[f"unit_{unit.pk}"]} for unit in self.units]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("more") and not data.get("more_places"):
            self.add_error("more_places", _("请填写增加单位的名额。"))
        return data

    def places(self) -> dict[Unit, int]:
        data = self.cleaned_data
        found = {unit: data[f"unit_{unit.pk}"] for unit in self.units}
        if data.get("more"):
            found[data["more"]] = data["more_places"]
        return found


class PickFilter(forms.Form):
    """The people to choose from."""

    q = forms.CharField(label=LABEL, max_length=50, required=False)
    eligible = forms.BooleanField(label=_("只看符合对象范围的"), required=False)
    gap_first = forms.BooleanField(label=_("有应训缺口的在前"), required=False)


class NameForm(forms.Form):
    """Who is named and why."""

    users = forms.ModelMultipleChoiceField(queryset=User.objects.none())
    reason = forms.CharField(label=_("推荐理由"), max_length=300, required=False, widget=forms.Textarea(attrs=REASON))


class ReviewForm(forms.Form):
    position = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=99)
    agree = forms.ChoiceField(
        label=_("意见"), choices=[("yes", _("同意")), ("no", _("不同意"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("理由"), max_length=300, required=False, widget=forms.Textarea(attrs=REASON),
        help_text=_("不同意必须写明，提名单位会看到。"),
    )  # fmt: skip


class EndForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs=REASON))


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("回复"), max_length=300, widget=forms.Textarea(attrs=REASON),
        help_text=_("只能回复一次，培训处会看到，并可以据此重新办理。"),
    )  # fmt: skip


class ReplaceForm(forms.Form):
    work_number = forms.CharField(label=_("替换人选的工号"), max_length=32)
    reason = forms.CharField(label=_("换人的原因"), max_length=200, widget=forms.Textarea(attrs=REASON))


class StandInForm(forms.Form):
    work_number = forms.CharField(label=_("代办人工号"), max_length=32, help_text=_("须为您管理的单位里的在职人员。"))
    starts_on = day_field(_("开始日期"))
    ends_on = day_field(_("结束日期"))


class ApplyForm(forms.Form):
    reason = forms.CharField(label=_("报名理由"), max_length=300, widget=forms.Textarea(attrs=REASON))


class DecideForm(forms.Form):
    """What the office decides about one nomination."""

    outcome = forms.ChoiceField(label=_("办理"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"), max_length=300, required=False, widget=forms.Textarea(attrs=REASON),
        help_text=_("不予确认或退出名额必须写明，单位和本人会看到。"),
    )  # fmt: skip

    def __init__(self, *args: Any, outcomes: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes
