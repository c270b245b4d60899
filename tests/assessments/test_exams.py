"""Making, seating and releasing an exam; what a result says as evidence."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from assessments import services
from assessments.models import Exam, Seat
from assessments.signals import result_released
from competencies.models import Evidence, Indicator
from core.errors import DomainError
from core.models import Notice
from people.models import Role
from tests.factories.assessments import answer_all, make_bank, make_blueprint, make_exam, make_question, office, sit
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def heard():
    """What `result_released` said."""
    news = []

    def listen(**said):
        news.append((said["exam_id"], said["context_key"]))

    result_released.connect(listen)
    yield news
    result_released.disconnect(listen)


def test_a_pool_that_is_too_small_is_explained_line_by_line(frozen_clock):
    make_bank(each=2)
    blueprint = make_blueprint(("single", 3, "10"), ("multiple", 2, "20"), codes=("E1", "C2"), title="入学测试方案")
    with pytest.raises(DomainError) as refusal:
        make_exam(now=frozen_clock, blueprint=blueprint)
    name = Indicator.objects.get(code="E1").name
    sentence = f"《入学测试方案》第1行（单选题 · E1 {name}）需 3 题，可用 2 题，还缺 1 题"
    assert sentence in refusal.value.message
    assert "第2行" not in refusal.value.message
    assert not Exam.objects.exists()


def test_an_equivalent_exam_needs_a_bank_for_both(frozen_clock):
    make_bank(codes=["C2"], kinds=["single"], each=3)
    blueprint = make_blueprint(("single", 2, "10"))
    entry = make_exam(now=frozen_clock, blueprint=blueprint)
    with pytest.raises(DomainError, match=r"可用 1 题，还缺 1 题（已扣除不重复出题的考试所需）"):
        make_exam(now=frozen_clock, blueprint=blueprint, exclude_exams=[entry])
    make_question("single")
    assert make_exam(now=frozen_clock, blueprint=blueprint, exclude_exams=[entry]).excludes.get() == entry


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"minutes": 0}, "至少为 1"),
        ({"attempts_allowed": 0}, "至少为 1"),
        ({"pass_percent": D(101)}, "0 至 100"),
    ],
)
def test_an_exam_that_cannot_be_held_is_refused(frozen_clock, changes, sentence):
    with pytest.raises(DomainError, match=sentence):
        make_exam(now=frozen_clock, **changes)


def test_closing_before_opening_is_refused(frozen_clock):
    with pytest.raises(DomainError, match="截止时间应晚于开始时间"):
        make_exam(now=frozen_clock, closes_at=frozen_clock, opens_at=frozen_clock)


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.LECTURER, Role.LEADER])
def test_only_those_who_run_classes_make_seat_and_release(frozen_clock, role, user):
    exam = make_exam([user], now=frozen_clock)
    stranger = UserFactory(role=role)
    with pytest.raises(DomainError, match="没有组织考试的权限"):
        make_exam(now=frozen_clock, actor=stranger)
    with pytest.raises(DomainError, match="没有组织考试的权限"):
        services.seat(actor=stranger, exam=exam, users=[user])
    with pytest.raises(DomainError, match="没有组织考试的权限"):
        services.release_results(actor=stranger, exam=exam)


def test_a_seat_is_given_once(exam, user):
    assert services.seat(actor=office(), exam=exam, users=[user]) == []
    assert Seat.objects.filter(exam=exam, user=user).count() == 1


def test_a_makeup_seat_says_so(frozen_clock, user):
    exam = make_exam(now=frozen_clock)
    [seat] = services.seat(actor=office(), exam=exam, users=[user], makeup=True)
    assert seat.is_makeup


# --- releasing ---


def test_results_wait_for_everybody_until_the_window_closes(exam, user, other, later):
    sit(user, exam)
    with pytest.raises(DomainError, match="还有 1 人未参加考试"):
        services.release_results(actor=office(), exam=exam)
    services.start_attempt(user=other, exam=exam)
    with pytest.raises(DomainError, match="还有 1 人正在作答"):
        services.release_results(actor=office(), exam=exam)
    with later(hours=2):
        services.release_results(actor=office(), exam=exam)
    exam.refresh_from_db()
    assert exam.released_at


def test_after_the_window_those_who_did_not_come_do_not_hold_up_the_rest(exam, user, later):
    sit(user, exam)
    with later(days=2):
        services.release_results(actor=office(), exam=exam)
    assert set(Evidence.objects.values_list("user", flat=True)) == {user.pk}


def test_everybody_with_a_seat_is_told_once_that_results_are_public_and_nothing_of_them(exam, user, other, later):
    sit(user, exam)
    with later(days=2):
        services.release_results(actor=office(), exam=exam)
        services.release_results(actor=office(), exam=exam)
    told = Notice.objects.filter(title="考试成绩已经公布")
    assert set(told.values_list("recipient", flat=True)) == {user.pk, other.pk} and told.count() == 2
    assert {notice.text for notice in told} == {exam.title}


def test_a_result_is_recorded_per_indicator_with_two_items_or_more(frozen_clock, user):
    make_bank(codes=("C2", "E1", "D1"))
    blueprint = make_blueprint(("single", 3, "10"), ("judge", 2, "10"), ("single", 1, "10"), codes=("C2", "E1", "D1"))
    exam = make_exam([user], now=frozen_clock, blueprint=blueprint)
    attempt = services.start_attempt(user=user, exam=exam)
    first_c2 = attempt.items.filter(version__question__indicator__code="C2").first().position
    answer_all(attempt, wrong=[first_c2])
    services.submit(user=user, attempt=attempt)
    assert services.release_results(actor=office(), exam=exam) == 2
    found = {e.indicator.code: (e.score, e.items, e.kind, e.phase) for e in Evidence.objects.all()}
    assert found == {"C2": (D("3.67"), 3, "test", "post"), "E1": (D("5.00"), 2, "test", "post")}


def test_an_indicator_that_is_not_scored_is_never_recorded(frozen_clock, user):
    make_bank(codes=["A1"])
    exam = make_exam([user], now=frozen_clock, blueprint=make_blueprint(("single", 4, "10")))
    sit(user, exam)
    assert services.release_results(actor=office(), exam=exam) == 0
    assert not Evidence.objects.exists()


def test_releasing_again_changes_nothing(exam, user, other, django_capture_on_commit_callbacks, heard):
    for person in (user, other):
        sit(person, exam)
    with django_capture_on_commit_callbacks(execute=True):
        first = services.release_results(actor=office(), exam=exam)
    before = Exam.objects.get(pk=exam.pk).released_at
    with django_capture_on_commit_callbacks(execute=True):
        assert services.release_results(actor=office(), exam=exam) == 0
    assert first == Evidence.objects.count() > 0
    assert Exam.objects.get(pk=exam.pk).released_at == before
    assert heard == [(exam.pk, "trial:示范")]


def test_nothing_is_said_when_the_release_is_refused(exam, django_capture_on_commit_callbacks, heard):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(DomainError):
        services.release_results(actor=office(), exam=exam)
    assert heard == []


def test_after_the_release_nobody_begins_or_is_seated(frozen_clock, user, other):
    exam = make_exam([user], now=frozen_clock, attempts_allowed=2)
    sit(user, exam)
    services.release_results(actor=office(), exam=exam)
    with pytest.raises(DomainError, match="成绩已经公布"):
        services.start_attempt(user=user, exam=exam)
    with pytest.raises(DomainError, match="不能再安排考位"):
        services.seat(actor=office(), exam=Exam.objects.get(pk=exam.pk), users=[other])


@pytest.mark.parametrize(("best", "score"), [(True, "5.00"), (False, "1.00")])
def test_the_attempt_that_counts_gives_the_evidence(frozen_clock, user, best, score):
    make_bank(codes=["C2"], kinds=["single"], each=4)
    exam = make_exam(
        [user], now=frozen_clock, attempts_allowed=2, best_counts=best, blueprint=make_blueprint(("single", 2, "10"))
    )
    sit(user, exam)
    sit(user, exam, wrong=[1, 2])
    services.release_results(actor=office(), exam=exam)
    assert Evidence.objects.get().score == D(score)


def test_releasing_costs_the_same_for_two_and_for_twenty(frozen_clock, django_assert_max_num_queries):
    counts = Counter()
    for size in (2, 20):
        people = UserFactory.create_batch(size, role="trainee")
        exam = make_exam(people, now=frozen_clock)
        for person in people:
            sit(person, exam)
        actor = office()
        with django_assert_max_num_queries(24) as queries:
            services.release_results(actor=actor, exam=exam)
        counts[size] = len(queries)
    assert counts[2] == counts[20]
