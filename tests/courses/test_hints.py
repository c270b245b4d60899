"""What a draft still lacks, said beside the editor and refused nowhere."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from courses.hints import characters, course_hints, lesson_hints, minutes
from tests.factories.courses import CourseFactory, LessonFactory, image, make_check, published, text_block

pytestmark = pytest.mark.django_db


def said(hints: list, kind: str = "") -> str:
    return " ".join(hint.words for hint in hints if kind in ("", hint.kind))


def test_reading_time_counts_what_one_reads():
    lesson = LessonFactory(body=[("heading", "四字标题"), text_block("<b>" + "读" * 600 + "</b> ")], checked=False)
    assert characters(lesson) == 604 and minutes(lesson) == 3
    assert "正文604字，读完约3分钟" in said(lesson_hints(lesson))


def test_what_a_lesson_lacks():
    picture = image()
    lesson = LessonFactory(
        video=True, body=[("figure", {"image": picture.pk, "alt": "", "caption": ""})], checked=False
    )
    lesson.check_of_learning = make_check()
    lesson.check_of_learning.entries.all().delete()
    missing = said(lesson_hints(lesson), "risk")
    for words in ("还没有字幕", "1张图片没有替代文字", "还没有试题"):
        assert words in missing
    assert "还没有课程用到" in said(lesson_hints(lesson))


def test_a_whole_lesson_lacks_nothing_and_names_its_courses():
    lesson = LessonFactory()
    CourseFactory(lessons=[lesson], title="甲课")
    CourseFactory(lessons=[lesson], title="乙课")
    hints = lesson_hints(lesson)
    assert said(hints, "risk") == "" and "2门课程用到这个课时" in said(hints) and "“甲课”" in said(hints)


def test_what_a_course_lacks():
    course = CourseFactory(lessons=[LessonFactory(title="没测验", checked=False), LessonFactory(title="改过")])
    assert "已通过审核，可以发布" in said(course_hints(course))
    lesson = course.modules.first().items.last().lesson
    lesson.title = "改过（稿）"
    lesson.save_revision()
    course.outcomes.all().delete()
    words = said(course_hints(course))
    for sentence in (
        "“没测验”没有测验",
        "“改过（稿）”有未发布的内容",
        "还没有写学习成果",
        "还没有通过审核",
        "登记2学时",
    ):
        assert sentence in words


def test_the_panel_stands_beside_the_editor_of_the_saved_draft(personas, signed_in):
    course = CourseFactory()
    browser = signed_in(personas["content_editor"])
    lesson = course.modules.first().items.first().lesson
    lesson.body = [("heading", "稿")]
    lesson.save_revision()
    html = browser.get(f"/office/courses/lessons/edit/{lesson.pk}/").content.decode()
    assert "编写提示" in html and "正文1字" in html
    assert "登记2学时" in browser.get(f"/office/courses/courses/edit/{course.pk}/").content.decode()


def test_a_long_course_costs_no_more(personas):
    counts = []
    for lessons in (2, 8):
        course = published(CourseFactory(lessons=lessons))
        course = type(course).objects.prefetch_related("modules__items", "outcomes").get(pk=course.pk)
        with CaptureQueriesContext(connection) as queries:
            course_hints(course)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
