"""The office's start page: classes with their next step, and what waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from wagtail import hooks

from core import clock
from portal.dashboard import HOOK, pending_for
from portal.snapshots import rebuild_all
from tests.factories.assessments import make_exam
from tests.factories.cohorts import MONDAY, CohortFactory, attend, half_days, teacher_of
from tests.factories.portal import make_scene
from tests.portal.test_desk import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(personas, reference, frozen_clock):
    return personas["training_office"]


@pytest.fixture
def running(office, personas):
    return CohortFactory(running=True, members=6, teacher=personas["class_teacher"])


def labels(user) -> dict[str, int]:
    return {item.label: item.count for item in pending_for(user)}


def test_classes_stand_with_their_state_and_next_step(office, running, signed_in) -> None:
    CohortFactory(confirmed=True, starts_on=MONDAY + timedelta(days=30), ends_on=MONDAY + timedelta(days=34))
    answer = signed_in(office).get(reverse("wagtailadmin_home"))
    page = words(answer)
    assert f"{running.full_title} 2026年9月14日—2026年9月18日 进行中 6 结班" in page
    assert "已确认 0 开班报到" in page
    assert reverse("portal:statistics") in answer.content.decode()


def test_a_roll_call_that_is_not_finished_waits(office, running, personas) -> None:
    assert labels(personas["class_teacher"]) == {"9月14日上午点名未完成": 6}
    attend(running, only=half_days(running)[:1])
    assert labels(personas["class_teacher"]) == {}
    assert labels(personas["other_teacher"]) == {}


def test_leave_above_the_limit_waits_for_a_decision(office, running) -> None:
    running.memberships.filter(pk=running.memberships.first().pk).update(over_leave_limit=True, leave_hours=8)
    attend(running)
    assert labels(teacher_of(running)) == {"请假超过七分之一，待决定": 1}


def test_an_exam_that_is_over_waits_for_its_results(office, running) -> None:
    attend(running)
    exam = make_exam(context_key=running.context_key)
    assert labels(office) == {}
    exam.opens_at, exam.closes_at = clock.now() - timedelta(hours=2), clock.now() - timedelta(hours=1)
    exam.save(update_fields=["opens_at", "closes_at"])
    assert labels(office) == {"考试已结束，成绩待公布": 1}


def test_a_peer_contributes_by_a_hook(office) -> None:
    def messages(user) -> list[dict]:
        return [{"label": "意见反馈待答复", "count": 3, "url": "/x/"}, {"label": "没有", "count": 0, "url": "/y/"}]

    with hooks.register_temporarily(HOOK, messages):
        assert labels(office)["意见反馈待答复"] == 3
        assert "没有" not in labels(office)


def test_the_unit_administrator_reads_how_much_is_short(db, at, signed_in) -> None:
    with at(2026, 9, 19, 9):
        scene = make_scene()
        rebuild_all()
        admin = scene.personas["unit_admin"]
        assert labels(admin)["应训要求未达标（人项）"] > 0
        page = words(signed_in(admin).get(reverse("wagtailadmin_home")))
        assert "应训要求未达标（人项）" in page and scene.cohort.full_title not in page


def test_nothing_to_do_is_said(office, signed_in) -> None:
    page = words(signed_in(office).get(reverse("wagtailadmin_home")))
    assert "现在没有待办" in page and "还没有班次" in page


def test_queries_do_not_grow_with_classes(office, running, signed_in, django_assert_max_num_queries) -> None:
    browser = signed_in(office)
    browser.get(reverse("wagtailadmin_home"))
    for _ in range(6):
        CohortFactory(running=True, members=3)
    with django_assert_max_num_queries(34):
        browser.get(reverse("wagtailadmin_home"))
