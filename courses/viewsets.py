"""Lessons, courses and learners in the office."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, TitleColumn, UpdatedAtColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.widgets import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView, SnippetViewSet
from wagtail.snippets.views.snippets import IndexView as SnippetIndexView

from core.templatetags.linghang import day, hours
from core.viewsets import KeepsViews, ScopedModelViewSet
from courses.filters import CourseListFilter, EnrolmentFilter, LessonListFilter
from courses.hints import course_hints, lesson_hints
from courses.models import AuditOutcome, Course, CourseAudit, Enrolment, Lesson
from courses.panels import course_panels, lesson_panels
from courses.side_panels import HintsSidePanel
from people.search import people_fields

UNDER_AUDIT = "open"  # handed in, not yet decided


def _state(row: Any) -> Any:
    if not row.live:
        return _("草稿")
    return _("已发布，有修改") if row.has_unpublished_changes else _("已发布")


def _day(moment: Any) -> str:
    return day(moment) if moment else "—"


class ContentIndexView(KeepsViews, SnippetIndexView):
    """Lessons and courses are deleted one at a time, if at all."""

    @cached_property
    def columns(self) -> list[Any]:
        return [column for column in super().columns if not isinstance(column, BulkActionsCheckboxColumn)]


class CourseIndexView(ContentIndexView):
    def get_base_queryset(self) -> QuerySet[Course]:
        audits = CourseAudit.objects.filter(course=OuterRef("pk")).order_by("-opened_at", "-pk")
        verdict = audits.values(verdict=Coalesce("outcome__verdict", Value(UNDER_AUDIT)))[:1]
        rows = super().get_base_queryset()
        return rows.annotate(last_edition=Max("editions__number"), last_audit=Subquery(verdict))


def _edition(course: Any) -> Any:
    return _("第%(n)s版") % {"n": course.last_edition} if course.last_edition else "—"


def _audit(course: Any) -> Any:
    """How the latest audit stands; whether it still holds for the draft is said by the page that publishes."""
    if course.last_audit == UNDER_AUDIT:
        return _("审核中")
    return AuditOutcome.Verdict(course.last_audit).label if course.last_audit else "—"


class LessonEditView(EditView):
    def get_side_panels(self) -> Any:
        hints = HintsSidePanel(self.object, self.request, hints=lesson_hints)
        return MediaContainer([*super().get_side_panels(), hints])


class LessonViewSet(SnippetViewSet):
    model = Lesson
    icon = "doc-full"
    menu_label = _("课时")
    url_prefix = "courses/lessons"
    url_namespace = "course_lessons"
    copy_view_enabled = False
    index_view_class = ContentIndexView
    list_display = ["title", "kind", Column("live", label=_("状态"), accessor=_state, width="15%"), UpdatedAtColumn()]
    filterset_class = LessonListFilter
    index_results_template_name = "core/office/snippet_results.html"
    list_per_page = 50
    edit_handler = lesson_panels
    edit_view_class = LessonEditView


class CourseEditView(EditView):
    """The course with the two things that its page leads to: the next edition and the learners."""

    def get_side_panels(self) -> Any:
        hints = HintsSidePanel(self.object, self.request, hints=course_hints)
        return MediaContainer([*super().get_side_panels(), hints])

    @cached_property
    def header_buttons(self) -> list[Any]:
        if not self.request.user.has_perm("courses.publish_course"):
            return list(super().header_buttons)
        url = reverse("course_publish_edition", args=[self.object.pk])
        return [*super().header_buttons, HeaderButton(_("发布版次"), url=url, icon_name="upload")]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        url = reverse("course_editions", args=[self.object.pk])
        audits = f"{reverse('course_audits')}?course={self.object.pk}"
        return [
            *self._learner_buttons,
            Button(_("版次与学员"), url=url, icon_name="list-ol", priority=4),
            Button(_("审核记录"), url=audits, icon_name="tasks", priority=3),
        ]

    @cached_property
    def _learner_buttons(self) -> list[Any]:
        if not self.request.user.has_perm("courses.view_enrolment"):
            return list(super().header_more_buttons)
        address = {"args": [self.object.key]}
        return [
            *super().header_more_buttons,
            Button(_("学习情况"), url=reverse("courses:learners", **address), icon_name="group", priority=5),
            Button(_("批量选课"), url=reverse("courses:bulk-enrol", **address), icon_name="plus", priority=6),
            Button(_("授课教师"), url=reverse("courses:lecturers", **address), icon_name="user", priority=7),
        ]


class CourseViewSet(SnippetViewSet):
    model = Course
    icon = "folder-open-inverse"
    menu_label = _("课程")
    url_prefix = "courses/courses"
    url_namespace = "course_courses"
    copy_view_enabled = False
    edit_view_class = CourseEditView
    index_view_class = CourseIndexView
    list_display = [
        "title",
        Column("track", label=_("专题"), accessor="get_track_display", sort_key="track", width="14%"),
        Column("hours", label=_("学时"), accessor=lambda row: hours(row.hours), sort_key="hours", width="8%"),
        Column("live", label=_("状态"), accessor=_state, width="13%"),
        Column("last_audit", label=_("最近审核"), accessor=_audit, width="10%"),
        Column("last_edition", label=_("最新版次"), accessor=_edition, width="10%"),
        UpdatedAtColumn(),
    ]
    filterset_class = CourseListFilter
    index_results_template_name = "core/office/snippet_results.html"
    list_per_page = 50
    edit_handler = course_panels


def _record(enrolment: Enrolment) -> str:
    return reverse("courses:record", args=[enrolment.public_id])


class EnrolmentIndexView(IndexView):
    any_permission_required = ("view",)
    page_title = _("学习情况")

    @cached_property
    def header_buttons(self) -> list[Any]:
        return [HeaderButton(_("按课程查看和提醒"), url=reverse("courses:teaching"), icon_name="group")]

    def get_base_queryset(self) -> QuerySet[Enrolment]:
        return super().get_base_queryset().select_related("user__unit", "edition")


class EnrolmentViewSet(ScopedModelViewSet):
    """Who learns what and how far they are; read only, exported as a workbook."""

    model = Enrolment
    name = "course_enrolments"
    url_prefix = "courses/enrolments"
    icon = "group"
    menu_label = _("学习情况")
    index_view_class = EnrolmentIndexView
    form_fields: list[str] = []
    filterset_class = EnrolmentFilter
    search_fields = people_fields()
    search_backend_name = None
    list_per_page = 50
    ordering = ["user__sort_key", "pk"]
    list_display = [
        TitleColumn("user", label=_("姓名"), sort_key="user__sort_key", get_url=_record),
        Column("user.unit", label=_("单位")),
        Column("edition", label=_("课程版次")),
        Column("lessons", label=_("已学必修课时"), accessor=lambda row: f"{row.lessons_done} / {row.lessons_total}"),
        Column("state", label=_("状态"), accessor=lambda row: row.get_state_display(), sort_key="state"),
        Column("completed_at", label=_("完成日期"), accessor=lambda row: _day(row.completed_at)),
    ]
    export_headings = {
        "user.name": _("姓名"),
        "user.work_number": _("工号"),
        "user.unit": _("单位"),
        "edition.title": _("课程名称"),
        "edition.number": _("版次"),
        "lessons_done": _("已学必修课时"),
        "lessons_total": _("必修课时"),
        "state": _("状态"),
        "enrolled_at": _("选课时间"),
        "completed_at": _("完成时间"),
    }
    list_export = [*export_headings]
    export_codes = frozenset({"user.work_number"})
