"""The office's lists: call-ups, nominations, and where nominations hang."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.base import ViewSetGroup

from cohorts.presenters.figures import day_words
from core import clock
from core.templatetags.linghang import moment
from people.office.base import OfficeViewSet
from people.search import people_fields
from planning.filters.calls import CallUpFilter, HangingFilter, NominationFilter
from planning.models import CallUp, Nomination, NominationStep
from planning.presenters.nominations import dates_words, desk_name, post_words, state_words
from planning.reading.desks import holder_words
from planning.reading.filled import with_filled
from planning.reading.nominations import open_steps

READ_ONLY = frozenset({"add", "edit", "history", "inspect"})


class CallUpIndex(IndexView):
    any_permission_required = ("view",)

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().run_by(self.request.user)
        return with_filled(rows).select_related("cohort__host")

    def get_edit_url(self, instance: CallUp) -> str:
        return reverse("planning:call-up", args=[instance.cohort.public_id])


class CallUpViewSet(OfficeViewSet):
    """调训安排: the classes whose places are filled by call-up."""

    model = CallUp
    name = "planning_calls"
    url_prefix = "planning/calls"
    icon = "tasks"
    menu_label = _("调训安排")
    menu_name = "planning-calls"
    without = READ_ONLY
    index_view_class = CallUpIndex
    filterset_class = CallUpFilter
    form_fields: list[str] = []
    search_fields = ["cohort__title", "cohort__code", "document_no"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["-cohort__starts_on", "-pk"]
    list_display = [
        TitleColumn("cohort", label=_("班次"), accessor="cohort.full_title"),
        Column("dates", label=_("起止日期"), accessor=dates_words),
        Column("state", label=_("班次状态"), accessor="cohort.get_state_display"),
        Column("basis", label=_("选派方式"), accessor="get_basis_display"),
        Column("filled", label=_("已确认 / 人数"), accessor=lambda row: f"{row.filled} / {row.places}"),
        Column("nominate_by", label=_("报名截止"), accessor=lambda row: day_words(row.nominate_by)),
    ]
    list_export = ["cohort.code", "cohort", "basis", "theme", "places", "filled", "nominate_by", "route", "document_no"]
    export_headings = {"cohort.code": _("班次编号"), "cohort": _("班次"), "filled": _("已确认")}
    export_codes = frozenset({"cohort.code", "document_no"})


class NominationIndex(IndexView):
    any_permission_required = ("view",)

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().run_by(self.request.user).with_people()

    def get_edit_url(self, instance: Nomination) -> str:
        return reverse("planning:nomination-decide", args=[instance.public_id])


class NominationViewSet(OfficeViewSet):
    """提名: everybody named for the office's classes."""

    model = Nomination
    name = "planning_nominations"
    url_prefix = "planning/nominations"
    icon = "group"
    menu_label = _("提名")
    menu_name = "planning-nominations"
    without = READ_ONLY
    index_view_class = NominationIndex
    filterset_class = NominationFilter
    form_fields: list[str] = []
    search_fields = people_fields()
    search_backend_name = None
    list_per_page = 50
    ordering = ["-made_at", "-pk"]
    list_display = [
        TitleColumn("user", label=_("姓名"), accessor="user.name"),
        Column("post", label=_("职务职级"), accessor=post_words),
        Column("unit", label=_("选派单位"), accessor="unit.name"),
        Column("cohort", label=_("班次"), accessor="call_up.cohort.full_title"),
        Column("state", label=_("状态"), accessor=state_words),
        Column("warnings", label=_("提示"), accessor=lambda row: "；".join(row.warnings) or "—"),
    ]
    list_export = [
        "call_up.cohort.code", "call_up", "user", "user.work_number", "unit", "posting", "own_application", "state",
        "queue_no", "reason", "warnings", "end_reason", "made_at",
    ]  # fmt: skip
    export_headings = {
        "call_up.cohort.code": _("班次编号"),
        "call_up": _("班次"),
        "user.work_number": _("工号"),
        "posting": _("职务"),
        "warnings": _("提示"),
        "made_at": _("提名时间"),
    }
    export_codes = frozenset({"call_up.cohort.code", "user.work_number"})


def late_words(step: NominationStep) -> str:
    """The due day, and by how many days it has passed."""
    if step.due_on is None:
        return "—"
    days = (clock.today() - step.due_on).days
    return f"{day_words(step.due_on)}（已逾期 {days} 天）" if days > 0 else day_words(step.due_on)


class HangingIndex(IndexView):
    """Where nominations wait; the desks of a page are read together."""

    any_permission_required = ("view",)

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().run_by(self.request.user).current().with_people()

    def get_edit_url(self, instance: NominationStep) -> str:
        return reverse("planning:nomination-decide", args=[instance.nomination.public_id])

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        put_desks(context["object_list"])
        return context

    def export_rows(self, queryset: Any) -> Any:
        rows = list(queryset)
        put_desks(rows)
        return super().export_rows(rows)


def put_desks(rows: Any) -> None:
    """Write the names of those at each step's desk on the step."""
    for one in open_steps(rows):
        one.step.holders = holder_words(one.holders, one.names)


class HangingViewSet(OfficeViewSet):
    """卡在哪里: every open nomination with its desk, since when and until when."""

    model = NominationStep
    name = "planning_hanging"
    url_prefix = "planning/hanging"
    icon = "time"
    menu_label = _("卡在哪里")
    menu_name = "planning-hanging"
    without = READ_ONLY
    index_view_class = HangingIndex
    filterset_class = HangingFilter
    form_fields: list[str] = []
    search_fields = people_fields("nomination__user__")
    search_backend_name = None
    list_per_page = 50
    ordering = ["due_on", "pk"]
    list_display = [
        TitleColumn("nomination.user", label=_("姓名"), accessor="nomination.user.name"),
        Column("cohort", label=_("班次"), accessor="nomination.call_up.cohort.full_title"),
        Column("sender", label=_("选派单位"), accessor="nomination.unit.name"),
        Column("desk", label=_("现在在"), accessor=desk_name),
        Column("holders", label=_("办理人"), accessor=lambda step: getattr(step, "holders", "")),
        Column("came_at", label=_("收到时间"), accessor=lambda step: moment(step.came_at) if step.came_at else "—"),
        Column("due_on", label=_("办理期限"), accessor=late_words),
    ]
    list_export = [
        "nomination.call_up", "nomination.user", "nomination.user.work_number", "nomination.unit", "unit", "holders",
        "came_at", "due_on",
    ]  # fmt: skip
    export_headings = {
        "nomination.call_up": _("班次"),
        "nomination.user": _("姓名"),
        "nomination.user.work_number": _("工号"),
        "nomination.unit": _("选派单位"),
        "unit": _("现在在（空白为培训处）"),
        "holders": _("办理人"),
        "came_at": _("收到时间"),
    }
    export_codes = frozenset({"nomination.user.work_number"})


class CallGroup(ViewSetGroup):
    """调训 in the trade's menu."""

    menu_label = _("调训")
    menu_icon = "tasks"
    menu_name = "planning-call-group"
    menu_order = 190
    items = (CallUpViewSet, NominationViewSet, HangingViewSet)
