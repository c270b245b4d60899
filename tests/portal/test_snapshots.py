"""Figures are sums of the details they open to, and follow what happens below."""

from __future__ import annotations

import logging

import pytest
from django.core.management import call_command
from django.db.models import Count, Sum

from assessments.services import release_results
from cohorts.services import close, undo_close
from competencies.profiles import group_profile
from competencies.reading import profiles_of
from core import clock
from people.models import Unit
from people.services import add_posting
from portal import figures, receivers
from portal.measures import MEMBER, PERSON, reason
from portal.models import PersonFigure, Snapshot, UnitFigure
from portal.snapshots import rebuild_all, rebuild_cohort, refresh_people
from records.presenters.hours import SHORT
from tests.factories.assessments import make_exam, sit
from tests.factories.cohorts import ready_to_close, teacher_of
from tests.factories.portal import credited, make_scene

pytestmark = pytest.mark.django_db
KEYS = ("snapshot", "unit", "managed_by", "measure", "state")


@pytest.fixture
def scene(db, at):
    with at(2026, 9, 19, 9):
        scene = make_scene()
        rebuild_all()
        yield scene


def sums_of_details() -> set:
    rows = PersonFigure.objects.values_list(*KEYS).annotate(people=Count("pk"), total=Sum("value")).order_by()
    return set(rows)


def kept_totals() -> set:
    return set(UnitFigure.objects.values_list(*KEYS, "people", "total"))


def cohort_totals(cohort) -> figures.Totals:
    snapshot = Snapshot.objects.get(key=cohort.context_key)
    return figures.totals(UnitFigure.objects.filter(snapshot=snapshot))


def test_every_total_is_the_sum_of_its_details(scene) -> None:
    assert kept_totals() == sums_of_details()
    assert len(kept_totals()) > 20


def test_a_detail_without_its_total_is_noticed(scene) -> None:
    """Negative control of the comparison above."""
    PersonFigure.objects.filter(measure=PERSON).first().delete()
    assert kept_totals() != sums_of_details()


def test_rebuilding_again_changes_nothing(scene) -> None:
    before = kept_totals()
    rebuild_all()
    assert kept_totals() == before


def test_the_class_counts_who_came_who_graduated_and_why_not(scene) -> None:
    found = cohort_totals(scene.cohort)
    assert found.all_of(MEMBER).people == 11
    assert found.get(MEMBER, "graduated").people == 10 and found.get(MEMBER, "withdrawn").people == 1
    assert found.get(reason("请假")).people == 1 and found.get(reason("未退学")).people == 1
    assert found.get(MEMBER, "graduated").value == 400  # hours: ten people, forty each
    detail = PersonFigure.objects.get(measure=reason("请假"))
    assert detail.user == scene.withdrawn and "七分之一" in detail.words


def test_group_levels_are_those_of_the_competencies(scene) -> None:
    """The sums in hundredths give the same mean and interval as the pure function over the profiles."""
    members = [m.user_id for m in scene.cohort.memberships.all()]
    profiles = profiles_of(members, context_key=scene.cohort.context_key)
    expected = {s.code: s for s in group_profile(list(profiles.values()))}
    found = cohort_totals(scene.cohort)
    shown = {f.code: f for f in figures.dimensions(found, figures.dimension_names())}
    assert shown["C"].after == expected["C"].after and shown["C"].before == expected["C"].before
    assert shown["C"].after.n == 10
    assert shown["D"].after is None and expected["D"].after is None


def test_fewer_than_five_have_no_mean() -> None:
    assert figures.Total(people=4, total=1200, squares=360000).mean_level() is None
    level = figures.Total(people=5, total=1500, squares=450000).mean_level()
    assert level is not None and level.value == 3


