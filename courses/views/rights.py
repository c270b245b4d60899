"""The office's list of rights of use that end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import clock
from courses.presenters.rights import ending_rows
from courses.querysets import CURRICULUM_ROLES
from people.permissions import requires


@requires(*CURRICULUM_ROLES)
@require_safe
def rights_page(request: HttpRequest) -> HttpResponse:
    """Lessons and courses whose right of use ends within 60 days or is over, and where they are taught."""
    today = clock.today()
    context = {"page_title": _("版权期限"), "today": today, "rows": ending_rows(today)}
    return render(request, "courses/office/rights.html", context)
