"""The cadre's own nominations in words, and the open classes for which one may ask."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts.models import CohortState
from cohorts.presenters.figures import day_words
from core import clock
from core.posted import short_text
from people.permissions import requires_sign_in
from planning.forms.calls import ApplyForm, EndForm, ReplyForm
from planning.models import CallUp, Nomination, NominationStep
from planning.presenters.nominations import KINDS, dates_words, state_words
from planning.reading.call_facts import audience_of
from planning.reading.filled import places_left, with_filled
from planning.reading.nominee_facts import Own, own_facts
from planning.services.nominations import apply_for_class
from planning.views.nominations.front import steps_at
from planning.views.nominations.loading import tell


@requires_sign_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Where one's own nominations stand."""
    rows = list(Nomination.objects.filter(user=request.user).with_people().order_by("-made_at", "-pk")[:50])
    steps = steps_at(rows)
    context = {
        "items": [_own(row, steps.get(row.pk)) for row in rows],
        "sentence": _sentence(rows),
        "end_form": EndForm(),
        "reply_form": ReplyForm(),
    }
    return render(request, "planning/nominations/mine.html", context)


def _sentence(rows: list[Nomination]) -> str:
    open_ones = sum(row.state in Nomination.OPEN and _held(row) for row in rows)
    today = clock.today()
    coming = [row for row in rows if row.state == "confirmed" and _held(row) and row.call_up.cohort.starts_on >= today]
    if coming:
        cohort = coming[-1].call_up.cohort
        return _("您已确认参加“%(title)s”，%(day)s开班。") % {
            "title": cohort.full_title,
            "day": day_words(cohort.starts_on),
        }
    if open_ones:
        return _("有 %(n)s 份报名正在办理。") % {"n": open_ones}
    return _("目前没有正在办理的报名。")


def _held(row: Nomination) -> bool:
    """Whether the class is not cancelled."""
    return bool(row.call_up.cohort.state != CohortState.CANCELLED)


def _own(row: Nomination, step: NominationStep | None) -> dict[str, Any]:
    own = row.own_application
    return {
        "row": row,
        "title": row.call_up.cohort.full_title,
        "dates": dates_words(row.call_up),
        "kind": KINDS[row.state],
        "word": state_words(row, step),
        "how": _("本人报名") if own else _("由%(unit)s提名") % {"unit": row.unit.name},
        "text": _story(row, step),
        "may_withdraw": own and row.state in Nomination.OPEN,
        "may_give_up": own and row.state == "confirmed" and row.call_up.cohort.starts_on > clock.today(),
        "may_reply": own and row.state == "refused" and not row.reply,
    }


def _story(row: Nomination, step: NominationStep | None) -> str:
    """The state of one's nomination as a sentence; the reason only where it was refused or ended."""
    if not _held(row):
        return _("班次已取消。")
    if row.state == "reviewing" and step is not None and step.unit is not None:
        due = _("，应于%(day)s前办理") % {"day": day_words(step.due_on)} if step.due_on else ""
        return _("正由%(unit)s审核%(due)s。") % {"unit": step.unit.name, "due": due}
    words = {
        "at_office": _("单位已审核，正等培训处确认。"),
        "waiting": _("名额已满，您在候补名单第 %(no)s 位；有名额空出时由培训处依次确认。") % {"no": row.queue_no},
        "confirmed": _("已确认参加，请按时报到。"),
        "refused": _("未通过，原因：%(why)s") % {"why": row.end_reason},
        "withdrawn": _("已撤回：%(why)s") % {"why": row.end_reason},
    }
    return words.get(row.state, "")


@requires_sign_in
@require_safe
def open_classes(request: HttpRequest) -> HttpResponse:
    """Classes for which one may ask, each with what is free, for whom it is, and why it may suit."""
    offered = with_filled(CallUp.objects.offered_to(request.user))
    rows = list(offered.select_related("cohort__host").order_by("nominate_by", "pk"))
    named = {row.call_up_id: row for row in Nomination.objects.standing().filter(user=request.user, call_up__in=rows)}
    facts = own_facts(request.user, rows)
    items = [_offer(facts, call_up, named.get(call_up.pk)) for call_up in rows]
    return render(request, "planning/nominations/open_classes.html", {"items": items, "form": ApplyForm()})


def _offer(facts: Own, call_up: CallUp, known: Nomination | None) -> dict[str, Any]:
    verdict = facts.verdicts[call_up.pk]
    left = places_left(call_up)
    late = clock.today() > call_up.nominate_by
    return {
        "call_up": call_up,
        "title": call_up.cohort.full_title,
        "dates": dates_words(call_up),
        "audience": audience_of(call_up).words,
        "left": left,
        "deadline": day_words(call_up.nominate_by),
        "why": _why(facts, call_up.theme),
        "blocks": [] if known else [*verdict.blocks, *([_("报名已截止")] if late else [])],
        "warnings": verdict.warnings,
        "waits": left == 0 and call_up.keeps_waiting_list,
        "is_full": left == 0 and not call_up.keeps_waiting_list,
        "known": state_words(known) if known else "",
        "kind": KINDS[known.state] if known else "",
    }


def _why(facts: Own, theme: str) -> list[str]:
    """Why the class may suit: a gap in the competency that it serves, or required training that is not reached."""
    known = facts.competency.get(theme)
    found = [_("能力差距：%(what)s") % {"what": known}] if known else []
    return [*found, *(_("应训缺口：%(what)s") % {"what": one} for one in facts.hours)]


@requires_sign_in
@require_POST
def apply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    rows = CallUp.objects.offered_to(request.user).select_related("cohort__host")
    call_up = get_object_or_404(rows, cohort__public_id=public_id)
    reason = short_text(request, "reason", 300)
    act = lambda: apply_for_class(actor=request.user, call_up=call_up, reason=reason)  # noqa: E731
    done = tell(request, act, _("报名已提交，正在审核。"))
    return redirect("planning:my-nominations" if done else "planning:open-classes")
