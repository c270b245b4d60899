"""What the office's cadres need: the reckoning as a job, its figures, the people behind them, draft classes."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from competencies.models import Evidence, Indicator
from core import jobs
from core.errors import Conflict, DomainError
from people.models import Unit, User
from people.ranks import Level, Rank
from planning.models import NeedLine, NeedPerson, NeedSurvey
from planning.services.needs import draft_classes, missing_for, seats_for, seats_planned, survey_needs
from records.services import HourLine, credit
from tests.factories.cohorts import CohortFactory, host, office
from tests.factories.people import PostingFactory, UnitFactory, UserFactory
from tests.factories.planning_plans import draft, put, second_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock", "reference")]


@pytest.fixture
def bureau() -> Unit:
    office()
    return UnitFactory(parent=host(), name="云山市数据局")


def cadres(unit: Unit, count: int, **posting: Any) -> list[User]:
    made = [UserFactory(unit=unit, managed_by=host()) for _ in range(count)]
    for person in made:
        PostingFactory(user=person, **posting)
    return made


JUNIOR = {"level": Level.TOWNSHIP_HEAD, "rank": Rank.PRINCIPAL_1}


def twelve_days(person: User) -> None:
    credit(actor=office(), lines=[HourLine(
        person.pk, person.unit_id, "central", "in_service", "off_job", Decimal(12), Decimal(96), date(2026, 5, 1),
        "五月班", f"may:{person.pk}", None)])  # fmt: skip


def evidence(person: User, indicator: str, score: int) -> None:
    row = Indicator.objects.get(code=indicator)
    for kind in ("test", "task"):
        Evidence.objects.create(
            user=person, indicator=row, kind=kind, phase="post", score=score, source_label="示范", items=5,
            source_ref=f"{kind}{person.pk}{indicator}", observed_on=date(2026, 6, 1), recorded_by=office(),
        )  # fmt: skip


def surveyed(unit: Unit, year: int = 2026) -> NeedSurvey:
    survey = survey_needs(actor=office(), unit=unit, year=year, client_key=uuid.uuid4())
    jobs.run_now(survey.job)
    survey.refresh_from_db()
    return survey


def line(survey: NeedSurvey, theme: str = "", regime: str = "junior") -> NeedLine:
    return survey.lines.get(theme=theme, regime=regime, level="")


def test_who_is_short_of_training_counts_once_and_who_is_not_does_not(bureau: Unit):
    met, *short = cadres(bureau, 4, **JUNIOR)
    twelve_days(met)
    cadres(bureau, 2)
    UserFactory(unit=bureau, managed_by=host())  # without a posting nothing is asked
    cadres(UnitFactory(), 3, **JUNIOR)  # of another city
    survey = surveyed(bureau)
    assert survey.people == 6 and survey.finished_at
    assert (line(survey).people, line(survey).known) == (3, 4)
    assert line(survey, regime="senior").people == 2
    assert set(survey.persons.filter(regime="junior").values_list("user", flat=True)) == {p.pk for p in short}


def test_who_is_managed_elsewhere_is_not_reckoned(bureau: Unit):
    (person,) = cadres(bureau, 1, **JUNIOR)
    User.objects.filter(pk=person.pk).update(managed_by=UnitFactory())
    assert surveyed(bureau).people == 0


def test_gaps_in_competencies_count_by_theme_and_few_are_silent(bureau: Unit):
    people = cadres(bureau, 6, **JUNIOR)
    for person in people:
        evidence(person, "C1", 1)
    for person in people[:4]:
        evidence(person, "E1", 1)
    survey = surveyed(bureau)
    digital, law = line(survey, "digital"), line(survey, "law")
    assert (digital.people, digital.known, digital.suppressed) == (6, 6, False)
    assert (law.people, law.known, law.suppressed) == (0, 0, True)


def test_nothing_about_a_persons_competencies_is_kept(bureau: Unit):
    for person in cadres(bureau, 6, **JUNIOR):
        evidence(person, "C1", 1)
    survey = surveyed(bureau)
    assert [(row.themes, row.known) for row in survey.persons.all()] == [([], [])] * 6


def test_the_next_year_is_judged_on_its_first_day(bureau: Unit):
    (met,) = cadres(bureau, 1, **JUNIOR)
    twelve_days(met)
    assert line(surveyed(bureau)).people == 0
    survey = surveyed(bureau, 2027)
    assert survey.on == date(2027, 1, 1) and line(survey).people == 1


def test_who_will_meet_it_by_classes_with_a_place_needs_no_seat(bureau: Unit):
    placed, waits = cadres(bureau, 2, **JUNIOR)
    days = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 16), "days": 0}
    cohort = CohortFactory(confirmed=True, members=[placed], **days)
    survey = surveyed(bureau, 2027)
    assert line(survey).people == 1, "twelve working days in March"
    assert list(survey.persons.values_list("user", flat=True)) == [waits.pk]
    type(cohort).objects.update(ends_on=date(2027, 3, 5))
    survey = surveyed(bureau, 2027)
    assert line(survey).people == 2
    assert survey.persons.get(user=placed).short == ["本年度，2027年1月1日—12月31日：还差 50 学时或 7 天"]


def test_needs_stand_by_post_and_rank_and_lead_to_classes_for_them(bureau: Unit, signed_in: Any):
    heads = cadres(bureau, 7, **JUNIOR)
    clerks = cadres(bureau, 6, level="", rank=Rank.CLERK_1)
    for one in (*heads, *clerks):
        evidence(one, "C1", 1)
    survey, plan, browser = surveyed(bureau), draft(0, unit=bureau), signed_in(office())
    rows = survey.lines.filter(regime="junior", theme="digital").exclude(level="")
    assert {row.level: row.people for row in rows} == {"township_head": 7, "clerk_1": 6}
    page = browser.get(reverse("planning:need", args=[survey.public_id])).content.decode()
    assert "乡科级正职" in page and "一级科员" in page and "缺 7" in page
    people = browser.get(reverse("planning:need-people", args=[survey.public_id]), {"level": "clerk_1"})
    assert clerks[0].work_number in people.content.decode() and heads[0].work_number not in people.content.decode()
    (made,) = draft_classes(actor=office(), line=rows.get(level="clerk_1"), plan=plan, theme="", size=10, days=5)
    assert (made.levels, made.audience) == (["clerk_1"], "一级科员")
    planned = seats_planned(survey)
    assert missing_for(rows.get(level="clerk_1"), planned, line(survey, "digital")) == 0
    assert missing_for(rows.get(level="township_head"), planned, line(survey, "digital")) == 3, "13 people, 10 seats"


def test_the_same_order_again_is_the_same_survey_and_runs_twice_without_harm(bureau: Unit):
    cadres(bureau, 3, **JUNIOR)
    key = uuid.uuid4()
    first = survey_needs(actor=office(), unit=bureau, year=2026, client_key=key)
    assert survey_needs(actor=office(), unit=bureau, year=2026, client_key=key) == first
    jobs.run_now(first.job)
    assert NeedPerson.objects.count() == 3 and line(first).people == 3


def test_the_reckoning_takes_as_many_queries_for_many_as_for_few(bureau: Unit, django_assert_max_num_queries: Any):
    cadres(bureau, 40, **JUNIOR)
    survey = survey_needs(actor=office(), unit=bureau, year=2026, client_key=uuid.uuid4())
    with django_assert_max_num_queries(70):
        jobs.run_now(survey.job)


def test_strangers_order_nothing(bureau: Unit):
    stranger = UserFactory(role="training_office", unit=UnitFactory())
    with pytest.raises(DomainError, match="不归您编制"):
        survey_needs(actor=stranger, unit=bureau, year=2026, client_key=uuid.uuid4())
    with pytest.raises(DomainError, match="本年度或下一年度"):
        survey_needs(actor=office(), unit=bureau, year=2024, client_key=uuid.uuid4())


# Beside the plans.


def test_seats_are_those_of_the_year_and_the_regime(bureau: Unit):
    survey, plan = surveyed(bureau), draft(0, unit=bureau)
    put(plan, 0, regime="junior", theme="digital", places=30)
    put(plan, 1, regime="junior", theme="law", places=20)
    put(plan, 2, regime="", theme="law", places=99)
    planned = seats_planned(survey)
    assert seats_for(line(survey, "law"), planned) == 20
    assert seats_for(line(survey), planned) == 50
    assert planned["", "law", ""] == 99


def test_a_need_becomes_classes_on_free_weeks_once(bureau: Unit):
    cadres(bureau, 25, **JUNIOR)
    survey, plan = surveyed(bureau), draft(0, unit=bureau)
    put(plan, 0, regime="junior", places=4, intake_no=7, title="数字政府专题领航班")
    given = {"actor": office(), "line": line(survey), "theme": "digital", "size": 10, "days": 5}
    made = draft_classes(plan=plan, **given)
    assert [one.intake_no for one in made] == [8, 9, 10], "25 people, 4 seats there, 10 a class"
    assert len({one.starts_on for one in made}) == 3 and all(one.starts_on.weekday() == 0 for one in made)
    assert all(one.starts_on > date(2026, 9, 14) + timedelta(days=30) for one in made)
    assert {one.budget for one in made} == {Decimal(27_500)}, "10 people × 5 days × 550"
    assert draft_classes(plan=plan, **given) == [], "a double click changes nothing"
    other = draft(0, unit=bureau, kind="ad_hoc")
    with pytest.raises(DomainError, match="已能满足"):
        draft_classes(plan=other, **given)
    plan.classes.update(places=1)
    with pytest.raises(Conflict):
        draft_classes(plan=other, **given)


def test_silent_figures_and_other_years_are_not_drafted(bureau: Unit):
    cadres(bureau, 3, **JUNIOR)
    survey = surveyed(bureau)
    given = {"actor": office(), "theme": "law", "size": 10, "days": 5}
    with pytest.raises(DomainError, match="不足 5 人"):
        draft_classes(plan=draft(0, unit=bureau), line=line(survey, "law"), **given)
    with pytest.raises(DomainError, match="请选择2026年的计划"):
        draft_classes(plan=draft(0, unit=bureau, year=2027), line=line(survey), **given)


# Pages.


def test_the_figure_opens_to_the_people_whom_one_may_still_see(bureau: Unit, signed_in: Any):
    stays, goes = cadres(bureau, 2, **JUNIOR)
    survey = surveyed(bureau)
    User.objects.filter(pk=goes.pk).update(managed_by=UnitFactory())
    browser = signed_in(second_office())
    page = browser.get(reverse("planning:need", args=[survey.public_id])).content.decode()
    assert "2 人" in page and "缺 2" in page and "不足 5 人，不显示" in page
    url = reverse("planning:need-people", args=[survey.public_id])
    page = browser.get(url, {"regime": "junior"}).content.decode()
    assert stays.name in page and goes.work_number not in page
    assert "另有 1 人已调离您的管理范围" in page and "还差 90 学时或 12 天" in page
    assert stays.name not in browser.get(url, {"q": "zzzz"}).content.decode()


def test_the_page_drafts_classes_and_says_when_there_are_seats_enough(bureau: Unit, signed_in: Any):
    cadres(bureau, 12, **JUNIOR)
    survey, plan, browser = surveyed(bureau), draft(0, unit=bureau), signed_in(office())
    address = reverse("planning:need-draft", args=[survey.public_id, line(survey).pk])
    assert "还缺 12 个名额" in browser.get(address).content.decode()
    answer = browser.post(address, {"plan": plan.pk, "theme": "law", "size": 10, "days": 3})
    assert answer.status_code == 302 and plan.classes.count() == 2
    assert "不需要增加班次" in browser.get(address).content.decode()
    assert "已生成到计划" in browser.get(reverse("planning:need", args=[survey.public_id])).content.decode()


def test_the_page_orders_a_survey_and_a_double_click_is_one(bureau: Unit, signed_in: Any):
    browser, data = signed_in(office()), {"unit": bureau.pk, "year": 2026, "client_key": str(uuid.uuid4())}
    for _click in (1, 2):
        assert browser.post(reverse("planning:needs"), data).status_code == 302
    assert NeedSurvey.objects.count() == 1
