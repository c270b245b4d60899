from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from people.permissions import requires
from portal.desk import desk_page


@requires("trainee")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The cadre's desk."""
    return render(request, "portal/desk.html", desk_page(request.user))
