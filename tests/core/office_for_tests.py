"""Addresses of a scoped viewset over jobs, and of the same viewset without a scope: the control."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.auth import get_user_model
from django.urls import include, path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.utils.urlpatterns import decorate_urlpatterns

from config.urls import urlpatterns as product
from core.models import Job
from core.viewsets import ScopedBulkAction, ScopedChooserViewSet, ScopedModelViewSet


class JobFilter(WagtailFilterSet):
    owner = django_filters.ModelChoiceFilter(queryset=lambda request: get_user_model().objects.all())

    class Meta:
        model = Job
        fields = ("state", "owner")


class Columns:
    model = Job
    icon = "tasks"
    list_display = ("title", "owner")
    list_export = ("id", "title", "state", "owner", "created_at")
    filterset_class = JobFilter
    search_fields = ("title",)
    form_fields = ("title", "owner")
    inspect_view_enabled = True
    inspect_view_fields = ("title",)


class ScopedJobs(Columns, ScopedModelViewSet):
    export_codes = frozenset({"id"})


class OpenJobs(Columns, ModelViewSet):
    copy_view_enabled = True


class StopJobs(ScopedBulkAction):
    display_name, aria_label, action_type = "停止", "停止所选任务", "stop"
    models = (Job,)
    seen: list[Any] = []

    @classmethod
    def execute_action(cls, objects: list[Any], actor: Any = None, **kwargs: Any) -> tuple[int, int]:
        cls.seen.append((actor, objects))
        return len(objects), 0


def mount(viewset: Any) -> Any:
    """The addresses as Wagtail mounts them: behind its own check for the office."""
    guarded = decorate_urlpatterns(viewset.get_urlpatterns(), require_admin_access)
    return path(f"office/{viewset.name}/", include((guarded, viewset.name)))


urlpatterns = [
    mount(ScopedJobs("scoped-jobs")),
    mount(OpenJobs("open-jobs")),
    mount(ScopedChooserViewSet("scoped-chooser", model=Job)),
    mount(ChooserViewSet("open-chooser", model=Job)),
    *product,
]
