"""The form of an evaluation: one choice per indicator, and a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Questionnaire
from assessments.models.surveys import LONGEST_COMMENT
from assessments.rules.surveying import points_for
from core.templatetags.linghang import hours


@dataclass(frozen=True)
class ChoiceShown:
    value: str
    label: str
    points: str
    checked: bool


@dataclass(frozen=True)
class IndicatorRow:
    label: str
    hint: str
    points: int
    field: Any
    choices: list[ChoiceShown]


class AnswerForm(forms.Form):
    """``points()`` gives the chosen shares by the key of the indicator."""

    comment = forms.CharField(
        label=gettext_lazy("意见和建议"),
        max_length=LONGEST_COMMENT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("不超过 300 字。本评估匿名，请不要写出自己的姓名、单位和能看出身份的情况。"),
    )

    def __init__(self, *args: Any, questionnaire: Questionnaire, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questionnaire = questionnaire
        for indicator in questionnaire.indicators:
            self.fields[self._name(indicator)] = forms.ChoiceField(
                label=indicator["label"],
                choices=[(str(choice["share"]), choice["label"]) for choice in questionnaire.choices],
                widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("请选择一档。")},
            )

    @staticmethod
    def _name(indicator: Mapping[str, Any]) -> str:
        return f"points_{indicator['key']}"

    @property
    def rows(self) -> list[IndicatorRow]:
        """The indicators with their choices, ready to be drawn."""
        return [
            IndicatorRow(_(i["label"]), _(i["hint"]), i["points"], self[self._name(i)], self._choices(i))
            for i in self.questionnaire.indicators
        ]

    def _choices(self, indicator: Mapping[str, Any]) -> list[ChoiceShown]:
        chosen = self[self._name(indicator)].value()
        return [
            ChoiceShown(
                value=str(choice["share"]),
                label=_(choice["label"]),
                points=hours(points_for(indicator["points"], choice["share"])),
                checked=chosen == str(choice["share"]),
            )
            for choice in self.questionnaire.choices
        ]

    def points(self) -> dict[str, int]:
        return {i["key"]: int(self.cleaned_data[self._name(i)]) for i in self.questionnaire.indicators}
