"""What the core registers with the Wagtail admin."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html_join
from wagtail import hooks

from core.assets import OFFICE_STYLESHEETS
from core.views.office import SITE_HISTORY


@hooks.register("insert_global_admin_css")
def office_look() -> str:
    """Our tokens over Wagtail's own look."""
    return format_html_join("", '<link rel="stylesheet" href="{}">', [(static(path),) for path in OFFICE_STYLESHEETS])


@hooks.register("construct_reports_menu")
def only_auditors_see_site_history(request: HttpRequest, items: list) -> None:
    if not request.user.has_perm(SITE_HISTORY):
        items[:] = [item for item in items if item.name != "site-history"]
