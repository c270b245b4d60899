"""Check-in codes that change every ten seconds: valid for one half day and two steps only."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

STEP_SECONDS = 10
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, O, 1 and I, which people mix up
KEY_LENGTH, LONG, SHORT = 8, 12, 6
LONGEST_TYPED = 40


@dataclass(frozen=True)
class Source:
    """What the codes of one check-in are made from; ``place`` names its class and half day."""

    key: str
    secret: str
    place: str


@dataclass(frozen=True)
class Window:
    """When codes are accepted, and from when on a scan means late."""

    opens_at: datetime
    late_after: datetime
    closes_at: datetime

    def holds(self, moment: datetime) -> bool:
        return self.opens_at <= moment <= self.closes_at

    def is_late(self, moment: datetime) -> bool:
        return moment > self.late_after


def window(start: datetime, *, before: int, late: int, after: int) -> Window:
    """The window around the beginning of the lesson, in minutes."""
    return Window(start - timedelta(minutes=before), start + timedelta(minutes=late), start + timedelta(minutes=after))


def step_of(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def seconds_left(moment: datetime) -> int:
    """How long the code of this moment is still the newest."""
    return STEP_SECONDS - int(moment.timestamp()) % STEP_SECONDS


def letters(data: bytes, length: int) -> str:
    """Characters of our alphabet, five bits each."""
    number = int.from_bytes(data, "big")
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(length))


def _code(source: Source, step: int, length: int) -> str:
    words = f"{source.place}|{length}|{step}".encode()
    return letters(hmac.new(source.secret.encode(), words, hashlib.sha256).digest(), length)


def scan_code(source: Source, moment: datetime) -> str:
    """What the QR code carries: which check-in, and the proof that its screen was just seen."""
    return source.key + _code(source, step_of(moment), LONG)


def short_code(source: Source, moment: datetime) -> str:
    """Six characters that a person can type."""
    return _code(source, step_of(moment), SHORT)


def plain(typed: str) -> str:
    """A code as it was meant: capitals, no spaces or dashes; empty when it cannot be a code."""
    text = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    text = "".join(text.split()).replace("-", "")
    return text if len(text) in (SHORT, KEY_LENGTH + LONG) and set(text) <= set(ALPHABET) else ""


def key_of(code: str) -> str:
    """The check-in that a scanned code names; empty for a typed one."""
    return code[:KEY_LENGTH] if len(code) == KEY_LENGTH + LONG else ""


def is_valid(code: str, source: Source, moment: datetime) -> bool:
    """Whether the code is this check-in's of the present step or the one before."""
    make = scan_code if key_of(code) else short_code
    steps = (moment, moment - timedelta(seconds=STEP_SECONDS))
    return bool(code) and any(hmac.compare_digest(code, make(source, at)) for at in steps)
