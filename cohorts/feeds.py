"""A member's timetable in the words of calendars (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from cohorts.rules.schedule import Entry, groups_words

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Subscribed:
    """What a feed tells: the class, and its timetable as it was last published (number 0: not yet)."""

    class_key: str
    class_title: str
    number: int
    at: datetime
    entries: tuple[Entry, ...]


def calendar_of(told: Subscribed) -> bytes:
    """The calendar; an entry keeps its UID for ever, its SEQUENCE is the number of the publication.

    It leaves the house: it names the class, the content and the room, and no person.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Linghang//Timetable//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", told.class_title)
    calendar.add("x-wr-timezone", ZONE.key)
    for event in _events(told):
        calendar.add_component(event)
    if told.entries:
        calendar.add_missing_timezones(first_date=date(2020, 1, 1))
    return bytes(calendar.to_ical())


def _events(told: Subscribed) -> Iterable[Event]:
    for entry in told.entries:
        event = Event()
        event.add("uid", f"{entry.key}.{told.class_key}@linghang")
        event.add("sequence", told.number)
        event.add("dtstamp", told.at.astimezone(ZoneInfo("UTC")))
        event.add("dtstart", _moment(entry.day, entry.starts_at))
        event.add("dtend", _moment(entry.day, entry.ends_at))
        event.add("summary", entry.title)
        event.add("description", "，".join(filter(None, [told.class_title, groups_words(entry.tracks)])))
        if entry.room:
            event.add("location", entry.room)
        yield event


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZONE)


def file_name(told: Subscribed) -> str:
    return _("%(title)s课表.ics") % {"title": told.class_title}
