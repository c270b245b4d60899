"""Forms of plans: they read and clean, services decide."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from cohorts.forms.classes import day_field
from cohorts.forms.timetable import SuggestInput
from cohorts.presenters.figures import plain
from core import clock
from courses.models import Track
from people.models import Unit
from people.ranks import Level, Rank
from people.scopes import subtree_condition
from planning.models import CostStandard, FeeClass, PlannedClass, TrainingPlan
from planning.permissions.plans import OFFICE
from planning.presenters.plan_lines import FACTS
from planning.reading.plans import hours_per_day_on, known_rooms

CENT = Decimal("0.01")
MOST = {"intake_no": 999, "places": 9999}  # more is a slip of the finger
LEVELS = [(_("职务层次"), list(Level.choices)), (_("职级"), list(Rank.choices))]


def units_of(user: Any) -> Any:
    """The units for which the person draws up plans."""
    return Unit.objects.filter(subtree_condition(user, "path", OFFICE))


class PlanForm(forms.ModelForm):
    """A plan that is begun."""

    class Meta:
        model = TrainingPlan
        fields = ["kind", "unit", "year", "title"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = clock.today().year + (clock.today().month >= 9)


class RenameForm(forms.Form):
    title = forms.CharField(label=_("名称"), max_length=100)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ClassForm(forms.ModelForm):
    """The facts of a planned class; ``version`` is what the page showed, ``reason`` is asked for after approval."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    starts_on = day_field(_("开班日期"))
    ends_on = day_field(_("结束日期"))
    levels = forms.MultipleChoiceField(
        label=_("职务层次和职级"), choices=LEVELS, required=False,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("可以多选；不选表示不限。"),
    )  # fmt: skip
    venue = forms.CharField(
        label=_("地点"), max_length=80, required=False, widget=SuggestInput,
        help_text=_("本处教室请选列出的名称，外地请写明地点；年度视图据此提示同一教室的冲突。"),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("学时"), required=False, max_digits=6, decimal_places=2, min_value=0,
        help_text=_("不填则按学时规则：天数乘以每天学时。"),
    )  # fmt: skip
    audience = forms.CharField(label=_("培训对象"), max_length=200, help_text=_("例如：全市县处级以下数字化岗位干部。"))
    over_reason = forms.CharField(
        label=_("超标准的理由"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("预算超过培训费标准时必填，审批的人会看到。"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    reason = forms.CharField(label=_("变更的理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    class Meta:
        model = PlannedClass
        fields = list(FACTS)

    def __init__(self, *args: Any, plan: TrainingPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if plan.state != TrainingPlan.State.APPROVED:
            del self.fields["reason"]
        used = PlannedClass.objects.filter(plan__unit=plan.unit_id).exclude(venue="")
        known = used.order_by("venue").values_list("venue", flat=True).distinct()
        self.fields["venue"].widget.suggestions = list(dict.fromkeys([*known_rooms(), *known[:50]]))
        for name, most in MOST.items():
            self.fields[name].validators.append(MaxValueValidator(most))
            self.fields[name].widget.attrs["max"] = most
        self.fields["regime"].choices = [("", _("不限")), *self.fields["regime"].choices[1:]]
        if self.instance.pk:
            self.initial["version"] = self.instance.version
            self.initial |= {name: plain(getattr(self.instance, name)) for name in ("days", "hours", "budget")}

    def _post_clean(self) -> None:
        """The service checks the class within its plan; the row is not touched here."""

    def clean(self) -> dict[str, Any]:
        """Hours that were left open are those that the rule suggests."""
        data = super().clean() or {}
        if data.get("hours") is None and "hours" not in self.errors and data.get("starts_on") and data.get("days"):
            rate = hours_per_day_on(data["starts_on"])
            if rate is None:
                self.add_error("hours", _("还没有学时规则，请填写学时。"))
            else:
                data["hours"] = (data["days"] * rate).quantize(CENT)
        return data

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FACTS}


class DecisionForm(forms.Form):
    """What is decided about a plan or a change; ``version`` is what the page showed."""

    decision = forms.ChoiceField(
        label=_("审批意见"), choices=[("agree", _("批准")), ("refuse", _("不批准"))], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不批准时必填。"),
    )  # fmt: skip
    document_no = forms.CharField(label=_("批准文号"), max_length=60, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, by_document: bool = False, refuse: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_no"].required = by_document
        if by_document:
            self.fields["document_no"].help_text = _("培训处登记的是文件上的审批结果，请填写该文件的文号。")
        if refuse:
            self.fields["decision"].choices = [("agree", _("批准")), ("refuse", refuse)]

    @property
    def agrees(self) -> bool:
        return bool(self.cleaned_data["decision"] == "agree")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class FoundForm(forms.Form):
    code = forms.CharField(label=_("班次编号"), max_length=30, help_text=_("编号在全系统内不重复，可以改。"))


class CopyForm(forms.Form):
    year = forms.TypedChoiceField(label=_("复制到"), coerce=int)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, _("%(year)s年") % {"year": year}) for year in years]


class WorkbookForm(forms.Form):
    file = forms.FileField(label=_("计划表格"), help_text=_("用本计划“导出表格”的格式填写；全部行都合格才会写入。"))


class StandardForm(forms.ModelForm):
    """A new version of the standard of cost."""

    effective_from = day_field(_("生效日期"), help_text=_("须晚于现行版本；开班日在这一天或以后的班次按新标准。"))
    note = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件名称和文号。"))

    class Meta:
        model = CostStandard
        fields = ["name", "effective_from", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in FeeClass.choices:
            self.fields[code] = forms.DecimalField(
                label=_("%(what)s（元/人天）") % {"what": label}, min_value=1, max_digits=8, decimal_places=2
            )

    def given(self) -> dict[str, Any]:
        data = self.cleaned_data
        amounts = {code: data[code] for code in FeeClass.values}
        return {"amounts": amounts, **{name: data[name] for name in ("name", "effective_from", "note")}}


class SurveyForm(forms.Form):
    unit = forms.ModelChoiceField(label=_("单位"), queryset=Unit.objects.none())
    year = forms.TypedChoiceField(label=_("年度"), coerce=int)
    client_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = clock.today().year
        self.fields["unit"].queryset = units_of(user)
        self.fields["unit"].empty_label = None
        self.fields["year"].choices = [(y, _("%(year)s年") % {"year": y}) for y in (this_year, this_year + 1)]
        self.fields["client_key"].initial = uuid.uuid4


class DraftForm(forms.Form):
    plan = forms.ModelChoiceField(label=_("加入计划"), queryset=TrainingPlan.objects.none(), empty_label=None)
    theme = forms.ChoiceField(label=_("主题"), choices=Track.choices)
    size = forms.IntegerField(label=_("每班人数"), min_value=1, max_value=500, initial=50)
    days = forms.IntegerField(label=_("每班天数"), min_value=1, max_value=30, initial=5)

    def __init__(self, *args: Any, plans: Any, theme: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans
        if theme:
            del self.fields["theme"]
