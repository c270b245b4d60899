"""The timetable as values: entries as they are published, and what differs between two publications."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cohorts.presenters.figures import plain
from cohorts.rules.halfdays import HalfDay


@dataclass(frozen=True)
class Entry:
    """An entry of the timetable; ``tracks`` are the numbers of its groups, none for the whole class."""

    key: int
    title: str
    kind: str
    day: date
    half: str
    starts_at: time
    ends_at: time
    room: str
    lecturer: int | None
    hours: Decimal
    tracks: frozenset[int] = frozenset()
    lecturer_name: str = field(default="", compare=False)

    @property
    def place(self) -> HalfDay:
        return HalfDay(self.day, self.half)

    @property
    def time_words(self) -> str:
        """09:00—12:00."""
        return f"{self.starts_at:%H:%M}—{self.ends_at:%H:%M}"

    def as_data(self) -> dict[str, Any]:
        """What a publication keeps: the lecturer by key, never by name."""
        return {
            "key": self.key,
            "title": self.title,
            "kind": self.kind,
            "day": self.day.isoformat(),
            "half": self.half,
            "starts_at": f"{self.starts_at:%H:%M}",
            "ends_at": f"{self.ends_at:%H:%M}",
            "room": self.room,
            "lecturer": self.lecturer,
            "hours": plain(self.hours),
            "groups": sorted(self.tracks),
        }


def entry_of(data: Mapping[str, Any], names: Mapping[int, str]) -> Entry:
    """An entry as a publication kept it; ``names`` of lecturers by key."""
    return Entry(
        key=data["key"],
        title=data["title"],
        kind=data["kind"],
        day=date.fromisoformat(data["day"]),
        half=data["half"],
        starts_at=time.fromisoformat(data["starts_at"]),
        ends_at=time.fromisoformat(data["ends_at"]),
        room=data["room"],
        lecturer=data["lecturer"],
        hours=Decimal(data["hours"]),
        tracks=frozenset(data["groups"]),
        lecturer_name=names.get(data["lecturer"], ""),
    )


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda e: (e.day, e.starts_at, sorted(e.tracks), e.key))


def for_group(entries: Iterable[Entry], number: int | None) -> list[Entry]:
    """What concerns a member of the group; everything for who has no group yet."""
    return [e for e in entries if not e.tracks or number is None or number in e.tracks]


def groups_words(tracks: Iterable[int]) -> str:
    """第1组、第2组; empty for the whole class."""
    return "、".join(_("第%(n)s组") % {"n": number} for number in sorted(tracks))


def fingerprint(entries: Iterable[Entry]) -> str:
    """By this a confirmation knows that it speaks of the timetable that was shown."""
    rows = [entry.as_data() for entry in in_order(entries)]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


def differences(before: Iterable[Entry], after: Iterable[Entry]) -> list[str]:
    """One sentence for each entry that came, went or changed, in order of time; no names of people."""
    old, new = {e.key: e for e in before}, {e.key: e for e in after}
    found = [(e.place, e.starts_at, _gone(e)) for key, e in old.items() if key not in new]
    found += [(e.place, e.starts_at, _came(e)) for key, e in new.items() if key not in old]
    pairs = [(old[key], entry) for key, entry in new.items() if key in old and old[key] != entry]
    found += [(was.place, was.starts_at, _changed(was, now)) for was, now in pairs]
    return [sentence for _place, _time, sentence in sorted(found)]


def _named(entry: Entry) -> str:
    """11月24日上午《…》, with its groups in brackets."""
    groups = f"（{groups_words(entry.tracks)}）" if entry.tracks else ""
    return f"{entry.place.label}《{entry.title}》{groups}"


def _gone(entry: Entry) -> str:
    return _("取消%(what)s") % {"what": _named(entry)}


def _came(entry: Entry) -> str:
    words = {"what": _named(entry), "time": entry.time_words, "room": entry.room}
    return (_("增加%(what)s，%(time)s，%(room)s") if entry.room else _("增加%(what)s，%(time)s")) % words


def _changed(was: Entry, now: Entry) -> str:
    parts = [_moved(was, now), _room(was, now), _lecturer(was, now), _groups(was, now), *_content(was, now)]
    return _named(was) + "，".join(filter(None, parts))


def _moved(was: Entry, now: Entry) -> str:
    if was.place != now.place:
        return _("改到%(when)s %(time)s") % {"when": now.place.label, "time": now.time_words}
    if (was.starts_at, was.ends_at) != (now.starts_at, now.ends_at):
        return _("时间由%(was)s改为%(now)s") % {"was": was.time_words, "now": now.time_words}
    return ""


def _room(was: Entry, now: Entry) -> str:
    if was.room == now.room:
        return ""
    if not now.room:
        return _("教室待定")
    words = {"was": was.room, "now": now.room}
    return (_("由%(was)s改到%(now)s") if was.room else _("教室定为%(now)s")) % words


def _lecturer(was: Entry, now: Entry) -> str:
    if was.lecturer == now.lecturer:
        return ""
    if now.lecturer is None:
        return _("授课教师待定")
    return _("更换授课教师") if was.lecturer else _("确定了授课教师")


def _groups(was: Entry, now: Entry) -> str:
    if was.tracks == now.tracks:
        return ""
    return _("改为%(groups)s上课") % {"groups": groups_words(now.tracks) or _("全班")}


def _content(was: Entry, now: Entry) -> Iterable[str]:
    if was.title != now.title:
        yield _("内容改为《%(title)s》") % {"title": now.title}
    if was.kind != now.kind:
        yield _("上课形式有调整")
    if was.hours != now.hours:
        yield _("学时由%(was)s改为%(now)s") % {"was": plain(was.hours), "now": plain(now.hours)}


def moved_times(starts_at: time, ends_at: time, to: time) -> tuple[time, time]:
    """The times of an entry that keeps its length and begins at ``to``."""
    day = date.min
    length = datetime.combine(day, ends_at) - datetime.combine(day, starts_at)
    return to, (datetime.combine(day, to) + length).time()
