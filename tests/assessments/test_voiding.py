"""取消成绩: a result taken away counts nowhere, may be replaced, answered and lifted, and leaves its trail."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from wagtail.models import ModelLogEntry

from assessments import services
from assessments.models import Attempt, AttemptState, Seat, Submission, Voiding
from assessments.presenters import seats as presenters
from assessments.services import register_objection, voiding
from cohorts.models import RequirementResult
from cohorts.services import require_exam, require_task
from competencies.models import Evidence
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from tests.factories.assessments import levels, make_exam, make_task, office, sit
from tests.factories.cohorts import CohortFactory, closed
from tests.factories.people import UserFactory, make_personas

pytestmark = pytest.mark.django_db
D = Decimal
CHEATING = {"cause": "cheating", "reason": "夹带资料", "document_no": "云培〔2026〕9号"}
TECHNICAL = {"cause": "technical", "reason": "考场断电"}


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
    said = levels(work.task, *(values or (4, 4, 4)))
    return services.mark_submission(actor=lecturer, submission=work, levels=said, **more)


def void(thing, **said):
    words = {**TECHNICAL, **said}
    if isinstance(thing, Attempt):
        return services.void_attempt(actor=office(), attempt=thing, **words)
    return services.void_work(actor=office(), submission=thing, **words)


def lift(row, reason="查明无误"):
    return services.lift_voiding(actor=office(), voiding=row, reason=reason)


def result(exam, user):
    seat = Seat.objects.get(exam=exam, user=user)
    return seat.percent, seat.passed, seat.is_voided


def standing(user):
    rows = Evidence.objects.standing().filter(user=user).order_by("indicator__code")
    return [(e.indicator.code, e.score) for e in rows]


# --- sittings ---


def test_a_voided_sitting_counts_neither_as_result_nor_as_evidence(exam, user, other):
    attempt = sit(user, exam)
    sit(other, exam)
    services.release_results(actor=office(), exam=exam)
    before, others = standing(user), standing(other)
    row = void(attempt, **CHEATING)
    assert result(exam, user) == (None, None, True)
    assert Seat.objects.get(exam=exam, user=user).result_word == "成绩已取消"
    assert (standing(user), standing(other)) == ([], others)
    assert (row.cause, row.document_no, row.by) == ("cheating", "云培〔2026〕9号", office())
    assert Notice.objects.filter(recipient=user, title="有一项成绩被取消").exists()
    assert before


def test_lifting_gives_back_result_and_evidence_and_may_be_done_again_and_again(exam, user, other):
    attempt = sit(user, exam, wrong=[1])
    sit(other, exam)
    services.release_results(actor=office(), exam=exam)
    before, figures = standing(user), result(exam, user)
    for _ in range(2):
        lift(void(attempt))
        assert (standing(user), result(exam, user)) == (before, figures)
    services.release_results(actor=office(), exam=exam)
    assert standing(user) == before
    trail = ModelLogEntry.objects.filter(action__in=("assessments.void", "assessments.lift_voiding"))
    assert [entry.action for entry in trail.order_by("pk")] == ["assessments.void", "assessments.lift_voiding"] * 2


def test_before_the_release_nothing_is_said_of_a_voided_sitting(exam, user, later):
    row = void(sit(user, exam))
    with later(days=2):
        services.release_results(actor=office(), exam=exam)
        assert standing(user) == []
        lift(row)
    assert standing(user)


def test_of_two_sittings_the_other_one_counts(frozen_clock, user):
    exam = make_exam([user], now=frozen_clock, attempts_allowed=2)
    best = sit(user, exam)
    sit(user, exam, wrong=[1, 2])
    services.release_results(actor=office(), exam=exam)
    assert result(exam, user)[0] == D(100)
    void(best)
    percent, _passed, voided = result(exam, user)
    assert (percent < 100, voided) == (True, False)
    assert standing(user)


def test_a_running_paper_is_ended_by_the_decision(exam, user):
    attempt = services.start_attempt(user=user, exam=exam)
    void(attempt, **CHEATING)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.auto_submitted) == (AttemptState.VOIDED, True)
    with pytest.raises(DomainError, match="试卷已经交出"):
        services.save_answer(user=user, attempt=attempt, position=1, choice=[0], sequence=1)
    with pytest.raises(DomainError, match="次数（1 次）已经用完"):
        services.start_attempt(user=user, exam=exam)


def test_a_makeup_in_a_released_exam_counts_at_once(exam, user, other, later):
    attempt = sit(user, exam, wrong=[1, 2, 3])
    sit(other, exam)
    services.release_results(actor=office(), exam=exam)
    with later(days=3):
        void(attempt, again_until=clock.now() + timedelta(days=2))
        seat = Seat.objects.get(exam=exam, user=user)
        assert presenters.seat_card(seat, clock.now()).sub == "补考，9月19日 周六 10:00 截止，限时 60 分钟"
        again = sit(user, exam)
        assert result(exam, user) == (D(100), True, False)
        assert {score for _code, score in standing(user)} == {D(5)}
        with pytest.raises(DomainError, match="次数（2 次）已经用完"):
            services.start_attempt(user=user, exam=exam)
    assert again.deadline_at > exam.closes_at


def test_a_makeup_is_over_at_its_end_and_taken_back_with_the_lifting(exam, user, other, later):
    attempt = sit(user, exam)
    sit(other, exam)
    services.release_results(actor=office(), exam=exam)
    row = void(attempt, again_until=clock.now() + timedelta(days=2))
    with later(days=3), pytest.raises(DomainError, match="成绩已经公布"):
        services.start_attempt(user=user, exam=exam)
    lift(row)
    with pytest.raises(DomainError, match="次数（1 次）已经用完"):
        services.start_attempt(user=user, exam=exam)


# --- works ---


def test_a_voided_work_has_no_grade_and_is_closed(work, task, user, lecturer):
    services.hand_in(user=user, task=task, text="正文")
    mark(lecturer, work)
    assert standing(user)
    row = void(work, **CHEATING)
    work.refresh_from_db()
    assert (work.grade, work.score, standing(user)) == ("", None, [])
    with pytest.raises(DomainError, match="成绩已经取消，不能评分"):
        mark(lecturer, work)
    with pytest.raises(DomainError, match="成绩已经取消，不能再提交"):
        services.hand_in(user=user, task=task, text="另一稿")
    lift(row)
    work.refresh_from_db()
    assert (work.grade, work.text) == ("good", "正文")
    assert {score for _code, score in standing(user)} == {D(4)}
    assert mark(lecturer, work, 5, 5, 5, reason="复核").grade == "excellent"
    assert {score for _code, score in standing(user)} == {D(5)}


def test_a_work_may_be_handed_in_anew_where_the_office_says_so(work, task, user, lecturer, later):
    services.hand_in(user=user, task=task, text="抄来的正文")
    mark(lecturer, work)
    with later(days=5):
        row = void(work, **CHEATING, again_until=clock.now() + timedelta(days=2))
        services.hand_in(user=user, task=task, text="自己写的正文")
        with pytest.raises(DomainError, match="已经重新提交，原来的成绩不能恢复"):
            lift(row)
        assert mark(lecturer, work, 3, 3, 3).grade == "pass"
    assert {score for _code, score in standing(user)} == {D(3)}


def test_a_work_rated_twice_is_rated_anew_by_both(frozen_clock, user, lecturer):
    second = UserFactory(role="lecturer")
    task = make_task([lecturer, second], [user], ratings_asked=2)
    work = task.submissions.get()
    services.hand_in(user=user, task=task, text="正文")
    mark(lecturer, work, 1, 1, 1)
    mark(second, work, 5, 5, 5)
    void(work, again_until=clock.now() + timedelta(days=5))
    services.hand_in(user=user, task=task, text="新的正文")
    assert list(Submission.objects.to_mark_by(lecturer)) == [work]
    assert mark(lecturer, work, 4, 4, 4).grade == ""
    assert mark(second, work, 4, 4, 4).grade == "good"


def test_lifting_brings_a_dispute_back(frozen_clock, user, lecturer):
    second = UserFactory(role="lecturer")
    task = make_task([lecturer, second], [user], ratings_asked=2)
    work = task.submissions.get()
    services.hand_in(user=user, task=task, text="正文")
    mark(lecturer, work, 1, 1, 1)
    mark(second, work, 5, 5, 5)
    lift(void(work, again_until=clock.now() + timedelta(days=5)))
    assert list(Submission.objects.in_dispute()) == [work]
    work.refresh_from_db()
    assert work.text == "正文"


# --- the decision ---


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"cause": "cheating", "document_no": " "}, "请填写处理决定的文号"),
        ({"reason": " "}, "写明理由"),
        ({"cause": "mood"}, "选择取消成绩的情形"),
        ({"again_until": "past"}, "须晚于现在"),
    ],
)
def test_a_decision_needs_a_cause_a_reason_and_for_discipline_a_document(exam, user, said, sentence):
    attempt = sit(user, exam)
    if "again_until" in said:
        said = {"again_until": clock.now()}
    with pytest.raises(DomainError, match=sentence):
        void(attempt, **said)
    assert not Voiding.objects.exists()


def test_only_the_office_takes_results_away(exam, user, lecturer):
    attempt = sit(user, exam)
    for person in (lecturer, UserFactory(role="class_teacher"), user):
        with pytest.raises(DomainError, match="没有取消成绩的权限"):
            services.void_attempt(actor=person, attempt=attempt, **TECHNICAL)


def test_nothing_to_take_away_and_twice_is_once(work, exam, user):
    with pytest.raises(DomainError, match="没有可以取消的成绩"):
        void(work)
    attempt = sit(user, exam)
    row = void(attempt)
    with pytest.raises(Conflict, match="刚刚已被取消"):
        void(attempt)
    lift(row)
    with pytest.raises(Conflict, match="刚刚已被撤销"):
        lift(row)
    with pytest.raises(DomainError, match="请写明撤销取消的理由"):
        lift(void(attempt), reason=" ")


def test_the_decision_itself_cannot_be_rewritten(exam, user):
    row = void(sit(user, exam))
    for change in ({"reason": "别的"}, {"cause": "other"}, {"by": user}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Voiding.objects.filter(pk=row.pk).update(**change)


def test_a_higher_app_may_object(exam, user, monkeypatch):
    monkeypatch.setattr(voiding, "_objections", {})
    attempt = sit(user, exam)
    register_objection("test", lambda key, person: ["先撤销证书。"] if (key, person) == ("trial:示范", user.pk) else [])
    with pytest.raises(DomainError, match="先撤销证书"):
        void(attempt)
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.MARKED


# --- the learner ---


def test_the_learner_replies_once_and_the_office_is_told(exam, user, other):
    row = void(sit(user, exam))
    services.reply_to_voiding(user=user, voiding=row, text="当时停电，监考可以证明。")
    assert Notice.objects.get(recipient=office()).title == "学员提交了申述"
    services.reply_to_voiding(user=user, voiding=row, text="当时停电，监考可以证明。")
    with pytest.raises(DomainError, match="已经提交过申述"):
        services.reply_to_voiding(user=user, voiding=row, text="再补充")
    with pytest.raises(DomainError, match="本人可以申述"):
        services.reply_to_voiding(user=other, voiding=row, text="我也说")


def text(response, status=200):
    assert response.status_code == status, response.status_code
    return response.content.decode()


def test_the_pages_of_a_voided_sitting(exam, user, other, signed_in):
    attempt = sit(user, exam)
    sit(other, exam)
    services.release_results(actor=office(), exam=exam)
    row = void(attempt, **CHEATING)
    browser = signed_in(user)
    page = text(browser.get(reverse("assessments:exam", args=[exam.public_id])))
    assert "因违反考试或学术纪律，这项成绩被取消（云培〔2026〕9号）。理由：夹带资料。" in page
    assert "提交申述" in page
    page = text(browser.get(reverse("assessments:result", args=[attempt.public_id])))
    assert "这次作答的成绩已被取消" in page
    assert "逐题解析" not in page
    assert "成绩已取消" in text(browser.get(reverse("assessments:exams")))
    url = reverse("assessments:voiding-reply", args=[row.public_id])
    assert signed_in(other).post(url, {"text": "不是我"}).status_code == 404
    assert "您的申述：监考可以证明" in text(signed_in(user).post(url, {"text": "监考可以证明"}, follow=True))


def test_the_office_takes_away_and_gives_back(signed_in, frozen_clock):
    people = make_personas()
    exam = make_exam([people["trainee"]], now=frozen_clock, actor=people["training_office"])
    attempt = sit(people["trainee"], exam)
    browser = signed_in(people["training_office"])
    seat = attempt.seat
    page = text(browser.get(reverse("office_seats:inspect", args=[seat.pk])))
    assert reverse("office_seats:void", args=[seat.pk]) in page
    url = reverse("office_seats:void", args=[seat.pk])
    page = text(browser.post(url, {"attempt": attempt.pk, "cause": "cheating", "reason": "夹带"}))
    assert "请填写处理决定的文号" in page
    said = {"attempt": attempt.pk, "cause": "cheating", "reason": "夹带", "document_no": "9号"}
    page = text(browser.post(url, said, follow=True))
    assert "成绩已取消，并已通知学员" in page
    assert "夹带" in page
    assert "成绩已取消" in text(browser.get(reverse("office_seats:index") + "?result=voided"))
    row = Voiding.objects.get()
    url = reverse("office_seats:lift", args=[seat.pk])
    page = text(browser.post(url, {"voiding": row.pk, "reason": "复核无误"}, follow=True))
    assert "成绩已恢复" in page


# --- in a class ---


@pytest.fixture
def cohort(frozen_clock):
    return CohortFactory(running=True, members=2)


def met(cohort, requirement, user):
    row = RequirementResult.objects.get(requirement=requirement, membership__user=user)
    return row.state, row.detail


@pytest.mark.usefixtures("frozen_clock")
def test_a_condition_of_the_class_is_not_fulfilled_any_more(cohort, lecturer, django_capture_on_commit_callbacks):
    user = cohort.memberships.first().user
    teacher = cohort.staff.first().user
    exam = make_exam([user], context_key=cohort.context_key)
    task = make_task([lecturer], [user], context_key=cohort.context_key)
    asked = require_exam(actor=teacher, cohort=cohort, exam=exam), require_task(actor=teacher, cohort=cohort, task=task)
    work = task.submissions.get(user=user)
    with django_capture_on_commit_callbacks(execute=True):
        attempt = sit(user, exam)
        mark(lecturer, work)
        with clock.freeze(exam.closes_at):
            services.release_results(actor=office(), exam=exam)
    assert [met(cohort, one, user)[0] for one in asked] == ["met", "met"]
    with django_capture_on_commit_callbacks(execute=True):
        rows = void(attempt), void(work)
    assert [met(cohort, one, user) for one in asked] == [("missing", "成绩已取消")] * 2
    with django_capture_on_commit_callbacks(execute=True):
        for row in rows:
            lift(row)
    assert [met(cohort, one, user)[0] for one in asked] == ["met", "met"]


def test_a_closed_class_keeps_its_results():
    cohort = closed()
    user = cohort.memberships.first().user
    exam = make_exam([user], context_key=cohort.context_key)
    attempt = sit(user, exam)
    with pytest.raises(DomainError, match="本班已经结班，成绩不能再改变"):
        void(attempt)
