"""Forms of the office; saving is done by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateInput

from core import clock
from core.plausible import plausible_day
from people.models import Role, Unit, User
from people.presentation import masked_phone
from people.ranks import Level, Rank
from people.roster.tables import ETHNICITIES, POLITICAL
from people.services.slips import FORMS


class UnitChoice(forms.ModelChoiceField):
    """Units as an indented tree."""

    def label_from_instance(self, unit: Unit) -> str:
        return f"{'　' * (unit.depth - 1)}{unit.name}（{unit.code}）"


def unit_field(label: Any, **kwargs: Any) -> UnitChoice:
    return UnitChoice(label=label, queryset=Unit.objects.all(), **kwargs)


def choices_of(words: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [("", _("未登记")), *((word, _(word)) for word in words)]


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=AdminDateInput(), validators=[plausible_day], **kwargs)


class PersonForm(forms.ModelForm):
    """What may be corrected about a person; the identity and the unit are not among it."""

    new_phone = forms.CharField(label=_("手机号"), required=False, max_length=20)
    managed_by = unit_field(_("干部管理机构"))

    class Meta:
        model = User
        fields = ["name", "gender", "birth_date", "ethnicity", "political_status", "email", "managed_by", "is_active"]
        widgets = {"birth_date": AdminDateInput()}

    field_order = ["name", "gender", "birth_date", "ethnicity", "political_status", "new_phone", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = masked_phone(self.instance) or _("未登记")
        self.fields["new_phone"].help_text = _("现为 %(phone)s。留空表示不变。") % {"phone": shown}
        for name, words in (("ethnicity", ETHNICITIES), ("political_status", POLITICAL)):
            kept = getattr(self.instance, name)
            rows = choices_of(words if not kept or kept in words else (kept, *words))
            self.fields[name] = forms.ChoiceField(label=self.fields[name].label, choices=rows, required=False)
        self.order_fields(self.field_order)

    def changes(self) -> dict[str, Any]:
        """The fields that the person changed, in the service's words."""
        data = {name: self.cleaned_data[name] for name in self.changed_data if name != "new_phone"}
        if self.cleaned_data.get("new_phone"):
            data["phone"] = self.cleaned_data["new_phone"]
        return data


class NewPersonForm(forms.Form):
    """A single person; many come by a roster."""

    work_number = forms.CharField(label=_("工号"), max_length=32)
    name = forms.CharField(label=_("姓名"), max_length=50)
    unit = unit_field(_("单位"))
    managed_by = unit_field(_("干部管理机构"), required=False, help_text=_("不填则由所在单位管理。"))
    id_number = forms.CharField(label=_("身份证号"), max_length=20, required=False)
    gender = forms.ChoiceField(label=_("性别"), choices=[("", _("未登记")), *User.Gender.choices], required=False)
    birth_date = day_field(_("出生日期"), required=False)
    ethnicity = forms.ChoiceField(label=_("民族"), choices=choices_of(ETHNICITIES), required=False)
    political_status = forms.ChoiceField(label=_("政治面貌"), choices=choices_of(POLITICAL), required=False)
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)


class PostingForm(forms.Form):
    """A posting; without an end it follows the present one."""

    unit = unit_field(_("单位"))
    post = forms.CharField(label=_("职务"), max_length=60, required=False)
    level = forms.ChoiceField(label=_("职务层次"), choices=[("", _("无")), *Level.choices], required=False)
    rank = forms.ChoiceField(label=_("职级"), choices=[("", _("无")), *Rank.choices], required=False)
    starts_on = day_field(_("任职日期"))
    ends_on = day_field(_("免职日期"), required=False, help_text=_("补登过去的任职才填；现任职务留空。"))


class SlipsForm(forms.Form):
    """Which people get a slip, and on what."""

    unit = unit_field(_("单位"), help_text=_("包括下级单位。"))
    whom = forms.ChoiceField(
        label=_("人员"),
        choices=[("new", _("只给还没有设置密码的人")), ("all", _("给全部在用人员（原密码仍然有效）"))],
        widget=forms.RadioSelect,
        initial="new",
    )
    form = forms.ChoiceField(
        label=_("格式"),
        choices=[(form, words) for form, words in zip(FORMS, (_("PDF（打印裁开）"), _("Excel 表格")), strict=True)],
        widget=forms.RadioSelect,
        initial="pdf",
    )
    valid_days = forms.IntegerField(label=_("有效天数"), min_value=1, max_value=90, initial=30)


class UnitForm(forms.ModelForm):
    """Correcting a unit's entry; renaming it is an act of its own."""

    class Meta:
        model = Unit
        fields = ["name", "short_name", "uscc", "valid_from"]
        widgets = {"valid_from": AdminDateInput()}

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class NewUnitForm(forms.Form):
    parent = unit_field(_("上级单位"))
    code = forms.CharField(label=_("单位代码"), max_length=32)
    name = forms.CharField(label=_("单位名称"), max_length=100)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    uscc = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    valid_from = day_field(_("设立日期"), required=False)


class SuccessorForm(forms.Form):
    """The new unit that follows one or more old ones."""

    code = forms.CharField(label=_("新单位代码"), max_length=32)
    name = forms.CharField(label=_("新单位名称"), max_length=100)
    on = day_field(_("生效日期"), initial=clock.today, help_text=_("今天或之前。这一天起，人员在新单位任职。"))
    document_no = forms.CharField(label=_("文号"), max_length=60, required=False)


class MergeForm(SuccessorForm):
    others = forms.ModelMultipleChoiceField(
        label=_("与哪些单位合并"), queryset=Unit.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    field_order = ["others", "code", "name", "on", "document_no"]


class SplitForm(forms.Form):
    """Two new units, and who joins the second; everybody else joins the first."""

    first_code = forms.CharField(label=_("第一个新单位的代码"), max_length=32)
    first_name = forms.CharField(label=_("第一个新单位的名称"), max_length=100)
    second_code = forms.CharField(label=_("第二个新单位的代码"), max_length=32)
    second_name = forms.CharField(label=_("第二个新单位的名称"), max_length=100)
    second_people = forms.ModelMultipleChoiceField(
        label=_("转到第二个新单位的人员"),
        help_text=_("没有勾选的人员、下级单位和授权转到第一个新单位。"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    on = day_field(_("生效日期"), initial=clock.today)
    document_no = forms.CharField(label=_("文号"), max_length=60, required=False)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second_people"].queryset = User.objects.filter(unit=unit)  # type: ignore[attr-defined]


class GrantForm(forms.Form):
    """A role for somebody named by work number: who gives roles need not see personal files."""

    work_number = forms.CharField(label=_("工号"), max_length=32)
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    unit = unit_field(
        _("单位范围"), required=False, help_text=_("包括下级单位。单位管理员、培训处、领导必填，其他角色可以不填。")
    )
    starts_on = day_field(_("生效日期"), initial=clock.today)

    def clean_work_number(self) -> User:
        user = User.objects.filter(work_number=str(self.cleaned_data["work_number"]).strip()).first()
        if user is None:
            raise forms.ValidationError(_("没有这个工号，请核对。"))
        return user