def test_closing_a_class_moves_the_figures_and_undoing_moves_them_back(
    reference, at, django_capture_on_commit_callbacks
) -> None:
    with at(2026, 9, 18, 18):
        cohort = ready_to_close(members=5)
        with django_capture_on_commit_callbacks(execute=True):
            close(actor=teacher_of(cohort), cohort=cohort)
        assert cohort_totals(cohort).get(MEMBER, "graduated").people == 5
        with django_capture_on_commit_callbacks(execute=True):
            undo_close(actor=teacher_of(cohort), cohort=cohort, reason="考勤登记有误")
        assert cohort_totals(cohort).get(MEMBER, "graduated").people == 0
        assert cohort_totals(cohort).get(MEMBER, "registered").people == 5
        assert kept_totals() == sums_of_details()


def test_released_results_reach_the_figures(reference, frozen_clock, django_capture_on_commit_callbacks) -> None:
    cohort = ready_to_close(members=5)
    users = [m.user for m in cohort.memberships.all()]
    exam = make_exam(users, context_key=cohort.context_key)
    for user in users:
        sit(user, exam)
    with django_capture_on_commit_callbacks(execute=True):
        release_results(actor=exam.made_by, exam=exam)
    assert Snapshot.objects.filter(key=cohort.context_key).exists()
    assert Snapshot.objects.get(kind="people").as_of == clock.today()


def test_trouble_with_figures_stops_nobody(frozen_clock, caplog) -> None:
    with caplog.at_level(logging.ERROR, logger="linghang.portal"):
        logging.getLogger("linghang.portal").propagate = True
        receivers.on_cohort_changed(None, cohort_id=0)
    assert "figures not brought up to date" in caplog.text


def test_figures_of_an_earlier_day_are_all_brought_up_to_date_together(scene, at) -> None:
    credited(scene.justice[0], "90", "12", on=clock.today().replace(day=1))
    with at(2026, 9, 20, 9):
        refresh_people(user_ids=[scene.data[0].pk])  # somebody else
        snapshot = Snapshot.objects.get(kind="people")
        assert snapshot.as_of == clock.today()
        need = PersonFigure.objects.get(user=scene.justice[0], measure="need:junior:central:year")
        assert need.state == "met"


def test_a_large_house_does_not_wait_for_everybody(scene, at, monkeypatch) -> None:
    monkeypatch.setattr("portal.snapshots.people.MOST_AT_ONCE", 3)
    credited(scene.justice[0], "90", "12", on=clock.today().replace(day=1))
    credited(scene.data[0], "90", "12", on=clock.today().replace(day=1))
    with at(2026, 9, 20, 9):
        refresh_people(user_ids=[scene.data[0].pk])
        needs = PersonFigure.objects.filter(measure="need:junior:central:year")
        assert needs.get(user=scene.data[0]).state == "met" and needs.get(user=scene.justice[0]).state == "short"
        assert Snapshot.objects.get(kind="people").as_of.day == 19  # the date of the rest
        assert kept_totals() == sums_of_details()


def test_who_moves_is_counted_at_the_new_unit_from_the_next_rebuild_on(scene, at) -> None:
    mover, justice = scene.data[0], Unit.objects.get(code="YS-SF")
    with at(2026, 9, 20, 9):
        add_posting(
            actor=scene.personas["training_office"], user=mover, unit=justice, post="科长", level="township_head",
            rank="principal_1", starts_on=clock.today(),
        )  # fmt: skip
        rebuild_all()
        assert PersonFigure.objects.get(user=mover, measure=PERSON).unit == justice
        assert PersonFigure.objects.get(user=mover, measure=MEMBER).unit.code == "YS-SJ"  # the class stays


def test_the_command_says_how_many(scene, capsys) -> None:
    call_command("rebuild_snapshots")
    assert "1 个班次的汇总数据" in capsys.readouterr().out


def test_queries_do_not_grow_with_the_members(scene, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(24):
        rebuild_cohort(cohort=scene.cohort)


def test_hours_that_are_missing_are_said_in_words(scene) -> None:
    row = PersonFigure.objects.get(measure="need:junior:central:year", user=scene.data[0])
    assert row.state == SHORT
    assert row.words == "40 / 90 学时，5 / 12 天；还差 50 学时 或 7 天；本年度，2026年1月1日—12月31日"
