"""How the catalogue and the office's list of learners are narrowed."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from competencies.models import Indicator
from courses.models import Course, CourseEdition, CourseOutcome, EditionLesson, Enrolment, Lesson, LessonKind, Track

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


def _indicator_choices() -> list[tuple[str, str]]:
    return list(dict(Indicator.objects.order_by("code").values_list("code", "name")).items())


class CatalogueFilter(django_filters.FilterSet):
    track = django_filters.ChoiceFilter(label=_("专题"), choices=Track)
    kind = django_filters.ChoiceFilter(label=_("形式"), choices=LessonKind, method="with_kind")
    hours = django_filters.ChoiceFilter(
        label=_("学时"), choices=[(key, band[0]) for key, band in HOURS.items()], method="with_hours"
    )
    indicator = django_filters.ChoiceFilter(label=_("能力指标"), choices=_indicator_choices, method="with_indicator")

    class Meta:
        model = CourseEdition
        fields = ["track"]

    def with_kind(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        return rows.filter(pk__in=EditionLesson.objects.filter(kind=kind).values("edition"))

    def with_hours(self, rows: QuerySet[Any], name: str, key: str) -> QuerySet[Any]:
        return rows.filter(_band(key))

    def with_indicator(self, rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
        return rows.filter(course__in=CourseOutcome.objects.filter(indicator__code=code).values("course"))


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


COUNTED = {"track": _tracks, "kind": _kinds, "hours": _hours, "indicator": _indicators}


class LessonListFilter(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=_("形式"), choices=LessonKind)
    live = django_filters.BooleanFilter(label=_("已发布"))

    class Meta:
        model = Lesson
        fields = ["kind", "live"]


class CourseListFilter(WagtailFilterSet):
    track = django_filters.ChoiceFilter(label=_("专题"), choices=Track)
    live = django_filters.BooleanFilter(label=_("已发布"))

    class Meta:
        model = Course
        fields = ["track", "live"]


class EnrolmentFilter(WagtailFilterSet):
    course = django_filters.ModelChoiceFilter(
        label=_("课程"), field_name="edition__course", queryset=Course.objects.order_by("title")
    )
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Enrolment.State.choices)

    class Meta:
        model = Enrolment
        fields = ["course", "state"]
