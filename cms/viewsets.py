"""The office's pages of the content area: messages from people, and the editors' table of laws."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import EditView
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from cms.forms import AnswerForm, LawRecordForm
from cms.models import FeedbackMessage, LawRecord
from cms.services import answer_feedback
from core.viewsets import KeepsViews, ScopedModelViewSet


class FeedbackFilter(WagtailFilterSet):
    class Meta:
        model = FeedbackMessage
        fields = ["state", "category"]


class AnswerView(EditView):
    """The message as it came, and the reply; writing goes through the service."""

    template_name = "cms/office/feedback.html"
    page_title = _("答复意见反馈")
    success_message = _("已答复，提出人凭查询编号可以看到。")
    submit_button_label = _("答复")
    panel = None

    def get_panel(self) -> None:
        return None

    def get_form_class(self) -> type[AnswerForm]:
        return AnswerForm

    def get_available_actions(self) -> list[str]:
        return ["edit"]

    def save_instance(self) -> FeedbackMessage:
        answer = self.form.cleaned_data
        message = FeedbackMessage.objects.get(pk=self.object.pk)
        message.state = answer["seen_state"]  # a colleague who was quicker is noticed
        return answer_feedback(actor=self.request.user, message=message, reply=answer["reply"], close=answer["close"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"message": self.object}  # type: ignore[no-any-return]


class FeedbackViewSet(ScopedModelViewSet):
    model = FeedbackMessage
    icon = "comment"
    menu_label = _("意见反馈")
    menu_name = "feedback"
    menu_order = 800
    add_to_admin_menu = True
    url_prefix = "feedback"
    edit_view_class = AnswerView
    form_fields = ["reply"]
    list_display = [
        TitleColumn("code", label=_("查询编号"), url_name="feedbackmessage:edit"),
        Column("get_state_display", label=_("状态"), sort_key="state"),
        Column("get_category_display", label=_("类别"), sort_key="category"),
        Column("message", label=_("内容"), accessor=lambda row: row.message[:60]),
        DateColumn("created_at", label=_("提出时间"), sort_key="created_at"),
    ]
    list_export = ["code", "state", "category", "page_path", "message", "created_at", "reply", "answered_at"]
    export_codes = frozenset({"code"})
    filterset_class = FeedbackFilter
    search_fields = ["code", "message", "reply"]
    search_backend_name = None
    ordering = "-created_at"


class LawIndexView(KeepsViews, IndexView):
    """The laws, with filters that can be kept."""


class LawRecordViewSet(SnippetViewSet):
    model = LawRecord
    index_view_class = LawIndexView
    index_results_template_name = "core/office/snippet_results.html"
    icon = "doc-full"
    menu_label = _("法规目录")
    menu_name = "laws"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["title", "kind", "number", "issuer", "checked_against"]
    list_filter = ["kind"]
    edit_handler = ObjectList(LawRecord.panels, base_form_class=LawRecordForm)
    copy_view_enabled = False
    ordering = "pk"
