"""The lecturer's pages: the tasks of one's own, the members, the rubric with its anchors, one saved at a time."""

from __future__ import annotations

import pytest
from django.urls import reverse

from assessments.models import Mark
from assessments.services import close_marking
from tests.factories.assessments import make_task, office
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lecturer(db):
    return UserFactory(role="lecturer", name="欧阳文静")


@pytest.fixture
def task(frozen_clock, lecturer, user, other):
    return make_task([lecturer], [user, other])


@pytest.fixture
def browser(signed_in, lecturer):
    return signed_in(lecturer)


def text(response):
    return response.content.decode()


def mark_url(task, person):
    return reverse("assessments:mark", args=[task.public_id, task.submissions.get(user=person).public_id])


def said(task, *values, seen=0, **more):
    criteria = task.rubric.criteria.all()
    return {f"level_{c.pk}": str(v) for c, v in zip(criteria, values, strict=False)} | {"seen_round": seen} | more


def test_the_list_counts_what_is_left(browser, task):
    page = text(browser.get(reverse("assessments:marking")))
    assert "1 项任务还有 2 份待评" in page
    assert "已评 0 / 2" in page


def test_tasks_that_others_mark_are_not_listed(signed_in, task):
    page = text(signed_in(UserFactory(role="lecturer")).get(reverse("assessments:marking")))
    assert "还没有需要评分的任务" in page


def test_the_rubric_shows_all_five_anchors_of_each_criterion(browser, task, user):
    page = text(browser.get(mark_url(task, user)))
    for criterion in task.rubric.criteria.all():
        assert criterion.title in page
        for anchor in criterion.indicator.anchors.all():
            assert anchor.text in page
    for word in ("知晓", "会用", "胜任", "精通", "示范"):
        assert word in page


def test_saving_one_member_goes_on_to_the_next_and_counts(browser, task, user, other):
    response = browser.post(mark_url(task, user), said(task, 4, 3, 5, comment="思路清楚"), follow=True)
    page = text(response)
    assert response.redirect_chain[0][0] == mark_url(task, other)
    assert "已保存：王敏，良好（3.90 分）" in page
    assert "已评 1 位" in page
    response = browser.post(mark_url(task, other), said(task, 1, 1, 1), follow=True)
    assert response.redirect_chain[0][0] == reverse("assessments:marking-task", args=[task.public_id])
    assert "已评 2 / 2" in text(response)


def test_a_missing_level_is_named_and_nothing_is_half_saved(browser, task, user):
    response = browser.post(mark_url(task, user), said(task, 4, 3))
    assert response.status_code == 422
    assert "请选择一个等级" in text(response)
    assert not Mark.objects.exists()


def test_a_changed_mark_asks_for_a_reason_and_shows_its_rounds(browser, task, user):
    browser.post(mark_url(task, user), said(task, 4, 3, 5))
    refused = browser.post(mark_url(task, user), said(task, 2, 2, 2, seen=1))
    assert "修改时请写明理由" in text(refused)
    browser.post(mark_url(task, user), said(task, 2, 2, 2, seen=1, reason="复核后调整"))
    page = text(browser.get(mark_url(task, user)))
    assert "现有评定：不合格（2 分），共 2 轮" in page
    assert "改分理由：复核后调整" in page


def test_a_colleague_was_faster(browser, task, user, signed_in, lecturer):
    browser.post(mark_url(task, user), said(task, 4, 3, 5))
    response = browser.post(mark_url(task, user), said(task, 1, 1, 1, seen=0, reason="调整"))
    assert "其他教师刚刚评过" in text(response)
    assert Mark.objects.count() == 3


def test_after_closing_the_page_is_for_reading(browser, task, user):
    browser.post(mark_url(task, user), said(task, 4, 3, 5))
    close_marking(actor=office(), task=task)
    page = text(browser.get(mark_url(task, user)))
    assert "评分已经结束，只能查看" in page
    assert "保存，评下一位" not in page
    changed = said(task, 1, 1, 1, seen=1, reason="调整")
    assert browser.post(mark_url(task, user), changed).status_code == 422
    assert Mark.objects.count() == 3


def test_who_does_not_mark_the_task_is_kept_out(signed_in, task, user):
    address = mark_url(task, user)
    assert signed_in(UserFactory(role="lecturer")).get(address).status_code == 404
    assert signed_in(user).get(address).status_code == 403  # a trainee has no marking at all
    overseer = UserFactory(role="training_office", unit=user.unit)
    assert signed_in(overseer).get(address).status_code == 403
    assert signed_in(overseer).post(address, said(task, 4, 3, 5)).status_code == 403
    assert not Mark.objects.exists()


def test_a_member_of_another_task_is_not_found_here(browser, task, user, lecturer):
    elsewhere = make_task([lecturer], [user])
    address = reverse("assessments:mark", args=[task.public_id, elsewhere.submissions.get().public_id])
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("size", [2, 30])
def test_the_pages_cost_the_same_for_two_members_and_for_thirty(
    browser, lecturer, frozen_clock, size, django_assert_max_num_queries
):
    people = UserFactory.create_batch(size)
    task = make_task([lecturer], people)
    with django_assert_max_num_queries(8):
        browser.get(reverse("assessments:marking"))
    with django_assert_max_num_queries(10):
        browser.get(reverse("assessments:marking-task", args=[task.public_id]))
    with django_assert_max_num_queries(16):
        browser.get(mark_url(task, people[0]))
