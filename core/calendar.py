"""The calendar of holidays and days worked in exchange: loaded with the product, kept by the office."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core.errors import DomainError
from core.models import CalendarDay
from core.workdays import SATURDAY

SEEDS = Path(__file__).parent / "data" / "calendar.csv"


def load_calendar() -> int:
    """Put the days of ``data/calendar.csv`` into the calendar where it holds none; how many were new."""
    with SEEDS.open(encoding="utf-8", newline="") as file:
        rows = [
            CalendarDay(
                day=date.fromisoformat(row["day"]),
                is_working=row["is_working"] == "1",
                name=row["name"],
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
    there = set(CalendarDay.objects.values_list("day", flat=True))
    return len(CalendarDay.objects.bulk_create([row for row in rows if row.day not in there]))


@transaction.atomic
def put_day(*, actor: Any, day: date, is_working: bool, name: str, source: str = "") -> CalendarDay:
    """Enter or change a day that differs from the week's order; DomainError where it does not differ."""
    if is_working == (day.weekday() < SATURDAY):
        words = _("%(day)s本来就是工作日，不必登记。") if is_working else _("%(day)s本来就是周末，不必登记。")
        raise DomainError(words % {"day": f"{day.month}月{day.day}日"})
    if not name.strip():
        raise DomainError(_("请填写名称，例如“国庆节”或“国庆节调休上班”。"))
    row, _new = CalendarDay.objects.update_or_create(
        day=day, defaults={"is_working": is_working, "name": name.strip(), "source": source.strip()}
    )
    log(row, "core.calendar.put", user=actor, data={"day": day.isoformat(), "name": row.name})
    return row


@transaction.atomic
def drop_day(*, actor: Any, row: CalendarDay) -> None:
    """The day follows the week's order again."""
    log(row, "core.calendar.drop", user=actor, data={"day": row.day.isoformat(), "name": row.name})
    row.delete()
