"""What the office narrows its lists by."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from assessments.models import Exam, Grade, Question, QuestionKind, Seat, Submission, Task
from competencies.models import Indicator, Phase

YES_NO = [("true", _("是")), ("false", _("否"))]
DIFFICULTIES = [(1, _("1 易")), (2, _("2 中")), (3, _("3 难"))]
RESULTS = [("passed", _("通过")), ("failed", _("未通过")), ("voided", _("成绩已取消")), ("none", _("没有成绩"))]
GRADES = [*Grade.choices, ("none", _("未评分")), ("disputed", _("待裁定")), ("voided", _("成绩已取消"))]


class QuestionFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=_("题型"), choices=QuestionKind.choices)
    indicator = django_filters.ModelChoiceFilter(
        label=_("能力指标"), queryset=lambda request: Indicator.objects.filter(dimension__framework__version=newest())
    )
    difficulty = django_filters.TypedChoiceFilter(label=_("难度"), choices=DIFFICULTIES, coerce=int)
    is_active = django_filters.TypedChoiceFilter(label=_("启用"), choices=YES_NO, coerce=lambda v: v == "true")
    in_bank = django_filters.TypedChoiceFilter(label=_("可用于组卷"), choices=YES_NO, coerce=lambda v: v == "true")

    class Meta:
        model = Question
        fields = ["kind", "indicator", "difficulty", "is_active", "in_bank"]


class ExamFilter(WagtailFilterSet):
    phase = django_filters.ChoiceFilter(label=_("用途"), choices=Phase.choices)
    released = django_filters.TypedChoiceFilter(
        label=_("成绩已公布"), choices=YES_NO, coerce=lambda v: v == "true", method="by_release"
    )

    class Meta:
        model = Exam
        fields = ["phase", "released"]

    def by_release(self, rows: QuerySet[Exam], name: str, value: Any) -> QuerySet[Exam]:
        return rows if value in ("", None) else rows.filter(released_at__isnull=not value)


class SeatFilter(WagtailFilterSet):
    exam = django_filters.ModelChoiceFilter(label=_("考试"), queryset=lambda request: Exam.objects.all())
    result = django_filters.ChoiceFilter(label=_("成绩"), choices=RESULTS, method="by_result")

    class Meta:
        model = Seat
        fields = ["exam", "result"]

    def by_result(self, rows: QuerySet[Seat], name: str, value: str) -> QuerySet[Seat]:
        wanted = {
            "passed": {"passed": True}, "failed": {"passed": False}, "voided": {"is_voided": True},
            "none": {"passed__isnull": True, "is_voided": False},
        }  # fmt: skip
        return rows.filter(**wanted[value]) if value in wanted else rows


class SubmissionFilter(WagtailFilterSet):
    task = django_filters.ModelChoiceFilter(label=_("任务"), queryset=lambda request: Task.objects.order_by("-due_at"))
    grade = django_filters.ChoiceFilter(label=_("成绩"), choices=GRADES, method="by_grade")

    class Meta:
        model = Submission
        fields = ["task", "grade"]

    def by_grade(self, rows: QuerySet[Submission], name: str, value: str) -> QuerySet[Submission]:
        if value == "disputed":
            return rows.in_dispute()  # type: ignore[attr-defined, no-any-return]
        if value == "voided":
            return rows.filter(voided_at__isnull=False)
        if value == "none":
            return rows.filter(grade="", voided_at__isnull=True, disputed_at__isnull=True)
        return rows.filter(grade=value)


def newest() -> int | None:
    """The version number of the newest framework."""
    return (
        Indicator.objects.order_by("-dimension__framework__version")
        .values_list("dimension__framework__version", flat=True)
        .first()
    )
