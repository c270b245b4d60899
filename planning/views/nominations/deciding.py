"""The office's word on one nomination."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from planning.forms.calls import DecideForm
from planning.models import Nomination
from planning.presenters.nominations import KINDS, state_words, timeline
from planning.reading.nominations import opened, waits_at, way_of
from planning.services.places import confirm, give_up_place, queue_many, refuse
from planning.services.reviewing import take_up_again
from planning.views.nominations.loading import nomination_of_office, office, tell
from planning.views.nominations.office import confirmed_words, page
from planning.views.nominations.one import facts_of_nomination


def outcomes_of(row: Nomination) -> list[tuple[str, Any]]:
    """What the office may decide now."""
    confirm_word, refuse_word = ("confirm", _("确认")), ("refuse", _("不予确认"))
    if row.state == Nomination.State.AT_OFFICE:
        queue = [("queue", _("列入候补"))] if row.call_up.keeps_waiting_list and row.replaces is None else []
        return [confirm_word, *queue, refuse_word]
    if row.state == Nomination.State.WAITING:
        return [confirm_word, refuse_word]
    if row.state == Nomination.State.CONFIRMED:
        return [("give_up", _("退出名额（开班前不能参加）"))]
    if row.state == Nomination.State.REFUSED and row.reply:
        return [("take_up", _("重新办理"))]
    return []


@office
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The facts, the way, and what the office may do; whoever comes later reads what happened."""
    row = nomination_of_office(request, public_id)
    outcomes = outcomes_of(row)
    form = DecideForm(request.POST or None, outcomes=outcomes)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            done = _decide(request, row, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            status = 409 if refusal.code == "conflict" else 422
        else:
            tell(request, lambda: None, done)
            return redirect("planning:call-up", public_id=row.call_up.cohort.public_id)
    return _page(request, row, form if outcomes else None, status=status if not form.errors or status == 409 else 422)


def _page(request: HttpRequest, row: Nomination, form: DecideForm | None, *, status: int) -> HttpResponse:
    steps = way_of(row)
    desk = waits_at(row, steps)
    return page(
        request, "nomination", row.call_up.cohort, row=row, form=form, status=status,
        state={"kind": KINDS[row.state], "word": state_words(row, desk.step if desk else None)},
        facts=facts_of_nomination(row),
        timeline=timeline(steps, row, opened(desk) if desk else None),
    )  # fmt: skip


def _decide(request: HttpRequest, row: Nomination, data: dict[str, Any]) -> str:
    """Carry the decision out; what to say about it."""
    actor, reason = request.user, data["reason"]
    if data["outcome"] == "confirm":
        return confirmed_words(confirm(actor=actor, nomination=row))
    if data["outcome"] == "queue":
        queue_many(actor=actor, call_up=row.call_up, nominations=[row])
        return _("已列入候补。")
    if data["outcome"] == "refuse":
        refuse(actor=actor, nomination=row, reason=reason)
        return _("已办理，单位和本人会看到理由。")
    if data["outcome"] == "give_up":
        give_up_place(actor=actor, nomination=row, reason=reason)
        return _("名额已空出。")
    take_up_again(actor=actor, nomination=row)
    return _("已重新办理，提名回到待确认。")
