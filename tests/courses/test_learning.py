"""Progress as it is written: nothing lost, nothing twice, nothing forged."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from core import clock
from core.errors import DomainError
from courses.models import Enrolment, LessonProgress, PlaybackAnomaly, PlaybackLease
from courses.rules import progress
from courses.rules.progress import ProgressUpdate
from courses.services import (
    answer_lesson_check,
    enrol,
    enrol_many,
    learning,
    open_session,
    save_progress,
)
from courses.signals import course_completed, lesson_completed
from tests.factories.courses import (
    CourseFactory,
    EditionFactory,
    EnrolmentFactory,
    editor,
    right_answers,
    wrong_answers,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def d(*pairs):
    return tuple((Decimal(a), Decimal(b)) for a, b in pairs)


def lesson_of(enrolment, position=1):
    return enrolment.edition.lessons.get(position=position)


def read(enrolment, position=1, sequence=1):
    update = ProgressUpdate(sequence, Decimal(100), reached_end=True)
    lesson = lesson_of(enrolment, position)
    return save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=update)


PAGE, OTHER_PAGE = uuid.UUID(int=1), uuid.UUID(int=2)


def open_page(enrolment, page=PAGE, device="here", **how):
    return open_session(
        user=enrolment.user, enrolment=enrolment, lesson=lesson_of(enrolment), session=page, device=device, **how
    )


def watch(enrolment, sequence, *pairs, position=0, page=PAGE, **more):
    """A report of the page that was opened before."""
    update = ProgressUpdate(sequence, Decimal(position), d(*pairs), session=page, **more)
    return save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson_of(enrolment), update=update)


def answer(enrolment, answers_of, position=1, key=None):
    lesson = lesson_of(enrolment, position)
    return answer_lesson_check(
        user=enrolment.user,
        enrolment=enrolment,
        lesson=lesson,
        client_key=key or uuid.uuid4(),
        answers=answers_of(lesson.check_paper),
    )


@pytest.fixture
def news():
    """What was announced, in order."""
    heard = []

    def hear_lesson(sender, **kwargs):
        heard.append(("lesson", kwargs["lesson_id"]))

    def hear_course(sender, **kwargs):
        heard.append(("course", kwargs["enrolment_id"], kwargs["context_key"]))

    lesson_completed.connect(hear_lesson)
    course_completed.connect(hear_course)
    yield heard
    lesson_completed.disconnect(hear_lesson)
    course_completed.disconnect(hear_course)


def test_a_course_is_done_when_every_required_lesson_is_read_and_checked(news, django_capture_on_commit_callbacks):
    enrolment = EnrolmentFactory(lessons=2, context_key="cohort:7")
    with django_capture_on_commit_callbacks(execute=True):
        assert read(enrolment, 1).missing == ["通过课时测验"]
        assert not answer(enrolment, wrong_answers).attempt.passed
        first = answer(enrolment, right_answers)
    assert first.standing.lesson_done and first.standing.lessons_done == 1
    assert not first.standing.course_done
    with django_capture_on_commit_callbacks(execute=True):
        assert answer(enrolment, right_answers, 2).standing.missing == ["读到文末"]
        last = read(enrolment, 2)
    assert last.course_done and last.lessons_done == last.lessons_total == 2
    lessons = list(enrolment.edition.lessons.values_list("pk", flat=True))
    assert news == [("lesson", lessons[0]), ("lesson", lessons[1]), ("course", enrolment.pk, "cohort:7")]
    stored = Enrolment.objects.get(pk=enrolment.pk)
    assert stored.state == "completed" and stored.completed_at


def test_done_twice_counts_once(news, django_capture_on_commit_callbacks):
    enrolment = EnrolmentFactory(lessons=1, checked=False)
    with django_capture_on_commit_callbacks(execute=True):
        for sequence in (1, 1, 2, 3):
            read(enrolment, sequence=sequence)
    assert len(news) == 2
    assert Enrolment.objects.get(pk=enrolment.pk).lessons_done == 1


def test_a_check_once_passed_stays_passed_and_a_repeat_is_the_same_try():
    enrolment = EnrolmentFactory(lessons=1)
    key = uuid.uuid4()
    first = answer(enrolment, right_answers, key=key)
    again = answer(enrolment, wrong_answers, key=key)
    assert again.attempt == first.attempt
    later = answer(enrolment, wrong_answers)
    assert not later.attempt.passed
    assert later.standing.missing == ["读到文末"]


def test_a_lesson_without_a_check_asks_for_reading_only():
    enrolment = EnrolmentFactory(lessons=1, checked=False)
    assert read(enrolment).lesson_done
    with pytest.raises(DomainError, match="没有测验"):
        answer(enrolment, lambda paper: {})


def test_a_video_is_watched_with_the_clock(frozen_clock):
    enrolment = EnrolmentFactory(lessons=1, video=True, checked=False)
    open_page(enrolment)
    with clock.freeze(frozen_clock + timedelta(seconds=30)):
        half = watch(enrolment, 2, (0, 30), position=30)
    assert half.missing == ["播放至少 90%（已播放 50%）"]
    with clock.freeze(frozen_clock + timedelta(seconds=54)):
        enough = watch(enrolment, 3, (30, 54), position=54)
    assert enough.lesson_done and enough.course_done


def test_a_forged_update_gains_the_slack_and_is_kept_for_a_person(frozen_clock):
    enrolment = EnrolmentFactory(lessons=1, video=True, checked=False)
    open_page(enrolment)
    standing = watch(enrolment, 1, (0, 60), position=60)
    assert progress.stored(standing.state.watched) == [[0.0, 5.0]]
    assert not standing.lesson_done
    kept = PlaybackAnomaly.objects.get()
    assert (kept.kind, kept.claimed, kept.possible, kept.state) == ("clock", 60, 5, "open")


def test_the_same_update_twice_changes_nothing():
    enrolment = EnrolmentFactory(lessons=1, video=True)
    open_page(enrolment)
    first = watch(enrolment, 4, (0, 3), position=3)
    before = LessonProgress.objects.values().get()
    again = watch(enrolment, 4, (0, 3), position=3)
    assert again.state == first.state
    assert LessonProgress.objects.values().get() == before


def test_where_one_stopped_is_remembered():
    enrolment = EnrolmentFactory(lessons=2)
    read(enrolment, 2)
    assert Enrolment.objects.get(pk=enrolment.pk).last_lesson.position == 2


def test_an_ordinary_write_costs_two_statements(django_assert_num_queries):
    enrolment = EnrolmentFactory(lessons=1, video=True)
    open_page(enrolment)
    watch(enrolment, 1, (0, 1))
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    user, lesson, update = enrolment.user, lesson_of(enrolment), ProgressUpdate(2, Decimal(2), d((1, 2)), session=PAGE)
    assert lesson.edition.max_speed == 1
    moment = 1 if connection.vendor == "postgresql" else 0  # the clock is the database's there
    with django_assert_num_queries(2 + moment):  # the row with the lease, and the write on it as it was
        save_progress(user=user, enrolment=enrolment, lesson=lesson, update=update)


@pytest.mark.parametrize("lessons", [2, 8])
def test_the_completing_write_does_not_grow_with_the_course(lessons, django_assert_max_num_queries):
    enrolment = EnrolmentFactory(lessons=lessons, checked=False)
    lesson, update = lesson_of(enrolment), ProgressUpdate(1, Decimal(100), reached_end=True)
    with django_assert_max_num_queries(14):
        save_progress(user=enrolment.user, enrolment=enrolment, lesson=lesson, update=update)


def test_somebody_elses_enrolment_is_refused():
    enrolment = EnrolmentFactory(lessons=1)
    with pytest.raises(DomainError, match="不是您的选课"):
        save_progress(
            user=UserFactory(),
            enrolment=enrolment,
            lesson=lesson_of(enrolment),
            update=ProgressUpdate(1, Decimal(100), reached_end=True),
        )
    other = EditionFactory(lessons=1)
    with pytest.raises(DomainError, match="不是您的选课"):
        save_progress(user=enrolment.user, enrolment=enrolment, lesson=other.lessons.get(), update=ProgressUpdate(1))
    assert not LessonProgress.objects.exists()


def test_who_withdrew_writes_no_more():
    enrolment = EnrolmentFactory(lessons=1)
    Enrolment.objects.update(state="withdrawn")
    enrolment.refresh_from_db()
    with pytest.raises(DomainError, match="已退出"):
        read(enrolment)


def test_enrolling_is_once_per_context():
    user, edition = UserFactory(), EditionFactory(lessons=1)
    own = enrol(user=user, edition=edition)
    assert enrol(user=user, edition=edition) == own
    assert enrol(user=user, edition=edition, context_key="cohort:1") != own
    assert Enrolment.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(user=user, edition=edition, context_key="", lessons_total=1)


def test_a_course_taken_out_of_the_catalogue_cannot_be_chosen_but_stays_with_a_class():
    course = CourseFactory(lessons=1)
    edition = course.editions.get()
    course.unpublish()
    edition.course.refresh_from_db()
    with pytest.raises(DomainError, match="已停止选课"):
        enrol(user=UserFactory(), edition=edition)
    assert enrol(user=UserFactory(), edition=edition, context_key="cohort:1").pk


def test_a_class_is_enrolled_in_one_go_and_again_without_effect(django_assert_max_num_queries):
    edition, people = EditionFactory(lessons=2), UserFactory.create_batch(30)
    enrol(user=people[0], edition=edition, context_key="cohort:1")
    with django_assert_max_num_queries(12):
        made = enrol_many(actor=editor(), users=people, edition=edition, context_key="cohort:1")
    assert made == 29
    assert enrol_many(actor=editor(), users=people, edition=edition, context_key="cohort:1") == 0
    assert Enrolment.objects.filter(context_key="cohort:1", lessons_total=2).count() == 30


def at_once(*jobs):
    """Run the jobs in threads that start together, each with a connection of its own."""
    gate, failed = threading.Barrier(len(jobs)), []

    def run(job):
        try:
            gate.wait(timeout=10)
            job()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert not failed


def careless(row_pk, pair, gate):
    """The control: load the row, change one field, save the whole row."""
    row = LessonProgress.objects.get(pk=row_pk)
    gate.wait(timeout=10)
    row.watched = progress.stored(progress.union([*progress.restored(row.watched), pair]))
    row.save()


def long_watched():
    """A recording half played, its page open since a minute."""
    enrolment = EnrolmentFactory(lessons=1, video=True)
    open_page(enrolment)
    seen = [[0.0, 10.0], [10.5, 20.0], [20.5, 30.0]]
    LessonProgress.objects.update(watched=seen, updated_at=clock.now() - timedelta(seconds=60))
    PlaybackLease.objects.update(opened_at=clock.now() - timedelta(seconds=60))
    return enrolment


@pytest.mark.django_db(transaction=True)
def test_two_writes_at_once_lose_no_interval():
    enrolment = long_watched()
    at_once(
        lambda: watch(Enrolment.objects.get(pk=enrolment.pk), 2, (10, 10.5)),
        lambda: watch(Enrolment.objects.get(pk=enrolment.pk), 3, (20, 20.5)),
    )
    assert LessonProgress.objects.get().watched == [[0.0, 30.0]]


@pytest.mark.django_db(transaction=True)
def test_a_careless_write_loses_one_of_two_intervals():
    """What the promise above is measured against."""
    long_watched()
    row, gate = LessonProgress.objects.get(), threading.Barrier(2)
    at_once(lambda: careless(row.pk, d((10, 10.5))[0], gate), lambda: careless(row.pk, d((20, 20.5))[0], gate))
    assert len(LessonProgress.objects.get().watched) == 2


def test_a_row_that_was_written_in_the_meantime_is_read_again():
    enrolment = long_watched()
    stale, now = LessonProgress.objects.get(), clock.now()
    watch(enrolment, 2, (10, 10.5))
    assert not learning._written(stale, progress.LessonState(), now)
    assert LessonProgress.objects.get().watched == [[0.0, 20.0], [20.5, 30.0]]
    assert watch(enrolment, 3, (20, 20.5)).state.watched_seconds == 30


@pytest.mark.django_db(transaction=True)
def test_first_writes_at_once_make_one_row_and_completions_at_once_count_once():
    enrolment = EnrolmentFactory(lessons=2, checked=False)
    writes = [
        lambda p=position, s=sequence: read(Enrolment.objects.get(pk=enrolment.pk), p, s)
        for position in (1, 2)
        for sequence in (1, 2)
    ]
    at_once(*writes)
    assert LessonProgress.objects.count() == 2
    stored = Enrolment.objects.get(pk=enrolment.pk)
    assert (stored.lessons_done, stored.state) == (2, "completed")
