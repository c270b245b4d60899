"""Sitting an exam: the server's clock, answers that are kept, hand-in once, nothing counted that came too late."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from assessments import services
from assessments.models import Answer, Attempt, AttemptState, Seat
from core.errors import DomainError
from tests.factories.assessments import answer_all, make_bank, make_blueprint, make_exam, office, sit

pytestmark = pytest.mark.django_db
D = Decimal


def start(user, exam, **more):
    return services.start_attempt(user=user, exam=exam, seed=5, **more)


def save(attempt, position=1, choice=(0,), sequence=1, **more):
    said = {"user": attempt.seat.user, "attempt": attempt, "position": position, "choice": list(choice)}
    return services.save_answer(**said, sequence=sequence, **more)


def stored(attempt, position=1):
    return Answer.objects.get(item__attempt=attempt, item__position=position)


# --- beginning ---


def test_a_paper_meets_the_blueprint_and_repeats_nothing(exam, user):
    attempt = start(user, exam)
    kinds = Counter(attempt.items.values_list("version__question__kind", flat=True))
    assert kinds == {"single": 4, "multiple": 2, "judge": 2}
    questions = list(attempt.items.values_list("version__question", flat=True))
    assert len(set(questions)) == len(questions) == 8
    assert attempt.full_score == 100


def test_starting_again_gives_the_running_attempt(exam, user, later):
    first = start(user, exam)
    with later(minutes=10):
        assert start(user, exam) == first
    assert Attempt.objects.count() == 1


def test_the_deadline_is_the_shorter_of_the_minutes_and_the_window(exam, user, other, frozen_clock, later):
    assert start(user, exam).deadline_at == frozen_clock + timedelta(minutes=60)
    with later(hours=23, minutes=30):
        assert start(other, exam).deadline_at == exam.closes_at


def test_granted_minutes_reach_past_both(frozen_clock, user):
    exam = make_exam(now=frozen_clock)
    services.seat(actor=office(), exam=exam, users=[user], extra_minutes=20)
    assert start(user, exam).deadline_at == frozen_clock + timedelta(minutes=80)


@pytest.mark.parametrize(
    ("span", "sentence"), [({"hours": -2}, "尚未开始"), ({"days": 1}, "已经截止"), ({"days": 3}, "已经截止")]
)
def test_outside_the_window_nobody_begins(exam, user, later, span, sentence):
    with later(**span), pytest.raises(DomainError, match=sentence):
        start(user, exam)


def test_without_a_seat_nobody_begins(exam):
    from tests.factories.people import UserFactory

    with pytest.raises(DomainError, match="不在本场考试的名单中"):
        start(UserFactory(), exam)


def test_the_number_of_attempts_is_limited(exam, user):
    sit(user, exam)
    with pytest.raises(DomainError, match=r"允许作答的次数（1 次）已经用完"):
        start(user, exam)


def test_a_second_attempt_asks_other_questions_where_the_bank_suffices(frozen_clock, user):
    exam = make_exam([user], now=frozen_clock, attempts_allowed=2)
    first = set(sit(user, exam).items.values_list("version__question", flat=True))
    second = set(start(user, exam).items.values_list("version__question", flat=True))
    assert not first & second


def test_nobody_gets_a_question_of_the_entry_test_again(frozen_clock, user, other):
    entry = make_exam([user, other], now=frozen_clock, phase="pre")
    final = make_exam([user, other], now=frozen_clock, exclude_exams=[entry], blueprint=entry.blueprint)
    for person in (user, other):
        before = set(sit(person, entry).items.values_list("version__question", flat=True))
        after = set(start(person, final).items.values_list("version__question", flat=True))
        assert not before & after
        assert len(after) == 8


# --- answering ---


def test_a_saved_answer_is_kept_and_repeats_are_harmless(exam, user):
    attempt = start(user, exam)
    assert save(attempt, choice=[1], sequence=3).applied
    again = save(attempt, choice=[1], sequence=3)
    assert (again.applied, again.choice, again.sequence) == (True, [1], 3)


def test_an_older_sequence_changes_nothing_and_is_told_what_stands(exam, user):
    attempt = start(user, exam)
    save(attempt, choice=[2], sequence=9, flagged=True)
    late = save(attempt, choice=[0], sequence=8)
    assert (late.applied, late.choice, late.flagged, late.sequence) == (False, [2], True, 9)
    assert stored(attempt).choice == [2]


def test_an_equal_sequence_with_another_choice_is_told_what_stands(exam, user):
    attempt = start(user, exam)
    save(attempt, choice=[2], sequence=4)
    assert save(attempt, choice=[0], sequence=4).applied is False
    assert stored(attempt).choice == [2]


def test_two_tabs_the_later_sequence_wins_whatever_the_order_of_arrival(exam, user):
    attempt = start(user, exam)
    save(attempt, choice=[3], sequence=2)  # the second tab, sent later but arrived first
    assert save(attempt, choice=[0], sequence=1).choice == [3]


@pytest.mark.parametrize("choice", [[7], [0, 1], [-1], ["0"], [True]])
def test_a_choice_that_cannot_be_made_is_refused(exam, user, choice):
    attempt = start(user, exam)
    with pytest.raises(DomainError, match="所选答案与题目不符"):
        save(attempt, choice=choice)
    assert stored(attempt).choice == []


def test_a_question_that_is_not_on_the_paper_is_refused(exam, user):
    attempt = start(user, exam)
    with pytest.raises(DomainError, match="没有这道题"):
        save(attempt, position=99)


def test_nobody_answers_on_the_paper_of_another(exam, user, other):
    attempt = start(user, exam)
    with pytest.raises(PermissionDenied):
        services.save_answer(user=other, attempt=attempt, position=1, choice=[0], sequence=1)
    with pytest.raises(PermissionDenied):
        services.submit(user=other, attempt=attempt)
    assert services.save_shown(user=other, public_id=attempt.public_id, position=1, shown=[0], sequence=1) is None


def test_a_place_on_the_paper_becomes_an_option_of_the_wording(exam, user):
    attempt = start(user, exam)
    order = attempt.items.get(position=1).option_order
    saved = services.save_shown(user=user, public_id=attempt.public_id, position=1, shown=[2], sequence=1)
    assert saved.choice == [2]
    assert stored(attempt).choice == [order[2]]


def test_how_often_the_page_was_left_is_noted_and_costs_nothing(exam, user):
    attempt = start(user, exam)
    services.save_shown(user=user, public_id=attempt.public_id, position=1, shown=[0], sequence=1, blurs=4)
    services.save_shown(user=user, public_id=attempt.public_id, position=2, shown=[0], sequence=1, blurs=2)
    attempt.refresh_from_db()
    assert (attempt.blur_count, attempt.state) == (4, AttemptState.RUNNING)


# --- time ---


def test_the_network_drops_at_40_and_returns_at_50_answers_kept_ten_minutes_left(exam, user, later):
    attempt = start(user, exam)
    with later(minutes=40):
        save(attempt, position=1, choice=[1], sequence=1)
    with later(minutes=50):
        assert start(user, exam) == attempt
        back = save(attempt, position=2, choice=[0], sequence=1)
        assert back.seconds_left == 600
    assert stored(attempt, 1).choice == [1]


def test_seconds_late_within_the_grace_are_taken_and_after_it_refused(exam, user, later):
    attempt = start(user, exam)
    with later(minutes=60, seconds=10):
        assert save(attempt, choice=[1], sequence=1).applied
    with later(minutes=60, seconds=11), pytest.raises(DomainError, match="作答时间已到"):
        save(attempt, choice=[2], sequence=2)
    assert stored(attempt).choice == [1]


def test_a_hand_in_that_is_seconds_late_counts_what_was_saved_in_time(exam, user, later):
    attempt = start(user, exam)
    answer_all(attempt, leave=[1])
    with later(minutes=60, seconds=30):
        done = services.submit(user=user, attempt=attempt)
    assert (done.state, done.auto_submitted, done.submitted_at) == (AttemptState.MARKED, True, done.deadline_at)
    assert done.score == 90


def test_what_arrived_in_time_is_in_time_however_long_the_work_takes(exam, user, later, frozen_clock):
    attempt = start(user, exam)
    with later(minutes=70):
        arrived = frozen_clock + timedelta(minutes=59)
        assert save(attempt, choice=[1], sequence=1, arrived_at=arrived).applied


def test_overdue_attempts_are_handed_in_with_their_last_saved_answers(exam, user, other, later):
    answer_all(start(user, exam), wrong=[1])
    with later(minutes=30):
        start(other, exam)
    with later(minutes=61):
        assert services.finish_overdue() == 1
        assert services.finish_overdue() == 0
    seat = Seat.objects.get(exam=exam, user=user)
    assert (seat.percent, seat.passed) == (D("90.00"), True)
    assert Attempt.objects.get(seat__user=other).state == AttemptState.RUNNING


def test_within_the_grace_the_sweep_waits(exam, user, later):
    start(user, exam)
    with later(minutes=60, seconds=9):
        assert services.finish_overdue() == 0


def test_an_overdue_attempt_is_ended_when_its_owner_starts_again(frozen_clock, user, later):
    exam = make_exam([user], now=frozen_clock, attempts_allowed=2)
    first = start(user, exam)
    with later(hours=2):
        second = start(user, exam)
    first.refresh_from_db()
    assert (first.state, first.auto_submitted, second.number) == (AttemptState.MARKED, True, 2)


# --- handing in ---


def test_handing_in_marks_at_once_and_twice_is_once(exam, user):
    attempt = start(user, exam)
    answer_all(attempt, wrong=[1, 5], leave=[8])
    first = services.submit(user=user, attempt=attempt)
    second = services.submit(user=user, attempt=attempt)
    assert first.score == second.score == 100 - 10 - 20 - 10
    assert first.submitted_at == second.submitted_at
    seat = Seat.objects.get(exam=exam, user=user)
    assert (seat.score, seat.percent, seat.passed) == (D("60.00"), D("60.00"), True)


def test_after_handing_in_nothing_is_taken_any_more(exam, user):
    attempt = sit(user, exam)
    with pytest.raises(DomainError, match="试卷已经交出"):
        save(attempt, choice=[1], sequence=99)


def test_an_empty_paper_is_marked_too(exam, user):
    done = services.submit(user=user, attempt=start(user, exam))
    assert (done.score, Seat.objects.get(exam=exam, user=user).passed) == (0, False)


@pytest.mark.parametrize(("best", "percent"), [(True, "90.00"), (False, "70.00")])
def test_the_best_or_the_last_attempt_counts_by_the_exams_rule(frozen_clock, user, best, percent):
    exam = make_exam([user], now=frozen_clock, attempts_allowed=2, best_counts=best)
    sit(user, exam, wrong=[1])
    sit(user, exam, wrong=[1, 2, 3])
    assert Seat.objects.get(exam=exam, user=user).percent == D(percent)


def test_a_whole_form_is_saved_at_once_and_stale_pages_change_nothing(exam, user):
    attempt = start(user, exam)
    save(attempt, position=1, choice=[3], sequence=5)
    said = {1: services.Choice([0], 1), 2: services.Choice([1], 1, True), 3: services.Choice([], 1)}
    assert services.save_answers(user=user, attempt=attempt, choices=said) == 1
    assert (stored(attempt, 1).choice, stored(attempt, 2).choice, stored(attempt, 2).flagged) == ([3], [1], True)


# --- how many queries ---


def test_one_save_costs_two_queries_and_its_transaction(exam, user, django_assert_num_queries):
    attempt = start(user, exam)
    with django_assert_num_queries(4):  # SAVEPOINT, the item with its attempt, the answer, RELEASE
        services.save_shown(user=user, public_id=attempt.public_id, position=1, shown=[0], sequence=1)


@pytest.mark.parametrize("each", [2, 8])
def test_start_and_hand_in_cost_the_same_for_short_and_long_papers(
    frozen_clock, user, each, django_assert_max_num_queries
):
    blueprint = make_blueprint(("single", each, "5"), ("judge", each, "5"))
    make_bank(each=each)
    exam = make_exam([user], now=frozen_clock, blueprint=blueprint)
    with django_assert_max_num_queries(11):
        attempt = start(user, exam)
    answer_all(attempt)
    with django_assert_max_num_queries(9):
        services.submit(user=user, attempt=attempt)
