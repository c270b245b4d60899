"""Forms of the timetable, the faculty library, the rooms and the calendar of holidays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cohorts.forms.classes import PeopleChoice, day_field, time_field
from cohorts.models import Cohort, FacultyAbsence, FacultyMember, FeeClass, Group, Half, Room, Session
from core.models import CalendarDay
from people.models import Role, User


class SuggestInput(forms.TextInput):
    """A line in which anything may be written; what is known is offered."""

    suggestions: Iterable[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        known = f"known-{name}"
        line = super().render(name, value, {**(attrs or {}), "list": known}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((word,) for word in self.suggestions))
        return format_html('{}<datalist id="{}">{}</datalist>', line, known, options)


class SessionForm(forms.ModelForm):
    """An entry of a class's timetable; the service decides whether it may stand there."""

    day = day_field(_("日期"))
    half = forms.ChoiceField(label=_("时段"), choices=Half.choices)
    starts_at = time_field(_("开始时间"))
    ends_at = time_field(_("结束时间"))
    room = forms.CharField(
        label=_("教室"), max_length=60, required=False, widget=SuggestInput,
        help_text=_("可从教室名单中选，也可填写其他地点。"),
    )  # fmt: skip
    lecturer = PeopleChoice(label=_("授课教师"), queryset=User.objects.none(), required=False)
    groups = forms.ModelMultipleChoiceField(
        label=_("上课小组"), queryset=Group.objects.none(), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("不选就是全班一起上。几个小组同时分开上课时，每节课分别选小组。"),
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("学时"), min_value=0, max_digits=4, decimal_places=2, required=False,
        help_text=_("不填则按学时规则取这半天剩余的学时；仪式、自习等可填 0。"),
    )  # fmt: skip
    on_rest_day = forms.BooleanField(
        label=_("在休息日上课"), required=False, help_text=_("周末和放假的日子不排课，确需上课时勾选。")
    )

    class Meta:
        model = Session
        fields = ["title", "kind", "day", "half", "starts_at", "ends_at", "room", "lecturer", "groups", "hours"]

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lecturers = User.objects.holding(Role.LECTURER).exclude(faculty__in_use=False).select_related("unit")
        if self.instance.lecturer_id:
            lecturers = lecturers | User.objects.filter(pk=self.instance.lecturer_id).select_related("unit")
        self.fields["lecturer"].queryset = lecturers.order_by("sort_key")
        self.fields["room"].widget.suggestions = Room.objects.in_use().values_list("name", flat=True)
        self.fields["groups"].queryset = cohort.groups.all()
        if not cohort.groups.exists():
            del self.fields["groups"]

    def _post_clean(self) -> None:
        """The service checks the timetable as a whole; the row is not touched here."""


class MoveForm(forms.Form):
    """A half day to which something is put."""

    day = day_field(_("日期"))
    half = forms.ChoiceField(label=_("时段"), choices=Half.choices)

    def given(self) -> dict[str, Any]:
        """What of it can be read."""
        self.is_valid()
        return self.cleaned_data


class FacultyForm(forms.ModelForm):
    """What the library says of a person; the person is chosen once."""

    user = PeopleChoice(
        label=_("人员"), queryset=User.objects.none(),
        help_text=_("列出有“授课教师”角色、尚未录入师资库的人员。没有账号的外请教师请先登记人员并授权。"),
    )  # fmt: skip
    topics = forms.CharField(
        label=_("可讲专题"), required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=3000,
        help_text=_("每行一个专题，排课时可按专题找教师。"),
    )  # fmt: skip

    class Meta:
        model = FacultyMember
        fields = ["user", "kind", "organisation", "title", "fee_class", "topics", "in_use"]
        help_texts = {
            "fee_class": _("按本单位讲课费标准分类，可不填。"),
            "in_use": _("不勾选则排课时不再出现，已排的课不变。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["user"]
            self.initial["topics"] = "\n".join(topic.title for topic in self.instance.topics.all())
        else:
            lecturers = User.objects.holding(Role.LECTURER).filter(faculty__isnull=True)
            self.fields["user"].queryset = lecturers.select_related("unit").order_by("sort_key")


class AbsenceForm(forms.ModelForm):
    from_day = day_field(_("开始日期"))
    to_day = day_field(_("结束日期"))

    class Meta:
        model = FacultyAbsence
        fields = ["from_day", "to_day", "reason"]

    def _post_clean(self) -> None:
        """The service checks the span."""


class RoomForm(forms.ModelForm):
    seats = forms.IntegerField(label=_("座位数"), min_value=1, max_value=5000)

    class Meta:
        model = Room
        fields = ["name", "place", "seats", "in_use"]
        help_texts = {
            "name": _("排课时按这个名称选用，例如“领航楼三楼报告厅”。"),
            "in_use": _("不勾选则排课时不再提示这间教室。"),
        }


class FeeClassForm(forms.ModelForm):
    amount = forms.DecimalField(
        label=_("每学时金额（元）"), min_value=0, max_digits=8, decimal_places=2, required=False,
        help_text=_("按本单位现行标准填写，可不填。"),
    )  # fmt: skip

    class Meta:
        model = FeeClass
        fields = ["name", "amount", "basis"]
        help_texts = {"basis": _("标准所依据的文件名称和文号。")}


class CalendarDayForm(forms.ModelForm):
    """A holiday on a weekday, or a weekend day that is worked in exchange."""

    day = day_field(_("日期"))
    is_working = forms.TypedChoiceField(
        label=_("安排"), choices=[("", _("放假")), ("1", _("调休上班"))], coerce=bool, empty_value=False,
        required=False, widget=forms.RadioSelect, help_text=_("工作日登记放假，周末登记调休上班；平常的日子不必登记。"),
    )  # fmt: skip

    class Meta:
        model = CalendarDay
        fields = ["day", "is_working", "name", "source"]
        help_texts = {
            "name": _("例如“国庆节”或“国庆节调休上班”。"),
            "source": _("通知的名称和日期，例如国务院办公厅关于部分节假日安排的通知。"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["is_working"] = "1" if self.instance.is_working else ""
            self.fields["day"].disabled = True
            self.fields["day"].help_text = _("日期登记错了，请删除后重新登记。")
