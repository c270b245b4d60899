"""The forecast of many people, read from the ready figures: counts by regime, bucket and state, and the people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from people.models import Unit
from people.ranks import Regime
from records.models import Bucket, CadreOutlook, OutlookLine, Window
from records.reading.gaps import KINDS, state_words
from records.rules.forecast import AT_RISK, MET, ON_COURSE, SHORT, STATES

LEAST_GROUP = 5  # fewer people are not told to leaders


@dataclass(frozen=True)
class Tally:
    """The people of one requirement or one unit by state; hidden where they are too few to be told.

    ``chosen`` holds the filters of the list that shows these people.
    """

    label: str
    requirement: str
    counts: dict[str, int]
    chosen: dict[str, str]
    hidden: bool = False

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def cells(self) -> list[int]:
        return [self.counts.get(state, 0) for state in STATES]


def by_requirement(outlooks: QuerySet[CadreOutlook], *, least: int = 0) -> list[Tally]:
    """Each requirement of each regime with its people by state; one query. Below ``least`` people nothing is told."""
    rows = OutlookLine.objects.filter(outlook__in=outlooks.order_by().values("pk"))
    counted = rows.values_list("outlook__regime", "bucket", "window", "state").annotate(n=Count("pk")).order_by()
    found: dict[tuple[str, str, str], dict[str, int]] = defaultdict(dict)
    for regime, bucket, window, state, count in counted:
        found[regime, bucket, window][state] = count
    order = [(r, b, w) for r in Regime.values for b in Bucket.values for w in Window.values if (r, b, w) in found]
    return [
        _tally(
            str(Regime(regime).label), requirement_words(bucket, window), found[regime, bucket, window],
            {"regime": regime, "bucket": bucket, "window": window}, least,
        )
        for regime, bucket, window in order
    ]  # fmt: skip


def requirement_words(bucket: str, window: str) -> str:
    return f"{Bucket(bucket).label}（{Window(window).label}）"


def by_unit(outlooks: QuerySet[CadreOutlook], units: list[Unit], *, least: int = 0) -> list[Tally]:
    """Each of the units with everything below it, in the order of the tree; a cadre counts once, at the worst state."""
    rows = outlooks.exclude(state="").values_list("unit__path", "state").annotate(n=Count("pk")).order_by()
    paths = list(rows)
    found = []
    for unit in units:
        counts: dict[str, int] = defaultdict(int)
        for path, state, count in paths:
            if path.startswith(unit.path):
                counts[state] += count
        if counts:
            found.append(_tally(unit.name, "", dict(counts), {"unit": str(unit.pk)}, least))
    return found


def _tally(label: str, requirement: str, counts: dict[str, int], chosen: dict[str, str], least: int) -> Tally:
    return Tally(label, requirement, counts, chosen, hidden=sum(counts.values()) < least)


def children_of(reader_units: QuerySet[Unit], chosen: Unit | None) -> list[Unit]:
    """The units one step below the chosen one; without a choice, below the highest unit of the reader."""
    units = list(reader_units.order_by("path"))
    if chosen is None:
        if not units:
            return []
        chosen = units[0]
    return [unit for unit in units if unit.path.startswith(chosen.path) and unit.depth == chosen.depth + 1]


def filtered(
    outlooks: QuerySet[CadreOutlook], *, regime: str = "", state: str = "", bucket: str = "", window: str = ""
) -> QuerySet[CadreOutlook]:
    """Outlooks of a regime, and of a state: of a requirement where bucket or window are chosen, else as a whole."""
    if regime:
        outlooks = outlooks.filter(regime=regime)
    requirement = {name: value for name, value in (("bucket", bucket), ("window", window)) if value}
    if requirement:
        of_state = {"state": state} if state else {}
        lines = OutlookLine.objects.filter(**requirement, **of_state)
        return outlooks.filter(pk__in=lines.values("outlook"))
    return outlooks.filter(state=state) if state else outlooks


def heads() -> list[str]:
    return [state_words()[state] for state in STATES]


def definitions() -> list[tuple[str, str]]:
    """What each state means, as the pages say it."""
    words = state_words()
    return [
        (words[MET], _("今天已经达到要求（任一种量达到即可）。")),
        (
            words[ON_COURSE],
            _("已确认、未结班的班次按全勤计入后，到期限时可以达到；或者已取得的份额不低于期限内已过整月的份额。"),
        ),
        (words[AT_RISK], _("以上都不是，剩余的天数还够补足。")),
        (words[SHORT], _("期限已到，或者剩余的天数已经不够。近五年的要求看到本年12月31日。")),
    ]


def rows_of(outlooks: list[CadreOutlook], bucket: str = "", window: str = "") -> list[dict[str, Any]]:
    """People with their lines of the bucket and window, ready for the page; the lines were fetched with them."""
    words = state_words()
    return [
        {
            "person": one.user,
            "as_of": one.as_of,
            "regime": str(Regime(one.regime).label) if one.regime else "",
            "lines": [
                {
                    "key": f"{one.regime}-{line.bucket}-{line.window}",
                    "bucket": str(Bucket(line.bucket).label),
                    "line": line,
                    "kind": KINDS[line.state],
                    "word": words[line.state],
                }
                for line in one.lines.all()
                if bucket in ("", line.bucket) and window in ("", line.window)
            ],
        }
        for one in outlooks
    ]


def export_rows(outlooks: QuerySet[CadreOutlook], bucket: str = "", window: str = "") -> Iterator[list[Any]]:
    """One line per cadre and requirement."""
    chunk = outlooks.select_related("user", "unit").prefetch_related("lines")
    for row in rows_of(list(chunk), bucket, window):
        for one in row["lines"]:
            line = one["line"]
            yield [
                row["person"].work_number, row["person"].name, row["person"].unit.name if row["person"].unit else "",
                row["regime"], one["bucket"], line.window_words, line.reached, one["word"], line.lack, line.closing,
            ]  # fmt: skip
