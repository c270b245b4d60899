"""选派 for unit administrators, on the phone: my call-ups, what waits for me, who is named."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.presenters.figures import day_words
from core import clock
from people.permissions import requires_sign_in
from people.scopes import grant_paths, has_role
from people.search import find_people
from planning.forms.calls import StandInForm
from planning.models import CallUp, Nomination, NominationStep, StandIn
from planning.presenters.nominations import (
    dates_words,
    hanging_item,
    nomination_item,
    place_item,
    waiting_item,
)
from planning.querysets.calls import UNITS
from planning.reading import nominations as reading
from planning.reading.call_facts import audience_of
from planning.services.reviewing import agree_many
from planning.services.stand_ins import arrange_stand_in, end_stand_in
from planning.views.nominations.loading import seen_call, tell, units

PER_PAGE = 50


@requires_sign_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One sentence first, then what waits for me, then the call-ups of my units."""
    mine, stuck = reading.waiting_for(request.user)
    places = reading.calls_for(request.user)
    refused = _unanswered(request.user)
    context = {
        "sentence": _sentence(len(mine), places),
        "waiting": [_waiting(step) for step in mine],
        "stuck": [_waiting(step) for step in stuck],
        "calls": [place_item(place) for place in places],
        "refused": [nomination_item(row, None, cohort=True) for row in refused],
        "is_unit": has_role(request.user, *UNITS),
    }
    return render(request, "planning/nominations/home.html", context)


def _waiting(step: NominationStep) -> dict[str, Any]:
    return waiting_item(step, late=step.due_on is not None and step.due_on < clock.today())


def _sentence(waiting: int, places: list[reading.Place]) -> str:
    open_places = [place for place in places if place.left and not place.is_late]
    parts = []
    if waiting:
        parts.append(_("有 %(n)s 份提名待您审核") % {"n": waiting})
    if open_places:
        left = sum(place.left for place in open_places)
        words = {"n": len(open_places), "left": left, "day": day_words(open_places[0].call_up.nominate_by)}
        parts.append(_("%(n)s 个班次还剩 %(left)s 个名额，最早%(day)s截止") % words)
    return "，".join(parts) + "。" if parts else _("目前没有待办的选派工作。")


@requires_sign_in
@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """Agree to several that wait for me: first a look at whom it touches, then the word."""
    keys = [int(key) for key in request.POST.getlist("rows") if key.isdecimal() and len(key) < 18]
    mine, stuck = reading.waiting_for(request.user)
    rows = [step.nomination for step in (*mine, *stuck) if step.nomination_id in keys]
    if not rows:
        messages.error(request, _("请先勾选待您审核的提名；已由他人办理的不再列出。"))
        return redirect("planning:nominations")
    if "confirmed" not in request.POST:
        return render(request, "planning/nominations/agree.html", {"rows": rows})
    tell(request, lambda: _agree(request.user, rows), lambda n: _("已同意 %(n)s 份提名。") % {"n": n})
    return redirect("planning:nominations")


@transaction.atomic
def _agree(user: Any, rows: list[Nomination]) -> int:
    """One class after the other, in the order of their call-ups."""
    calls = {row.call_up_id: row.call_up for row in rows}
    return sum(
        agree_many(actor=user, call_up=calls[key], nominations=[row for row in rows if row.call_up_id == key])
        for key in sorted(calls)
    )


def _unanswered(user: Any) -> list[Nomination]:
    """Refusals of the units' own nominations that can still be answered."""
    rows = Nomination.objects.sent_by(user).filter(state="refused", reply="", own_application=False).not_over()
    return list(rows.filter(replacements__isnull=True).with_people().order_by("-ended_at")[:20])


@units
@require_safe
def call(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One call-up: for whom, places left, who is named and where they stand."""
    call_up = seen_call(request, public_id)
    quotas = reading.own_quotas(
        grant_paths(request.user, UNITS), call_up.quotas.visible_to(request.user).select_related("unit")
    )
    rows = call_up.nominations.visible_to(request.user).with_people().order_by("ended_at", "user__sort_key", "pk")
    found = find_people(rows, request.GET.get("q", ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    steps = steps_at(page.object_list)
    context = {
        "call_up": call_up,
        "facts": facts_of_call(call_up),
        "quotas": quotas,
        "items": [nomination_item(row, steps.get(row.pk)) for row in page.object_list],
        "page": page,
        "may_name": call_up.basis == CallUp.Basis.QUOTA
        and call_up.cohort.state == "nominating"
        and clock.today() <= call_up.nominate_by,
        "is_late": clock.today() > call_up.nominate_by,
    }
    return render(request, "planning/nominations/call.html", context)


def facts_of_call(call_up: CallUp) -> list[tuple[str, str]]:
    """The facts of a call-up as label and words."""
    route = _("名额单位终审") if call_up.unit_confirms else str(call_up.get_route_display())
    return [
        (_("日期"), dates_words(call_up)),
        (_("地点"), call_up.cohort.place or "—"),
        (_("主题"), str(call_up.get_theme_display())),
        (_("对象"), audience_of(call_up).words),
        (_("报名截止"), day_words(call_up.nominate_by)),
        (_("审核"), _("%(route)s，每级 %(n)s 个工作日") % {"route": route, "n": call_up.step_days}),
    ]


def steps_at(rows: Any) -> dict[int, NominationStep]:
    """Where each of these nominations waits, by nomination; one query."""
    steps = NominationStep.objects.current().filter(nomination__in=[row.pk for row in rows])
    return {step.nomination_id: step for step in steps.select_related("unit")}


@units
@require_safe
def hanging(request: HttpRequest) -> HttpResponse:
    """Where the nominations of the user's units hang, the overdue ones first."""
    rows = NominationStep.objects.current().filter(nomination__in=Nomination.objects.sent_by(request.user))
    found = find_people(rows.with_people().order_by("due_on", "pk"), request.GET.get("q", ""), "nomination__user__")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    items = [hanging_item(one) for one in reading.open_steps(page.object_list)]
    return render(request, "planning/nominations/hanging.html", {"items": items, "page": page})


@units
@require_http_methods(["GET", "POST"])
def stand_ins(request: HttpRequest) -> HttpResponse:
    """Who reviews in my place, and whom I review for."""
    form = StandInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if tell(request, lambda: arrange_stand_in(actor=request.user, **data), _("代办已安排。")):
            return redirect("planning:stand-ins")
    rows = StandIn.objects.visible_to(request.user).select_related("holder", "delegate")
    today = clock.today()
    context = {
        "form": form,
        "mine": [_arrangement(row, today) for row in rows if row.holder_id == request.user.pk],
        "for_others": [_arrangement(row, today) for row in rows if row.delegate_id == request.user.pk],
    }
    return render(request, "planning/nominations/stand_ins.html", context, status=422 if form.errors else 200)


def _arrangement(row: StandIn, today: Any) -> dict[str, Any]:
    over, begun = row.ends_on < today, row.starts_on <= today
    return {
        "row": row,
        "span": f"{day_words(row.starts_on)}—{day_words(row.ends_on)}",
        "kind": "todo" if over else "done" if begun else "waiting",
        "word": _("已结束") if over else _("代办中") if begun else _("未开始"),
        "end_url": "" if over else reverse("planning:stand-in-end", args=[row.pk]),
    }


@units
@require_POST
def stand_in_end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(StandIn.objects.filter(holder=request.user).select_related("delegate"), pk=pk)
    tell(request, lambda: end_stand_in(actor=request.user, stand_in=row), _("代办已结束。"))
    return redirect("planning:stand-ins")
