"""The life of a nomination, the way it goes, and who may be named: rules without a database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from people.ranks import Level, Rank, Regime, regime_of

REVIEWING, AT_OFFICE, WAITING = "reviewing", "at_office", "waiting"
CONFIRMED, REFUSED, WITHDRAWN = "confirmed", "refused", "withdrawn"
UNDER_WAY = (REVIEWING, AT_OFFICE)
OPEN = (*UNDER_WAY, WAITING)
STANDING = (*OPEN, CONFIRMED)
ENDED = (REFUSED, WITHDRAWN)
USES_A_PLACE = (*UNDER_WAY, CONFIRMED)

# event → state it leads to, for each state in which it may happen
TRANSITIONS: dict[str, dict[str, str]] = {
    REVIEWING: {
        "pass_on": REVIEWING,
        "reach_office": AT_OFFICE,
        "confirm": CONFIRMED,
        "queue": WAITING,
        "refuse": REFUSED,
        "withdraw": WITHDRAWN,
    },
    AT_OFFICE: {"confirm": CONFIRMED, "queue": WAITING, "refuse": REFUSED, "withdraw": WITHDRAWN},
    WAITING: {"confirm": CONFIRMED, "refuse": REFUSED, "withdraw": WITHDRAWN},
    CONFIRMED: {"give_up": WITHDRAWN},
    REFUSED: {"take_up": AT_OFFICE},
    WITHDRAWN: {},
}
EVENTS = tuple(sorted({event for ways in TRANSITIONS.values() for event in ways}))


def may_happen(state: str, event: str) -> bool:
    return event in TRANSITIONS[state]


def after(state: str, event: str) -> str:
    """The state to which the event leads; ValueError where it may not happen."""
    if not may_happen(state, event):
        raise ValueError(f"{event} in {state}")
    return TRANSITIONS[state][event]


def states_for(event: str) -> tuple[str, ...]:
    """The states in which the event may happen."""
    return tuple(state for state, ways in TRANSITIONS.items() if event in ways)


# The way: units from the one that names up to the one that holds the places, then the office.

MOST_UNITS = 3


@dataclass(frozen=True)
class Way:
    """The tree paths of the units that review, in order, and whether the office decides at the end."""

    units: tuple[str, ...]
    to_office: bool

    def __len__(self) -> int:
        return len(self.units) + self.to_office


def way_of(
    sender: str, top: str, staffed: Collection[str], *, stepwise: bool, unit_confirms: bool, steplen: int = 4
) -> Way:
    """The way of a nomination that the unit at ``sender`` makes for the places of the unit at ``top``.

    Units between the two that have no administrator of their own are left out. Of more than three the one that names,
    the one above it and the one that holds the places remain.
    """
    if not stepwise:
        return Way((sender,), True)
    between = [sender[:length] for length in range(len(top), len(sender), steplen) if sender[:length] in staffed]
    above = [path for path in reversed(between) if path != top]
    ends = () if sender == top else (top,)
    return Way((sender, *above[: MOST_UNITS - 2], *ends), not unit_confirms)


# Who may be named.


@dataclass(frozen=True)
class Audience:
    """For whom a class is: a regime, levels of posts or ranks; empty means that it does not matter."""

    regime: str = ""
    levels: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        parts = [str(Regime(self.regime).label)] if self.regime else []
        known = {**dict(Level.choices), **dict(Rank.choices)}
        parts += ["、".join(str(known[code]) for code in self.levels if code in known)] if self.levels else []
        return "；".join(parts) or _("不限职务职级")


@dataclass(frozen=True)
class Standing:
    """The post that somebody holds; ``known`` is False without one."""

    level: str = ""
    rank: str = ""
    known: bool = True


def why_not_eligible(audience: Audience, standing: Standing) -> str:
    """Why the person is not one for whom the class is, or an empty string."""
    if not audience.regime and not audience.levels:
        return ""
    if not standing.known:
        return _("没有现任职务，无法判断是否符合对象范围，请先在人员档案里补全")
    if audience.regime and regime_of(standing.level, standing.rank) != audience.regime:
        return _("不在对象范围内（%(audience)s）") % {"audience": Regime(audience.regime).label}
    if audience.levels and not {standing.level, standing.rank} & set(audience.levels):
        return _("职务职级不在对象范围内（%(audience)s）") % {"audience": Audience(levels=audience.levels).words}
    return ""


def known_levels(codes: Iterable[str]) -> list[str]:
    """The codes of posts and ranks among these, in the order of the table."""
    wanted = set(codes)
    return [code for code in (*Level.values, *Rank.values) if code in wanted]


@dataclass(frozen=True)
class Span:
    """A class on the calendar."""

    title: str
    starts_on: date
    ends_on: date

    def meets(self, other: Span) -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def clash_words(mine: Span, others: Sequence[Span], *, named: bool) -> list[str]:
    """A sentence for each class on the same days; ``named`` where the person is only named for it."""
    words = _("同期已被提名参加“%(title)s”") if named else _("同期已在“%(title)s”")
    return [words % {"title": other.title} for other in others if mine.meets(other)]


def repeat_words(theme: str, earlier: Sequence[Span]) -> list[str]:
    """A warning for each class of the same theme within the last year."""
    words = _("近一年参加过同主题（%(theme)s）的“%(title)s”（%(year)s年%(month)s月）")
    return [
        words % {"theme": theme, "title": one.title, "year": one.ends_on.year, "month": one.ends_on.month}
        for one in earlier
    ]
