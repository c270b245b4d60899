"""The contact list, while the class runs; and the switch for one's own phone number."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.models import PhoneConsent
from cohorts.presenters.space import contact_row
from cohorts.rules import space
from cohorts.services.space import say_about_phone
from cohorts.views.loading import tell
from cohorts.views.space.entering import Place, enter, shown
from people.permissions import requires_sign_in


@requires_sign_in
@require_safe
def contact_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The members by group; for those who teach the class only, it is not."""
    place = enter(request, public_id)
    if place.member is None and not place.runs:
        raise PermissionDenied
    opens = space.shows_contacts(place.cohort.state)
    return shown(
        request, "contacts", place, "space-contacts",
        opens=opens, groups=_groups(place) if opens else [], shows_phone=_agrees(place),
    )  # fmt: skip


def _groups(place: Place) -> list[dict[str, Any]]:
    members = place.cohort.memberships.expected().annotate(phone_agreed=PhoneConsent.newest())
    rows = members.select_related("user", "unit", "posting", "group")
    rows = rows.order_by(F("group__number").asc(nulls_last=True), "user__sort_key", "pk")
    held = _offices(place)
    return [
        {
            "title": str(group) if group else _("未分组"),
            "rows": [contact_row(m, me=place.user, offices=held.get(m.pk, [])) for m in members],
        }
        for group, members in groupby(rows, key=lambda m: m.group)
    ]


def _offices(place: Place) -> dict[int, list[str]]:
    """The offices that members hold today."""
    found: dict[int, list[str]] = {}
    for duty in place.cohort.duties.filter(to_day__isnull=True).order_by("pk"):
        found.setdefault(duty.membership_id, []).append(duty.title)
    return found


def _agrees(place: Place) -> bool:
    last = PhoneConsent.objects.filter(membership=place.member).last() if place.member else None
    return last is not None and last.agreed


@requires_sign_in
@require_POST
def phone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show one's own number, or no longer."""
    place = enter(request, public_id)
    if place.member is None:
        raise PermissionDenied
    agreed = request.POST.get("agreed") == "yes"
    words = _("通讯录将显示您的手机号。") if agreed else _("通讯录不再显示您的手机号。")
    tell(request, lambda: say_about_phone(actor=request.user, member=place.member, agreed=agreed), words)
    return redirect("cohorts:space-contacts", public_id=public_id)
