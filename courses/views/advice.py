"""Suggestions of courses: for the person they are about, who may switch them off."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from courses.reading.advising import advice_for
from courses.services.advice import ask_for_advice, decline_advice
from people.permissions import requires


@requires("trainee")
@never_cache
@require_safe
def advice(request: HttpRequest) -> HttpResponse:
    """One's suggestions; for the desk only what stands in its panel."""
    context = {"title": _("为您推荐"), "advice": advice_for(request.user)}
    part = getattr(request, "htmx", False)
    return render(request, "courses/_advice.html" if part else "courses/advice.html", context)


@requires("trainee")
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """``on`` asks for suggestions again, anything else switches them off."""
    if request.POST.get("wish") == "on":
        ask_for_advice(user=request.user)
    else:
        decline_advice(user=request.user)
    return redirect("courses:advice")
