"""What was taught does not move."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from wagtail.models import ModelLogEntry

from core.errors import DomainError
from courses.models import CourseEdition
from courses.services import publish_edition
from tests.factories.courses import (
    CourseFactory,
    LessonFactory,
    document,
    edition_of,
    editor,
    image,
    make_check,
    module,
    png_bytes,
    published,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def words(lesson) -> str:
    return str(lesson.body)


def edited(lesson, heading="改过的小标题"):
    lesson.body = [("heading", heading)]
    lesson.title = "改过的课时"
    return lesson


def test_an_edition_stays_when_its_lesson_and_course_are_edited_and_published_again():
    course = CourseFactory()
    edition = course.editions.get()
    taught = edition.lessons.first()
    before = (taught.title, words(taught), edition.title, taught.check_paper.versions)

    published(edited(taught.lesson))
    course.title = "改过的课程"
    published(course)
    taught.lesson.check_of_learning.entries.first().delete()

    edition = CourseEdition.objects.get(pk=edition.pk)
    taught = edition.lessons.first()
    assert (taught.title, words(taught), edition.title, taught.check_paper.versions) == before
    assert "动手之前先查三处" in words(taught)

    second = edition_of(course)
    assert (second.number, second.title) == (2, "改过的课程")
    assert "改过的小标题" in words(second.lessons.first())


def test_the_rows_of_an_edition_refuse_every_change():
    taught = CourseFactory().editions.get().lessons.first()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        type(taught).objects.filter(pk=taught.pk).update(title="改")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CourseEdition.objects.update(title="改")


def test_nothing_new_gives_the_last_edition_again():
    course = CourseFactory()
    assert publish_edition(actor=editor(), course=course) == course.editions.get()
    question = course.modules.first().items.first().lesson.check_of_learning.entries.first()
    question.delete()
    assert edition_of(course).number == 2


def test_a_lesson_with_unpublished_changes_is_named():
    course = CourseFactory(lessons=[LessonFactory(title="数据怎样要"), LessonFactory(title="数据怎样给")])
    lesson = course.modules.first().items.last().lesson
    lesson.title = "数据怎样给（改）"
    lesson.save_revision()
    with pytest.raises(DomainError, match="“数据怎样给”有尚未发布的修改") as refusal:
        publish_edition(actor=editor(), course=course)
    assert "数据怎样要" not in refusal.value.message
    lesson.refresh_from_db()
    published(lesson)
    assert publish_edition(actor=editor(), course=course).number == 2


def test_a_lesson_never_published_is_named():
    course = CourseFactory(lessons=[LessonFactory(), LessonFactory(title="草稿课时", draft=True)], edition=False)
    with pytest.raises(DomainError, match="课时“草稿课时”还没有发布"):
        publish_edition(actor=editor(), course=course)
    assert not course.editions.exists()


def test_a_course_without_live_revision_is_refused():
    course = CourseFactory(edition=False)
    course.unpublish()
    with pytest.raises(DomainError, match="还没有发布，请先在编辑页发布课程"):
        publish_edition(actor=editor(), course=course)


def test_a_course_with_a_draft_of_its_own_is_refused():
    course = CourseFactory(edition=False)
    course.title = "改"
    course.save_revision()
    with pytest.raises(DomainError, match="有尚未发布的修改"):
        publish_edition(actor=editor(), course=course)


def test_a_course_that_nobody_could_complete_is_refused():
    optional = CourseFactory(edition=False)
    optional.modules = [module("选修", [LessonFactory()], required=False)]
    published(optional)
    with pytest.raises(DomainError, match="没有必修课时"):
        publish_edition(actor=editor(), course=optional)
    lesson = LessonFactory(video=True, title="坏视频")
    lesson.video = document("kong.mp4", b"not a video")
    published(lesson)
    with pytest.raises(DomainError, match="课时“坏视频”没有可以播放的视频或音频文件"):
        publish_edition(actor=editor(), course=CourseFactory(lessons=[lesson], edition=False))
    empty = LessonFactory(title="空课时", body=[])
    with pytest.raises(DomainError, match="课时“空课时”还没有正文"):
        publish_edition(actor=editor(), course=CourseFactory(lessons=[empty], edition=False))
    once = LessonFactory(title="重复课时")
    with pytest.raises(DomainError, match="课时“重复课时”在提纲中出现了两次"):
        publish_edition(actor=editor(), course=CourseFactory(lessons=[once, once], edition=False))


def test_the_length_of_a_video_comes_from_its_file():
    lesson = LessonFactory(video=True, seconds=61)
    lesson.seconds = 99999
    published(lesson)
    edition = CourseFactory(lessons=[lesson]).editions.get()
    assert edition.lessons.get().seconds == 61


def test_only_the_training_office_publishes():
    course = CourseFactory(edition=False)
    with pytest.raises(DomainError, match="只有培训处可以发布课程版次"):
        publish_edition(actor=UserFactory(role="content_editor"), course=course)
    assert not course.editions.exists()


def test_publishing_is_logged():
    course = CourseFactory()
    entry = ModelLogEntry.objects.get(action="courses.publish_edition")
    assert entry.data == {"number": 1} and entry.object_id == str(course.pk)


@pytest.fixture
def pinned():
    """A picture, a handout and a video that an edition shows, and a picture that none does."""
    picture, handout = image(), document("biao.xlsx", b"x", "需求单模板")
    lesson = LessonFactory(
        video=True,
        body=[
            ("figure", {"image": picture.pk, "alt": "流程", "caption": ""}),
            ("text", f'<p><a linktype="document" id="{handout.pk}">模板</a></p>'),
        ],
    )
    CourseFactory(lessons=[lesson])
    return {"picture": picture, "handout": handout, "video": lesson.video, "free": image("未用的图")}


@pytest.mark.parametrize("name", ["picture", "handout", "video"])
def test_a_file_of_an_edition_cannot_be_deleted(pinned, name):
    with pytest.raises(DomainError, match="不能删除"):
        pinned[name].delete()
    with pytest.raises(DomainError, match="不能删除"):
        type(pinned[name]).objects.filter(pk=pinned[name].pk).delete()
    assert type(pinned[name]).objects.filter(pk=pinned[name].pk).exists()


@pytest.mark.parametrize("name", ["picture", "handout", "video"])
def test_a_file_of_an_edition_cannot_be_replaced_but_renamed(pinned, name):
    file = pinned[name]
    stored = file.file.name
    file.file = ContentFile(png_bytes("#a8202a"), "xin.png")
    with pytest.raises(DomainError, match=r"用于示范课程.+（第1版），不能替换"):
        file.save()
    file = type(file).objects.get(pk=file.pk)
    assert file.file.name == stored
    file.title = "新标题"
    file.save()
    file.file.name = "documents/other.png"
    with pytest.raises(DomainError, match="不能替换"):
        file.save(update_fields=["file"])


def test_a_file_that_no_edition_shows_may_go(pinned):
    free = pinned["free"]
    free.file = ContentFile(png_bytes("#a8202a"), "xin.png")
    free.save()
    free.delete()
    assert not type(free).objects.filter(title="未用的图").exists()


def test_a_check_without_questions_stands_in_the_way():
    check = make_check()
    check.entries.all().delete()
    lesson = LessonFactory(checked=False)
    lesson.check_of_learning = check
    published(lesson)
    with pytest.raises(DomainError, match="还没有试题"):
        publish_edition(actor=editor(), course=CourseFactory(lessons=[lesson], edition=False))
