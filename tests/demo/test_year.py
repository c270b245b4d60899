"""The year of an office, with fewer people: every kind of class, the way of nominations, hours of five years."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from certificates.models import Certificate
from cohorts.models import Cohort, Membership
from core import clock
from core.spreadsheets.reader import read_workbook
from planning.models import CallUp, Nomination, TrainingPlan
from portal.demo.calendar import running_week
from portal.demo.stage import DATA, Stage
from portal.demo.year import town
from portal.demo.year.story import Year, play
from portal.demo.year.weeks import class_weeks
from records.models import HourEntry

PEOPLE = 130
TODAY = datetime(2026, 5, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Wednesday


@pytest.mark.django_db
def test_the_year_of_an_office(signed_in: Any) -> None:
    with clock.freeze(TODAY):
        year = Year(Stage(7, TODAY.date(), running_week(TODAY.date()), DATA, DATA, lambda *_: None), PEOPLE)
        play(year)
    states = Counter(Cohort.objects.values_list("state", flat=True))
    assert states["closed"] == 4 and states["running"] == 1 and states["nominating"] == 2, states
    plan = TrainingPlan.objects.get(kind="annual", year=2026)
    assert plan.state == "approved" and plan.classes.count() == 12
    assert TrainingPlan.objects.get(kind="annual", year=2027).state == "draft"
    _places_are_kept()
    _hours_came_of_classes_and_of_the_old_system()
    assert Certificate.objects.count() == Membership.objects.filter(state="graduated").count() > 0
    with clock.freeze(TODAY):
        answer = signed_in(year.office).get(reverse("planning:year"), {"year": 2026})
        assert answer.status_code == 200 and "数字政府建设领航班" in answer.content.decode()


def _places_are_kept() -> None:
    for call_up in CallUp.objects.prefetch_related("quotas"):
        confirmed = call_up.nominations.filter(state=Nomination.State.CONFIRMED).count()
        assert call_up.taken == confirmed <= call_up.places
        assert all(quota.used <= quota.places for quota in call_up.quotas.all())
    found = Counter(Nomination.objects.values_list("state", flat=True))
    assert found["confirmed"] and found["at_office"] + found["reviewing"], found
    assert Nomination.objects.filter(steps__position=2).exists(), "three levels of units have a say"


def _hours_came_of_classes_and_of_the_old_system() -> None:
    graduates = Membership.objects.filter(state="graduated").count()
    assert HourEntry.objects.filter(source_key__startswith="cohort").count() == graduates
    years = set(HourEntry.objects.filter(source_key__startswith="import").values_list("earned_on__year", flat=True))
    assert years == {2022, 2023, 2024, 2025, 2026}


def test_the_weeks_are_worked_and_one_is_this_week() -> None:
    holiday = date(2026, 10, 5)
    weeks = class_weeks(date(2026, 11, 25), {holiday: False})
    assert [week.monday.month for week in weeks] == list(range(1, 13))
    assert all(week.monday.weekday() == 0 for week in weeks)
    assert weeks[9].monday == date(2026, 10, 12), "the week of the holiday is left out"
    assert weeks[10].monday == date(2026, 11, 23)


def test_the_same_seed_gives_the_same_city() -> None:
    places = town.places()
    first, second = (town.roster_file(places, 7, 40) for _ in range(2))
    assert len({place.code for place in places}) == len(places) == 72
    assert _names(first) == _names(second) != _names(town.roster_file(places, 8, 40))


def _names(data: bytes) -> list[str]:
    sheet = read_workbook("r.xlsx", data).sheets[0]
    return [sheet.cell(row, 1).text for row in range(2, 42)]
