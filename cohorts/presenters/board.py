"""The graduation board as ready rows, columns and lists: who stands where, and who can be saved by what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Cohort, ConditionWaiver, Membership
from cohorts.presenters.members import member_url
from cohorts.reading.tally import Tally
from cohorts.rules.graduation import Condition, granted, why_not_waivable
from cohorts.rules.saving import Way


def columns(tally: Tally) -> list[dict[str, Any]]:
    """Name, conclusion, and each condition with how many meet it: 48 / 50."""
    fulfilled, everybody = tally.fulfilled(), len(tally.verdicts)
    can = len(tally.picked("can"))
    return [
        {"label": _("姓名")},
        {"label": _("结论"), "sub": f"{can} / {everybody}"},
        *({"label": label, "sub": f"{fulfilled[key]} / {everybody}"} for key, label in tally.conditions.items()),
    ]


def verdict_cell(conditions: list[Condition], *, decided: bool) -> dict[str, str]:
    """The conclusion, and what is still missing by name."""
    if granted(conditions):
        return {"text": "", "state": "done", "state_word": _("结业") if decided else _("可以结业")}
    open_ones = "、".join(dict.fromkeys(c.label for c in conditions if not c.met))
    word, state = (_("未结业"), "failed") if decided else (_("还有未满足"), "todo")
    return {"text": "", "state": state, "state_word": word, "sub": _("还差：%(what)s") % {"what": open_ones}}


def condition_words(condition: Condition | None) -> str:
    """A cell of the exported board: the word and the reason."""
    if condition is None:
        return ""
    word = _("已豁免") if condition.waived else _("已满足") if condition.met else _("未满足")
    return f"{word}：{condition.detail}"


def left_over(
    cohort: Cohort,
    key: str,
    label: str,
    total: int,
    people: Iterable[tuple[Membership, list[Way]]],
    *,
    may_waive: bool,
) -> dict[str, Any]:
    """One missing condition with those who miss it and the ways that are open to each."""
    shown = [
        {
            "name": member.user.name,
            "unit": member.unit.name,
            "url": member_url(cohort, member),
            "ways": [way.sentence for way in found],
            "waive_url": waivers_url(cohort, member) if may_waive and not why_not_waivable(key) else "",
        }
        for member, found in people
    ]
    return {"key": key, "label": label, "total": total, "people": shown}


def waivers_url(cohort: Cohort, member: Membership) -> str:
    return reverse("cohorts:member-waivers", args=[cohort.public_id, member.public_id])


def waiver_row(waiver: ConditionWaiver, cohort: Cohort, *, may_revoke: bool) -> dict[str, Any]:
    """A waiver with who gave it, and the way to take it back."""
    member = waiver.membership
    address = [cohort.public_id, member.public_id, waiver.public_id]
    stands = waiver.revoked_at is None
    return {
        "waiver": waiver,
        "name": member.user.name,
        "stands": stands,
        "revoke_url": reverse("cohorts:waiver-revoke", args=address) if may_revoke and stands else "",
    }
