"""Clashes of the timetable: one room, one lecturer, one group is in one place at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext as _

from cohorts.rules.schedule import groups_words


@dataclass(frozen=True)
class Booking:
    """An entry of one day as the rule sees it; ``tracks`` are the numbers of its groups, none for the whole class."""

    cohort: int
    class_title: str
    title: str
    starts_at: time
    ends_at: time
    room: str = ""
    lecturer: int | None = None
    lecturer_name: str = ""
    tracks: frozenset[int] = frozenset()


def clashes(one: Booking, others: Iterable[Booking]) -> list[str]:
    """Who or what is taken at that time by entries of the same day, as sentences."""
    return [sentence for other in others if _at_once(one, other) and (sentence := _clash(one, other))]


def _at_once(one: Booking, other: Booking) -> bool:
    """One that ends as the other begins does not touch it."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _clash(one: Booking, other: Booking) -> str:
    words = {
        "from": f"{other.starts_at:%H:%M}",
        "to": f"{other.ends_at:%H:%M}",
        "class": other.class_title,
        "title": other.title,
    }
    if one.lecturer and other.lecturer == one.lecturer:
        return _("%(who)s %(from)s至%(to)s已在“%(class)s”讲授《%(title)s》") % {"who": other.lecturer_name, **words}
    if one.room and other.room == one.room:
        return _("%(room)s %(from)s至%(to)s已安排“%(class)s”的《%(title)s》") % {"room": other.room, **words}
    if not _share_members(one, other):
        return ""
    who = groups_words(one.tracks & other.tracks or one.tracks or other.tracks) or _("本班")
    return _("%(who)s %(from)s至%(to)s已排《%(title)s》") % {"who": who, **words}


def _share_members(one: Booking, other: Booking) -> bool:
    """The same class, unless each is for groups of its own."""
    if one.cohort != other.cohort:
        return False
    return not one.tracks or not other.tracks or bool(one.tracks & other.tracks)
