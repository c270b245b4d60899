"""Picking people for a class from one's own, with the facts that matter beside each name."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from people.models import User
from people.scopes import grant_paths
from people.search import find_people
from people.services import note_file_reads
from planning.forms.calls import NameForm, PickFilter
from planning.models import CallUp
from planning.presenters.nominations import candidate
from planning.querysets.calls import UNITS
from planning.reading import nominations as reading
from planning.reading.nominee_facts import facts_of, gaps_of
from planning.services.nominations import Named, nominate_many
from planning.views.nominations.loading import seen_call, units

PER_PAGE = 20


@units
@require_http_methods(["GET", "POST"])
def pick(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list to choose from; the names that are ticked are named together or not at all."""
    call_up = seen_call(request, public_id)
    if call_up.basis != CallUp.Basis.QUOTA:
        raise PermissionDenied
    if request.method == "POST":
        return _name(request, call_up)
    return _page(request, call_up, noted=True)


def _name(request: HttpRequest, call_up: CallUp) -> HttpResponse:
    form = NameForm(request.POST)
    # Who is out of reach is refused by the service in words; the form only reads keys.
    form.fields["users"].queryset = User.objects.active()
    if not form.is_valid():
        return _page(request, call_up, refusal=_("请先勾选要提名的人。"), status=422)
    users, reason = list(form.cleaned_data["users"]), form.cleaned_data["reason"]
    try:
        named = nominate_many(actor=request.user, call_up=call_up, users=users, reason=reason)
    except DomainError as refusal:
        ticked = tuple(user.pk for user in users)
        status = 403 if refusal.code == "out_of_scope" else 422
        return _page(request, call_up, ticked=ticked, reason=reason, refusal=refusal.message, status=status)
    messages.success(request, _done(named))
    return redirect("planning:nominations-call", public_id=call_up.cohort.public_id)


def _done(named: Named) -> str:
    words = _("已提名 %(n)s 人。") % {"n": len(named.made)} if named.made else ""
    before = _("%(n)s 人此前已提名，没有重复。") % {"n": len(named.known)} if named.known else ""
    return words + before


def _page(
    request: HttpRequest,
    call_up: CallUp,
    *,
    ticked: tuple[int, ...] = (),
    reason: str = "",
    refusal: str = "",
    status: int = 200,
    noted: bool = False,
) -> HttpResponse:
    """The list; ``noted`` where it is opened, not where a refusal shows it again."""
    asked = PickFilter(request.GET or {"eligible": "on"})
    chosen = asked.cleaned_data if asked.is_valid() else {}
    rows = reading.people_for(request.user, call_up, eligible_only=bool(chosen.get("eligible")))
    rows = find_people(rows, chosen.get("q", ""), "")
    ordered = _gap_first(rows) if chosen.get("gap_first") else rows
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    facts = facts_of(call_up, page.object_list)
    if noted:
        note_file_reads(reader=request.user, subjects=list(facts), part=_("提名人选"))
    quotas = call_up.quotas.visible_to(request.user).select_related("unit")
    context = {
        "call_up": call_up,
        "people": [candidate(user, facts[user.pk]) for user in page.object_list],
        "page": page,
        "filters": asked,
        "quotas": reading.own_quotas(grant_paths(request.user, UNITS), quotas),
        "ticked": ticked,
        "reason": reason,
        "refusal": refusal,
    }
    return render(request, "planning/nominations/pick.html", context, status=status)


def _gap_first(rows: Any) -> list[User]:
    """Those who lack required training first, by name within; nobody is ranked by how much."""
    people = list(rows)
    gaps = gaps_of([user.pk for user in people])
    return sorted(people, key=lambda user: not gaps.get(user.pk))
