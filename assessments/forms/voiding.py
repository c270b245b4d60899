"""The office's forms for taking a result away and for letting it count again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.models import Attempt, AttemptState, Voiding, VoidingCause
from core.plausible import plausible_day
from core.templatetags.linghang import hours, moment


class AttemptChoice(forms.ModelChoiceField):
    def label_from_instance(self, attempt: Attempt) -> str:
        words = {"n": attempt.number, "when": moment(attempt.started_at), "score": hours(attempt.score)}
        if attempt.state == AttemptState.RUNNING:
            return gettext("第 %(n)s 次，%(when)s开始，正在作答") % words
        return gettext("第 %(n)s 次，%(when)s开始，%(score)s 分") % words


class VoidingChoice(forms.ModelChoiceField):
    def label_from_instance(self, voiding: Voiding) -> str:
        words = {"when": moment(voiding.at), "cause": voiding.get_cause_display(), "reason": voiding.reason}
        which = gettext("第 %(n)s 次作答，") % {"n": voiding.attempt.number} if voiding.attempt else ""
        return which + gettext("%(when)s因%(cause)s取消：%(reason)s") % words


class VoidForm(forms.Form):
    """Why a result is taken away, by which document, and whether the person may try again."""

    cause = forms.ChoiceField(label=_("情形"), choices=[("", _("请选择")), *VoidingCause.choices])
    reason = forms.CharField(label=_("理由"), max_length=200, help_text=_("学员可以看到。"))
    document_no = forms.CharField(
        label=_("文号"), max_length=60, required=False, help_text=_("因违反纪律取消成绩的，必须填写处理决定的文号。")
    )
    again_until = forms.DateTimeField(
        label=_("可补考或重新提交至"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M"],
        validators=[plausible_day],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("填写后，学员在此之前多一次机会；不填则没有。"),
    )


class VoidAttemptForm(VoidForm):
    attempt = AttemptChoice(label=_("作答"), queryset=Attempt.objects.none(), empty_label=None)
    field_order = ["attempt", "cause", "reason", "document_no", "again_until"]

    def __init__(self, *args: Any, attempts: QuerySet[Attempt], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attempt"].queryset = attempts


class LiftForm(forms.Form):
    voiding = VoidingChoice(label=_("撤销哪一次取消"), queryset=Voiding.objects.none(), empty_label=None)
    reason = forms.CharField(label=_("理由"), max_length=200)

    def __init__(self, *args: Any, voidings: QuerySet[Voiding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["voiding"].queryset = voidings
