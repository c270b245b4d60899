"""What the core registers with the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail import hooks

from core.views.office import SITE_HISTORY


@hooks.register("construct_reports_menu")
def only_auditors_see_site_history(request: HttpRequest, items: list) -> None:
    if not request.user.has_perm(SITE_HISTORY):
        items[:] = [item for item in items if item.name != "site-history"]
