"""What a decision about a claim needs to see: possible duplicates, and compliance before and after."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.linghang import day, hours
from records.models import HourClaim, HourEntry
from records.presenters.hours import KINDS, reached_words, state_labels, state_of, window_words
from records.reading.hours import assessed_with
from records.rules.compliance import WindowResult
from records.rules.counting import EntryValue
from records.rules.duplicates import CERTIFICATE, DAYS, TITLE, Match, Training, matches
from records.rules.forecast import same_requirement

REASONS = {
    CERTIFICATE: gettext_lazy("证书编号相同"), DAYS: gettext_lazy("日期重叠"), TITLE: gettext_lazy("名称相近"),
}  # fmt: skip
STANDING = (HourClaim.State.UNIT, HourClaim.State.OFFICE, HourClaim.State.CREDITED)


def training_of(claim: HourClaim) -> Training:
    return Training(
        f"claim:{claim.pk}", claim.bucket, claim.starts_on, claim.ends_on, claim.title, claim.certificate_no
    )


def duplicates_of(claim: HourClaim) -> list[dict[str, Any]]:
    """Credited lines and other claims of the same person that may be the same training, with why; two queries."""
    entries = HourEntry.objects.standing().filter(user=claim.user_id)
    lines = {f"entry:{e.pk}": e for e in entries.exclude(source_key=f"claim:{claim.public_id}")}
    claims = HourClaim.objects.filter(user=claim.user_id, state__in=STANDING).exclude(pk=claim.pk)
    others = {f"claim:{c.pk}": c for c in claims if c.entry_id is None}
    known = [_training_of_entry(key, entry) for key, entry in lines.items()]
    known += [training_of(other) for other in others.values()]
    return [_shown(match, lines, others) for match in matches(training_of(claim), known)]


def _training_of_entry(key: str, entry: HourEntry) -> Training:
    """A line knows the last day alone; the days before it are taken from its length."""
    length = max(int(entry.days) - 1, 0)
    first = max(entry.earned_on - timedelta(days=length), date(entry.earned_on.year, 1, 1))
    return Training(key, entry.bucket, first, entry.earned_on, entry.label, entry.evidence_no)


def _shown(match: Match, lines: dict[str, HourEntry], others: dict[str, HourClaim]) -> dict[str, Any]:
    entry, other = lines.get(match.other.key), others.get(match.other.key)
    row: Any = entry or other
    return {
        "title": match.other.title,
        "kind": _("已计入的学时") if entry else _("另一份申报（%(state)s）") % {"state": row.get_state_display()},
        "when": day(match.other.ends_on),
        "amount": _("%(d)s 天，%(h)s 学时") % {"d": hours(row.days), "h": hours(row.hours)},
        "number": match.other.certificate_no,
        "why": "、".join(str(REASONS[why]) for why in match.why),
        "url": reverse("records:claim", args=[other.public_id]) if other else "",
    }


def before_and_after(claim: HourClaim, on: date) -> list[dict[str, Any]]:
    """The requirements of the claim's bucket as they stand, and as they would stand with everything credited."""
    line = EntryValue(
        -1, claim.bucket, Decimal(claim.days), Decimal(claim.hours), claim.ends_on, claim.title, claim.category,
        claim.mode,
    )  # fmt: skip
    before, after = assessed_with(claim.user_id, line, on)
    standing = [one for one in before if one.bucket == claim.bucket and one.applies_to is None]
    pairs = [(old, next((new for new in after if same_requirement(new, old)), None)) for old in standing]
    return [
        {
            "window": window_words(old),
            "before": reached_words(old.measures),
            "after": reached_words(new.measures),
            **_state("before", old, before),
            **_state("after", new, after),
        }
        for old, new in pairs
        if new is not None
    ]


def _state(name: str, result: WindowResult, results: list[WindowResult]) -> dict[str, str]:
    state = state_of(result, results)
    return {f"{name}_kind": KINDS[state], f"{name}_word": state_labels()[state]}
