"""Discipline: the levels in their order, and what an open record means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

TALK, CRITICISM, DISMISSAL = "talk", "criticism", "dismissal"
LADDER = (TALK, CRITICISM, DISMISSAL)  # 约谈提醒 → 通报批评 → 责令退学
REPLY_WORKDAYS = 3


def next_level(before: Iterable[str]) -> str:
    """The level that follows those already confirmed against a member; a suggestion, a person decides."""
    reached = max((LADDER.index(level) for level in before if level in LADDER), default=-1)
    return LADDER[min(reached + 1, len(LADDER) - 1)]


def needs_office(level: str) -> bool:
    """A talk is the class teacher's; public criticism and dismissal are the training office's, with a document."""
    return level != TALK


def open_words(causes: Sequence[str]) -> str:
    """The sentence of graduation's condition 纪律."""
    if not causes:
        return _("没有未办结的纪律事项")
    return _("%(n)s 件纪律事项未办结：%(what)s") % {"n": len(causes), "what": "；".join(causes)}
