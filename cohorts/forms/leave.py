"""Forms of leave and discipline: they read and clean, services decide."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms.classes import day_field
from cohorts.models import Cohort, DisciplineRecord, Half, LeaveRecord, LeaveStepDecision, StepKey
from cohorts.rules.ladder import STANDARD, Ladder, Step
from people.models import User

PROOF_TYPES = "image/jpeg,image/png,image/webp,application/pdf"


def proof_field() -> forms.FileField:
    widget = forms.ClearableFileInput(attrs={"accept": PROOF_TYPES})
    return forms.FileField(
        label=_("证明材料"), required=False, max_length=200, widget=widget,
        help_text=_("如诊断证明、会议通知，图片或 PDF，不超过 10 MB。只有您和本次请假的审批人可以查看。"),
    )  # fmt: skip


class AskForm(forms.Form):
    """What the cadre asks for; the days lie within the class."""

    category = forms.ChoiceField(
        label=_("类别"), choices=LeaveRecord.Category.choices, widget=forms.RadioSelect, initial="private"
    )
    from_day = day_field(_("开始日期"))
    from_half = forms.ChoiceField(label=_("开始时段"), choices=Half.choices)
    to_day = day_field(_("结束日期"))
    to_half = forms.ChoiceField(label=_("结束时段"), choices=Half.choices)
    reason = forms.CharField(
        label=_("事由"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写清什么事即可，不必写病情细节。"),
    )  # fmt: skip

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cohort = cohort
        for name in ("from_day", "to_day"):
            self.fields[name].widget.attrs |= {"min": cohort.starts_on.isoformat(), "max": cohort.ends_on.isoformat()}

    def _within(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if not self.cohort.starts_on <= day <= self.cohort.ends_on:
            raise forms.ValidationError(_("日期须在本班起止日期之内。"))
        return day

    def clean_from_day(self) -> date:
        return self._within("from_day")

    def clean_to_day(self) -> date:
        return self._within("to_day")


class ConfirmAskForm(forms.Form):
    """The second page: proof, and above one seventh the member's word."""

    proof = proof_field()
    knows_limit = forms.BooleanField(label=_("我知道将超过七分之一"), required=False)

    def __init__(self, *args: Any, is_over: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_over:
            del self.fields["knows_limit"]


class ProofForm(forms.Form):
    proof = proof_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["proof"].required = True


class StepDecisionForm(forms.Form):
    """``step`` is the one that the page showed."""

    step = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=20)
    outcome = forms.ChoiceField(label=_("意见"), choices=LeaveStepDecision.Outcome.choices, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("不同意时必填，学员会看到。请勿写病情等个人隐私。"),
    )  # fmt: skip


class BackForm(forms.Form):
    """From which half day on the member is in class again."""

    back_day = day_field(_("返校日期"))
    back_half = forms.ChoiceField(label=_("返校时段"), choices=Half.choices)


class DelegateForm(forms.Form):
    """Who stands in; an empty number ends it."""

    work_number = forms.CharField(
        label=_("代办人工号"), max_length=32, required=False, help_text=_("不填表示不再由他人代办。")
    )
    delegate_from = day_field(_("代办自"), required=False)
    delegate_to = day_field(_("代办至（含当天）"), required=False)

    def clean_work_number(self) -> User | None:
        return person_with(self.cleaned_data["work_number"])


def person_with(number: str) -> User | None:
    """The active account of a work number; ValidationError where there is none."""
    if not number.strip():
        return None
    found = User.objects.filter(work_number=number.strip(), is_active=True).first()
    if found is None:
        raise forms.ValidationError(_("没有这个工号的在用账号，请核对。"))
    return found


class SeatForm(forms.Form):
    step = forms.ChoiceField(
        label=_("环节"), choices=StepKey.choices,
        help_text=_("班主任环节由各班的班主任审批，在这里登记班主任只是为了指定代办人。"),
    )  # fmt: skip
    work_number = forms.CharField(label=_("审批人工号"), max_length=32)
    title = forms.CharField(label=_("职务"), max_length=30, help_text=_("例如：教务处处长。"))

    def clean_work_number(self) -> User | None:
        return person_with(self.cleaned_data["work_number"])


