"""Hours of courses that somebody chose by themselves: credited once, by a version, and shown where they came from."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from courses.models import EditionLesson, Enrolment
from courses.rules.progress import ProgressUpdate
from courses.services import answer_lesson_check, credit_completed, enrol, publish_edition, save_progress
from courses.services.crediting import credit_online
from records.models import HourEntry, HourRule
from records.services import install_first_policies
from tests.factories.courses import CourseFactory, EditionFactory, LessonFactory, editor, published, right_answers
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
READ = ProgressUpdate(1, Decimal(100), reached_end=True)


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def finish(enrolment: Enrolment) -> Enrolment:
    """Every lesson read and its check passed."""
    for lesson in enrolment.edition.lessons.order_by("position"):
        person = enrolment.user
        save_progress(user=person, enrolment=enrolment, lesson=lesson, update=READ)
        if lesson.check_paper:
            key = f"00000000-0000-4000-8000-{enrolment.pk:06d}{lesson.pk:06d}"
            answers = right_answers(lesson.check_paper)
            answer_lesson_check(user=person, enrolment=enrolment, lesson=lesson, client_key=key, answers=answers)
    enrolment.refresh_from_db()
    assert enrolment.state == "completed"
    return enrolment


@pytest.fixture
def learner(reference, frozen_clock):
    return UserFactory(full=True)


def test_a_course_of_ones_own_choice_is_credited_once_with_the_rule_that_reckoned(learner):
    lessons = [LessonFactory(checked=False, minutes=30), LessonFactory(minutes=15)]
    enrolment = finish(enrol(user=learner, edition=EditionFactory(lessons=lessons, hours=Decimal(3))))
    entry = HourEntry.objects.get()
    assert (entry.user, entry.bucket, entry.mode, entry.hours, entry.days) == (
        learner,
        "online",
        "online",
        Decimal("1.75"),
        0,
    )
    assert (entry.rule.version, entry.earned_on, entry.unit) == (1, date(2026, 9, 14), learner.unit)
    assert entry.label == enrolment.edition.title
    assert not credit_online(enrolment=enrolment) and credit_completed() == 0
    assert HourEntry.objects.count() == 1


def test_the_same_course_in_a_new_edition_brings_nothing_more(learner):
    lesson = LessonFactory(checked=False, minutes=30)
    course = CourseFactory(lessons=[lesson])
    finish(enrol(user=learner, edition=course.editions.get()))
    course.summary = "改过的简介。"
    published(course)
    second = publish_edition(actor=editor(), course=course)
    finish(enrol(user=learner, edition=second))
    assert HourEntry.objects.count() == 1


def test_the_database_refuses_a_second_line_of_the_same_cause(learner):
    finish(enrol(user=learner, edition=EditionFactory(lessons=1, checked=False)))
    entry = HourEntry.objects.get()
    entry.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        entry.save(force_insert=True)


def test_a_class_brings_its_hours_at_closing_not_here(learner):
    finish(enrol(user=learner, edition=EditionFactory(lessons=1), context_key="cohort:x"))
    assert not HourEntry.objects.exists() and credit_completed() == 0


def test_without_a_rule_the_course_is_done_and_its_hours_come_later(frozen_clock):
    finish(enrol(user=UserFactory(full=True), edition=EditionFactory(lessons=1)))
    assert not HourEntry.objects.exists() and not HourRule.objects.exists()
    install_first_policies()
    assert credit_completed() == 1 and credit_completed() == 0


def test_a_later_version_counts_later_courses_and_rewrites_none(learner):
    def course():
        return EditionFactory(lessons=[LessonFactory(checked=False, minutes=30)], hours=Decimal(9))

    first = finish(enrol(user=learner, edition=course()))
    HourRule.objects.create(
        version=2, name="半天四学时", hours_per_day=8, hours_per_half_day=4, effective_from=date(2026, 9, 1),
        online_full_hours=Decimal(2),
    )  # fmt: skip
    finish(enrol(user=learner, edition=course()))
    lines = list(HourEntry.objects.order_by("pk").values_list("rule__version", "hours"))
    assert lines == [(1, Decimal(1)), (2, Decimal(2))]
    assert credit_completed() == 0 and first.state == "completed"


def test_an_article_without_minutes_counts_the_time_to_read_it(learner):
    long = [("text", "<p>" + "数" * 300 * 16 + "</p>")]
    finish(enrol(user=learner, edition=EditionFactory(lessons=[LessonFactory(checked=False, body=long)])))
    assert EditionLesson.objects.get().minutes is None
    assert HourEntry.objects.get().hours == Decimal("0.5")


def test_the_course_page_says_what_it_will_bring_and_what_it_brought(learner, signed_in):
    lessons = [LessonFactory(title="数据目录", minutes=30), LessonFactory(title="数据申请", minutes=15)]
    edition = EditionFactory(lessons=lessons, hours=Decimal(2))
    browser, page = signed_in(learner), reverse("courses:course", args=[edition.course.key])
    told = words(browser.get(page))
    assert "自主选课学完并通过测验后，计入网络自学 2 学时" in told
    assert "数据目录 30 分钟，1 学时，测验 0.5 学时 数据申请 15 分钟，0.25 学时，测验 0.5 学时" in told
    assert "合计 2.25 学时，不超过课程标明的 2 学时" in told and "依据：学时规则“半天四学时（第1版）”" in told
    finish(enrol(user=learner, edition=edition))
    told = words(browser.get(page))
    assert "学时已计入 已于2026年9月14日计入网络自学 2 学时。" in told and "半天四学时（第1版）" in told
    in_class = enrol(user=UserFactory(), edition=edition, context_key="cohort:x")
    assert "学时随班次结班一并认定" in words(signed_in(in_class.user).get(page))


def test_a_key_used_on_another_lesson_passes_nothing(learner):
    """The answer to one check is no answer to the next."""
    enrolment = enrol(user=learner, edition=EditionFactory(lessons=2))
    one, two = enrolment.edition.lessons.order_by("position")
    key = "00000000-0000-4000-8000-000000000001"
    given = {"user": learner, "enrolment": enrolment, "client_key": key, "answers": right_answers(one.check_paper)}
    answer_lesson_check(lesson=one, **given)
    answer_lesson_check(lesson=two, **given)
    passed = enrolment.progress.values_list("lesson__position", "check_passed").order_by("lesson__position")
    assert list(passed) == [(1, True), (2, False)]
