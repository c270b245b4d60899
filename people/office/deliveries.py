"""外发消息: what left the house, what waits and what was given up; nothing to change but sending again."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from core.messaging import kinds, outbox
from core.messaging.channels import configured
from core.models import Delivery
from core.templatetags.linghang import moment_full
from people.office.base import ActionView, OfficeIndex, OfficeViewSet
from people.search import people_fields


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind.name, kind.title) for kind in kinds.every() if kind.name != kinds.BUNDLE]


def channel_choices() -> list[tuple[str, Any]]:
    return [(name, kinds.TITLES[name]) for name in configured()]


class DeliveryFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(label=_("种类"), choices=kind_choices)
    channel = django_filters.ChoiceFilter(label=_("渠道"), choices=channel_choices)
    state = django_filters.ChoiceFilter(label=_("状态"), choices=Delivery.State.choices)
    created_at = django_filters.DateFromToRangeFilter(label=_("日期"))

    class Meta:
        model = Delivery
        fields: list[str] = []


def state_words(row: Delivery) -> str:
    """The state with what a reader asks next: until when it waits, why it was not sent."""
    words = str(row.get_state_display())
    if row.state == Delivery.State.HELD:
        return _t("%(until)s再发：%(why)s") % {"until": moment_full(row.not_before), "why": row.get_hold_display()}
    if row.state == Delivery.State.FAILED:
        return _t("第 %(n)s 次未成，%(until)s再试：%(why)s") % {
            "n": row.attempts,
            "until": moment_full(row.not_before),
            "why": row.reason,
        }
    if row.state == Delivery.State.SENT:
        said = _t("%(when)s已随合并消息发出") if row.lead_id else _t("%(when)s已发出")
        return said % {"when": moment_full(row.sent_at)}
    return f"{words}：{row.reason}" if row.reason else words


def channel_words(row: Delivery) -> str:
    return f"{row.get_channel_display()} {row.address}".strip()


def version_words(row: Delivery) -> str:
    if row.state != Delivery.State.SENT:
        return "—"
    return _t("第 %(n)s 版") % {"n": row.template.version} if row.template and row.template.text else _t("内置")


def counts(rows: Any) -> list[tuple[str, str, int]]:
    """Each state that occurs, in words, and how many messages are in it; one query."""
    found = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return [(state, str(label), found[state]) for state, label in Delivery.State.choices if found.get(state)]


class DeliveryIndex(OfficeIndex):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("recipient__unit", "template")

    @cached_property
    def columns(self) -> list[Any]:
        """Those who may send again get a column with the link."""
        return [*self.list_display, AGAIN] if self.user_has_permission("change") else list(self.list_display)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        told = counts(self.get_base_queryset())
        may_send = self.user_has_permission("change") and any(state == Delivery.State.GIVEN_UP for state, *_n in told)
        return {**context, "counts": [(label, n) for _state, label, n in told], "may_send": may_send}


def again_url(row: Delivery) -> str | None:
    return reverse("office-deliveries:again", args=[row.pk]) if row.state == Delivery.State.GIVEN_UP else None


AGAIN = TitleColumn(
    "again",
    label=_("办理"),
    classname="lh-office-whole",
    accessor=lambda row: _t("再发一次") if row.state == Delivery.State.GIVEN_UP else "—",
    get_url=again_url,
)


class SendAgain(ActionView):
    page_title = _("再发一次")
    header_icon = "mail"
    form_class = forms.Form
    submit_label = _("再发一次")
    intro = _("消息放回发件箱，重新尝试。已在站内读过的，不会再发。")
    done = _("已放回发件箱。")

    def get_page_subtitle(self) -> str:
        return f"{self.object.recipient.name} · {self.object}"

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        outbox.send_again(actor=self.request.user, delivery=self.object)
        return None


class SendAllAgain(ActionView):
    page_title = _("全部再发")
    header_icon = "mail"
    form_class = forms.Form
    submit_label = _("全部再发")

    @cached_property
    def intro(self) -> str:  # type: ignore[override]
        count = outbox.given_up_lately(self.request.user).count()
        words = _t(
            "您可见范围内，近 7 天已放弃的 %(n)s 条消息放回发件箱。"
            "请在邮件服务器或网关恢复以后办理；已在站内读过的，不会再发。"
        )
        return words % {"n": count}

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        count = outbox.send_all_again(actor=self.request.user)
        messages.success(self.request, _t("已把 %(n)s 条消息放回发件箱。") % {"n": count})
        return redirect(self.index_url_name)


class DeliveryViewSet(OfficeViewSet):
    """外发消息 in the office."""

    model = Delivery
    name = "office-deliveries"
    url_prefix = "deliveries"
    icon = "mail"
    menu_label = _("外发消息")
    menu_name = "deliveries"
    menu_order = 820
    add_to_admin_menu = True
    without = frozenset({"add", "edit", "history"})
    index_view_class = DeliveryIndex
    index_results_template_name = "people/office/deliveries_results.html"
    filterset_class = DeliveryFilterSet
    form_fields: list[str] = []
    search_fields = people_fields("recipient__")
    search_backend_name = None
    ordering = ["-created_at", "-pk"]
    list_per_page = 50
    list_export = [
        "created_at", "recipient", "recipient.work_number", "kind_title", "channel", "address", "state", "attempts",
        "reason", "sent_at", "receipt",
    ]  # fmt: skip
    export_headings = {"recipient": _("收件人"), "recipient.work_number": _("工号"), "kind_title": _("种类")}
    export_codes = frozenset({"recipient.work_number", "address", "receipt"})
    list_display = [
        Column("created_at", label=_("产生时间"), accessor=lambda row: moment_full(row.created_at)),
        Column("recipient", label=_("收件人"), accessor="recipient.name", classname="lh-office-wide"),
        Column("number", label=_("工号"), accessor="recipient.work_number"),
        Column("kind", label=_("种类"), accessor="kind_title", classname="lh-office-wide"),
        Column("channel", label=_("渠道"), accessor=channel_words, classname="lh-office-wide"),
        Column("state", label=_("状态"), accessor=state_words, classname="lh-office-wide"),
        Column("version", label=_("模板"), accessor=version_words, classname="lh-office-whole"),
    ]

    def get_urlpatterns(self) -> list[Any]:
        again = path("again/<int:pk>/", self.construct_view(SendAgain), name="again")
        every = path("again/", self.construct_view(SendAllAgain), name="again-all")
        return [*super().get_urlpatterns(), again, every]
