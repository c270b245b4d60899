"""The forms by which the office keeps questions, blueprints and rubrics."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from assessments.models import Blueprint, Question, QuestionKind, QuestionVersion, Rubric
from assessments.reading.seats import LETTERS

JUDGE_OPTIONS = ["正确", "错误"]


class QuestionForm(WagtailAdminModelForm):
    """The tags of the question and the wording of its next version."""

    stem = forms.CharField(label=_("题干"), widget=forms.Textarea(attrs={"rows": 3}))
    options_text = forms.CharField(
        label=_("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("每行一个选项，依次为 A、B、C、D。判断题不用填写，固定为“正确”“错误”。"),
    )
    answer_text = forms.CharField(
        label=_("答案"), max_length=20, help_text=_("填写字母，如 C；多选题如 ACD；判断题 A 为正确，B 为错误。")
    )
    explanation = forms.CharField(label=_("解析"), widget=forms.Textarea(attrs={"rows": 4}))

    class Meta:
        model = Question
        fields = ["key", "kind", "indicator", "difficulty", "in_bank"]
        widgets = {"difficulty": forms.Select(choices=[(1, _("1 易")), (2, _("2 中")), (3, _("3 难"))])}

    field_order = [
        "key", "kind", "indicator", "difficulty", "stem", "options_text", "answer_text", "explanation", "in_bank",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].disabled = self.fields["kind"].disabled = True
            self.initial.update(wording_of(self.instance))

    def clean_options_text(self) -> list[str]:
        if self.cleaned_data.get("kind") == QuestionKind.JUDGE:
            return list(JUDGE_OPTIONS)
        return [line.strip() for line in self.cleaned_data["options_text"].splitlines() if line.strip()]

    def clean_answer_text(self) -> list[int]:
        """Letters to option numbers from 0."""
        letters = re.sub(r"[\s,，、;；]", "", self.cleaned_data["answer_text"]).upper()
        if not letters or any(letter not in LETTERS for letter in letters):
            raise forms.ValidationError(gettext("请填写选项的字母，如 C 或 ACD。"))
        return sorted({LETTERS.index(letter) for letter in letters})

    def said(self) -> dict[str, Any]:
        """The arguments of the service."""
        clean = self.cleaned_data
        return {
            "key": clean["key"],
            "kind": clean["kind"],
            "indicator": clean["indicator"],
            "difficulty": clean["difficulty"],
            "in_bank": clean["in_bank"],
            "stem": clean["stem"],
            "options": clean["options_text"],
            "answer": clean["answer_text"],
            "explanation": clean["explanation"],
        }


def wording_of(question: Question) -> dict[str, str]:
    """The newest wording as the form writes it."""
    version: QuestionVersion | None = question.versions.order_by("-number").first()
    if version is None:
        return {}
    return {
        "stem": version.stem,
        "options_text": "" if question.kind == QuestionKind.JUDGE else "\n".join(version.options),
        "answer_text": "".join(LETTERS[n] for n in version.answer),
        "explanation": version.explanation,
    }


class BlueprintForm(WagtailAdminModelForm):
    """A blueprint that an exam uses does not change: papers of one exam must stay equivalent."""

    class Meta:
        model = Blueprint
        fields = ["title"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if self.instance.pk and self.instance.exams.exists():
            raise forms.ValidationError(gettext("已有考试使用本组卷方案，不能再修改；请另建一份。"))
        return data


class RubricForm(WagtailAdminModelForm):
    """A rubric by which something was graded does not change."""

    class Meta:
        model = Rubric
        fields = ["title", "note"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if self.instance.pk and self.instance.tasks.exists():
            raise forms.ValidationError(gettext("已有任务使用本评分标准，不能再修改；请另建一份。"))
        return data
