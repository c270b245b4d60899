"""What browsers send: one answer as JSON, a whole paper as a form, a text, a rubric."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.models import Attempt, RubricCriterion
from assessments.models.voidings import LONGEST_REPLY
from assessments.reading.marking import LEVEL_NAMES
from assessments.services import Choice
from assessments.services.attempts import option_numbers
from assessments.services.handing_in import BIGGEST_FILE, LONGEST_TEXT
from core.errors import DomainError
from core.plausible import plausible_day
from core.uploads import CheckedFile, checked_upload


class MalformedAnswer(Exception):
    """The script sent something that no page of ours sends."""


def parse_answer(body: Any) -> dict[str, Any]:
    """The fields of a save, checked for type; raises ``MalformedAnswer``."""
    if not isinstance(body, dict) or not isinstance(body.get("shown"), list):
        raise MalformedAnswer
    numbers = {name: body.get(name, 0) for name in ("position", "sequence", "blurs")}
    if any(isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= 2**53 for n in numbers.values()):
        raise MalformedAnswer
    return {**numbers, "position": min(numbers["position"], 32_767), "shown": body["shown"],
            "flagged": body.get("flagged") is True}  # fmt: skip


def answers_of_form(posted: QueryDict, attempt: Attempt) -> dict[int, Choice]:
    """The choices of a posted paper, each one sequence after the one that the page had shown."""
    choices = {}
    for position, order in attempt.items.values_list("position", "option_order"):
        if f"s{position}" in posted:
            shown = [int(n) if n.isascii() and n.isdigit() else -1 for n in posted.getlist(f"a{position}")]
            before = posted[f"s{position}"]
            sequence = int(before) + 1 if before.isascii() and before.isdigit() and len(before) < 16 else 0
            choices[position] = Choice(option_numbers(order, shown), sequence, f"f{position}" in posted)
    return choices


class HandInForm(forms.Form):
    """A text, a file, or both; ``clean_file`` gives the checked upload."""

    text = forms.CharField(
        label=_("正文"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("截止前可以修改后再次提交。请勿填写国家秘密和他人的个人信息。"),
    )
    file = forms.FileField(
        label=_("文件"),
        required=False,
        help_text=_("篇幅较长的报告、论文可以上传；不选择新文件时，保留上次的文件。"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )

    def clean_file(self) -> CheckedFile | None:
        upload = self.cleaned_data["file"]
        if not upload:
            return None
        try:
            return checked_upload(upload, kinds={"pdf", "image"}, max_bytes=BIGGEST_FILE)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class ExtendForm(forms.Form):
    """Until when one person may hand in, and why."""

    until = forms.DateTimeField(
        label=_("延期至"),
        input_formats=["%Y-%m-%dT%H:%M"],
        validators=[plausible_day],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("记入办理记录，不发给学员。"))


def level_choices(criterion: RubricCriterion) -> list[tuple[str, str]]:
    """1 知晓 … 5 示范 with the anchor of the criterion's indicator."""
    anchors = {anchor.level: anchor.text for anchor in criterion.indicator.anchors.all()}
    return [(str(level), anchors.get(level, "")) for level in range(1, 6)]


@dataclass(frozen=True)
class LevelOption:
    value: str
    name: str
    anchor: str
    checked: bool


@dataclass(frozen=True)
class CriterionRow:
    criterion: RubricCriterion
    field: Any
    levels: list[LevelOption]


class MarkForm(forms.Form):
    """A level per criterion, a comment, and a reason from the second round on."""

    comment = forms.CharField(label=_("评语"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("改分理由"), max_length=200, required=False)
    seen_round = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1000)

    def __init__(self, *args: Any, is_first: bool, criteria: list[RubricCriterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        if is_first:
            del self.fields["reason"]
        for criterion in criteria:
            self.fields[f"level_{criterion.pk}"] = forms.ChoiceField(
                label=criterion.title,
                choices=level_choices(criterion),
                widget=forms.RadioSelect,
                error_messages={"required": _("请选择一个等级。")},
            )

    @property
    def rows(self) -> list[CriterionRow]:
        """The criteria with their fields and five levels, ready to be drawn."""
        return [self._row(criterion, self[f"level_{criterion.pk}"]) for criterion in self.criteria]

    def _row(self, criterion: RubricCriterion, field: Any) -> CriterionRow:
        levels = [
            LevelOption(value, str(_(LEVEL_NAMES[int(value)])), anchor, field.value() == value)
            for value, anchor in level_choices(criterion)
        ]
        return CriterionRow(criterion, field, levels)

    def levels(self) -> Mapping[int, Decimal]:
        return {c.pk: Decimal(self.cleaned_data[f"level_{c.pk}"]) for c in self.criteria}


class DecideForm(MarkForm):
    """The arbiter's levels, with the reason that settles two ratings."""

    reason = forms.CharField(label=_("裁定理由"), max_length=200, help_text=_("记入评分记录，不发给学员。"))
    seen_round = None

    def __init__(self, *args: Any, criteria: list[RubricCriterion], **kwargs: Any) -> None:
        super().__init__(*args, is_first=False, criteria=criteria, **kwargs)


class ReplyForm(forms.Form):
    """What a learner has to say to a result taken away."""

    text = forms.CharField(
        label=_("申述"), max_length=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("写明您的意见和依据，由作出决定的部门处理。只能提交一次。"),
    )  # fmt: skip
