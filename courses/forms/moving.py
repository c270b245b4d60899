"""What a move of learners is asked with: from where to where, why, and what was confirmed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Course, CourseEdition, Enrolment
from courses.services import Move

MOST_KEYS = 500


class KeysField(forms.Field):
    """Keys of rows, sent as boxes or as one text with commas."""

    def to_python(self, value: Any) -> frozenset[int]:
        parts = [part for one in value or [] for part in str(one).split(",") if part]
        if len(parts) > MOST_KEYS or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
            raise forms.ValidationError(_("名单读不出来，请刷新页面后重新选择。"))
        return frozenset(map(int, parts))

    widget = forms.MultipleHiddenInput


class ChoiceForm(forms.Form):
    """Two editions of one course and whose enrolments: a class, or those who chose it themselves."""

    old = forms.ModelChoiceField(queryset=CourseEdition.objects.none())
    new = forms.ModelChoiceField(queryset=CourseEdition.objects.none())
    context = forms.CharField(max_length=60, required=False)
    keep_checks = forms.BooleanField(required=False)

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.course = course
        for name in ("old", "new"):
            self.fields[name].queryset = course.editions.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        key = data.get("context", "")
        if key and not Enrolment.objects.filter(edition__course=self.course, context_key=key).exists():
            raise forms.ValidationError(_("没有这个班次。"))
        if data.get("old") == data.get("new"):
            raise forms.ValidationError(_("请选择另一个版次。"))
        return data

    def move(self) -> Move:
        data = self.cleaned_data
        return Move(data["old"], data["new"], data["context"], keep_checks=data["keep_checks"])


class MoveForm(forms.Form):
    reason = forms.CharField(
        label=_("原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("留在记录里，例如：第2版更正了第3课的法条，全班改学新版。"),
    )
    people = KeysField(required=False)
    falls = KeysField(required=False)
    confirm_falls = forms.BooleanField(required=False)

    def confirmed_falls(self) -> frozenset[int]:
        """The enrolments of which the staff has seen and confirmed that they open again."""
        keys: frozenset[int] = self.cleaned_data["falls"]
        return keys if self.cleaned_data["confirm_falls"] else frozenset()
