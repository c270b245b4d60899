"""Row scope for every view of a Wagtail viewset, put in at the one place where views are made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db.models import Model, ProtectedError, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import DeleteView, IndexView
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry

from core import clock
from core.saved_views import parameters_of, views_of
from core.spreadsheets.writer import ColumnSpec, SheetSpec, csv_response, download_response, write_xlsx
from core.tables import ListTable

UNREADABLE_KEY = (ValueError, ValidationError, OverflowError)


def visible(model: type[Model], user: Any) -> QuerySet[Any]:
    """The rows of the model in the user's scope."""
    return model._default_manager.visible_to(user)  # type: ignore[attr-defined, no-any-return]


def visible_or_404(model: type[Model], user: Any, pk: Any) -> Any:
    """The row, or 404: not yours and not there look the same."""
    try:
        return visible(model, user).get(pk=pk)
    except (model.DoesNotExist, *UNREADABLE_KEY) as missing:  # type: ignore[attr-defined]
        raise Http404 from missing


def narrow(fields: dict[str, Any], user: Any) -> None:
    """Every choice of a scoped model shows the scope only and refuses the rest."""
    for field in fields.values():
        rows = getattr(field, "queryset", None)
        if hasattr(rows, "visible_to"):
            field.queryset = rows.visible_to(user)


def narrow_form(form: Any, user: Any) -> Any:
    """The form with its choices narrowed, and those of its child forms, the empty one included."""
    narrow(form.fields, user)
    for formset in getattr(form, "formsets", {}).values():
        narrow_formset(formset, user)
    return form


def narrow_formset(formset: Any, user: Any) -> None:
    """Narrow each form as the formset makes it."""
    add_fields = formset.add_fields

    def add_narrowed_fields(form: Any, index: int | None) -> None:
        add_fields(form, index)
        narrow_form(form, user)

    formset.add_fields = add_narrowed_fields
    for form in formset.__dict__.get("forms", ()):  # those that were made before
        narrow_form(form, user)


class ScopedView:
    """One row: 404 outside the scope, before anything of it is read; forms offer the scope only."""

    model: type[Model]
    request: HttpRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        if "pk" in kwargs:
            visible_or_404(self.model, request.user, unquote(str(kwargs["pk"])))
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def get_form(self, *args: Any, **kwargs: Any) -> Any:
        return narrow_form(super().get_form(*args, **kwargs), self.request.user)  # type: ignore[misc]


class ScopedDelete(ScopedView):
    """A row that others refer to stays, and the person reads why."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)  # type: ignore[misc, no-any-return]
        except ProtectedError:
            messages.error(request, _("“%(row)s”已被其他记录引用，不能删除。") % {"row": self.object})  # type: ignore[attr-defined]
            return redirect(self.index_url_name)  # type: ignore[attr-defined]


class KeepsViews:
    """A list that lets a person keep its filters under names of their own; the list's address names it."""

    request: HttpRequest
    index_url_name: str

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)  # type: ignore[misc]
        query = parameters_of(self.request.GET)
        here = reverse(self.index_url_name) + (f"?{query}" if query else "")
        views = views_of(self.request.user, self.index_url_name, self.request.GET)
        return {**context, "saved": {"views": views, "place": self.index_url_name, "query": query, "here": here}}


class ScopedList(KeepsViews, ScopedView):
    """The list, its search, filters and both exports: the scope only, written by our writer."""

    export_codes: frozenset[str] = frozenset()
    table_class = ListTable

    def get_base_queryset(self) -> QuerySet[Any]:
        return super().get_base_queryset().visible_to(self.request.user)  # type: ignore[misc, no-any-return]

    @cached_property
    def filters(self) -> Any:
        found = super().filters  # type: ignore[misc]
        if found is not None:
            narrow(found.form.fields, self.request.user)
        return found

    def get_filename(self) -> str:
        return f"{capfirst(str(self.model._meta.verbose_name_plural))}-{clock.today():%Y%m%d}"

    def export_rows(self, queryset: Iterable[Any]) -> Iterable[list[Any]]:
        for item in queryset:
            yield [_shown(item, field, value) for field, value in self.to_row_dict(item).items()]  # type: ignore[attr-defined]

    def _headings(self, queryset: QuerySet[Any]) -> list[ColumnSpec]:
        names: list[str] = self.list_export  # type: ignore[attr-defined]
        codes = self.export_codes
        return [ColumnSpec(self.get_heading(queryset, name), code=name in codes) for name in names]  # type: ignore[attr-defined]

    def write_xlsx_response(self, queryset: QuerySet[Any]) -> HttpResponse:
        name = str(self.model._meta.verbose_name_plural)
        sheet = SheetSpec(name, self._headings(queryset), self.export_rows(queryset))
        return download_response(f"{self.get_filename()}.xlsx", write_xlsx([sheet]))

    def write_csv_response(self, queryset: QuerySet[Any]) -> Any:
        heading = [str(column.label) for column in self._headings(queryset)]
        return csv_response(f"{self.get_filename()}.csv", heading, self.export_rows(queryset))


