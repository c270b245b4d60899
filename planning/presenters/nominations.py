"""Nominations, their way and their facts as ready strings for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words
from people.models import Posting
from planning.models import CallUp, Nomination, NominationStep
from planning.reading.desks import holder_words
from planning.reading.nominations import Open, Place
from planning.reading.nominee_facts import Facts

KINDS = {
    "reviewing": "waiting",
    "at_office": "waiting",
    "waiting": "info",
    "confirmed": "done",
    "refused": "failed",
    "withdrawn": "todo",
}


def state_words(row: Nomination, step: NominationStep | None = None) -> str:
    """The state in words: at which desk, which number of the waiting list."""
    if row.state == "reviewing" and step is not None and step.unit is not None:
        return _("%(unit)s审核中") % {"unit": step.unit.name}
    if row.state == "waiting":
        return _("候补第 %(no)s 位") % {"no": row.queue_no}
    return str(row.get_state_display())


def post_words(row: Nomination) -> str:
    """Post, level and rank as they were when the person was named."""
    return posting_words(row.posting)


def posting_words(posting: Posting | None) -> str:
    """Post, level and rank; a rank that is also the post is said once."""
    if posting is None:
        return _("没有现任职务")
    words = [posting.post, str(posting.get_level_display()), str(posting.get_rank_display())]
    return " · ".join(filter(None, dict.fromkeys(words)))


def nomination_item(row: Nomination, step: NominationStep | None, *, cohort: bool = False) -> dict[str, Any]:
    """One nomination as an entry of a list."""
    parts = [row.call_up.cohort.full_title if cohort else "", row.unit.name, post_words(row)]
    return {
        "title": row.user.name,
        "url": reverse("planning:nomination", args=[row.public_id]),
        "sub": " · ".join(filter(None, [*parts, *row.warnings])),
        "state": KINDS[row.state],
        "state_word": state_words(row, step),
    }


def waiting_item(step: NominationStep, *, late: bool) -> dict[str, Any]:
    """A step that waits for me: who, for which class, until when."""
    row = step.nomination
    due = _("%(day)s前办理") % {"day": day_words(step.due_on)} if step.due_on else ""
    return {
        "pk": row.pk,
        "title": row.user.name,
        "url": reverse("planning:nomination", args=[row.public_id]),
        "sub": " · ".join(filter(None, [row.call_up.cohort.full_title, row.unit.name, due])),
        "state": "risk" if late else "waiting",
        "state_word": _("已逾期") if late else _("待审核"),
    }


def hanging_item(one: Open) -> dict[str, Any]:
    """Where a nomination hangs: whose desk, since when, until when."""
    step = one.step
    desk = _("%(unit)s：%(who)s") % {"unit": desk_name(step), "who": holder_words(one.holders, one.names)}
    return {
        "title": step.nomination.user.name,
        "url": reverse("planning:nomination", args=[step.nomination.public_id]),
        "sub": " · ".join([step.nomination.call_up.cohort.full_title, desk, since_words(step), due_words(step)]),
        "state": "risk" if one.is_late else "waiting",
        "state_word": _("已逾期") if one.is_late else _("办理中"),
    }


def desk_name(step: NominationStep) -> str:
    return step.unit.name if step.unit else _("培训处")


def since_words(step: NominationStep) -> str:
    return _("%(day)s收到") % {"day": _short(step.came_at)} if step.came_at else ""


def due_words(step: NominationStep) -> str:
    return _("应于%(day)s前办理") % {"day": _short(step.due_on)} if step.due_on else ""


def _short(day: Any) -> str:
    return f"{day.month}月{day.day}日"


def place_item(place: Place) -> dict[str, Any]:
    """A call-up with places left and deadline."""
    call_up = place.call_up
    quotas = "、".join(
        _("%(unit)s %(places)s 个，还剩 %(left)s 个") % {"unit": q.unit.name, "places": q.places, "left": q.left}
        for q in place.quotas
    )
    closed = _("已截止") if place.is_late else _("还剩 %(n)s 个名额") % {"n": place.left}
    return {
        "title": call_up.cohort.full_title,
        "url": reverse("planning:nominations-call", args=[call_up.cohort.public_id]),
        "sub": " · ".join([dates_words(call_up), quotas, _("%(day)s截止") % {"day": day_words(call_up.nominate_by)}]),
        "state": "todo" if place.is_late else "waiting" if place.left else "done",
        "state_word": closed,
    }


def dates_words(call_up: CallUp) -> str:
    """2026年11月23日—27日, with month or year again where they change."""
    first, last = call_up.cohort.starts_on, call_up.cohort.ends_on
    if first == last:
        return day_words(first)
    return f"{day_words(first)}—{day_words(last) if first.year != last.year else _short(last)}"


def candidate(user: Any, facts: Facts) -> dict[str, Any]:
    """A person to be picked, with the facts that matter and why they cannot be named."""
    return {
        "pk": user.pk,
        "name": user.name,
        "unit": user.unit.name if user.unit else "",
        "post": posting_words(facts.posting),
        "hours": facts.hours,
        "competency": facts.competency,
        "classes": facts.classes,
        "warnings": facts.verdict.warnings,
        "blocks": facts.verdict.blocks,
        "can": facts.can_be_named,
    }


def timeline(steps: Iterable[NominationStep], row: Nomination, current: Open | None) -> list[dict[str, Any]]:
    """The way: each step with who decided, for whom, and where it waits now."""
    items = []
    for step in steps:
        items.append(_decided(step, row) if step.decision else _pending(step, row, current))
    if row.state in ("refused", "withdrawn") or row.reply:
        items += _ending(row)
    return items


def _decided(step: NominationStep, row: Nomination) -> dict[str, Any]:
    named = step.position == 0 and not row.own_application and step.decided_by_id == row.made_by_id
    outcome = _("提名") if named else step.get_decision_display()
    return {
        "when": step.decided_at,
        "title": f"{desk_name(step)}：{outcome}",
        "text": "，".join(filter(None, [_who(step), step.reason])),
        "kind": "failed" if step.decision == NominationStep.Decision.REFUSED else "done",
    }


def _who(step: NominationStep) -> str:
    name = step.decided_by.name if step.decided_by else ""
    if step.on_behalf_of:
        name = _("%(who)s（代%(other)s）") % {"who": name, "other": step.on_behalf_of.name}
    return _("%(who)s（上级代办）") % {"who": name} if step.taken_over else name


def _pending(step: NominationStep, row: Nomination, current: Open | None) -> dict[str, Any]:
    here = current is not None and current.step.pk == step.pk
    if not here or current is None:
        return {"when_words": _("未开始"), "title": desk_name(step), "kind": "todo"}
    who = holder_words(current.holders, current.names)
    return {
        "when": step.came_at,
        "title": _("%(unit)s：待办理") % {"unit": desk_name(step)},
        "text": f"{who}，{due_words(step)}" + (_("，已逾期") if current.is_late else ""),
        "kind": "risk" if current.is_late else "waiting",
    }


def _ending(row: Nomination) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if row.ended_at:
        kind = "failed" if row.state == "refused" else "todo"
        items.append({"when": row.ended_at, "title": row.get_state_display(), "text": row.end_reason, "kind": kind})
    if row.reply:
        items.append({"when": row.replied_at, "title": _("提名方回复"), "text": row.reply, "kind": "info"})
    return items
