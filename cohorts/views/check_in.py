"""The screen in the classroom: a code that changes every ten seconds, and how many are there."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import CheckInForm
from cohorts.models import Attendance, CheckIn, Cohort, CohortState, MembershipState, Session
from cohorts.reading.classes import called_to, this_half_day
from cohorts.rules import rotating
from cohorts.rules.halfdays import HalfDay
from cohorts.rules.hours import ATTENDED
from cohorts.services.check_in import is_open, source_of
from cohorts.views.loading import class_to_run, office, tell
from core import clock
from core.errors import DomainError


@office
@never_cache
@require_http_methods(["GET", "POST"])
def projection(request: HttpRequest, public_id: UUID, day: date, half: str) -> HttpResponse:
    """To be opened, running, or over: each state with what comes next."""
    cohort, place = class_to_run(request, public_id), HalfDay(day, half)
    found = _found(cohort, place)
    form = CheckInForm(request.POST or None, initial=_initial(cohort, place))
    if request.method == "POST" and form.is_valid():
        try:
            services.open_check_in(actor=request.user, cohort=cohort, day=day, half=half, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("cohorts:check-in-screen", public_id, day, half)
    context = _about(cohort, place, found) | {"form": form, "closed_to": _closed_to(cohort, place)}
    return render(request, "cohorts/check_in_screen.html", context, status=422 if form.errors else 200)


@office
@never_cache
@require_safe
def code(request: HttpRequest, public_id: UUID, day: date, half: str) -> HttpResponse:
    """The part of the screen that changes; once the check-in is over the whole page is asked for again."""
    cohort, place = class_to_run(request, public_id), HalfDay(day, half)
    found = _found(cohort, place)
    if found is None or not found.is_standing:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "cohorts/check_in_code.html", _about(cohort, place, found))


@office
@require_POST
def close(request: HttpRequest, public_id: UUID, day: date, half: str) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    found = _found(cohort, HalfDay(day, half))
    if found is None:
        messages.error(request, _("这半天还没有打开签到。"))
    else:
        tell(request, lambda: services.close_check_in(actor=request.user, check_in=found), _("签到已结束。"))
    return redirect("cohorts:check-in-screen", public_id, day, half)


def _found(cohort: Cohort, place: HalfDay) -> CheckIn | None:
    found = CheckIn.objects.filter(cohort=cohort, day=place.day, half=place.half).first()
    if found is not None:
        found.cohort = cohort
    return found


def _about(cohort: Cohort, place: HalfDay, found: CheckIn | None) -> dict[str, Any]:
    registered = cohort.memberships.filter(called_to(cohort, place), state=MembershipState.REGISTERED)
    here = Attendance.objects.filter(membership__in=registered, day=place.day, half=place.half, status__in=ATTENDED)
    return {
        "cohort": cohort,
        "place": place,
        "check_in": found,
        "running": found is not None and found.is_standing,
        "here": here.count(),
        "all": registered.count(),
        **(_code(found) if found is not None and is_open(found) else {}),
    }


def _code(check_in: CheckIn) -> dict[str, Any]:
    """The newest code as a drawing and in letters; where to type them."""
    source, now = source_of(check_in), clock.now()
    typed_at = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("cohorts:check-in")
    address = f"{typed_at}?{urlencode({'c': rotating.scan_code(source, now)})}"
    drawing = segno.make(address, error="m", micro=False).svg_inline(omitsize=True, border=2, light="#ffffff")
    short = rotating.short_code(source, now)
    return {
        "qr": mark_safe(drawing),
        "typed_at": typed_at.split("://")[-1],
        "short": f"{short[:3]} {short[3:]}",
        "spelled": " ".join(short),
    }


def _first(cohort: Cohort, place: HalfDay) -> Session | None:
    return cohort.sessions.filter(day=place.day, half=place.half).order_by("starts_at").first()


def _initial(cohort: Cohort, place: HalfDay) -> dict[str, int]:
    """The usual minutes; when the lesson is on already, a quarter of an hour from now."""
    first = _first(cohort, place)
    if first is None or place.day != clock.today():
        return {}
    now = timezone.localtime(clock.now())
    gone = (now.hour * 60 + now.minute) - (first.starts_at.hour * 60 + first.starts_at.minute)
    return {"after": max(30, min(240, gone + 15))}


def _closed_to(cohort: Cohort, place: HalfDay) -> str:
    """Why no check-in can be opened here, or nothing."""
    if cohort.state != CohortState.RUNNING:
        return _("班次目前是“%(state)s”，不能签到。") % {"state": cohort.get_state_display()}
    if _first(cohort, place) is None:
        return _("这半天没有排课，不需要签到。")
    if place > this_half_day():
        return _("还没有到这个半天，到时再打开签到。")
    return _("这是以前的半天，请用点名登记，效力相同。") if place.day < clock.today() else ""
