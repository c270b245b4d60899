"""Hours that may be claimed twice: the same person, and the same certificate, days or title; pure functions."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

SIMILAR = 0.75  # share of equal characters from which two titles are taken for one
CERTIFICATE, DAYS, TITLE = "certificate", "days", "title"


@dataclass(frozen=True)
class Training:
    """A claim or a credited line of one person: its bucket, first and last day, title and certificate number."""

    key: str
    bucket: str
    starts_on: date
    ends_on: date
    title: str
    certificate_no: str = ""


@dataclass(frozen=True)
class Match:
    """Another training and what it has in common: certificate, days, title."""

    other: Training
    why: tuple[str, ...]


def plain(text: str) -> str:
    """What stays of a title or number when width, case, spaces and signs are left out."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def similar(one: str, other: str) -> bool:
    first, second = plain(one), plain(other)
    if not first or not second:
        return False
    if len(min(first, second, key=len)) >= 6 and (first in second or second in first):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= SIMILAR


def matches(claim: Training, others: Iterable[Training]) -> list[Match]:
    """Those that may be the same training: by certificate, or within a bucket by days or by the year's title."""
    found = [Match(other, why) for other in others if other.key != claim.key and (why := _common(claim, other))]
    return sorted(found, key=lambda match: -len(match.why))


def _common(one: Training, other: Training) -> tuple[str, ...]:
    why = []
    if one.certificate_no and plain(one.certificate_no) == plain(other.certificate_no):
        why.append(CERTIFICATE)
    if one.bucket == other.bucket:
        if one.starts_on <= other.ends_on and other.starts_on <= one.ends_on:
            why.append(DAYS)
        if one.ends_on.year == other.ends_on.year and similar(one.title, other.title):
            why.append(TITLE)
    return tuple(why)
