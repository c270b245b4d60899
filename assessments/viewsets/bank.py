"""The question bank: searched by its newest wording, edited through the service, inspected with every version."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.widgets import HeaderButton

from assessments import services
from assessments.filters import QuestionFilter
from assessments.forms.office import QuestionForm
from assessments.models import Question, QuestionVersion
from assessments.reading.seats import LETTERS, letters
from assessments.viewsets.inspecting import WordedInspectView, yes_or_no
from core.errors import DomainError
from core.viewsets import ScopedModelViewSet

STEM_SHOWN = 60


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


class QuestionInspectView(WordedInspectView):
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
        Column("in_bank", label=_("可用于组卷"), accessor=lambda row: yes_or_no(row.in_bank)),
        Column("is_active", label=_("启用"), accessor=lambda row: yes_or_no(row.is_active), sort_key="is_active"),
    ]
    list_export = ["key", "kind", "indicator", "difficulty", "newest_stem", "newest_number", "in_bank", "is_active"]
    export_headings = {"newest_stem": _("题干"), "newest_number": _("版本")}
    export_codes = frozenset({"key"})

    def get_form_class(self, for_update: bool = False) -> type[QuestionForm]:
        return QuestionForm


def _short(text: str | None) -> str:
    words = text or ""
    return words if len(words) <= STEM_SHOWN else f"{words[:STEM_SHOWN]}…"
