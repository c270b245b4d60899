"""The office's list of certificates."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.widgets.button import Button

from certificates.filters import CertificateFilter
from certificates.models import Certificate
from core.templatetags.linghang import moment_full
from people.office.base import OfficeViewSet
from people.scopes import has_role
from people.search import people_fields


class CertificateIndexView(IndexView):
    any_permission_required = ("view",)

    def get_base_queryset(self):
        rows = super().get_base_queryset().without_file()
        return rows.select_related("membership__user", "membership__cohort", "membership__unit")

    @property
    def header_more_buttons(self):
        buttons = super().header_more_buttons
        if has_role(self.request.user, "training_office"):
            buttons.append(
                Button(_("证书模板"), url=reverse("certificates:templates"), icon_name="doc-full", priority=5)
            )
        return buttons

    def get_list_more_buttons(self, instance):
        actions = [("download", _("下载原件"))]
        if instance.status == Certificate.Status.VALID and has_role(self.request.user, "training_office"):
            actions += [("reissue", _("补发")), ("revoke", _("撤销"))]
        return [
            Button(label, url=reverse(f"certificates:{name}", args=[instance.public_id]), priority=10 * at)
            for at, (name, label) in enumerate(actions)
        ]

    def get_edit_url(self, instance):
        """The number leads to the certificate's page; nothing about it is edited."""
        return self.get_inspect_url(instance)


LABELS = {
    "membership": _("学员和班次"),
    "sha256": _("原件指纹（SHA-256）"),
    "revoked_at": _("失效时间"),
    "predecessor": _("补发自"),
}


class CertificateInspectView(InspectView):
    any_permission_required = ("view",)

    def get_field_label(self, field_name, field):
        return LABELS.get(field_name) or super().get_field_label(field_name, field)

    def get_field_display_value(self, field_name, field):
        if field_name == "revoked_at":
            return moment_full(self.object.revoked_at) or "—"
        return super().get_field_display_value(field_name, field) or "—"


class CertificateViewSet(OfficeViewSet):
    model = Certificate
    name = "office_certificates"
    url_prefix = "certificate-list"
    menu_label = _("证书")
    icon = "doc-full-inverse"
    add_to_admin_menu = True
    menu_order = 700
    index_view_class = CertificateIndexView
    inspect_view_class = CertificateInspectView
    inspect_view_enabled = True
    inspect_view_fields = [
        "number", "status", "membership", "issued_on", "sha256", "revoked_at", "revoke_reason", "predecessor",
    ]  # fmt: skip
    filterset_class = CertificateFilter
    search_fields = ["number", *people_fields("membership__user__")]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        "number",
        Column("membership.user.name", label=_("姓名"), accessor="membership.user.name"),
        Column("membership.unit.name", label=_("单位"), accessor="membership.unit.name"),
        Column("membership.cohort", label=_("班次"), accessor="membership.cohort"),
        Column("issued_on", label=_("发证日期"), sort_key="issued_on"),
        Column("get_status_display", label=_("状态"), accessor="get_status_display"),
    ]
    list_export = [
        "number", "membership.user.name", "membership.unit.name", "membership.cohort", "issued_on", "status",
    ]  # fmt: skip
    export_headings = {
        "membership.user.name": _("姓名"), "membership.unit.name": _("单位"), "membership.cohort": _("班次"),
    }  # fmt: skip
    export_codes = frozenset({"number"})
    form_fields = ["status"]  # asked for by Wagtail; no page offers the form
    without = frozenset({"add", "edit", "history"})
