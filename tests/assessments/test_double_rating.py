"""双评: two rate apart, agreement is the mean, dispute is for a third; nobody reads one rating alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments import services
from assessments.models import Mark, Submission
from assessments.reading import marking
from assessments.rules.double_rating import agree, mean_levels
from competencies.models import Evidence
from core.errors import DomainError
from core.models import Notice
from tests.factories.assessments import levels, make_task, office
from tests.factories.people import UserFactory, make_personas

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.mark.parametrize(
    ("first", "second", "tolerance", "same"),
    [
        ("3.50", "4.00", "0.50", True),
        ("3.50", "4.01", "0.50", False),
        ("3.49", "3.50", "0.50", False),  # 合格 and 良好
        ("4.00", "4.00", "0.00", True),
        ("2.50", "3.49", "4.00", True),
    ],
)
def test_two_scores_agree_within_the_tolerance_and_one_grade(first, second, tolerance, same):
    assert agree(D(first), D(second), D(tolerance)) is same
    assert agree(D(second), D(first), D(tolerance)) is same


def test_the_mean_is_taken_criterion_by_criterion():
    assert mean_levels({1: D("3"), 2: D("4.5")}, {1: D("4"), 2: D("5")}) == {1: D("3.5"), 2: D("4.75")}


@pytest.fixture
def lecturers(db):
    return [UserFactory(role="lecturer", name=name) for name in ("欧阳文静", "曾广平", "区家宝")]


@pytest.fixture
def third(db):
    return UserFactory(role="lecturer", name="仇志远")


@pytest.fixture
def task(frozen_clock, lecturers, third, user, other):
    return make_task(lecturers, [user, other], ratings_asked=2, tolerance=D("0.50"), arbiter=third)


@pytest.fixture
def work(task, user):
    return Submission.objects.get(task=task, user=user)


def rate(lecturer, work, *values, **more):
    return services.mark_submission(actor=lecturer, submission=work, levels=levels(work.task, *values), **more)


def standing(user):
    rows = Evidence.objects.standing().filter(user=user).order_by("indicator__code")
    return [(e.indicator.code, e.score) for e in rows]


def test_a_task_rated_twice_needs_two_markers_and_a_third_person(lecturers, user):
    with pytest.raises(DomainError, match="至少指定两名评分教师"):
        make_task(lecturers[:1], [user], ratings_asked=2)
    with pytest.raises(DomainError, match="第三人"):
        make_task(lecturers, [user], ratings_asked=2, arbiter=lecturers[0])
    with pytest.raises(DomainError, match="只有双评的任务需要裁定人"):
        make_task(lecturers[:1], [user], arbiter=lecturers[2])


def test_one_rating_is_no_grade_and_two_that_agree_are_their_mean(work, lecturers, user):
    first, second, _ = lecturers
    held = rate(first, work, 4, 4, 4)
    assert (held.grade, held.score, standing(user)) == ("", None, [])
    held = rate(second, work, 4, 4, 5)
    assert (held.grade, held.score) == ("good", D("4.10"))
    assert standing(user) == [("B3", D("4.00")), ("C2", D("4.00")), ("E1", D("4.50"))]
    kinds = list(Mark.objects.order_by("round").values_list("round", "kind").distinct())
    assert kinds == [(1, "rating"), (2, "rating"), (3, "agreed")]


def test_ratings_apart_wait_for_the_third_who_decides_with_a_reason(work, lecturers, third, user):
    first, second, spare = lecturers
    rate(first, work, 3, 3, 3)
    held = rate(second, work, 5, 5, 5)
    assert held.grade == ""
    assert held.disputed_at
    assert standing(user) == []
    assert Notice.objects.get(recipient=third).title == "有作业需要裁定"
    for person in (first, spare):
        with pytest.raises(DomainError, match="您不能裁定这份作业"):
            services.decide_grade(actor=person, submission=work, levels=levels(work.task, 4, 4, 4), reason="折中")
    with pytest.raises(DomainError, match="请写明裁定的理由"):
        services.decide_grade(actor=third, submission=work, levels=levels(work.task, 4, 4, 4), reason=" ")
    held = services.decide_grade(actor=third, submission=work, levels=levels(work.task, 4, 4, 4), reason="论据充分")
    assert (held.grade, held.score) == ("good", D("4.00"))
    held = services.decide_grade(actor=third, submission=work, levels=levels(work.task, 5, 5, 5), reason="复核后改判")
    assert held.grade == "excellent"
    assert standing(user) == [("B3", D("5.00")), ("C2", D("5.00")), ("E1", D("5.00"))]
    assert list(Mark.objects.order_by("round").values_list("kind", flat=True).distinct().order_by("round")) == [
        "rating", "rating", "decided", "decided",
    ]  # fmt: skip


def test_the_same_points_in_two_grades_are_a_dispute(work, lecturers):
    rate(lecturers[0], work, 3, 4, 4)  # 3.50 良好
    assert rate(lecturers[1], work, 3, 4, 3).disputed_at  # 3.30 合格


def test_the_office_decides_where_nobody_is_named(lecturers, user, frozen_clock):
    people = make_personas()
    task = make_task(lecturers, [people["trainee"]], ratings_asked=2)
    work = task.submissions.get()
    rate(lecturers[0], work, 1, 1, 1)
    rate(lecturers[1], work, 5, 5, 5)
    said = levels(task, 3, 3, 3)
    with pytest.raises(DomainError, match="您不能裁定"):
        services.decide_grade(actor=people["class_teacher"], submission=work, levels=said, reason="折中")
    done = services.decide_grade(actor=people["training_office"], submission=work, levels=said, reason="折中")
    assert done.grade == "pass"


def test_an_own_rating_may_be_corrected_until_the_other_is_there(work, lecturers):
    first, second, spare = lecturers
    rate(first, work, 3, 3, 3)
    with pytest.raises(DomainError, match="修改时请写明理由"):
        rate(first, work, 4, 4, 4)
    rate(first, work, 4, 4, 4, reason="看漏附件")
    assert rate(second, work, 4, 4, 4).grade == "good"
    with pytest.raises(DomainError, match="两位教师都已评分"):
        rate(first, work, 5, 5, 5, reason="再看")
    with pytest.raises(DomainError, match="已有两位教师评分"):
        rate(spare, work, 5, 5, 5)


def test_a_work_that_is_being_rated_is_not_handed_in_again(work, task, user, lecturers):
    services.hand_in(user=user, task=task, text="第一稿")
    rate(lecturers[0], work, 4, 4, 4)
    with pytest.raises(DomainError, match="已经评分，不能再修改"):
        services.hand_in(user=user, task=task, text="第二稿")


def test_marking_is_not_closed_over_half_rated_works(task, work, lecturers):
    rate(lecturers[0], work, 1, 1, 1)
    with pytest.raises(DomainError, match="还有 1 份作业只评了一次或者等待裁定"):
        services.close_marking(actor=office(), task=task)
    rate(lecturers[1], work, 1, 1, 1)
    assert services.close_marking(actor=office(), task=task).marking_closed_at


# --- pages ---


def mark_url(work):
    return reverse("assessments:mark", args=[work.task.public_id, work.public_id])


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_no_page_of_a_rater_holds_what_the_other_gave(work, task, lecturers, signed_in):
    rate(lecturers[0], work, 5, 5, 5, comment="甲的评语独一无二")
    browser = signed_in(lecturers[1])
    for url in (mark_url(work), reverse("assessments:marking-task", args=[task.public_id])):
        page = text(browser.get(url))
        assert "甲的评语独一无二" not in page
        assert "欧阳文静" not in page
        assert "优秀" not in page
        assert 'value="5" checked' not in page
    rate(lecturers[1], work, 2, 2, 2)
    page = text(browser.get(mark_url(work)))
    assert "等待裁定" in page
    assert "甲的评语独一无二" not in page


def test_the_learner_reads_the_result_alone(work, task, user, lecturers, third, signed_in):
    rate(lecturers[0], work, 3, 3, 3, comment="甲评语")
    rate(lecturers[1], work, 5, 5, 5, comment="乙评语")
    url = reverse("assessments:task", args=[task.public_id])
    assert "评定" not in text(signed_in(user).get(url))
    services.decide_grade(
        actor=third, submission=work, levels=levels(task, 4, 4, 4), reason="两人相差太大", comment="结构清楚"
    )
    page = text(signed_in(user).get(url))
    assert "评定：良好（4 分，满分 5 分）" in page
    assert "结构清楚" in page
    for secret in ("甲评语", "乙评语", "两人相差太大", "欧阳文静", "仇志远"):
        assert secret not in page


def test_the_arbiter_sees_both_ratings_and_the_difference(work, task, lecturers, third, signed_in):
    rate(lecturers[0], work, 3, 3, 3)
    url = reverse("assessments:decide", args=[task.public_id, work.public_id])
    browser = signed_in(third)
    assert browser.get(url).status_code == 404
    rate(lecturers[1], work, 5, 5, 5)
    assert "等待裁定：1 份作业两次评分不一致" in text(browser.get(reverse("assessments:marking")))
    page = text(browser.get(url))
    assert "两次评分相差 2 分，允许分差 0.5 分" in page
    assert "欧阳文静" in page
    assert "曾广平" in page
    assert signed_in(lecturers[0]).get(url).status_code == 403
    said = {f"level_{c.pk}": "4" for c in task.rubric.criteria.all()}
    refused = browser.post(url, said)
    assert refused.status_code == 422
    done = browser.post(url, {**said, "reason": "论据充分"}, follow=True)
    assert "已裁定：王敏，良好（4.00 分）" in done.content.decode()


def test_a_rater_finds_what_is_left_for_them(task, work, lecturers, signed_in):
    rate(lecturers[0], work, 4, 4, 4)
    assert "1 项任务还有 1 份待评" in text(signed_in(lecturers[0]).get(reverse("assessments:marking")))
    assert "1 项任务还有 2 份待评" in text(signed_in(lecturers[1]).get(reverse("assessments:marking")))
    rate(lecturers[1], work, 4, 4, 4)
    assert "1 项任务还有 1 份待评" in text(signed_in(lecturers[2]).get(reverse("assessments:marking")))


def test_the_office_reads_both_only_when_both_are_there(lecturers, signed_in, frozen_clock):
    people = make_personas()
    task = make_task(lecturers, [people["trainee"]], ratings_asked=2)
    work = task.submissions.get()
    rate(lecturers[0], work, 3, 3, 3, comment="甲评语")
    browser = signed_in(people["training_office"])
    urls = reverse("office_submissions:index"), reverse("office_submissions:inspect", args=[work.pk])
    for url in urls:
        page = text(browser.get(url))
        assert "甲评语" not in page
        assert "3 / " not in page
    rate(lecturers[1], work, 5, 5, 5)
    assert "两次评分不一致，待裁定" in text(browser.get(urls[0]))
    assert "3 / 5" in text(browser.get(f"{urls[0]}?grade=disputed"))
    page = text(browser.get(urls[1]))
    assert "2 分（允许 0.5 分），等第不同" in page
    assert "甲评语" in page


def test_two_raters_of_one_name_are_two(task, work, frozen_clock, lecturers):
    lecturers[1].name = lecturers[0].name
    lecturers[1].save(update_fields=["name"])
    rate(lecturers[0], work, 3, 3, 3)
    rate(lecturers[1], work, 5, 5, 5)
    pair = marking.two_ratings(work)
    assert pair and (pair.difference, pair.same_grade) == (D(2), False)
