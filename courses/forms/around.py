"""Forms around the lessons: a note, a question, an answer, a reason."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.services.notes import LONGEST as LONGEST_NOTE

KEPT = "\n\t"


class Words(forms.CharField):
    """Text of several lines; what cannot be printed is left out."""

    def __init__(self, *, rows: int, **more: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **more)

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value)).replace("\r\n", "\n")
        return "".join(c for c in text if c in KEPT or unicodedata.category(c) not in ("Cc", "Cs"))


class NoteForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    second = forms.IntegerField(required=False, min_value=0, max_value=10**6, widget=forms.HiddenInput)
    text = Words(label=_("笔记"), rows=3, max_length=LONGEST_NOTE)


class QuestionForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = Words(label=_("问题"), rows=3, max_length=1000)
    name_shown = forms.BooleanField(label=_("回复公开给其他学员时，显示我的姓名"), required=False)


class AnswerForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = Words(label=_("回复"), rows=5, max_length=2000)


class HideForm(forms.Form):
    reason = forms.CharField(label=_("隐藏理由"), max_length=200, help_text=_("提问的学员会看到。"))
