"""What the office's pages of this app share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from core.errors import DomainError
from core.viewsets import ScopedModelViewSet

CLOSED = frozenset({"delete", "usage"})  # rows here are never deleted, and their usage is nobody's question


class OfficeViewSet(ScopedModelViewSet):
    """A scoped viewset without delete and usage; ``without`` takes further pages out."""

    without: frozenset[str] = frozenset()

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        absent = {f"{name}_url_name": self.UNDEFINED for name in CLOSED | self.without}
        return super().get_common_view_kwargs(**{**absent, **kwargs})  # type: ignore[no-any-return]

    def get_urlpatterns(self) -> list[Any]:
        absent = CLOSED | self.without
        if "history" in absent:
            absent |= {"history_results"}
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in absent]

    def register_admin_url_finder(self) -> None:
        if "edit" not in self.without:
            ScopedModelViewSet.register_admin_url_finder(self)


class OfficeIndex(IndexView):
    """A list whose button reads 添加人员, without the blank that Wagtail puts in between."""

    @cached_property
    def add_item_label(self) -> str:
        return gettext("添加%(what)s") % {"what": self.model._meta.verbose_name}


class ServiceMixin:
    """A form whose saving is a service: its refusal stands above the form, nothing else is written."""

    request: HttpRequest
    produced_error_message: str | None = None
    produced_error_code: str | None = None

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            self.produced_error_message = str(_("没有保存。"))
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]


class ActionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A page with one form that does one thing to one row (or to none)."""

    model: Any = None
    index_url_name: str = ""
    permission_required = "change"
    template_name = "people/office/action.html"
    submit_label: Any = _("提交")
    intro: Any = ""
    done: Any = ""
    form_class: type[forms.Form]

    @cached_property
    def object(self) -> Any:
        pk = self.kwargs.get("pk")
        return self.model.objects.visible_to(self.request.user).get(pk=pk) if pk else None

    def get_page_subtitle(self) -> str:
        return str(self.object) if self.object else ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        index = {"url": reverse(self.index_url_name), "label": self.model._meta.verbose_name_plural}
        here = {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()}
        return [*self.breadcrumbs_items, index, here]

    def act(self, data: dict[str, Any]) -> HttpResponse | None:
        """Call the service; a response of its own, or None for the way back."""
        raise NotImplementedError

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            response = self.act(form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        if response is not None:
            return response
        messages.success(self.request, str(self.done))
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        here = {"submit_label": self.submit_label, "intro": self.intro, "object": self.object}
        context: dict[str, Any] = super().get_context_data(**here, **kwargs)
        return {**context, "media": context["form"].media}
