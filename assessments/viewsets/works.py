"""Works of tasks with their grades and how these came about; to read, to export, and to take a grade away."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView

from assessments.filters import SubmissionFilter
from assessments.models import Mark, MarkKind, Submission
from assessments.presenters import seats as presenters
from assessments.reading import marking
from assessments.rules.double_rating import difference
from assessments.rules.grading import CriterionLevel, weighted_score
from assessments.viewsets.inspecting import InspectsResult, decisions_table
from assessments.viewsets.voiding import LiftView, VoidWorkView
from core import clock
from core.templatetags.linghang import hours, moment
from people.office.base import OfficeViewSet
from people.search import people_fields
from people.services import note_file_read


def two_scores(work: Submission) -> list[Decimal]:
    """Both ratings as scores, the earlier first; nothing before both are there, for nobody reads one alone."""
    rounds: dict[int, list[Mark]] = {}
    for mark in work.ratings:  # type: ignore[attr-defined]
        rounds.setdefault(mark.round, []).append(mark)
    by_rater = {marks[0].marked_by_id: marks for _number, marks in sorted(rounds.items())}
    scores = [
        weighted_score([CriterionLevel(m.level, m.criterion.weight) for m in marks]) for marks in by_rater.values()
    ]
    return scores[-2:] if (work.grade or work.disputed_at) and len(scores) > 1 else []


def _ratings(work: Submission) -> str:
    return " / ".join(hours(score) for score in two_scores(work)) or "—"


def _difference(work: Submission) -> str:
    scores = two_scores(work)
    return hours(difference(*scores)) if scores else "—"


def _state(work: Submission) -> str:
    if work.disputed_at and not work.grade and not work.voided_at:
        return str(_("两次评分不一致，待裁定"))
    return presenters.task_state(work, clock.now())[1]


class SubmissionIndexView(IndexView):
    any_permission_required = ("view",)
    page_title = _("任务与成绩")

    def get_base_queryset(self) -> QuerySet[Submission]:
        rows = super().get_base_queryset().select_related("user__unit", "task").defer("text", "task__brief")
        ratings = Mark.objects.filter(kind=MarkKind.RATING).select_related("criterion").order_by("round")
        return rows.prefetch_related(Prefetch("marks", ratings, to_attr="ratings"))


class SubmissionInspectView(InspectsResult):
    """One work: how its grade came about, both ratings with the difference, and what was decided about it."""

    template_name = "assessments/office/result.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        work = self.object
        note_file_read(
            reader=self.request.user, subject=work.user, part=_("作业：%(title)s") % {"title": work.task.title}
        )
        pair = marking.two_ratings(work) if work.task.rated_twice else None
        context["facts"] = [
            (_("姓名"), work.user.name), (_("工号"), work.user.work_number), (_("单位"), work.user.unit),
            (_("任务"), work.task.title), (_("提交时间"), moment(work.handed_in_at) or "—"), (_("状态"), _state(work)),
            (_("得分（满分 5 分）"), hours(work.score)), *_pair_facts(pair),
        ]  # fmt: skip
        context["tables"] = [self._rounds(pair is not None), decisions_table(work.voidings.all())]
        context["text"] = work.text
        return context

    def _rounds(self, is_rated_twice: bool) -> dict[str, Any]:
        """The rounds; of two ratings nothing before both are there."""
        rounds = marking.rounds_of(self.object)
        shown = [one for one in rounds if is_rated_twice or one.kind != MarkKind.RATING]
        return {
            "caption": _("评分记录"),
            "columns": [_("轮次"), _("性质"), _("评分人"), _("时间"), _("得分"), _("各项等级"), _("评语"), _("理由")],
            "rows": [_round_row(one) for one in shown],
            "empty": _("还没有评分，或两位教师尚未都评完。"),
        }

    def about(self) -> str:
        return str(self.object.task)

    def may_be_voided(self) -> bool:
        return not self.object.voided_at and bool(self.object.grade or self.object.handed_in_at)

    def is_voided(self) -> bool:
        return bool(self.object.voidings.standing().exists())


def _pair_facts(pair: marking.TwoRatings | None) -> list[tuple[Any, str]]:
    if pair is None:
        return []
    words = {"apart": hours(pair.difference), "limit": hours(pair.tolerance)}
    same = _("等第相同") if pair.same_grade else _("等第不同")
    both = f"{pair.first.marker} {hours(pair.first.score)}，{pair.second.marker} {hours(pair.second.score)}"
    return [(_("两次评分"), both), (_("分差"), _("%(apart)s 分（允许 %(limit)s 分），") % words + same)]


def _round_row(one: marking.MarkRound) -> list[str]:
    levels = "；".join(f"{mark.title} {mark.level}" for mark in one.marks)
    kind = str(MarkKind(one.kind).label)
    return [str(one.number), kind, one.marker, moment(one.at), hours(one.score), levels, one.comment, one.reason]


class LiftWorkView(LiftView):
    def of_object(self) -> Q:
        return Q(submission=self.object)


class SubmissionViewSet(OfficeViewSet):
    """Who handed in what, with which grade and by which way."""

    model = Submission
    name = "office_submissions"
    url_prefix = "task-results"
    icon = "doc-full"
    menu_label = _("任务与成绩")
    without = frozenset({"add", "edit", "history"})
    index_view_class = SubmissionIndexView
    inspect_view_class = SubmissionInspectView
    inspect_view_enabled = True
    inspect_view_fields = ["user"]
    form_fields: list[str] = []
    filterset_class = SubmissionFilter
    search_fields = people_fields()
    search_backend_name = None
    list_per_page = 50
    ordering = ["user__sort_key", "pk"]
    list_display = [
        TitleColumn("user", label=_("姓名"), sort_key="user__sort_key", url_name="office_submissions:inspect"),
        Column("user.unit", label=_("单位")),
        Column("task", label=_("任务")),
        Column("handed_in_at", label=_("提交时间"), accessor=lambda work: moment(work.handed_in_at) or "—"),
        Column("state", label=_("状态"), accessor=_state),
        Column("score", label=_("得分"), accessor=lambda work: hours(work.score), sort_key="score"),
        Column("ratings", label=_("两次评分"), accessor=_ratings),
        Column("difference", label=_("分差"), accessor=_difference),
    ]
    list_export = ["user.name", "user.work_number", "user.unit", "task", "handed_in_at", "grade", "score"]
    export_headings = {"user.name": _("姓名"), "user.work_number": _("工号"), "user.unit": _("单位")}
    export_codes = frozenset({"user.work_number"})

    def get_urlpatterns(self) -> list[Any]:
        own = [
            path("void/<int:pk>/", self.construct_view(VoidWorkView), name="void"),
            path("lift/<int:pk>/", self.construct_view(LiftWorkView), name="lift"),
        ]
        return [*super().get_urlpatterns(), *own]
