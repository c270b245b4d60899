"""The question bank, blueprints and rubrics in the office; exams and their results to read."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.fields import DateTimeField
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import HeaderButton

from assessments import presenters, services
from assessments.bank import shortage_sentences
from assessments.filters import ExamFilter, QuestionFilter, SeatFilter
from assessments.models import Attempt, Blueprint, Exam, Question, QuestionVersion, Rubric, Seat
from assessments.office_forms import BlueprintForm, QuestionForm, RubricForm
from assessments.reading import LETTERS, letters
from core import clock
from core.errors import DomainError
from core.templatetags.linghang import hours, moment
from core.viewsets import ScopedModelViewSet

VIEW_ONLY = ("view",)
STEM_SHOWN = 60


# --- the bank ---


def with_newest(questions: QuerySet[Question]) -> QuerySet[Question]:
    """Each question with the stem and the number of its newest version."""
    newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number")
    return questions.select_related("indicator").annotate(
        newest_stem=Subquery(newest.values("stem")[:1]), newest_number=Subquery(newest.values("number")[:1])
    )


class QuestionIndexView(IndexView):
    any_permission_required = ("view", "add", "change")

    def get_base_queryset(self) -> QuerySet[Question]:
        return with_newest(super().get_base_queryset())

    def search_queryset(self, queryset: QuerySet[Question]) -> QuerySet[Question]:
        if not self.is_searching:
            return queryset
        return queryset.filter(Q(key__icontains=self.search_query) | Q(newest_stem__icontains=self.search_query))


class SavesQuestion:
    """Creating and editing go through the service; its refusal stands in the form."""

    def save_instance(self) -> Question:
        return services.save_question(actor=self.request.user, **self.form.said()).question  # type: ignore[attr-defined]

    def form_valid(self, form: QuestionForm) -> Any:
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            self.produced_error_code, self.produced_error_message = "refused", refusal.message
            return self.form_invalid(form)  # type: ignore[attr-defined]


class QuestionCreateView(SavesQuestion, CreateView):
    pass


class QuestionEditView(SavesQuestion, EditView):
    @cached_property
    def header_buttons(self) -> list[Any]:
        url = reverse("assessments_activate_question", args=[self.object.pk])
        words = _("停用本题") if self.object.is_active else _("重新启用")
        return [*super().header_buttons, HeaderButton(words, url=url, icon_name="view")]


class QuestionInspectView(InspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        versions = self.object.versions.select_related("made_by").order_by("-number")
        context["versions"] = [_version(version) for version in versions]
        return context


def _version(version: QuestionVersion) -> dict[str, Any]:
    order = range(len(version.options))
    return {
        "number": version.number,
        "stem": version.stem,
        "options": [(LETTERS[n], text, n in version.answer) for n, text in enumerate(version.options)],
        "key": letters(order, version.answer),
        "explanation": version.explanation,
        "made_by": version.made_by.name if version.made_by else "",
        "made_at": version.made_at,
    }


def _yes(value: bool) -> str:
    return str(_("是") if value else _("否"))


class QuestionViewSet(ScopedModelViewSet):
    model = Question
    name = "office_questions"
    url_prefix = "questions"
    icon = "help"
    menu_label = _("题库")
    index_view_class = QuestionIndexView
    add_view_class = QuestionCreateView
    edit_view_class = QuestionEditView
    inspect_view_class = QuestionInspectView
    inspect_view_enabled = True
    inspect_view_fields = ["key", "kind", "indicator", "difficulty", "in_bank", "is_active"]
    inspect_template_name = "assessments/office/question.html"
    filterset_class = QuestionFilter
    search_fields = ["key"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["key"]
    list_display = [
        "key",
        Column("stem", label=_("题干"), accessor=lambda row: _short(row.newest_stem)),
        Column("kind", label=_("题型"), accessor="get_kind_display", sort_key="kind"),
        Column("indicator", label=_("能力指标"), sort_key="indicator__code"),
        Column("difficulty", label=_("难度"), sort_key="difficulty"),
        Column("newest_number", label=_("版本")),
        Column("in_bank", label=_("可用于组卷"), accessor=lambda row: _yes(row.in_bank)),
        Column("is_active", label=_("启用"), accessor=lambda row: _yes(row.is_active), sort_key="is_active"),
    ]
    list_export = ["key", "kind", "indicator", "difficulty", "newest_stem", "newest_number", "in_bank", "is_active"]
    export_headings = {"newest_stem": _("题干"), "newest_number": _("版本")}
    export_codes = frozenset({"key"})

    def get_form_class(self, for_update: bool = False) -> type[QuestionForm]:
        return QuestionForm


def _short(text: str | None) -> str:
    words = text or ""
    return words if len(words) <= STEM_SHOWN else f"{words[:STEM_SHOWN]}…"


# --- blueprints and rubrics ---


class SaysWhatLacks:
    """After saving, the bank's shortages for this blueprint are told at once."""

    def save_action(self) -> Any:
        for sentence in shortage_sentences(self.object):  # type: ignore[attr-defined]
            messages.warning(self.request, sentence)  # type: ignore[attr-defined]
        return super().save_action()  # type: ignore[misc]


