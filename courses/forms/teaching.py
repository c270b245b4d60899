"""What those who look after learners send: whom to enrol, who teaches, what is decided."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.plausible import plausible_day
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.tables import Column, find_table_in
from people.models import Role, Unit, User
from people.ranks import Level, Rank, Regime
from people.scopes import subtree_condition

WORK_NUMBER = Column("work_number", "工号", ("人员编号", "职工号", "人员编码", "编号"), True)
MOST_NUMBERS = 3000
BIGGEST_WORKBOOK = 5 * 1024 * 1024  # bytes
SEPARATORS = re.compile(r"[\s,，;；、]+")
OFFICE = (Role.TRAINING_OFFICE.value,)


def own_units(user: Any) -> Any:
    """Units below the grants of the training office that the person holds, the highest first."""
    return Unit.objects.filter(subtree_condition(user, "path", OFFICE)).order_by("path")


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return f"{'　' * (unit.depth - 1)}{unit.name}"


def _ranks() -> list[Any]:
    return [
        ("", gettext_lazy("不限")),
        (gettext_lazy("对象"), [(f"regime:{key}", words) for key, words in Regime.choices]),
        (gettext_lazy("职务层次"), [(f"level:{key}", words) for key, words in Level.choices]),
        (gettext_lazy("职级"), [(f"rank:{key}", words) for key, words in Rank.choices]),
    ]


class BulkEnrolForm(forms.Form):
    """People by unit and rank, by work numbers, by a workbook; at least one of them."""

    unit = UnitChoice(
        label=gettext_lazy("单位"), queryset=Unit.objects.none(), required=False, empty_label=gettext_lazy("不按单位"),
        help_text=gettext_lazy("含下级单位。与职务职级同时选择时，取两项都符合的人。"),
    )  # fmt: skip
    rank = forms.ChoiceField(label=gettext_lazy("职务层次或职级"), choices=_ranks, required=False)
    numbers = forms.CharField(
        label=gettext_lazy("工号"), required=False, max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一个，也可以用逗号、顿号或空格隔开。"),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("名单"), required=False, max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=gettext_lazy("表格中须有“工号”一列，其他列不读取；不超过 5 MB。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = own_units(actor)

    def clean_numbers(self) -> list[str]:
        return _limited([part for part in SEPARATORS.split(self.cleaned_data["numbers"]) if part])

    def clean_file(self) -> list[str]:
        upload = self.cleaned_data["file"]
        if not upload:
            return []
        if upload.size > BIGGEST_WORKBOOK:
            raise forms.ValidationError(_("名单超过 5 MB，请只保留工号一列后再上传。"))
        try:
            table = find_table_in(read_workbook(upload.name, upload.read()), [WORK_NUMBER])
        except DomainError as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return _limited([number for row in table.rows if (number := row.text("work_number"))])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(name) for name in ("unit", "rank", "numbers", "file")):
            raise forms.ValidationError(_("请选择单位、职务职级，或者填写工号、上传名单，至少一项。"))
        return data


def _limited(numbers: list[str]) -> list[str]:
    if len(numbers) > MOST_NUMBERS:
        raise forms.ValidationError(_("一次最多 %(n)s 个工号，请分批办理。") % {"n": MOST_NUMBERS})
    return [number[:32] for number in numbers]


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, user: User) -> str:
        return f"{user.name}（{user.work_number}）"


class LecturerForm(forms.Form):
    """A lecturer and the unit below which they see the learners."""

    user = PersonChoice(label=gettext_lazy("教师"), queryset=User.objects.none(), empty_label=gettext_lazy("请选择"))
    unit = UnitChoice(
        label=gettext_lazy("学员范围"), queryset=Unit.objects.none(), empty_label=None,
        help_text=gettext_lazy("教师能看到这个单位及下级单位学员在本课程的学习情况，不能看到个人档案。"),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = User.objects.active().holding(Role.LECTURER).order_by("sort_key", "pk")
        self.fields["unit"].queryset = own_units(actor)


class DecideForm(forms.Form):
    """A proof confirmed, or refused with a reason."""

    decision = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[("confirm", gettext_lazy("确认完成")), ("refuse", gettext_lazy("不予确认"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("不予确认的原因"), required=False, max_length=200,
        help_text=gettext_lazy("学员会看到，并据此重新提交。确认完成时不用填。"),
    )  # fmt: skip


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, validators=[plausible_day])


class ArrangeForm(forms.Form):
    """Another time or place for a live session."""

    starts_at = _moment(gettext_lazy("开始时间"))
    ends_at = _moment(gettext_lazy("结束时间"))
    place = forms.CharField(label=gettext_lazy("地点"), max_length=80, required=False)
    address = forms.URLField(
        label=gettext_lazy("网址"), max_length=500, required=False, assume_scheme="https",
        help_text=gettext_lazy("地点和网址至少填写一项。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("原因"), max_length=200, help_text=gettext_lazy("学员会在通知和课时页面看到。")
    )
