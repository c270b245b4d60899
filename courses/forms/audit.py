"""The checklist as a form: a tick and a remark for each criterion, and the whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import CourseAudit, Stage
from courses.services import Opinion
from courses.services.auditing import MOST_EXPERTS
from people.models import Role, User

TICKS = [("met", _("符合")), ("unmet", _("不符合")), ("none", _("不涉及"))]
VERDICTS = [("pass", _("通过")), ("refuse", _("退回修改"))]


class OpinionForm(forms.Form):
    def __init__(
        self, data: Any = None, *, items: list[dict[str, Any]], stage: str, audit: CourseAudit, **more: Any
    ) -> None:
        super().__init__(data, **more)
        self.items = items
        for item in items:
            code = item["code"]
            self.fields[f"tick-{code}"] = forms.ChoiceField(label=item["text"], choices=TICKS, widget=forms.RadioSelect)
            self.fields[f"remark-{code}"] = forms.CharField(label=_("说明"), max_length=300, required=False)
        if stage == Stage.INTERNAL:
            self._ask_others(audit)
        self.fields["verdict"] = forms.ChoiceField(label=_("结论"), choices=VERDICTS, widget=forms.RadioSelect)
        self.fields["reason"] = forms.CharField(
            label=_("意见"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("退回修改时必须写明，编写人按它修改。"),
        )

    def _ask_others(self, audit: CourseAudit) -> None:
        """Whom the office asks after itself: external reviewers by name, experts by lot."""
        barred = [audit.opened_by_id, audit.revision.user_id]
        lecturers = User.objects.holding(Role.LECTURER).exclude(pk__in=[pk for pk in barred if pk])
        self.fields["external"] = forms.ModelMultipleChoiceField(
            label=_("外部审核人"),
            queryset=lecturers.order_by("sort_key", "pk"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("可以不选；选中的人都通过后才进入下一环节。"),
        )
        self.fields["experts"] = forms.IntegerField(
            label=_("抽取专家人数"),
            min_value=0,
            max_value=MOST_EXPERTS,
            initial=min(1, lecturers.count()),
            help_text=_("由系统从讲师中随机抽取；写 0 表示这次不抽。"),
        )

    def criteria(self) -> list[dict[str, Any]]:
        """Each criterion with its two fields, as the page shows them."""
        return [
            {**item, "tick": self[f"tick-{item['code']}"], "remark": self[f"remark-{item['code']}"]}
            for item in self.items
        ]

    def rest(self) -> list[Any]:
        """The fields below the criteria."""
        return [self[name] for name in ("external", "experts", "verdict", "reason") if name in self.fields]

    def opinion(self) -> Opinion:
        data = self.cleaned_data
        codes = [item["code"] for item in self.items]
        return Opinion(
            passed=data["verdict"] == "pass",
            ticks={code: (data[f"tick-{code}"], data[f"remark-{code}"]) for code in codes},
            reason=data["reason"],
            external=[user.pk for user in data.get("external") or ()],
            experts=data.get("experts") or 0,
        )
