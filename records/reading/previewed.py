"""What a preview of the requirements found: how many would move, and who."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet
from django.urls import reverse

from people.ranks import Regime
from records.models import Bucket, PolicyPreview, PreviewedPerson
from records.presenters.hours import GRACE, MET, SHORT


@dataclass(frozen=True)
class Moves:
    """The people of one regime and bucket: how many, met before and after, and those who move either way."""

    regime: str
    bucket: str
    people: int
    met_before: int
    met_after: int
    to_short: int
    to_met: int
    to_short_url: str
    to_met_url: str


def moves(preview: PolicyPreview) -> list[Moves]:
    """Counted by the database; one query."""
    rows = preview.rows.exclude(regime="").values_list("regime", "bucket", "before", "after")
    found: dict[tuple[str, str], dict[tuple[str, str], int]] = defaultdict(dict)
    for regime, bucket, before, after, count in rows.annotate(n=Count("pk")).order_by():
        found[regime, bucket][before, after] = count
    order = [(r, b) for r in Regime.values for b in Bucket.values if (r, b) in found]
    return [_moves(preview, regime, bucket, found[regime, bucket]) for regime, bucket in order]


def _moves(preview: PolicyPreview, regime: str, bucket: str, counts: dict[tuple[str, str], int]) -> Moves:
    def total(wanted: Any) -> int:
        return sum(count for move, count in counts.items() if wanted(*move))

    return Moves(
        regime=str(Regime(regime).label),
        bucket=str(Bucket(bucket).label),
        people=total(lambda before, after: True),
        met_before=total(lambda before, after: before == MET),
        met_after=total(lambda before, after: after == MET),
        to_short=total(lambda before, after: before != SHORT and after == SHORT),
        to_met=total(lambda before, after: before != MET and after == MET),
        to_short_url=_url(preview, regime, bucket, SHORT),
        to_met_url=_url(preview, regime, bucket, MET),
    )


def _url(preview: PolicyPreview, regime: str, bucket: str, after: str) -> str:
    query = urlencode({"regime": regime, "bucket": bucket, "after": after})
    return f"{reverse('records:previewed', args=[preview.public_id])}?{query}"


def moved_people(preview: PolicyPreview, chosen: dict[str, str]) -> QuerySet[PreviewedPerson]:
    """Those whose state differs under the draft, by name; narrowed by what was chosen."""
    rows = preview.rows.exclude(before=F("after")).select_related("user__unit").order_by("user__sort_key", "pk")
    known = {
        "regime": Regime.values, "bucket": Bucket.values, "before": (MET, GRACE, SHORT), "after": (MET, GRACE, SHORT),
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in chosen.items() if value in known[name]})
