"""Rights of use that end: warned of in time, shown to the staff, never removed, not published anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.errors import DomainError
from core.models import Notice
from courses.models import Course, Lesson
from courses.rules.rights import Licence, Nearness
from courses.services import enrol, publish_edition
from courses.services.rights import warn_editors
from courses.tasks import warn_rights
from tests.factories.courses import CourseFactory, LessonFactory, audited, edition_of, editor, published
from tests.factories.people import UserFactory

TODAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("days", "nearness", "threshold", "words"),
    [
        (None, Nearness.FAR, None, "不限期"),
        (61, Nearness.FAR, None, "还有61天到期"),
        (60, Nearness.NEAR, 60, "还有60天到期"),
        (31, Nearness.NEAR, 60, "还有31天到期"),
        (30, Nearness.SOON, 30, "还有30天到期"),
        (1, Nearness.SOON, 30, "还有1天到期"),
        (0, Nearness.LAST_DAY, 0, "今天到期"),
        (-1, Nearness.EXPIRED, -1, "已到期1天"),
    ],
)
def test_how_near(days: int | None, nearness: Nearness, threshold: int | None, words: str) -> None:
    licence = Licence(None if days is None else TODAY + timedelta(days=days), TODAY)
    assert (licence.nearness, licence.threshold, licence.words) == (nearness, threshold, words)


@pytest.fixture
def course(db: None, frozen_clock: Any) -> Course:
    return CourseFactory(title="数据共享", lessons=[LessonFactory(title="数据怎样要"), LessonFactory()])


def limit(item: Any, days: int) -> Any:
    type(item).objects.filter(pk=item.pk).update(copyright_until=TODAY + timedelta(days=days))
    return item


def lesson_of(course: Course) -> Lesson:
    return course.modules.first().items.first().lesson


def test_editors_are_warned_once_for_each_step(course, personas, at):
    limit(lesson_of(course), 60)
    told = Notice.objects.filter(recipient=personas["content_editor"], title="版权期限提醒：数据怎样要")
    for day, count in ((14, 1), (15, 1)):
        with at(2026, 9, day, 6, 30):
            assert warn_editors() == 1
        assert told.count() == count
    with at(2026, 10, 20, 6, 30):  # 24 days ahead
        warn_editors()
    with at(2026, 11, 13, 6, 30):  # the last day
        warn_editors()
    with at(2026, 11, 14, 6, 30):
        warn_editors()
    assert told.count() == 4
    assert not Notice.objects.filter(recipient=personas["trainee"]).exists()


def test_the_round_is_on_the_beat():
    assert warn_rights.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}


@pytest.mark.parametrize(("days", "refused"), [(-1, True), (0, False)])
def test_a_new_edition_with_material_out_of_its_term_is_refused(course, days, refused):
    lesson = lesson_of(course)
    lesson.body, lesson.copyright_until = [("heading", "新的一节")], TODAY + timedelta(days=days)
    published(lesson)
    audited(course)
    if not refused:
        assert publish_edition(actor=editor(), course=course).number == 2
        return
    with pytest.raises(DomainError, match="课时“数据怎样要”的使用授权已经到期"):
        publish_edition(actor=editor(), course=course)


def test_a_course_out_of_its_term_is_refused_and_renewing_needs_no_new_audit(course):
    limit(course, -1)
    with pytest.raises(DomainError, match="课程“数据共享”的使用授权已经到期"):
        publish_edition(actor=editor(), course=course)
    limit(course, 100)
    assert publish_edition(actor=editor(), course=course).number == 1  # nothing else has changed


def test_what_is_over_stays_for_learners_and_is_flagged_for_the_staff(course, personas, signed_in):
    row = enrol(user=UserFactory(), edition=course.editions.get())
    limit(lesson_of(course), -3)
    page = signed_in(row.user).get(reverse("courses:lesson", args=[row.public_id, 1]))
    assert page.status_code == 200 and "到期" not in page.content.decode()
    office = signed_in(personas["training_office"])
    assert (
        "课时“数据怎样要”的使用授权已于2026年9月11日到期"
        in office.get(reverse("course_editions", args=[course.pk])).content.decode()
    )
    html = office.get(reverse("course_rights")).content.decode()
    assert "已到期3天" in html and "数据共享（第1版）" in html
    assert "版权将到期或已到期" in office.get("/office/").content.decode()


def test_a_file_that_goes_with_a_course_has_a_term_too(personas, signed_in, frozen_clock):
    course = CourseFactory(title="公文写作", lessons=1, files=["示范讲义"])
    limit(course.materials.get(), -3)
    assert warn_editors() == 1
    assert Notice.objects.filter(title="版权期限提醒：示范讲义", recipient=personas["training_office"]).exists()
    office = signed_in(personas["training_office"])
    html = office.get(reverse("course_rights")).content.decode()
    assert "示范讲义" in html and "公文写作（第1版）" in html
    html = office.get(reverse("course_editions", args=[course.pk])).content.decode()
    assert "资料“示范讲义”的使用授权已于2026年9月11日到期" in html
    with pytest.raises(DomainError, match="课程资料“示范讲义”的使用授权已经到期"):
        publish_edition(actor=editor(), course=course)
    limit(course.materials.get(), 3)
    assert publish_edition(actor=editor(), course=course).number == 1  # a longer term is no new content


def test_the_list_costs_the_same_for_few_and_many(course, personas, signed_in):
    office, counts = signed_in(personas["training_office"]), []
    for _ in range(2):
        for _ in range(3):
            more = CourseFactory(lessons=1, files=["讲义"])
            limit(lesson_of(more), 10)
            limit(more.materials.get(), 10)
        with CaptureQueriesContext(connection) as queries:
            assert office.get(reverse("course_rights")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_the_editor_writes_the_date_on_the_page(course, personas, signed_in):
    html = signed_in(personas["content_editor"]).get(f"/office/courses/lessons/edit/{lesson_of(course).pk}/").content
    assert "授权使用的最后一天" in html.decode() and clock.today() == TODAY and edition_of(course).number == 1
