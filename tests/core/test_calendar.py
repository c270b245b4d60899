"""Working days by the calendar of 2026, and its keeping."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from core.calendar import drop_day, load_calendar, put_day
from core.errors import DomainError
from core.models import CalendarDay
from core.workdays import is_workday, workdays_later

NATIONAL_DAY = {date(2026, 10, d): False for d in (1, 2, 5, 6, 7)} | {date(2026, 10, 10): True}


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 9, 30), True),
        (date(2026, 10, 1), False),
        (date(2026, 10, 3), False),  # a Saturday
        (date(2026, 10, 8), True),
        (date(2026, 10, 10), True),  # a Saturday worked in exchange
        (date(2026, 10, 11), False),
    ],
)
def test_the_calendar_overrides_the_week(day: date, worked: bool) -> None:
    assert is_workday(day, NATIONAL_DAY) is worked


def test_working_days_are_counted_over_holidays() -> None:
    assert workdays_later(date(2026, 9, 30), 1, NATIONAL_DAY) == date(2026, 10, 8)
    assert workdays_later(date(2026, 9, 30), 3, NATIONAL_DAY) == date(2026, 10, 10)
    assert workdays_later(date(2026, 9, 30), 4, NATIONAL_DAY) == date(2026, 10, 12)
    assert workdays_later(date(2026, 9, 30), 0, NATIONAL_DAY) == date(2026, 9, 30)


@pytest.mark.django_db
class TestKeeping:
    def test_the_seeds_differ_from_the_week_and_load_once(self) -> None:
        assert load_calendar() == 25 and load_calendar() == 0
        for row in CalendarDay.objects.all():
            assert row.is_working != (row.day.weekday() < 5), row
        found = CalendarDay.objects.exceptions(date(2026, 10, 1), date(2026, 10, 31))
        assert found == NATIONAL_DAY

    def test_the_offices_own_change_survives_another_loading(self, personas: dict[str, Any]) -> None:
        load_calendar()
        put_day(actor=personas["training_office"], day=date(2026, 10, 10), is_working=True, name="补班")
        load_calendar()
        row = CalendarDay.objects.get(day=date(2026, 10, 10))
        assert row.name == "补班"
        drop_day(actor=personas["training_office"], row=row)
        assert not CalendarDay.objects.filter(day=date(2026, 10, 10)).exists()
        assert ModelLogEntry.objects.filter(action__startswith="core.calendar.").count() == 2

    def test_an_ordinary_day_is_no_exception(self, personas: dict[str, Any]) -> None:
        with pytest.raises(DomainError, match="11月23日本来就是工作日，不必登记。"):
            put_day(actor=personas["training_office"], day=date(2026, 11, 23), is_working=True, name="上班")
        with pytest.raises(DomainError, match="11月22日本来就是周末"):
            put_day(actor=personas["training_office"], day=date(2026, 11, 22), is_working=False, name="休息")
