"""The office's list of classes, and the form by which one is planned or changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.widgets.button import ListingButton

from cohorts import services
from cohorts.filters import CohortFilter
from cohorts.forms.classes import CohortForm
from cohorts.models import Cohort
from cohorts.permissions import OFFICE
from cohorts.presenters.figures import day_words
from cohorts.services.forming import EDITABLE
from core.errors import DomainError
from core.viewsets import ScopedModelViewSet
from people.models import Unit
from people.scopes import subtree_condition


class CohortIndexView(IndexView):
    """Classes with their members counted in the same query; a name opens the class's pages."""

    any_permission_required = ("view",)

    def get_base_queryset(self) -> Any:
        rows = super().get_base_queryset().run_by(self.request.user).select_related("host")
        there = Q(memberships__state__in=["confirmed", "registered", "graduated", "not_graduated"])
        return rows.annotate(members_count=Count("memberships", filter=there))

    def get_edit_url(self, instance: Cohort) -> str:
        return reverse("cohorts:board", args=[instance.public_id])

    def get_list_buttons(self, instance: Cohort) -> list[Any]:
        address = lambda name: reverse(f"cohorts:{name}", args=[instance.public_id])  # noqa: E731
        return [
            ListingButton(_("学员"), url=address("members"), priority=10),
            ListingButton(_("考勤"), url=address("attendance"), priority=20),
            ListingButton(_("结业"), url=address("graduation"), priority=30),
        ]


class SavesByService:
    """A refusal of the service becomes a sentence at the top of the form."""

    request: HttpRequest
    produced_error_message: Any = None  # Wagtail's form_invalid shows it beside the form's own sentences

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            self.produced_error_message = _("没有保存。")
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]

    def run_after_hook(self) -> HttpResponse | None:
        return redirect("cohorts:board", public_id=self.object.public_id)  # type: ignore[attr-defined]


class CohortCreateView(SavesByService, CreateView):
    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        return hosts_of(self.request.user, super().get_form(*args, **kwargs))

    def save_instance(self) -> Cohort:
        values = {name: self.form.cleaned_data[name] for name in EDITABLE}
        return services.create_cohort(actor=self.request.user, **values)


class CohortEditView(SavesByService, EditView):
    """What another person changed in between is not overwritten."""

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        return hosts_of(self.request.user, super().get_form(*args, **kwargs))

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "version": self.object.version}

    def save_instance(self) -> Cohort:
        values = {name: value for name, value in self.form.cleaned_data.items() if name in EDITABLE}
        cohort = Cohort.objects.get(pk=self.object.pk)
        version = self.form.cleaned_data.get("version") or 0
        return services.edit_cohort(actor=self.request.user, cohort=cohort, version=version, **values)


def dates_of(cohort: Cohort) -> str:
    """2026年11月23日—11月27日; the year again only where it changes."""
    last = day_words(cohort.ends_on)
    same_year = cohort.starts_on.year == cohort.ends_on.year
    return f"{day_words(cohort.starts_on)}—{last.split('年')[1] if same_year else last}"


def hosts_of(user: Any, form: Any) -> Any:
    """The form offers the units for which the person plans classes; who plans for none leaves the host alone."""
    allowed = Unit.objects.filter(subtree_condition(user, "path", OFFICE))
    if allowed.exists():
        form.fields["host"].queryset = allowed
    else:
        del form.fields["host"]
    return form


class CohortViewSet(ScopedModelViewSet):
    model = Cohort
    name = "office_cohorts"
    url_prefix = "cohorts"
    menu_label = _("班次")
    icon = "group"
    add_to_admin_menu = True
    menu_order = 200
    index_view_class = CohortIndexView
    add_view_class = CohortCreateView
    edit_view_class = CohortEditView
    filterset_class = CohortFilter
    search_fields = ["title", "code"]
    search_backend_name = None
    list_per_page = 50
    ordering = ["-starts_on", "-pk"]
    list_display = [
        TitleColumn("full_title", label=_("班次名称"), accessor="full_title", sort_key="title"),
        Column("get_state_display", label=_("状态"), accessor="get_state_display", sort_key="state"),
        Column("dates", label=_("起止日期"), accessor=dates_of, sort_key="starts_on"),
        Column("host", label=_("主办单位"), accessor="host"),
        Column("members_count", label=_("学员人数")),
    ]
    list_export = ["code", "full_title", "state", "starts_on", "ends_on", "host", "place", "total_hours"]
    export_headings = {"full_title": _("班次名称")}
    export_codes = frozenset({"code"})

    def get_form_class(self, for_update: bool = False) -> type[CohortForm]:
        return CohortForm
