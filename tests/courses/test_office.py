"""Lessons, courses and learners in the office: who sees what, and what a button does."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from courses.models import Course, Lesson
from courses.services import enrol
from tests.core.side_doors import check_side_doors
from tests.factories.courses import CourseFactory, EditionFactory, LessonFactory, document, image, mp4_bytes, published
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
COURSES, LESSONS, LEARNERS = "/office/courses/courses/", "/office/courses/lessons/", "/office/courses/enrolments/"
REFUSED = (302, 403)  # Wagtail sends who may not enter back to its start page


def publish_url(course) -> str:
    return reverse("course_publish_edition", args=[course.pk])


def read(browser, url, status=200, **query) -> str:
    response = browser.get(url, query)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def office(personas, signed_in):
    return signed_in(personas["training_office"])


@pytest.fixture
def desk_editor(personas, signed_in):
    return signed_in(personas["content_editor"])


def test_the_office_finds_courses_with_state_and_edition(office):
    CourseFactory(title="政务数据共享")
    draft = CourseFactory(title="还没有版次", edition=False)
    draft.summary = "改"
    draft.save_revision()
    html = read(office, COURSES)
    assert "政务数据共享" in html and "第1版" in html and "已发布，有修改" in html


def test_a_button_leads_to_the_confirmation_and_that_to_the_edition(office):
    course = CourseFactory(edition=False)
    assert publish_url(course) in read(office, f"{COURSES}edit/{course.pk}/")
    html = read(office, publish_url(course))
    assert "这门课程还没有版次" in html and not course.editions.exists()
    html = office.post(publish_url(course), follow=True).content.decode()
    assert "第1版" in html and course.editions.count() == 1
    html = office.post(publish_url(course), follow=True).content.decode()
    assert "内容没有变化，仍为第1版" in html and course.editions.count() == 1


def test_a_refusal_stands_on_the_page_with_the_lesson_named(office):
    course = CourseFactory(lessons=[LessonFactory(title="数据怎样要")], edition=False)
    lesson = Lesson.objects.get(title="数据怎样要")
    lesson.summary = "改"
    lesson.save_revision()
    response = office.post(publish_url(course))
    assert response.status_code == 422 and "课时“数据怎样要”有尚未发布的修改" in response.content.decode()


def test_an_editor_writes_but_publishes_neither_course_nor_edition(desk_editor):
    course = CourseFactory(edition=False)
    html = read(desk_editor, f"{COURSES}edit/{course.pk}/")
    assert publish_url(course) not in html and "action-publish" not in html
    for response in (desk_editor.get(publish_url(course)), desk_editor.post(publish_url(course))):
        assert response.status_code in REFUSED
    assert not course.editions.exists()
    assert desk_editor.get(LEARNERS).status_code in REFUSED


@pytest.mark.parametrize("persona", ["trainee", "leader", "lecturer", "unit_admin", "class_teacher"])
def test_others_find_no_curriculum_here(personas, signed_in, persona):
    course = CourseFactory()
    browser = signed_in(personas[persona])
    for url in (COURSES, LESSONS, f"{COURSES}edit/{course.pk}/", publish_url(course)):
        assert browser.get(url).status_code in REFUSED
    assert browser.post(publish_url(course)).status_code in REFUSED
    assert course.editions.count() == 1


def test_lessons_and_courses_are_previewed_as_they_will_look(office):
    course = CourseFactory(lessons=[LessonFactory(title="数据怎样要")])
    lesson = course.modules.first().items.first().lesson
    for viewset, item, words in (("course_lessons", lesson, "先查目录"), ("course_courses", course, "数据怎样要")):
        html = read(office, reverse(f"{viewset}:revisions_view", args=[item.pk, item.latest_revision_id]))
        assert words in html


def test_what_was_taught_is_not_deleted_and_says_why(office):
    course = CourseFactory(lessons=[LessonFactory(title="数据怎样要")])
    lesson = Lesson.objects.get()
    for url, words in (
        (f"{COURSES}delete/{course.pk}/", "已有发布的版次，不能删除"),
        (f"{LESSONS}delete/{lesson.pk}/", "已用于课程版次，不能删除"),
        (f"/office/bulk/courses/lesson/delete/?id={lesson.pk}", "已用于课程版次，不能删除"),
    ):
        html = office.post(url, follow=True).content.decode()
        assert words in html
    assert Course.objects.exists() and Lesson.objects.exists()


def test_a_lesson_that_nobody_uses_may_go(office):
    lesson = LessonFactory()
    office.post(f"{LESSONS}delete/{lesson.pk}/")
    assert not Lesson.objects.exists()


def test_a_pinned_file_deleted_in_the_office_gets_a_sentence(office, personas, signed_in):
    picture = image("流程图")
    body = [("figure", {"image": picture.pk, "alt": "流程", "caption": ""})]
    CourseFactory(lessons=[LessonFactory(body=body)])
    boss = UserFactory()
    boss.is_superuser = True
    boss.save()
    browser = signed_in(boss)
    url = reverse("wagtailimages:delete", args=[picture.pk])
    response = browser.post(url, follow=True)
    assert "流程图”用于" in response.content.decode()
    assert type(picture).objects.filter(pk=picture.pk).exists()


NO_CUES = {"cues-TOTAL_FORMS": "0", "cues-INITIAL_FORMS": "0"}
LESSON_FORM = {"title": "新课时", "key": "new-lesson", "kind": "video", "body-count": "0", **NO_CUES}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("", b"", "视频课时需要一个视频文件"),
        ("a.pdf", b"%PDF", "请选择 MP4 视频文件"),
        ("a.mp4", b"x", "请选择 MP4 视频文件"),
    ],
)
def test_a_video_lesson_wants_a_video(office, name, content, sentence):
    video = document(name, content).pk if name else ""
    response = office.post(f"{LESSONS}add/", {**LESSON_FORM, "video": video})
    assert sentence in response.content.decode() and not Lesson.objects.exists()


def test_a_lesson_is_written_in_the_office(office):
    video = document("a.mp4", mp4_bytes(30))
    office.post(f"{LESSONS}add/", {**LESSON_FORM, "video": video.pk})
    assert Lesson.objects.get().title == "新课时"


def test_learners_of_a_course_within_the_scope(office, personas, signed_in, django_assert_max_num_queries):
    edition = EditionFactory(title="政务数据共享", lessons=2)
    for _ in range(3):
        enrol(user=UserFactory(unit=personas["trainee"].unit), edition=edition)
    enrol(user=UserFactory(name="远方人", unit=UserFactory().unit), edition=edition)
    enrol(user=personas["trainee"], edition=EditionFactory(title="另一门课"))
    html = read(office, LEARNERS, course=edition.course_id)
    assert "0 / 2" in html and "学习中" in html
    assert "远方人" not in html and "另一门课（第1版）" not in html


def test_the_list_of_learners_costs_the_same_for_few_and_many(office, personas):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    edition = EditionFactory(lessons=1)
    counts = []
    for _ in range(2):
        for _ in range(10):
            enrol(user=UserFactory(unit=personas["trainee"].unit), edition=edition)
        with CaptureQueriesContext(connection) as queries:
            read(office, LEARNERS)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_learners_as_a_workbook(office, personas):
    learner = personas["trainee"]
    enrol(user=learner, edition=EditionFactory(title="政务数据共享", lessons=2))
    response = office.get(LEARNERS, {"export": "xlsx"})
    [heading, row] = load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True)
    assert heading[:3] == ("姓名", "工号", "单位") and "状态" in heading
    assert row[:5] == ("王敏", "T0001", "市数据局综合处", "政务数据共享", 1)
    assert "学习中" in row


def test_no_side_door_shows_learners_outside_the_scope(personas, signed_in):
    edition = EditionFactory(lessons=1)
    far = UserFactory(name="远方人")
    outside = UserFactory(role="training_office")
    own = enrol(user=personas["trainee"], edition=edition)
    other = enrol(user=far, edition=edition)
    check_side_doors(
        signed_in(personas["training_office"]), signed_in(outside), LEARNERS, own, other, words=("王敏", "远方人")
    )


def test_editing_a_course_keeps_the_keys_of_its_outline(office):
    course = CourseFactory(lessons=2)
    before = list(course.modules.first().items.values_list("lesson_id", flat=True))
    course.title = "改"
    published(course)
    assert list(course.modules.first().items.values_list("lesson_id", flat=True)) == before
