"""Days and half days in addresses."""

from __future__ import annotations

from datetime import date

from django.urls import register_converter


class DayConverter:
    """2026-11-23; an impossible day is no address."""

    regex = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


class HalfConverter:
    regex = "am|pm"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class SecretConverter:
    """The secret part of a calendar's address."""

    regex = "[A-Za-z0-9_-]{32,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(DayConverter, "cohort_day")
register_converter(HalfConverter, "cohort_half")
register_converter(SecretConverter, "cohort_secret")
