"""How the catalogue and the office's list of learners are narrowed."""

from __future__ import annotations

from collections import Counter
from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from competencies.models import Indicator
from core.filters import YesNoFilter
from courses.models import Course, CourseEdition, CourseOutcome, EditionLesson, Enrolment, Lesson, LessonKind, Track
from courses.reading.lessons import NOT_BEGUN
from people.names import sort_key

# Bands of hours: key → (words, above, up to and including).
HOURS = {
    "1": (_("1 学时以内"), 0, 1),
    "2": (_("1 至 2 学时"), 1, 2),
    "4": (_("2 至 4 学时"), 2, 4),
    "more": (_("4 学时以上"), 4, 10**6),
}


def _band(key: str) -> Q:
    _words, above, up_to = HOURS[key]
    least = Q(hours__gte=0) if above == 0 else Q(hours__gt=above)
    return least & Q(hours__lte=up_to)


# How far somebody is with a course: key → (words, standing of the enrolment touched last).
MINE = {
    "begin": (_("未开始"), NOT_BEGUN),
    "learning": (_("学习中"), Enrolment.State.ACTIVE),
    "done": (_("已完成"), Enrolment.State.COMPLETED),
    "not-yet": (_("未选"), None),
}


def _indicator_choices() -> list[tuple[str, str]]:
    return list(dict(Indicator.objects.order_by("code").values_list("code", "name")).items())


def _lecturer_choices() -> list[tuple[str, str]]:
    names = CourseEdition.objects.order_by().values_list("lecturer", flat=True).distinct()
    return [(name, name) for name in names if name]


class CatalogueFilter(django_filters.FilterSet):
    track = django_filters.ChoiceFilter(label=_("专题"), choices=Track)
    kind = django_filters.ChoiceFilter(label=_("形式"), choices=LessonKind, method="with_kind")
    hours = django_filters.ChoiceFilter(
        label=_("学时"), choices=[(key, band[0]) for key, band in HOURS.items()], method="with_hours"
    )
    indicator = django_filters.ChoiceFilter(label=_("能力指标"), choices=_indicator_choices, method="with_indicator")
    lecturer = django_filters.ChoiceFilter(label=_("主讲"), choices=_lecturer_choices)
    mine = django_filters.ChoiceFilter(
        label=_("我的学习"), choices=[(key, words) for key, (words, _state) in MINE.items()], method="with_mine"
    )

    class Meta:
        model = CourseEdition
        fields = ["track"]

    def with_kind(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        return rows.filter(pk__in=EditionLesson.objects.filter(kind=kind).values("edition"))

    def with_hours(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        return rows.filter(_band(key))

    def with_indicator(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        return rows.filter(course__in=CourseOutcome.objects.filter(indicator__code=code).values("course"))

    def with_mine(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        """Rows that know how far the person is (``mine``); to a visitor the filter says nothing."""
        if "mine" not in rows.query.annotations:
            return rows
        state = MINE[key][1]
        return rows.filter(mine=state) if state else rows.filter(mine__isnull=True)


def _tracks(rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    found = dict(rows.order_by().values_list("track").annotate(n=Count("pk")))
    return [(key, words, found[key]) for key, words in Track.choices if key in found]


def _kinds(rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    lessons = EditionLesson.objects.filter(edition__in=rows.order_by().values("pk"))
    found = dict(lessons.order_by().values_list("kind").annotate(n=Count("edition", distinct=True)))
    return [(key, words, found[key]) for key, words in LessonKind.choices if key in found]


def _hours(rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    counts = {f"band_{key}": Count("pk", filter=_band(key)) for key in HOURS}
    found = rows.order_by().aggregate(**counts)
    return [(key, HOURS[key][0], found[f"band_{key}"]) for key in HOURS if found[f"band_{key}"]]


def _indicators(rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    fields = ("course__outcomes__indicator__code", "course__outcomes__indicator__name")
    found = rows.order_by().values_list(*fields).annotate(n=Count("pk", distinct=True)).order_by(fields[0])
    return [(code, name, n) for code, name, n in found if code]


def _lecturers(rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    found = rows.order_by().values_list("lecturer").annotate(n=Count("pk"))
    return sorted(((name, name, n) for name, n in found if name), key=lambda entry: sort_key(entry[0]))


def _mine(rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    if "mine" not in rows.query.annotations:
        return []
    counts = Counter(rows.order_by().values_list("mine", flat=True))
    return [(key, words, counts[state]) for key, (words, state) in MINE.items() if counts[state]]


# Each filter with how its values are counted, in the order in which they stand on the page.
COUNTED = {
    "mine": _mine,
    "track": _tracks,
    "kind": _kinds,
    "hours": _hours,
    "indicator": _indicators,
    "lecturer": _lecturers,
}


class LessonListFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=_("形式"), choices=LessonKind)
    live = YesNoFilter(label=_("发布情况"), yes=_("已发布"), no=_("未发布"))

    class Meta:
        model = Lesson
        fields = ["kind", "live"]


class CourseListFilter(WagtailFilterSet):
    track = django_filters.ChoiceFilter(label=_("专题"), choices=Track)
    live = YesNoFilter(label=_("发布情况"), yes=_("已发布"), no=_("未发布"))

    class Meta:
        model = Course
        fields = ["track", "live"]


def _editions_of_course(request: Any) -> QuerySet[CourseEdition]:
    """The editions of the course that is chosen beside it."""
    course = request.GET.get("course", "") if request else ""
    known = course.isascii() and course.isdigit() and len(course) < 16
    return CourseEdition.objects.filter(course=int(course)) if known else CourseEdition.objects.none()


class EnrolmentFilter(WagtailFilterSet):
    course = django_filters.ModelChoiceFilter(
        label=_("课程"), field_name="edition__course", queryset=Course.objects.order_by("title")
    )
    edition = django_filters.ModelChoiceFilter(label=_("课程版次"), queryset=_editions_of_course)
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Enrolment.State.choices)

    class Meta:
        model = Enrolment
        fields = ["course", "edition", "state"]
