"""Tasks: handed in on time, graded by their markers only, each changed mark a round with a reason."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from assessments import services
from assessments.models import Mark, RubricCriterion, Submission
from assessments.signals import task_marked
from competencies.models import Evidence
from core.errors import Conflict, DomainError
from core.models import Notice
from tests.factories.assessments import levels, make_rubric, make_task, office
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def lecturer(db):
    return UserFactory(role="lecturer", name="欧阳文静")


@pytest.fixture
def task(frozen_clock, lecturer, user, other):
    return make_task([lecturer], [user, other])


@pytest.fixture
def work(task, user):
    return Submission.objects.get(task=task, user=user)


def mark(lecturer, work, *values, **more):
    said = levels(work.task, *(values or (4, 3, 5)))
    return services.mark_submission(actor=lecturer, submission=work, levels=said, **more)


def standing(user):
    rows = Evidence.objects.standing().filter(user=user).order_by("indicator__code")
    return [(e.indicator.code, e.score, e.kind, e.phase, e.items) for e in rows]


def test_everybody_has_a_work_to_hand_in(task, user, other):
    assert set(task.submissions.values_list("user", flat=True)) == {user.pk, other.pk}


def test_a_task_needs_markers_and_criteria(lecturer, user):
    with pytest.raises(DomainError, match="至少指定一名评分教师"):
        make_task([], [user])
    rubric = make_rubric()
    RubricCriterion.objects.all().delete()
    with pytest.raises(DomainError, match="还没有评分项"):
        make_task([lecturer], [user], rubric=rubric)


def test_late_members_get_the_task_once(task, other):
    new = UserFactory()
    assert services.assign(actor=office(), task=task, users=[other, new]) == 1
    assert services.assign(actor=office(), task=task, users=[other, new]) == 0


# --- handing in ---


def test_a_text_may_be_handed_in_again_until_it_is_due(task, user, later):
    services.hand_in(user=user, task=task, text="第一稿")
    with later(days=2):
        assert services.hand_in(user=user, task=task, text="第二稿").text == "第二稿"
    with later(days=4), pytest.raises(DomainError, match="已过截止时间"):
        services.hand_in(user=user, task=task, text="第三稿")
    assert Submission.objects.get(task=task, user=user).text == "第二稿"


def test_the_same_text_again_is_harmless_even_after_the_due_time(task, user, later):
    first = services.hand_in(user=user, task=task, text="第一稿")
    with later(days=4):
        assert services.hand_in(user=user, task=task, text=" 第一稿 ").handed_in_at == first.handed_in_at


@pytest.mark.parametrize(("text", "sentence"), [("  ", "请填写正文"), ("长" * 20_001, "不能超过 20000 字")])
def test_a_text_that_cannot_be_graded_is_refused(task, user, text, sentence):
    with pytest.raises(DomainError, match=sentence):
        services.hand_in(user=user, task=task, text=text)


def test_a_graded_work_stays_as_it_was_graded(task, user, work, lecturer):
    services.hand_in(user=user, task=task, text="第一稿")
    mark(lecturer, work)
    with pytest.raises(DomainError, match="已经评分"):
        services.hand_in(user=user, task=task, text="第二稿")


def test_a_stranger_hands_nothing_in(task):
    with pytest.raises(DomainError, match="不在本任务的名单中"):
        services.hand_in(user=UserFactory(), task=task, text="稿")


# --- marking ---


def test_a_mark_gives_score_grade_and_evidence(work, lecturer, user):
    graded = mark(lecturer, work, 4, 3, 5, comment="思路清楚")
    assert (graded.score, graded.get_grade_display()) == (D("3.90"), "良好")
    assert standing(user) == [
        ("B3", D("4.00"), "task", "during", 1),
        ("C2", D("3.00"), "task", "during", 1),
        ("E1", D("5.00"), "task", "during", 1),
    ]


def test_a_work_without_text_may_be_graded_from_what_was_seen(work, lecturer):
    assert not work.text
    assert mark(lecturer, work).grade


def test_only_the_tasks_markers_grade(work, user):
    for stranger in (UserFactory(role="lecturer"), office(), user):
        with pytest.raises(DomainError, match="不是本任务的评分教师"):
            mark(stranger, work)
    assert not Mark.objects.exists()


def test_every_criterion_needs_a_level_between_one_and_five(work, lecturer):
    said = levels(work.task, 4, 3, 5)
    short = dict(list(said.items())[:2])
    with pytest.raises(DomainError, match="还缺：依法决策"):
        services.mark_submission(actor=lecturer, submission=work, levels=short)
    for wrong in (D(0), D(6), D("2.3")):
        with pytest.raises(DomainError, match="等级应为 1 至 5"):
            services.mark_submission(actor=lecturer, submission=work, levels=dict.fromkeys(said, wrong))


def test_the_same_mark_again_is_harmless(work, lecturer):
    mark(lecturer, work)
    mark(lecturer, work)
    assert Mark.objects.count() == 3


def test_a_changed_mark_needs_a_reason_adds_a_round_and_takes_back_its_evidence(work, lecturer, user):
    mark(lecturer, work, 4, 3, 5)
    with pytest.raises(DomainError, match="请写明理由"):
        mark(lecturer, work, 2, 2, 2)
    graded = mark(lecturer, work, 2, 2, 2, reason="复核后调整")
    assert graded.get_grade_display() == "不合格"
    assert sorted(Mark.objects.values_list("round", flat=True)) == [1, 1, 1, 2, 2, 2]
    assert [score for _, score, *_ in standing(user)] == [D("2.00")] * 3
    assert Evidence.objects.filter(user=user).count() == 9  # three, their reversals, three


def test_back_to_the_first_levels_counts_again(work, lecturer, user):
    mark(lecturer, work, 4, 3, 5)
    mark(lecturer, work, 2, 2, 2, reason="复核后调整")
    mark(lecturer, work, 4, 3, 5, reason="恢复原评定")
    assert [score for _, score, *_ in standing(user)] == [D("4.00"), D("3.00"), D("5.00")]


def test_who_looked_at_an_older_round_is_told(work, lecturer):
    mark(lecturer, work, 4, 3, 5, seen_round=0)
    with pytest.raises(Conflict, match="其他教师刚刚评过"):
        mark(lecturer, work, 2, 2, 2, reason="调整", seen_round=0)


def test_after_closing_no_mark_is_given_or_changed(task, work, lecturer, other):
    mark(lecturer, work)
    services.close_marking(actor=office(), task=task)
    rest = Submission.objects.get(task=task, user=other)
    for piece, reason in ((rest, ""), (work, "调整")):
        with pytest.raises(DomainError, match="评分已经结束"):
            mark(lecturer, piece, 1, 1, 1, reason=reason)
    with pytest.raises(DomainError, match="写明重新开放评分的理由"):
        services.reopen_marking(actor=office(), task=task, reason=" ")
    services.reopen_marking(actor=office(), task=task, reason="漏评一人")
    assert mark(lecturer, rest).grade


def test_an_unscored_indicator_gets_a_mark_but_no_evidence(lecturer, user):
    task = make_task([lecturer], [user], rubric=make_rubric(("A1", "政治判断", "0.5"), ("B3", "协同", "0.5")))
    mark(lecturer, task.submissions.get(), 4, 4)
    assert [code for code, *_ in standing(user)] == ["B3"]


def test_a_mark_is_announced_on_commit(work, lecturer, django_capture_on_commit_callbacks):
    news = []

    def listen(**said):
        news.append((said["submission_id"], said["context_key"]))

    task_marked.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            mark(lecturer, work)
    finally:
        task_marked.disconnect(listen)
    assert news == [(work.pk, "trial:示范")]


# --- rearranging ---


def arrangement(task, **changed):
    now = {"due_at": task.due_at, "markers": list(task.markers.all()), "ratings_asked": task.ratings_asked,
           "tolerance": task.tolerance, "arbiter": task.arbiter}  # fmt: skip
    return {**now, **changed}


def rearrange(task, **changed):
    return services.rearrange_task(actor=office(), task=task, **arrangement(task, **changed))


def test_a_later_deadline_is_told_to_those_who_have_not_handed_in(task, user, other):
    services.hand_in(user=user, task=task, text="第一稿")
    moved = rearrange(task, due_at=task.due_at + timedelta(days=7))
    assert moved.due_at == task.due_at + timedelta(days=7)
    told = Notice.objects.filter(title="任务的截止时间有调整")
    assert list(told.values_list("recipient", flat=True)) == [other.pk]
    rearrange(moved)
    assert told.count() == 1, "the same arrangement again is nothing new"


def test_a_deadline_that_is_over_is_refused(task):
    with pytest.raises(DomainError, match="新的截止时间应晚于现在"):
        rearrange(task, due_at=task.due_at - timedelta(days=30))


def test_two_may_rate_as_long_as_nothing_is_graded(task, work, lecturer):
    second = UserFactory(role="lecturer")
    twice = rearrange(task, markers=[lecturer, second], ratings_asked=2)
    assert twice.rated_twice and set(twice.markers.all()) == {lecturer, second}
    mark(lecturer, Submission.objects.get(pk=work.pk))
    with pytest.raises(DomainError, match="已有作业评过分"):
        rearrange(twice, ratings_asked=1, arbiter=None)


def test_marks_stay_when_somebody_else_grades(task, work, lecturer):
    mark(lecturer, work)
    second = UserFactory(role="lecturer")
    rearrange(task, markers=[second])
    assert Mark.objects.filter(submission=work, marked_by=lecturer).exists()
    with pytest.raises(DomainError, match="您不是本任务的评分教师"):
        mark(lecturer, work, 1, 1, 1, reason="再看一遍")
    mark(second, work, 5, 5, 5, reason="复核")
    assert Submission.objects.get(pk=work.pk).grade == "excellent"


def test_only_those_who_set_tasks_rearrange_them(task, user):
    with pytest.raises(DomainError, match="没有布置任务的权限"):
        services.rearrange_task(actor=user, task=task, **arrangement(task))
    services.close_marking(actor=office(), task=task)
    task.refresh_from_db()
    with pytest.raises(DomainError, match="评分已经结束"):
        rearrange(task)
