"""Exams and who sat them with what result; to read, and to export."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.fields import DateTimeField
from django.db.models.functions import Coalesce
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView

from assessments.filters import ExamFilter, SeatFilter
from assessments.models import Attempt, AttemptState, Exam, Seat, Voiding
from assessments.presenters import seats as presenters
from assessments.viewsets.inspecting import InspectsResult, WordedInspectView, decisions_table
from assessments.viewsets.voiding import LiftView, VoidAttemptView
from core import clock
from core.templatetags.linghang import hours, moment
from core.viewsets import ScopedModelViewSet
from people.office.base import OfficeViewSet
from people.search import people_fields

VIEW_ONLY = ("view",)


def _count(rows: QuerySet[Any], by: str) -> Any:
    """How many of the rows belong to the outer exam."""
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


class ExamIndexView(IndexView):
    any_permission_required = VIEW_ONLY

    def get_base_queryset(self) -> QuerySet[Exam]:
        seats = Seat.objects.visible_to(self.request.user)
        return (
            super()
            .get_base_queryset()
            .annotate(
                seat_count=_count(seats, "exam"),
                sat_count=_count(seats.filter(percent__isnull=False), "exam"),
                passed_count=_count(seats.filter(passed=True), "exam"),
            )
        )


class ExamInspectView(WordedInspectView):
    any_permission_required = VIEW_ONLY
    words = {"opens_at": _("开放时间"), "best_counts": _("计分规则"), "blueprint": _("组卷方案")}

    def get_opens_at_display_value(self) -> str:
        return presenters.window(self.object)

    def get_released_at_display_value(self) -> str:
        return moment(self.object.released_at) or str(_("未公布"))

    def get_pass_percent_display_value(self) -> str:
        return f"{hours(self.object.pass_percent)}%"

    def get_best_counts_display_value(self) -> str:
        return str(_("取最高分") if self.object.best_counts else _("取最后一次成绩"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["seats_url"] = f"{reverse('office_seats:index')}?exam={self.object.pk}"
        context["release_url"] = reverse("assessments_release", args=[self.object.pk])
        return context


class ExamViewSet(ScopedModelViewSet):
    model = Exam
    name = "office_exams"
    url_prefix = "exams"
    icon = "date"
    menu_label = _("考试安排")
    index_view_class = ExamIndexView
    inspect_view_class = ExamInspectView
    inspect_view_enabled = True
    inspect_view_fields = [
        "title", "phase", "opens_at", "minutes", "pass_percent", "attempts_allowed", "best_counts", "blueprint",
        "released_at",
    ]  # fmt: skip
    inspect_template_name = "assessments/office/exam.html"
    form_fields: list[str] = []
    filterset_class = ExamFilter
    search_fields = ["title"]
    list_per_page = 50
    ordering = ["-opens_at"]
    list_display = [
        "title",
        Column("phase", label=_("用途"), accessor="get_phase_display", sort_key="phase"),
        Column("window", label=_("开放时间"), accessor=presenters.window, sort_key="opens_at"),
        Column("seat_count", label=_("考位")),
        Column("sat_count", label=_("已考")),
        Column("passed_count", label=_("通过")),
        Column("released", label=_("成绩"), accessor=lambda row: _("已公布") if row.released_at else _("未公布")),
    ]
    list_export = ["title", "phase", "opens_at", "closes_at", "minutes", "seat_count", "sat_count", "passed_count",
                   "released_at"]  # fmt: skip
    export_headings = {"seat_count": _("考位"), "sat_count": _("已考"), "passed_count": _("通过")}


class SeatIndexView(IndexView):
    any_permission_required = VIEW_ONLY
    page_title = _("考位与成绩")

    def get_base_queryset(self) -> QuerySet[Seat]:
        rows = super().get_base_queryset().select_related("user__unit", "exam")
        attempts = Prefetch("attempts", Attempt.objects.order_by("number"))
        return rows.prefetch_related(attempts).annotate(seen_at=Value(clock.now(), output_field=DateTimeField()))


def _stage(seat: Any) -> str:
    return str(_(presenters.STATES[presenters.stage_of(seat, list(seat.attempts.all()), seat.seen_at)][1]))


def _tries(seat: Seat) -> str:
    return f"{len(seat.attempts.all())} / {seat.attempts_allowed}"


def _blurs(seat: Seat) -> int:
    return sum(attempt.blur_count for attempt in seat.attempts.all())


class SeatInspectView(InspectsResult):
    """One person's sittings of an exam, and what was decided about them."""

    template_name = "assessments/office/result.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        seat = self.object
        attempts = list(seat.attempts.order_by("number"))
        seat.seen_at = clock.now()
        stage = presenters.STATES[presenters.stage_of(seat, attempts, seat.seen_at)][1]
        context["facts"] = [
            (_("姓名"), seat.user.name), (_("工号"), seat.user.work_number), (_("单位"), seat.user.unit),
            (_("考试"), seat.exam.title), (_("状态"), _(stage)), (_("得分率（%）"), hours(seat.percent)),
            (_("补考截止"), moment(seat.makeup_until) or "—"),
        ]  # fmt: skip
        context["tables"] = [
            {
                "caption": _("作答记录"), "empty": _("没有作答记录。"), "rows": [_attempt_row(a) for a in attempts],
                "columns": [_("次数"), _("开始时间"), _("交卷时间"), _("状态"), _("得分"), _("离开页面次数")],
            },
            decisions_table(Voiding.objects.filter(attempt__seat=seat)),
        ]  # fmt: skip
        return context

    def about(self) -> str:
        return str(self.object.exam)

    def may_be_voided(self) -> bool:
        return self.object.attempts.filter(state__in=(AttemptState.RUNNING, AttemptState.MARKED)).exists()

    def is_voided(self) -> bool:
        return Voiding.objects.standing().filter(attempt__seat=self.object).exists()


