"""Forms of the classes' pages: they read and clean, services decide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Blueprint, Exam, Rubric, Survey, Task
from assessments.services import TOLERANCE
from cohorts.models import (
    ClosingPaper,
    Cohort,
    CohortStaff,
    Duty,
    Group,
    Half,
    LeaveDecision,
    LeaveRecord,
    Lodging,
)
from cohorts.services.duties import BRANCH, may_hold
from competencies.models import Phase
from core.plausible import plausible_day
from courses.models import CourseEdition
from people.models import Role, User

LONGEST_LIST = 2 * 1024 * 1024  # a list of rooms


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
    arrival_days = forms.IntegerField(
        label=_("报到期限（工作日）"),
        min_value=1,
        max_value=30,
        initial=3,
        help_text=_("自开班日起（含当日）的工作日数；逾期未报到的名额由培训处确认取消，期限内可以换人。"),
    )

    class Meta:
        model = Cohort
        fields = [
            "code", "title", "intake_no", "brand", "category", "host", "place", "starts_on", "ends_on", "hour_rule",
            "arrival_days",
        ]  # fmt: skip


class StaffForm(forms.Form):
    duty = forms.ChoiceField(label=_("职责"), choices=CohortStaff.Duty.choices)
    user = PeopleChoice(label=_("人员"), queryset=User.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = (Role.CLASS_TEACHER, Role.LECTURER, Role.TRAINING_OFFICE)
        held = User.objects.filter(grants__role__in=roles, is_active=True).select_related("unit").distinct()
        self.fields["user"].queryset = held.order_by("sort_key")


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


class ReplaceForm(forms.Form):
    """换人: the substitute by work number; only the office may look beyond the sending unit."""

    work_number = forms.CharField(
        label=_("接替人的工号"), max_length=32, help_text=_("须是选派单位及其下级单位的在职人员，且没有参加同期班次。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )  # fmt: skip
    reason = forms.CharField(label=_("原因"), max_length=200, help_text=_("会记入两人在本班的档案。"))
    outside = forms.BooleanField(
        label=_("接替人不在选派单位（由培训处同意）"), required=False,
        help_text=_("勾选后可在您的管理范围内选人。"),
    )  # fmt: skip

    def __init__(self, *args: Any, is_office: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_office:
            del self.fields["outside"]


class PhotoForm(forms.Form):
    file = forms.FileField(
        label=_("照片"), max_length=200,
        help_text=_("正面免冠，自动裁成 2.5 比 3.5；可直接拍照。用于结业证书，可以不传。"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )  # fmt: skip


class PhotosForm(forms.Form):
    file = forms.FileField(
        label=_("照片压缩包"), max_length=200,
        help_text=_("把以工号命名的照片（如 T0001.jpg）打成一个 zip 包，一次最多 500 张。"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )  # fmt: skip


class LodgingForm(forms.ModelForm):
    """A member's room and needs; the service saves."""

    class Meta:
        model = Lodging
        fields = ["room", "bed", "meal", "allergy", "note"]
        help_texts = {"bed": _("同一房间每个床位只能安排一人。"), "allergy": _("例如：花生过敏、不吃辣。")}

    def _post_clean(self) -> None:
        """The service checks the bed against the others; the row is not touched here."""


