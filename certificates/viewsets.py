"""The office's list of certificates."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.widgets.button import ListingButton

from certificates.filters import CertificateFilter
from certificates.models import Certificate
from core.viewsets import ScopedModelViewSet


class CertificateIndexView(IndexView):
    any_permission_required = ("view",)

    def get_base_queryset(self):
        rows = super().get_base_queryset().without_file()
        return rows.select_related("membership__user", "membership__cohort", "membership__unit")

    def get_list_buttons(self, instance):
        buttons = [
            ListingButton(_("查看原件"), url=reverse("certificates:download", args=[instance.public_id]), priority=10)
        ]
        if instance.status == Certificate.Status.VALID and self.request.user.has_perm(
            "certificates.change_certificate"
        ):
            buttons += [
                ListingButton(_("撤销"), url=reverse("certificates:revoke", args=[instance.public_id]), priority=20),
                ListingButton(_("补发"), url=reverse("certificates:reissue", args=[instance.public_id]), priority=30),
            ]
        return buttons


class CertificateInspectView(InspectView):
    any_permission_required = ("view",)


class CertificateViewSet(ScopedModelViewSet):
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
    search_fields = ["number", "membership__user__name", "membership__user__work_number", "membership__user__initials"]
    search_backend_name = None
    list_per_page = 50
    list_display = [
        Column("number", label=_("证书编号"), sort_key="number"),
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
    form_fields = ["status"]
    copy_view_enabled = False