def _attempt_row(attempt: Attempt) -> list[str]:
    score = f"{hours(attempt.score)} / {hours(attempt.full_score)}"
    return [
        str(attempt.number), moment(attempt.started_at), moment(attempt.submitted_at) or "—",
        str(attempt.get_state_display()), score, str(attempt.blur_count),
    ]  # fmt: skip


class LiftSeatView(LiftView):
    def of_object(self) -> Q:
        return Q(attempt__seat=self.object)


class SeatViewSet(OfficeViewSet):
    """Who sat which exam with what result; to read, to export, and to take a result away."""

    model = Seat
    name = "office_seats"
    url_prefix = "exam-results"
    icon = "group"
    menu_label = _("考位与成绩")
    without = frozenset({"add", "edit", "history"})
    index_view_class = SeatIndexView
    inspect_view_class = SeatInspectView
    inspect_view_enabled = True
    inspect_view_fields = ["user"]
    form_fields: list[str] = []
    filterset_class = SeatFilter
    search_fields = people_fields()
    search_backend_name = None
    list_per_page = 50
    ordering = ["user__sort_key", "pk"]
    list_display = [
        TitleColumn("user", label=_("姓名"), sort_key="user__sort_key", url_name="office_seats:inspect"),
        Column("user.unit", label=_("单位")),
        Column("exam", label=_("考试")),
        Column("stage", label=_("状态"), accessor=_stage),
        Column("tries", label=_("作答次数"), accessor=_tries),
        Column("percent", label=_("得分率（%）"), accessor=lambda seat: hours(seat.percent), sort_key="percent"),
        Column("result", label=_("结果"), accessor=lambda seat: seat.result_word or "—"),
        Column("makeup", label=_("补考"), accessor=lambda seat: _("是") if seat.is_makeup else "—"),
        Column("blurs", label=_("离开页面次数"), accessor=_blurs),
    ]
    list_export = ["user.name", "user.work_number", "user.unit", "exam", "score", "percent", "result_word",
                   "extra_minutes"]  # fmt: skip
    export_headings = {
        "user.name": _("姓名"), "user.work_number": _("工号"), "user.unit": _("单位"), "result_word": _("结果"),
    }  # fmt: skip
    export_codes = frozenset({"user.work_number"})

    def get_urlpatterns(self) -> list[Any]:
        own = [
            path("void/<int:pk>/", self.construct_view(VoidAttemptView), name="void"),
            path("lift/<int:pk>/", self.construct_view(LiftSeatView), name="lift"),
        ]
        return [*super().get_urlpatterns(), *own]
