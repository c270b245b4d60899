"""Claims in the words of their pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.linghang import day, hours, moment
from records.models import ClaimDecision, HourClaim

KINDS = {
    "unit": "waiting",
    "office": "waiting",
    "credited": "done",
    "refused": "failed",
    "withdrawn": "info",
    "reversed": "failed",
}


def amount_words(days: Any, worth: Any) -> str:
    return _("%(d)s 天，%(h)s 学时") % {"d": hours(days), "h": hours(worth)}


def claim_state(claim: HourClaim) -> dict[str, str]:
    return {"kind": KINDS[claim.state], "word": str(claim.get_state_display())}


def claim_facts(claim: HourClaim) -> list[tuple[str, str]]:
    kinds = f"{claim.get_bucket_display()} · {claim.get_category_display()} · {claim.get_mode_display()}"
    return [
        (_("培训名称"), claim.title),
        (_("主办单位"), claim.organiser),
        (_("类别"), kinds),
        (_("日期"), f"{day(claim.starts_on)}—{day(claim.ends_on)}"),
        (_("申报"), amount_words(claim.days, claim.hours)),
        (_("证书编号"), claim.certificate_no or "—"),
        (_("提交时间"), moment(claim.submitted_at)),
    ]


def history(claim: HourClaim) -> list[dict[str, Any]]:
    """What happened so far, newest last: this claim and those it follows."""
    chain = [claim]
    while chain[0].follows is not None:
        chain.insert(0, chain[0].follows)
    return [item for one in chain for item in _events(one)]


def _events(claim: HourClaim) -> list[dict[str, Any]]:
    asked = amount_words(claim.days, claim.hours)
    found = [_event(claim.submitted_at, _("本人提交"), _("申报 %(n)s") % {"n": asked}, "info")]
    found += [_decided(decision) for decision in claim.decisions.all()]
    if claim.state == HourClaim.State.WITHDRAWN:
        found.append(_event(claim.ended_at, _("本人撤回"), "", "info"))
    if claim.state == HourClaim.State.REVERSED and claim.entry:
        line = claim.entry.reversed_by
        title = _("培训处：冲销 %(n)s") % {"n": amount_words(-line.days, -line.hours)}
        found.append(_event(line.recorded_at, title, line.label, "failed"))
    return found


def _event(when: Any, title: str, text: str, kind: str) -> dict[str, Any]:
    return {"when": when, "when_words": moment(when), "title": title, "text": text, "kind": kind}


def _decided(decision: ClaimDecision) -> dict[str, Any]:
    step, accepted = decision.get_step_display(), decision.outcome == ClaimDecision.Outcome.ACCEPT
    if not accepted:
        return _event(decision.at, _("%(step)s：不予认定") % {"step": step}, decision.reason, "failed")
    title = _("%(step)s：同意") % {"step": step}
    if decision.step == ClaimDecision.Step.OFFICE:
        said = {"step": step, "n": amount_words(decision.days, decision.hours)}
        title = _("%(step)s：认定 %(n)s") % said
    return _event(decision.at, title, decision.reason, "done")


def own_item(claim: HourClaim) -> dict[str, Any]:
    """A row of the cadre's list."""
    state = claim_state(claim)
    return {
        "title": claim.title,
        "url": reverse("records_own:claim", args=[claim.public_id]),
        "sub": f"{claim.get_bucket_display()}，{amount_words(claim.days, claim.hours)}，{day(claim.ends_on)}",
        "state": state["kind"],
        "state_word": state["word"],
    }
