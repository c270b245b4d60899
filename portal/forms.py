"""Asking for the statistics of a year."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from people.models import Unit
from people.scopes import subtree_condition
from portal.querysets import OFFICE

YEARS_BACK = 10


def years() -> list[tuple[int, str]]:
    this = clock.today().year
    return [(year, f"{year}年") for year in range(this, this - YEARS_BACK, -1)]


class FreezeForm(forms.Form):
    """Which year, below which unit; the key makes a double click harmless."""

    year = forms.TypedChoiceField(label=_("年度"), choices=years, coerce=int)
    root = forms.ModelChoiceField(label=_("统计范围"), queryset=Unit.objects.none(), empty_label=None)
    client_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(subtree_condition(actor, "path", OFFICE)).order_by("path")
        self.fields["root"].queryset = units  # type: ignore[attr-defined]