class LodgingListForm(forms.Form):
    """A list of rooms: a file, or rows copied from a spreadsheet."""

    file = forms.FileField(label=_("表格文件"), max_length=200, required=False)
    text = forms.CharField(
        label=_("或粘贴表格内容"), required=False, max_length=100_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8}), help_text=_("从表格里连同列名一起复制后粘贴到这里。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, text = data.get("file"), (data.get("text") or "").strip()
        if not self.errors and bool(file) == bool(text):
            self.add_error(None, _("请选择一个表格文件，或粘贴表格内容，二者选一。"))
        if file and file.size > LONGEST_LIST:
            self.add_error("file", _("表格超过 2 MB，请删去无关内容后再上传。"))
        return data


class DutyForm(forms.Form):
    """An office and who is to hold it; offices of the Party branch are offered to Party members only."""

    office = forms.ChoiceField(label=_("职务"))
    holder = forms.ChoiceField(label=_("学员"), help_text=_("临时党支部职务只能由中共党员担任。"))
    from_day = day_field(_("任职日期"))

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = cohort.memberships.filter(state__in=["confirmed", "registered"]).select_related("user", "unit", "group")
        self.members = {m.pk: m for m in here.order_by("user__sort_key", "pk")}
        self.groups = {g.number: g for g in cohort.groups.all()}
        has_party = any(may_hold(m.user, Duty.Office.BRANCH_SECRETARY) for m in self.members.values())
        self.fields["office"].choices = list(self._offices(has_party))
        self.fields["holder"].choices = [("", _("请选择")), *self._holders()]

    def _offices(self, has_party: bool) -> Iterator[tuple[str, str]]:
        for office in Duty.Office:
            if office == Duty.Office.GROUP_LEADER:
                yield from ((f"{office.value}:{n}", f"第{n}组{office.label}") for n in self.groups)
            elif has_party or office not in BRANCH:
                yield office.value, str(office.label)

    def _holders(self) -> Iterator[tuple[str, str]]:
        for member in self.members.values():
            party = "，" + _("党员") if may_hold(member.user, Duty.Office.BRANCH_SECRETARY) else ""
            group = f"，{member.group}" if member.group else ""
            yield str(member.pk), f"{member.user.name}（{member.unit.name}{group}{party}）"

    def order(self) -> dict[str, Any]:
        """What the service is asked for."""
        office, _colon, number = self.cleaned_data["office"].partition(":")
        return {
            "membership": self.members[int(self.cleaned_data["holder"])],
            "office": office,
            "from_day": self.cleaned_data["from_day"],
            "group": self.groups[int(number)] if number else None,
        }


class EndDutyForm(forms.Form):
    to_day = day_field(_("免职日期"))


class CloneForm(forms.Form):
    """When the next intake begins, and its code."""

    starts_on = day_field(_("新一期开班日期"), help_text=_("课表按第几个工作日顺延，遇节假日和调休自动避开。"))
    code = forms.CharField(label=_("新的班次编号"), max_length=30)


class GroupsForm(forms.Form):
    size = forms.IntegerField(label=_("每组人数"), min_value=2, max_value=50, initial=8)


class CheckInForm(forms.Form):
    """Minutes around the beginning of the half day's first lesson."""

    before = forms.IntegerField(
        label=_("上课前几分钟开始签到"), min_value=0, max_value=120, initial=30,
        help_text=_("在此之前扫码会提示还没有到时间。"),
    )  # fmt: skip
    late = forms.IntegerField(
        label=_("上课几分钟后记迟到"), min_value=0, max_value=120, initial=5, help_text=_("此后扫码的记为迟到。")
    )
    after = forms.IntegerField(
        label=_("上课几分钟后截止"), min_value=1, max_value=240, initial=30,
        help_text=_("截止后请用点名登记，效力相同。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "late" in data and "after" in data and data["late"] > data["after"]:
            self.add_error("late", _("记迟到的时间不能晚于截止时间。"))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200)


class ReminderForm(forms.Form):
    """A sentence that each of the chosen members gets as a notice."""

    text = forms.CharField(
        label=_("提醒的内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每名所选学员会在系统内收到同样的通知。请不要写他人的姓名、成绩或请假原因。"),
    )  # fmt: skip


class GroupChoiceForm(forms.Form):
    group = forms.ModelChoiceField(label=_("调整到"), queryset=Group.objects.none(), empty_label=None)

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = cohort.groups.all()


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


class TaskArrangementForm(forms.Form):
    """Until when a task runs, who grades it, and how."""

    due_at = moment_field(_("截止时间"))
    markers = PeopleChoices(label=_("评分教师"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple)
    rated_twice = forms.BooleanField(
        label=_("双评"), required=False, help_text=_("每份作业由两位教师分别评分，互相看不到；请至少选两名评分教师。")
    )
    tolerance = forms.DecimalField(
        label=_("双评允许分差（1 至 5 分制）"), min_value=0, max_value=4, decimal_places=2, initial=TOLERANCE,
        required=False, help_text=_("超过分差或者等第不同，由裁定人决定；未超过的取平均。"),
    )  # fmt: skip
    arbiter = PeopleChoice(
        label=_("裁定人"), queryset=User.objects.none(), required=False, empty_label=_("培训处"),
        help_text=_("应是评分教师以外的第三人；不指定时由培训处裁定。"),
    )  # fmt: skip

    def __init__(self, *args: Any, cohort: Cohort, task: Task | None = None, **kwargs: Any) -> None:
        """``task`` is the one whose arrangement is shown; whoever grades it stays a choice."""
        if task:
            kwargs["initial"] = {"due_at": task.due_at, "markers": list(task.markers.all()), "arbiter": task.arbiter_id,
                                 "rated_twice": task.rated_twice, "tolerance": task.tolerance}  # fmt: skip
        super().__init__(*args, **kwargs)
        people = Q(class_duties__cohort=cohort, class_duties__duty=CohortStaff.Duty.LECTURER)
        if task:
            people |= Q(tasks_to_mark=task) | Q(tasks_to_decide=task)
        found = User.objects.filter(people).select_related("unit").distinct().order_by("sort_key")
        self.fields["markers"].queryset = self.fields["arbiter"].queryset = found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["ratings_asked"] = 2 if data.pop("rated_twice", False) else 1
        if data.get("tolerance") is None:
            data["tolerance"] = TOLERANCE
        if data["ratings_asked"] == 1:
            data["arbiter"] = None
        return data


class TaskForm(TaskArrangementForm):
    title = forms.CharField(label=_("任务名称"), max_length=120)
    brief = forms.CharField(label=_("要求"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000)
    rubric = forms.ModelChoiceField(label=_("评分标准"), queryset=Rubric.objects.order_by("title"))
    required = forms.BooleanField(label=_("合格作为结业条件"), required=False, initial=True)

    field_order = ("title", "brief", "rubric")


class SurveysForm(forms.Form):
    surveys = forms.ModelMultipleChoiceField(
        label=_("教学评估"), queryset=Survey.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = cohort.requirements.filter(survey__isnull=False).values("survey")
        self.fields["surveys"].queryset = Survey.objects.of(cohort.context_key).exclude(pk__in=asked)


class ChoiceForm(forms.Form):
    requirements = forms.MultipleChoiceField(label=_("条件"), widget=forms.CheckboxSelectMultiple)
    need = forms.IntegerField(
        label=_("至少满足几项"), min_value=1, max_value=20, initial=1, required=False,
        help_text=_("不填表示所选各项全部满足，用来在任选之内再分组。"),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirements"].choices = choices


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=_("材料"), choices=ClosingPaper.Kind.choices)
    file = forms.FileField(label=_("文件"), max_length=200)


class RosterForm(forms.Form):
    file = forms.FileField(label=_("名册文件"), help_text=_("Excel 或 csv 表格，第一行或前几行是列名。"))
