"""Forms of the classes' pages: they read and clean, services decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import Blueprint, Exam, Rubric
from cohorts.models import ClosingPaper, Cohort, CohortStaff, Half, LeaveDecision, LeaveRecord, Session
from competencies.models import Phase
from core.plausible import plausible_day
from courses.models import CourseEdition
from people.models import Role, User


def day_field(label: Any, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, validators=[plausible_day], **kwargs)


def time_field(label: Any, **kwargs: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **kwargs)


def moment_field(label: Any, **kwargs: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    formats = ["%Y-%m-%dT%H:%M"]
    return forms.DateTimeField(label=label, widget=widget, input_formats=formats, validators=[plausible_day], **kwargs)


class PeopleChoice(forms.ModelChoiceField):
    """Persons with unit and work number, so that namesakes are told apart."""

    def label_from_instance(self, user: User) -> str:
        return f"{user.name}（{user.unit or _('无单位')}，{user.work_number}）"


class PeopleChoices(forms.ModelMultipleChoiceField):
    label_from_instance = PeopleChoice.label_from_instance


class CohortForm(forms.ModelForm):
    """The facts of a class; ``version`` is what the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    starts_on = day_field(_("开班日期"))
    ends_on = day_field(_("结束日期"))

    class Meta:
        model = Cohort
        fields = [
            "code", "title", "intake_no", "brand", "category", "host", "place", "starts_on", "ends_on", "hour_rule",
        ]  # fmt: skip


class StaffForm(forms.Form):
    duty = forms.ChoiceField(label=_("职责"), choices=CohortStaff.Duty.choices)
    user = PeopleChoice(label=_("人员"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = (Role.CLASS_TEACHER, Role.LECTURER, Role.TRAINING_OFFICE)
        held = User.objects.filter(grants__role__in=roles, is_active=True).select_related("unit").distinct()
        self.fields["user"].queryset = held.order_by("sort_key")


class SessionForm(forms.ModelForm):
    day = day_field(_("日期"))
    half = forms.ChoiceField(label=_("时段"), choices=Half.choices)
    starts_at = time_field(_("开始时间"))
    ends_at = time_field(_("结束时间"))
    lecturer = PeopleChoice(label=_("授课教师"), queryset=User.objects.none(), required=False)
    hours = forms.DecimalField(
        label=_("学时"), min_value=0, max_digits=4, decimal_places=2, required=False,
        help_text=_("不填则按学时规则取这半天剩余的学时；仪式、自习等可填 0。"),
    )  # fmt: skip

    class Meta:
        model = Session
        fields = ["title", "kind", "day", "half", "starts_at", "ends_at", "room", "lecturer", "hours"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lecturers = User.objects.holding(Role.LECTURER).select_related("unit").order_by("sort_key")
        self.fields["lecturer"].queryset = lecturers

    def _post_clean(self) -> None:
        """The service checks the timetable as a whole; the row is not touched here."""


class LeaveForm(forms.Form):
    category = forms.ChoiceField(label=_("类别"), choices=LeaveRecord.Category.choices)
    from_day = day_field(_("开始日期"))
    from_half = forms.ChoiceField(label=_("开始时段"), choices=Half.choices)
    to_day = day_field(_("结束日期"))
    to_half = forms.ChoiceField(label=_("结束时段"), choices=Half.choices)
    reason = forms.CharField(label=_("事由"), max_length=200)
    approved_by_name = forms.CharField(label=_("批准人"), max_length=50)


class ReturnForm(forms.Form):
    """销假: whole, or back early."""

    how = forms.ChoiceField(
        label=_("办理方式"),
        choices=[("whole", _("整次请假作废")), ("early", _("提前返班，只保留前一段"))],
        widget=forms.RadioSelect,
        initial="whole",
    )
    last_day = day_field(_("实际请假到（日期）"), required=False)
    last_half = forms.ChoiceField(label=_("实际请假到（时段）"), choices=Half.choices, required=False)
    reason = forms.CharField(label=_("原因"), max_length=160)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == "early" and not data.get("last_day"):
            self.add_error("last_day", _("提前返班须填写实际请假到哪一天。"))
        return data


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("决定"), choices=LeaveDecision.Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("理由"), max_length=200)
    document_no = forms.CharField(label=_("文号"), max_length=60)


class GroupsForm(forms.Form):
    size = forms.IntegerField(label=_("每组人数"), min_value=2, max_value=50, initial=8)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class NewestEditionForm(forms.Form):
    edition = forms.ModelChoiceField(label=_("课程版次"), queryset=CourseEdition.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].queryset = CourseEdition.objects.newest().order_by("title")


class ExamForm(forms.Form):
    title = forms.CharField(label=_("考试名称"), max_length=120)
    blueprint = forms.ModelChoiceField(label=_("组卷方案"), queryset=Blueprint.objects.order_by("title"))
    phase = forms.ChoiceField(label=_("用途"), choices=Phase.choices, initial=Phase.POST)
    opens_at = moment_field(_("开始时间"))
    closes_at = moment_field(_("截止时间"))
    minutes = forms.IntegerField(label=_("时长（分钟）"), min_value=1, max_value=600, initial=60)
    pass_percent = forms.DecimalField(label=_("及格线（%）"), min_value=0, max_value=100, decimal_places=2, initial=60)
    attempts_allowed = forms.IntegerField(label=_("允许次数"), min_value=1, max_value=5, initial=1)
    exclude_exams = forms.ModelMultipleChoiceField(
        label=_("不得与这些考试出同样的题"), queryset=Exam.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    required = forms.BooleanField(label=_("及格作为结业条件"), required=False, initial=True)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["exclude_exams"].queryset = Exam.objects.filter(context_key=cohort.context_key)


class TaskForm(forms.Form):
    title = forms.CharField(label=_("任务名称"), max_length=120)
    brief = forms.CharField(label=_("要求"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    rubric = forms.ModelChoiceField(label=_("评分标准"), queryset=Rubric.objects.order_by("title"))
    due_at = moment_field(_("截止时间"))
    markers = PeopleChoices(label=_("评分教师"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    required = forms.BooleanField(label=_("合格作为结业条件"), required=False, initial=True)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lecturers = User.objects.filter(class_duties__cohort=cohort, class_duties__duty=CohortStaff.Duty.LECTURER)
        self.fields["markers"].queryset = lecturers.select_related("unit").distinct().order_by("sort_key")


class ChoiceForm(forms.Form):
    requirements = forms.MultipleChoiceField(label=_("课程、考试或任务"), widget=forms.CheckboxSelectMultiple)
    need = forms.IntegerField(label=_("至少满足几项"), min_value=1, max_value=20, initial=1)

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirements"].choices = choices


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("材料"), choices=ClosingPaper.Kind.choices)
    file = forms.FileField(label=_("文件"), max_length=200)


class RosterForm(forms.Form):
    file = forms.FileField(label=_("名册文件"), help_text=_("Excel 或 csv 表格，第一行或前几行是列名。"))
