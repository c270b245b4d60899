"""What may be chosen before papers are printed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cohorts.forms.classes import day_field
from cohorts.models import Cohort, Group
from cohorts.papers.sheets import slot_keys
from cohorts.papers.values import Choice
from cohorts.reading.published import last_told
from people.models import Unit


class PaperChoice(forms.Form):
    """People by unit or group, the half days of sheets, and what the office adds by hand."""

    unit = forms.ModelChoiceField(
        label=_("单位"), queryset=Unit.objects.none(), required=False, empty_label=_("所有单位"),
        help_text=_("只打印这个单位的学员。"),
    )  # fmt: skip
    group = forms.ModelChoiceField(
        label=_("小组"), queryset=Group.objects.none(), required=False, empty_label=_("所有小组"),
        help_text=_("只打印这个小组的学员。"),
    )  # fmt: skip
    slots = forms.ChoiceField(
        label=_("签到表的半天"), required=False, help_text=_("一周一张适合存档，半天一张适合当场签名。")
    )
    number = forms.CharField(label=_("文号"), max_length=40, required=False, help_text=_("印在标题下，不填则留空。"))
    reply_by = day_field(_("回执截止日期"), required=False, help_text=_("印在通知中，不填则留空。"))
    phone = forms.CharField(
        label=_("班务电话"), max_length=30, required=False, help_text=_("印在通知和手册中，不填则留空。")
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = last_told(cohort)
        units = Unit.objects.filter(pk__in=cohort.memberships.values("unit"))
        self.fields["unit"].queryset = units.order_by("name")
        self.fields["group"].queryset = cohort.groups.all()
        self.fields["slots"].choices = slot_keys(sorted({entry.place for entry in told.entries} if told else ()))

    @property
    def choice(self) -> Choice:
        """The valid form as a value."""
        chosen = self.cleaned_data
        return Choice(
            unit=chosen["unit"].pk if chosen["unit"] else None,
            group=chosen["group"].pk if chosen["group"] else None,
            slots=chosen["slots"] or "all",
            number=chosen["number"],
            reply_by=chosen["reply_by"],
            phone=chosen["phone"],
        )
