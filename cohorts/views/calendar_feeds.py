"""The member's subscription: opened, renewed and revoked from the class page; read by calendars."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cohorts import services
from cohorts.feeds import calendar_of, file_name
from cohorts.models import CalendarFeed, Membership
from cohorts.reading.published import subscribed
from cohorts.views.class_page import own_place
from cohorts.views.loading import tell
from core.spreadsheets.writer import disposition
from people.permissions import public, requires_sign_in


@public
@require_safe
@never_cache
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address; every other address is not there."""
    found = CalendarFeed.objects.of_secret(secret).select_related("membership__cohort", "membership__group")
    told = subscribed(get_object_or_404(found).membership)
    answer = HttpResponse(calendar_of(told), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = disposition(file_name(told), inline=True)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@requires_sign_in
@require_POST
@never_cache
def open_feed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new address, shown this once."""
    one: Membership = own_place(request, public_id)
    made: list[str] = []
    act = lambda: made.append(services.open_feed(actor=request.user, membership=one))  # noqa: E731
    if not tell(request, act, _("订阅地址已生成，原来的地址不再有效。")):
        return redirect("cohorts:class", public_id=public_id)
    address = request.build_absolute_uri(reverse("cohorts:calendar", args=[made[0]]))
    return render(request, "cohorts/calendar_address.html", {"cohort": one.cohort, "address": address})


@requires_sign_in
@require_POST
def revoke_feed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    one = own_place(request, public_id)
    act = lambda: services.revoke_feed(actor=request.user, membership=one)  # noqa: E731
    tell(request, act, _("订阅地址已停用。"))
    return redirect("cohorts:class", public_id=public_id)
