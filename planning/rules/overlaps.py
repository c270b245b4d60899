"""What gets in each other's way in a year: rooms, audiences, holidays. Pure functions, sentences out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise

from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words, listed


@dataclass(frozen=True)
class Span:
    """A class on the calendar; ``audiences`` are the words for whom it is meant, empty for everybody."""

    key: str
    title: str
    starts_on: date
    ends_on: date
    venue: str = ""
    audiences: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trouble:
    """One sentence, the classes that it is about, and its kind: venue, audience or holiday."""

    kind: str
    sentence: str
    keys: frozenset[str]


def meet(one: Span, other: Span) -> bool:
    """Whether there is a day on which both are held."""
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def plain_place(words: str) -> str:
    """Without blanks and signs, in one width and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", words).casefold() if sign.isalnum())


def place_of(venue: str, rooms: Iterable[str]) -> str:
    """The known room that the words name, the longest where several fit; else the words as they are."""
    said = plain_place(venue)
    named = [room for room in rooms if plain_place(room) and plain_place(room) in said]
    return max(named, key=len, default=venue.strip())


def same_venue(spans: Sequence[Span], rooms: Sequence[str] = ()) -> list[Trouble]:
    """Pairs of classes in one room, or in one place outside, on the same days."""
    ordered = sorted((s for s in spans if s.venue.strip()), key=lambda s: (s.starts_on, s.key))
    places = {span.key: place_of(span.venue, rooms) for span in ordered}
    plain = {key: plain_place(place) or place for key, place in places.items()}
    return [
        _clash(one, other, places[one.key])
        for one, other in combinations(ordered, 2)
        if plain[one.key] == plain[other.key] and meet(one, other)
    ]


def _clash(one: Span, other: Span, place: str) -> Trouble:
    first, last = max(one.starts_on, other.starts_on), min(one.ends_on, other.ends_on)
    words = {"venue": place, "one": one.title, "other": other.title, "days": days_words(first, last)}
    sentence = _("%(days)s，“%(one)s”和“%(other)s”同在%(venue)s。") % words
    return Trouble("venue", sentence, frozenset({one.key, other.key}))


def crowded(spans: Sequence[Span], most: int) -> list[Trouble]:
    """Stretches of days on which more than ``most`` classes are meant for one audience, longest group first."""
    audiences = sorted({word for span in spans for word in span.audiences})
    return [trouble for word in audiences for trouble in _crowded(word, _meant_for(word, spans), most)]


def _meant_for(word: str, spans: Iterable[Span]) -> list[Span]:
    return [span for span in spans if word in span.audiences]


def _crowded(word: str, spans: Sequence[Span], most: int) -> list[Trouble]:
    """A stretch begins or ends where a class does; neighbouring stretches of the same classes are one."""
    edges = sorted({s.starts_on for s in spans} | {s.ends_on + timedelta(days=1) for s in spans})
    found: list[Trouble] = []
    for first, after in pairwise(edges):
        there = [s for s in spans if s.starts_on <= first <= s.ends_on]
        if len(there) > most:
            found.append(_too_many(word, there, first, after - timedelta(days=1)))
    return found


def _too_many(word: str, there: Sequence[Span], first: date, last: date) -> Trouble:
    titles = listed([f"“{span.title}”" for span in there])
    words = {"days": days_words(first, last), "n": len(there), "who": word, "titles": titles}
    sentence = _("%(days)s，同时有 %(n)s 个班面向%(who)s：%(titles)s。") % words
    return Trouble("audience", sentence, frozenset(span.key for span in there))


def over_holidays(spans: Sequence[Span], holidays: Mapping[date, str]) -> list[Trouble]:
    """Classes that lie over days off by name (放假); ordinary weekends are none of them."""
    found = []
    for span in spans:
        days = sorted(day for day in holidays if span.starts_on <= day <= span.ends_on)
        if days:
            names = "、".join(dict.fromkeys(holidays[day] for day in days))
            words = {"title": span.title, "names": names, "days": listed([day_words(day) for day in days])}
            sentence = _("“%(title)s”跨%(names)s放假：%(days)s。") % words
            found.append(Trouble("holiday", sentence, frozenset({span.key})))
    return found


def troubles(
    spans: Sequence[Span], holidays: Mapping[date, str], most: int, rooms: Sequence[str] = ()
) -> list[Trouble]:
    """Everything that is worth naming: rooms first, then audiences, then holidays."""
    return [*same_venue(spans, rooms), *crowded(spans, most), *over_holidays(spans, holidays)]


def days_words(first: date, last: date) -> str:
    """2026年3月2日—3月6日; one day alone, the year again only where it changes."""
    if first == last:
        return day_words(first)
    end = day_words(last)
    return f"{day_words(first)}—{end.split('年')[1] if first.year == last.year else end}"
