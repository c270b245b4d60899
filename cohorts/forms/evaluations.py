"""The form by which evaluations are opened."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Session
from cohorts.services.evaluations import FEWEST_DAYS, MOST_DAYS, USUAL_DAYS
from core.errors import DomainError
from core.templatetags.linghang import day_short


class OpenForm(forms.Form):
    """Sessions to evaluate, those of the past week ticked, and for how many days."""

    sessions = forms.MultipleChoiceField(
        label=gettext_lazy("课程"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("已勾选最近七天上过的课；没有授课教师的课不在其中。"),
        error_messages={"required": gettext_lazy("请至少选择一节课。")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("开放天数"),
        min_value=FEWEST_DAYS,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=gettext_lazy("从下课时起算；已经下课的从现在起算。"),
    )

    def __init__(self, *args: Any, sessions: list[Session], recent: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = {str(s.pk): s for s in sessions}
        self.fields["sessions"].choices = [(key, _label(s)) for key, s in self.there.items()]
        self.fields["sessions"].initial = [str(pk) for pk in recent]

    def chosen(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"sessions": [self.there[key] for key in data["sessions"]], "days": data["days"]}

    def refuse(self) -> None:
        raise DomainError(next(iter(self.errors.values()))[0])


def _label(session: Session) -> str:
    words = {"day": day_short(session.day), "half": session.get_half_display(), "title": session.title,
             "name": session.lecturer.name if session.lecturer else ""}  # fmt: skip
    return _("%(day)s%(half)s《%(title)s》%(name)s") % words