class LadderForm(forms.Form):
    """The ladder in four rows; an empty threshold takes the step out."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1_000_000)
    allows_late = forms.BooleanField(
        label=_("允许事后补假"), required=False,
        help_text=_("上课以后才提出的申请标明“事后补假”，照常审批；不勾选则不再受理。"),
    )  # fmt: skip
    keep_proof_days = forms.IntegerField(
        label=_("证明材料在结班后保留几天"), min_value=1, max_value=365, help_text=_("到期自动删除，只留下删除时间。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, label in StepKey.choices:
            words = {"step": label}
            self.fields[f"title_{key}"] = forms.CharField(label=_("%(step)s：名称") % words, max_length=20)
            self.fields[f"over_{key}"] = forms.DecimalField(
                label=_("%(step)s：请假超过几天时审批") % words,
                min_value=0, max_value=60, max_digits=4, decimal_places=1, required=False,
                help_text=_("按 0.5 天填；填 0 表示每次请假都要，不填表示不设这一环节。"),
            )  # fmt: skip
            self.fields[f"days_{key}"] = forms.IntegerField(
                label=_("%(step)s：几个工作日内办理") % words, min_value=1, max_value=30
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for key in StepKey.values:
            over = data.get(f"over_{key}")
            if over is not None and (over * 2) % 1:
                self.add_error(f"over_{key}", _("请按 0.5 天的整数倍填写。"))
        return data

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each step, for the page."""
        return [
            {"label": label, "fields": [self[f"{part}_{key}"] for part in ("title", "over", "days")]}
            for key, label in StepKey.choices
        ]

    def ladder(self) -> Ladder:
        data = self.cleaned_data
        steps = tuple(
            Step(key, data[f"title_{key}"], int(data[f"over_{key}"] * 2), data[f"days_{key}"])
            for key in StepKey.values
            if data.get(f"over_{key}") is not None
        )
        return Ladder(steps, data["allows_late"], data["keep_proof_days"])


def ladder_initial(ladder: Ladder, version: int) -> dict[str, Any]:
    """What the form shows of a ladder; steps that are left out keep their usual name."""
    found: dict[str, Any] = {
        "version": version, "allows_late": ladder.allows_late, "keep_proof_days": ladder.keep_proof_days,
    }  # fmt: skip
    there = {step.key: step for step in ladder.steps}
    for step in STANDARD.steps:
        now = there.get(step.key)
        found[f"title_{step.key}"] = now.title if now else step.title
        found[f"over_{step.key}"] = Decimal(now.over) / 2 if now else None
        found[f"days_{step.key}"] = now.days if now else step.days
    return found


class ConfirmDisciplineForm(forms.Form):
    level = forms.ChoiceField(
        label=_("处理"), choices=DisciplineRecord.Level.choices, widget=forms.RadioSelect,
        help_text=_("通报批评和责令退学由培训处决定，须有文号；责令退学自决定之日起退学。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("学员会看到。"))
    document_no = forms.CharField(label=_("文号"), max_length=60, required=False, help_text=_("约谈提醒可以不填。"))
    reply_until = day_field(_("陈述申辩期限"), help_text=_("学员在这一天（含）以前可以提交一次陈述申辩。"))


class ReviewDisciplineForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("复核结论"), widget=forms.RadioSelect,
        choices=[("withdraw", _("撤销处理")), ("uphold", _("维持处理"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("学员会看到。"))


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("陈述申辩"), max_length=1000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("只能提交一次，提交后不能修改。没有意见也可以写明。"),
    )  # fmt: skip


class NoteForm(forms.Form):
    note = forms.CharField(label=_("办结情况"), max_length=200, help_text=_("例如：已于9月15日约谈，本人认识到错误。"))
