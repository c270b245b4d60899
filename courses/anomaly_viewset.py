"""What was reported and not counted, in the office: a list, and a person's decision on each."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import EditView, IndexView

from core.filters import YesNoFilter
from core.templatetags.linghang import moment
from core.viewsets import ScopedModelViewSet
from courses.models import Course, PlaybackAnomaly
from courses.presenters.learning import uncounted
from courses.services import decide_anomaly
from people.search import people_fields

State = PlaybackAnomaly.State
DECISIONS = [(state.value, state.label) for state in (State.DISMISSED, State.NOTED)]
ABOUT = ("enrolment__user__unit", "lesson__edition")


class AnomalyFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label=_("处理"), choices=State)
    kind = django_filters.ChoiceFilter(label=_("情形"), choices=PlaybackAnomaly.Kind)
    appealed = YesNoFilter(
        label=_("学员说明"), yes=_("有"), no=_("没有"), field_name="appealed_at", lookup_expr="isnull", exclude=True
    )
    course = django_filters.ModelChoiceFilter(
        label=_("课程"), field_name="lesson__edition__course", queryset=Course.objects.order_by("title")
    )

    class Meta:
        model = PlaybackAnomaly
        fields = ["state", "kind", "appealed", "course"]


class DecisionForm(forms.ModelForm):
    decision = forms.ChoiceField(label=_("处理结果"), choices=DECISIONS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}), help_text=_("学员会看到这段话。")
    )
    give_back = forms.BooleanField(
        label=_("补计上面列出的片段"),
        required=False,
        help_text=_("仅用于“不作异常”：这些片段视为已播放，课时是否完成仍按规则判断；补计后不能撤回。"),
    )

    class Meta:
        model = PlaybackAnomaly
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.refused:
            del self.fields["give_back"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("give_back") and data.get("decision") == State.NOTED:
            self.add_error("give_back", _("补计只用于“不作异常”；请改选处理结果，或者取消补计。"))
        return data


class AnomalyIndexView(IndexView):
    any_permission_required = ("view", "change")
    page_title = _("播放异常")

    def get_base_queryset(self) -> QuerySet[PlaybackAnomaly]:
        return super().get_base_queryset().select_related(*ABOUT)


class DecisionView(EditView):
    """What was reported, what was possible, what the learner says; the decision goes through the service."""

    template_name = "courses/office/anomaly.html"
    page_title = _("处理播放异常")
    success_message = _("已记录处理结果，学员会收到通知。")
    submit_button_label = _("记录处理结果")
    panel = None

    def get_panel(self) -> None:
        return None

    def get_form_class(self) -> type[DecisionForm]:
        return DecisionForm

    def get_available_actions(self) -> list[str]:
        return ["edit"]

    def save_instance(self) -> PlaybackAnomaly:
        data = self.form.cleaned_data
        return decide_anomaly(
            actor=self.request.user,
            anomaly=self.object,
            decision=data["decision"],
            reason=data["reason"],
            give_back=data.get("give_back", False),
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = PlaybackAnomaly.objects.select_related(*ABOUT, "decided_by").get(pk=self.object.pk)
        return {**super().get_context_data(**kwargs), "anomaly": row, "shown": uncounted([row])[0]}


class AnomalyViewSet(ScopedModelViewSet):
    """Evidence only: nothing follows from a row but what a person decides."""

    model = PlaybackAnomaly
    name = "course_anomalies"
    url_prefix = "courses/anomalies"
    icon = "warning"
    menu_label = _("播放异常")
    index_view_class = AnomalyIndexView
    edit_view_class = DecisionView
    form_fields: list[str] = []
    filterset_class = AnomalyFilter
    search_fields = people_fields("enrolment__user__")
    list_per_page = 50
    ordering = ["-last_at", "-pk"]
    list_display = [
        TitleColumn("user", label=_("姓名"), accessor="enrolment.user", url_name="course_anomalies:edit", width="9%"),
        Column("unit", label=_("单位"), accessor="enrolment.user.unit"),
        Column("lesson", label=_("课时")),
        Column("kind", label=_("情形"), accessor="get_kind_display", sort_key="kind"),
        Column("claimed", label=_("上报秒数"), accessor=lambda row: floatformat(row.claimed), sort_key="claimed"),
        Column("possible", label=_("计入秒数"), accessor=lambda row: floatformat(row.possible), sort_key="possible"),
        Column("times", label=_("次数"), sort_key="times"),
        Column("last_at", label=_("最近发生"), accessor=lambda row: moment(row.last_at), sort_key="last_at"),
        Column("appeal", label=_("学员说明"), accessor=lambda row: _("有") if row.appeal else "—"),
        Column("state", label=_("处理"), accessor="get_state_display", sort_key="state"),
    ]
    export_headings = {
        "enrolment.user.name": _("姓名"),
        "enrolment.user.work_number": _("工号"),
        "enrolment.user.unit": _("单位"),
        "lesson.edition.title": _("课程名称"),
        "lesson.title": _("课时"),
        "kind": _("情形"),
        "claimed": _("上报秒数"),
        "possible": _("计入秒数"),
        "times": _("次数"),
        "at": _("首次发生"),
        "last_at": _("最近发生"),
        "appeal": _("学员说明"),
        "state": _("处理"),
        "reason": _("处理意见"),
    }
    list_export = [*export_headings]
    export_codes = frozenset({"enrolment.user.work_number"})