class BlueprintCreateView(SaysWhatLacks, CreateView):
    def save_instance(self) -> Blueprint:
        self.form.instance.made_by = self.request.user
        return super().save_instance()


class BlueprintEditView(SaysWhatLacks, EditView):
    pass


class CountedIndexView(IndexView):
    """A list of parents with how much hangs below each."""

    counted: dict[str, str] = {}

    def get_base_queryset(self) -> QuerySet[Any]:
        counts = {f"{name}_count": Count(relation, distinct=True) for name, relation in self.counted.items()}
        return super().get_base_queryset().annotate(**counts)


class BlueprintIndexView(CountedIndexView):
    counted = {"line": "lines", "exam": "exams"}


class RubricIndexView(CountedIndexView):
    counted = {"criterion": "criteria", "task": "tasks"}


class BlueprintViewSet(ModelViewSet):
    model = Blueprint
    name = "office_blueprints"
    url_prefix = "blueprints"
    icon = "list-ul"
    menu_label = _("组卷方案")
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = BlueprintIndexView
    add_view_class = BlueprintCreateView
    edit_view_class = BlueprintEditView
    search_fields = ["title"]
    list_display = ["title", Column("line_count", label=_("行数")), Column("exam_count", label=_("使用的考试"))]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            InlinePanel(
                "lines",
                [FieldPanel(name) for name in ("kind", "indicator", "difficulty", "count", "points")],
                label=_("组卷行"),
                heading=_("组卷行"),
                help_text=_("能力指标不选为不限；难度填 1（易）、2（中）、3（难），不填为不限。"),
                min_num=1,
            ),
        ],
        base_form_class=BlueprintForm,
    )


class RubricViewSet(ModelViewSet):
    model = Rubric
    name = "office_rubrics"
    url_prefix = "rubrics"
    icon = "tasks"
    menu_label = _("评分标准")
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = RubricIndexView
    search_fields = ["title"]
    list_display = ["title", Column("criterion_count", label=_("评分项")), Column("task_count", label=_("使用的任务"))]
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("note"),
            InlinePanel(
                "criteria",
                [FieldPanel(name) for name in ("title", "indicator", "weight", "position")],
                label=_("评分项"),
                heading=_("评分项"),
                help_text=_("每个评分项对应一个能力指标，按该指标的五级行为描述评分；权重按比例折算。"),
                min_num=1,
            ),
        ],
        base_form_class=RubricForm,
    )


# --- exams and results, to read ---


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


class ExamInspectView(InspectView):
    any_permission_required = VIEW_ONLY

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

    def get_base_queryset(self) -> QuerySet[Seat]:
        rows = super().get_base_queryset().select_related("user__unit", "exam")
        attempts = Prefetch("attempts", Attempt.objects.order_by("number"))
        return rows.prefetch_related(attempts).annotate(seen_at=Value(clock.now(), output_field=DateTimeField()))


def _stage(seat: Any) -> str:
    return str(_(presenters.STATES[presenters.stage_of(seat, list(seat.attempts.all()), seat.seen_at)][1]))


def _tries(seat: Seat) -> str:
    return f"{len(seat.attempts.all())} / {seat.exam.attempts_allowed}"


def _blurs(seat: Seat) -> int:
    return sum(attempt.blur_count for attempt in seat.attempts.all())


class SeatViewSet(ScopedModelViewSet):
    """Who sat which exam with what result; read only, exported as a workbook."""

    model = Seat
    name = "office_seats"
    url_prefix = "exam-results"
    icon = "group"
    menu_label = _("考位与成绩")
    index_view_class = SeatIndexView
    form_fields: list[str] = []
    filterset_class = SeatFilter
    search_fields = ["user__name", "user__work_number", "user__initials"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["user__sort_key", "pk"]
    list_display = [
        Column("user", label=_("姓名"), sort_key="user__sort_key"),
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
