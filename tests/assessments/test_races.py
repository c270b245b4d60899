"""Two at once: the locks hold, and without them the same test goes red (PostgreSQL; SQLite lets writers queue up)."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest
from django.db import IntegrityError, close_old_connections, connection
from django.db.models import QuerySet
from wagtail.models import ModelLogEntry

from assessments import services
from assessments.models import Answer, Attempt, Seat, Voiding
from assessments.services import attempts, rating, voiding
from competencies.models import Evidence
from core.errors import DomainError
from tests.factories.assessments import answer_all, levels, make_task, office, sit
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 1.0  # seconds for which the first waits for the second, less than the lock time-out


@pytest.fixture
def without_locks(monkeypatch):
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self.all())


def together(*jobs):
    """Run the jobs in threads with connections of their own; their results or errors in order."""
    outcome = [None] * len(jobs)

    def run(n, job):
        try:
            outcome[n] = job()
        except Exception as error:
            outcome[n] = error
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return outcome


def meet(monkeypatch, name, module=attempts):
    """Both threads wait for each other after a function; where a lock keeps one away, the other goes on alone."""
    gate, real = threading.Barrier(2), getattr(module, name)

    def waiting(*args, **kwargs):
        value = real(*args, **kwargs)
        with suppress(threading.BrokenBarrierError):
            gate.wait(PATIENCE)
        return value

    monkeypatch.setattr(module, name, waiting)


# --- two starts ---


def two_starts(user, exam, monkeypatch):
    meet(monkeypatch, "_check_start")
    return together(*[lambda: services.start_attempt(user=user, exam=exam)] * 2)


def test_two_starts_at_once_give_one_paper(exam, user, monkeypatch):
    first, second = two_starts(user, exam, monkeypatch)
    assert first == second == Attempt.objects.get()


@pytest.mark.row_locks
def test_control_two_starts_without_the_lock(exam, user, monkeypatch, without_locks):
    outcome = two_starts(user, exam, monkeypatch)
    assert any(isinstance(one, IntegrityError) for one in outcome)


# --- two hand-ins ---


def two_submits(user, exam, monkeypatch):
    attempt = services.start_attempt(user=user, exam=exam)
    answer_all(attempt)
    meet(monkeypatch, "marked")
    outcome = together(*[lambda: services.submit(user=user, attempt=attempt)] * 2)
    handed_in = ModelLogEntry.objects.filter(action="assessments.submit_attempt").count()
    return outcome, handed_in


def test_two_hand_ins_at_once_are_one(exam, user, monkeypatch):
    outcome, handed_in = two_submits(user, exam, monkeypatch)
    assert [one.score for one in outcome] == [100, 100]
    assert handed_in == 1
    assert Seat.objects.get(exam=exam, user=user).percent == 100


@pytest.mark.row_locks
def test_control_two_hand_ins_without_lock_and_state(exam, user, monkeypatch, without_locks):
    def close_anyhow(held):
        return Attempt.objects.filter(pk=held.pk).update(state=held.state, submitted_at=held.submitted_at)

    monkeypatch.setattr(attempts, "close_running", close_anyhow)
    _outcome, handed_in = two_submits(user, exam, monkeypatch)
    assert handed_in == 2


# --- an answer against the hand-in ---


def save_during_hand_in(user, exam, monkeypatch):
    """An answer that arrives while the paper is being marked; whether it was confirmed, and what it earned."""
    attempt = services.start_attempt(user=user, exam=exam)
    answer_all(attempt, leave=[1])
    key = attempt.items.get(position=1).version.answer
    marking, saved, real = threading.Event(), threading.Event(), attempts.marked

    def slow_marking(held):
        score = real(held)
        marking.set()
        saved.wait(PATIENCE)
        return score

    def save():
        marking.wait(PATIENCE)
        try:
            said = services.save_answer(user=user, attempt=attempt, position=1, choice=key, sequence=1)
        finally:
            saved.set()
        return said

    monkeypatch.setattr(attempts, "marked", slow_marking)
    done, confirmed = together(lambda: services.submit(user=user, attempt=attempt), save)
    return done, confirmed, Answer.objects.get(item__attempt=attempt, item__position=1).choice


def test_an_answer_is_counted_or_refused_never_confirmed_and_forgotten(exam, user, monkeypatch):
    done, confirmed, kept = save_during_hand_in(user, exam, monkeypatch)
    assert isinstance(confirmed, DomainError)
    assert "试卷已经交出" in confirmed.message
    assert (done.score, kept) == (90, [])


@pytest.mark.row_locks
def test_control_without_the_lock_a_confirmed_answer_is_not_counted(exam, user, monkeypatch, without_locks):
    done, confirmed, kept = save_during_hand_in(user, exam, monkeypatch)
    assert confirmed.applied
    assert kept and done.score == 90


# --- two officers ---


def voided_twice(user, exam, monkeypatch):
    attempt = sit(user, exam)
    officer = office()
    meet(monkeypatch, "_checked", voiding)
    said = {"actor": officer, "attempt": attempt, "cause": "technical", "reason": "断电"}
    return together(*[lambda: services.void_attempt(**said)] * 2)


def test_two_officers_take_a_result_away_once(exam, user, monkeypatch):
    outcome = voided_twice(user, exam, monkeypatch)
    assert sorted(type(one).__name__ for one in outcome) == ["Conflict", "Voiding"]
    assert Voiding.objects.count() == 1


def voided_while_marked(user, monkeypatch):
    """A work is marked while its result is taken away; what both read, and what stands: grade, voided, evidence."""
    lecturer, officer = UserFactory(role="lecturer"), office()
    work = make_task([lecturer], [user]).submissions.get()
    services.hand_in(user=user, task=work.task, text="正文")
    said = levels(work.task, 4, 4, 4)
    marking, done, real = threading.Event(), threading.Event(), rating._checked

    def slow(held, given):
        marking.set()
        done.wait(PATIENCE)
        return real(held, given)

    def void():
        marking.wait(PATIENCE)
        try:
            return services.void_work(actor=officer, submission=work, cause="technical", reason="断电")
        finally:
            done.set()

    monkeypatch.setattr(rating, "_checked", slow)
    outcome = together(lambda: services.mark_submission(actor=lecturer, submission=work, levels=said), void)
    work.refresh_from_db()
    evidence = Evidence.objects.standing().filter(user=user).count()
    return [type(one).__name__ for one in outcome], (work.grade, work.voided_at is not None, evidence)


def test_a_result_taken_away_while_it_is_marked_does_not_stand(db, user, monkeypatch):
    assert voided_while_marked(user, monkeypatch) == (["Submission", "Voiding"], ("", True, 0))


@pytest.mark.row_locks
def test_control_without_the_lock_only_the_constraint_stops_the_mark(db, user, monkeypatch, without_locks):
    outcome, _state = voided_while_marked(user, monkeypatch)
    assert outcome == ["IntegrityError", "Voiding"]
