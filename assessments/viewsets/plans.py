"""Blueprints of papers and rubrics of tasks, each with its lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from assessments.filters import DIFFICULTIES
from assessments.forms.office import BlueprintForm, RubricForm
from assessments.models import Blueprint, Rubric
from assessments.reading.bank import shortage_sentences


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
                [
                    FieldPanel("kind"),
                    FieldPanel("indicator"),
                    FieldPanel("difficulty", widget=forms.Select(choices=[("", _("不限")), *DIFFICULTIES])),
                    FieldPanel("count"),
                    FieldPanel("points"),
                ],
                label=_("组卷行"),
                heading=_("组卷行"),
                help_text=_("能力指标不选为不限。保存后会提示题库还缺多少题。"),
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