def _shown(item: Any, field: str, value: Any) -> Any:
    """A choice in its words, a list joined, a related row by its name."""
    words = getattr(item, f"get_{field}_display", None)
    if callable(words):
        return str(words())
    if isinstance(value, (list, tuple, set)):
        return "、".join(map(str, value))
    return str(value) if isinstance(value, Model) else value


def scoped(view: type) -> type:
    """The view class with the scope mixed in."""
    mixin: type = ScopedView
    if issubclass(view, IndexView):
        mixin = ScopedList
    elif issubclass(view, DeleteView):
        mixin = ScopedDelete
    return type(f"Scoped{view.__name__}", (mixin, view), {})


def _demand_scope(model: type[Model]) -> None:
    if not hasattr(model._default_manager, "visible_to"):
        raise ImproperlyConfigured(f"{model._meta.label} needs a QuerySet with visible_to(user).")


class ScopedModelViewSet(ModelViewSet):
    """A viewset for rows that not everybody may see; needs ``visible_to`` on the model's QuerySet.

    ``export_codes`` names the exported fields that are codes and stay text. Copy is off.
    """

    copy_view_enabled = False
    add_to_reference_index = False
    export_codes: frozenset[str] = frozenset()
    index_results_template_name = "core/office/index_results.html"

    def __init__(self, name: str | None = None, **kwargs: Any) -> None:
        super().__init__(name=name, **kwargs)
        _demand_scope(self.model)

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(**{"export_codes": self.export_codes, **kwargs})  # type: ignore[no-any-return]

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        return super().construct_view(scoped(view_class), **kwargs)

    def register_permissions(self) -> None:
        if policy_registry.get_by_type(self.model, fallback=False) is None:
            raise ImproperlyConfigured(f"Register ScopedPolicy({self.model.__name__}) at the top of wagtail_hooks.py.")
        super().register_permissions()


class ScopedChoose:
    """The list of a chooser, and the forms in it."""

    request: HttpRequest

    def get_object_list(self) -> QuerySet[Any]:
        return super().get_object_list().visible_to(self.request.user)  # type: ignore[misc, no-any-return]

    def get_creation_form(self) -> Any:
        form = super().get_creation_form()  # type: ignore[misc]
        return form and narrow_form(form, self.request.user)


class ScopedChosen:
    """What was chosen, one or many: outside the scope nothing comes back."""

    request: HttpRequest
    model_class: type[Model]

    def get_object(self, pk: Any) -> Any:
        return visible_or_404(self.model_class, self.request.user, pk)

    def get_objects(self, pks: list[Any]) -> QuerySet[Any]:
        return _picked(self.model_class, self.request.user, pks)


def _picked(model: type[Model], user: Any, pks: Iterable[Any]) -> QuerySet[Any]:
    """The visible ones among the keys; 404 for keys that cannot be read."""
    try:
        return visible(model, user).filter(pk__in=list(pks))
    except UNREADABLE_KEY as unreadable:
        raise Http404 from unreadable


class ScopedChooserViewSet(ChooserViewSet):
    """A chooser that offers, returns and creates within the scope."""

    def construct_view(self, view_class: type, **kwargs: Any) -> Any:
        chosen = hasattr(view_class, "get_object") or hasattr(view_class, "get_objects")
        mixin = ScopedChosen if chosen else ScopedChoose
        return super().construct_view(type(f"Scoped{view_class.__name__}", (mixin, view_class), {}), **kwargs)


class ScopedBulkAction(BulkAction):
    """A bulk action on visible rows; needs the model's ``permission``. ``execute_action`` gets ``actor``.

    Every other bulk action on a model with ``visible_to`` is refused (core.office_urls).
    """

    permission = "change"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        policy = policy_registry.get_by_type(self.model)
        if not policy.user_has_permission(request.user, self.permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_queryset(self, model: type[Model], object_ids: Iterable[Any]) -> list[Any]:
        found = list(_picked(model, self.request.user, object_ids))
        if not found:
            raise Http404
        return found

    def get_all_objects_in_listing_query(self, parent_id: Any) -> QuerySet[Any]:
        return visible(self.model, self.request.user).values_list("pk", flat=True)

    def check_perm(self, obj: Any) -> bool:
        policy = policy_registry.get_by_type(self.model)
        return bool(policy.user_has_permission_for_instance(self.request.user, self.permission, obj))

    def get_execution_context(self) -> dict[str, Any]:
        return {"actor": self.request.user}
