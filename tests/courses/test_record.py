"""The record of a course: what it says, what it leaves out, who reads it."""

from __future__ import annotations

import pytest

from courses.models import Enrolment
from courses.reading.record import rows_of
from courses.services import enrol
from people.models import PersonalFileRead
from tests.certificates.pdf import pdf_text
from tests.factories.courses import CourseFactory, EnrolmentFactory, LessonFactory, finish

pytestmark = pytest.mark.django_db


def record(enrolment, part: str = "") -> str:
    return f"/learn/courses/{enrolment.public_id}/record/{part}"


def test_it_says_what_was_done_and_when_and_no_study_time(signed_in, personas, frozen_clock):
    lessons = [LessonFactory(title="读过的", checked=False), LessonFactory(title="有测验的")]
    mine = enrol(user=personas["trainee"], edition=CourseFactory(title="政务数据共享", lessons=lessons).editions.get())
    finish(mine)
    assert rows_of(mine) == [["1. 读过的", "必修", "2026年9月14日", "—"], ["2. 有测验的", "必修", "未完成", "未做"]]
    html = signed_in(personas["trainee"]).get(record(mine)).content.decode()
    for words in ("王敏", "政务数据共享", "第1版", "2 学时", "1 / 2 个必修课时", "尚未完成", "不记学习时长"):
        assert words in html, words
    assert "分钟" not in html and "秒" not in html


def test_it_is_drawn_as_a_paper(signed_in, personas, frozen_clock):
    mine = finish(EnrolmentFactory(user=personas["trainee"], lessons=1, checked=False))
    answer = signed_in(personas["trainee"]).get(record(mine, "pdf/"))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    text = pdf_text(answer.content)
    assert "课程学习记录" in text and "2026年9月14日" in text


def test_the_offices_in_reach_read_it_and_leave_a_row(signed_in, personas):
    mine = EnrolmentFactory(user=personas["trainee"], lessons=1)
    for persona in ("training_office", "unit_admin"):
        assert signed_in(personas[persona]).get(record(mine)).status_code == 200
        assert PersonalFileRead.objects.filter(reader=personas[persona], subject=personas["trainee"]).count() == 1
    assert signed_in(personas["leader"]).get(record(mine)).status_code == 403
    for persona in ("other_trainee", "content_editor", "lecturer", "class_teacher", "system_admin"):
        assert signed_in(personas[persona]).get(record(mine)).status_code == 404
    assert not PersonalFileRead.objects.filter(reader=personas["leader"]).exists()


def test_it_costs_the_same_with_five_lessons_and_sixty(signed_in, personas, django_assert_max_num_queries):
    browser = signed_in(personas["trainee"])
    for number in (5, 60):
        mine = EnrolmentFactory(user=personas["trainee"], lessons=number, checked=False)
        with django_assert_max_num_queries(9):
            browser.get(record(mine))


def test_who_left_the_course_has_no_record(signed_in, personas):
    mine = EnrolmentFactory(user=personas["trainee"], lessons=1)
    Enrolment.objects.filter(pk=mine.pk).update(state="withdrawn")
    assert signed_in(personas["trainee"]).get(record(mine)).status_code == 404
