"""The curriculum's files become laws, questions, lessons, courses, editions and the public site, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.documents.models import Document
from wagtail.models import Page, Site, Workflow

from assessments.models import Check, Question
from cms.curriculum import blocks
from cms.curriculum.reading import read
from cms.models import CasePage, CoursePage, HomePage, LawPage, LawRecord, StandardPage, TrackPage
from core.errors import DomainError
from courses.models import Course, CourseEdition, EditionLesson, Lesson
from tests.factories.cms import COURSE, make_site, small_curriculum, whole_curriculum

# --- text to blocks, without a database ---


def test_paragraphs_lists_and_bold_become_rich_text():
    html = blocks.rich_text("第一段，**要紧**。\n\n- 甲\n- 乙\n\n1. 先\n2. 后")
    assert html == "<p>第一段，<b>要紧</b>。</p><ul><li>甲</li><li>乙</li></ul><ol><li>先</li><li>后</li></ol>"


def test_a_list_right_below_a_sentence_is_a_list():
    assert blocks.rich_text("三点：\n- 甲\n- 乙") == "<p>三点：</p><ul><li>甲</li><li>乙</li></ul>"


def test_markup_in_the_files_is_shown_not_run():
    assert "<script>" not in blocks.rich_text("**<script>alert(1)</script>** <img src=x onerror=y>")


def test_the_same_file_gives_the_same_blocks():
    body = [{"heading": "小标题"}, {"text": "正文"}]
    assert blocks.stream("a", body) == blocks.stream("a", body)
    assert blocks.stream("a", body)[0]["id"] != blocks.stream("b", body)[0]["id"]


def test_a_table_keeps_its_cells_as_text():
    value = blocks.table_value({"caption": "表", "head": ["项", "数"], "rows": [["甲", 3], ["乙", "93%"]]})
    assert value["table"]["rows"][0]["values"] == ["甲", "3"]
    assert [column["heading"] for column in value["table"]["columns"]] == ["项", "数"]


def test_an_unknown_block_is_named():
    with pytest.raises(DomainError, match="podcast"):
        blocks.stream("a", [{"podcast": "x"}])


def test_a_case_that_is_missing_is_named():
    with pytest.raises(DomainError, match="no-such-case"):
        blocks.stream("a", [{"case": "no-such-case"}])


def test_a_folder_without_a_curriculum_is_refused_with_a_sentence(tmp_path):
    with pytest.raises(DomainError, match="没有找到课程目录"):
        read(tmp_path)


# --- the whole curriculum, once ---


def test_the_whole_curriculum_is_loaded_and_a_second_run_writes_nothing(reference: None, personas: dict[str, Any]):
    first = make_site(personas, whole_curriculum())
    assert (first.made["laws"], first.made["questions"], first.made["lessons"]) == (29, 150, 30)
    assert (first.made["courses"], first.made["editions"]) == (10, 10)
    assert Question.objects.filter(in_bank=True).count() == 150
    assert Check.objects.count() == 30
    assert CasePage.objects.live().count() == 6 and LawPage.objects.live().count() == 15
    assert TrackPage.objects.live().count() == 6 and CoursePage.objects.live().count() == 10
    assert StandardPage.objects.live().count() == 3
    assert not Lesson.objects.filter(live=False).exists()
    assert not Lesson.objects.filter(has_unpublished_changes=True).exists()
    assert {edition.lessons.count() for edition in CourseEdition.objects.all()} == {3}
    before = Page.objects.count(), EditionLesson.objects.count()
    assert make_site(personas, whole_curriculum()).quiet
    assert make_site(personas, whole_curriculum(), update=True).quiet
    assert (Page.objects.count(), EditionLesson.objects.count()) == before


# --- a small one ---


def test_the_site_begins_at_the_home_page(site: dict[str, Any]):
    home = HomePage.objects.get()
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    assert list(Page.objects.filter(depth=2)) == [home.page_ptr]


def test_facts_that_were_not_checked_stay_empty(site: dict[str, Any]):
    law = LawRecord.objects.get(short="数据安全法")
    assert (law.adopted, law.effective, law.number) == (date(2021, 6, 10), date(2021, 9, 1), "")
    assert LawRecord.objects.get(short="电子签名法").checked_against == "未核对"


def test_an_edition_holds_video_captions_check_and_the_case_of_the_lesson(site: dict[str, Any]):
    video = EditionLesson.objects.get(kind="video")
    assert (video.video.title, video.captions.title) == (f"{video.title}（视频）", f"{video.title}（字幕）")
    assert video.seconds == 59 and video.check_paper.pass_mark == 2
    linked = EditionLesson.objects.get(position=2)
    reading = [block.value["page"] for block in linked.body if block.block_type == "reading"]
    assert [page.slug for page in reading] == ["one-stop-online"]


def test_files_of_courses_are_for_people_who_signed_in(site: dict[str, Any], client):
    document = Document.objects.first()
    answer = client.get(document.url)
    assert answer.status_code in (302, 404)


def test_a_case_leads_to_the_course_whose_lesson_uses_it(site: dict[str, Any]):
    assert [one.key for one in CasePage.objects.get(slug="one-stop-online").related_courses.all()] == [COURSE]


def test_content_that_is_submitted_goes_to_the_training_office(site: dict[str, Any]):
    task = Workflow.objects.get(name="内容审核").tasks.get().specific
    assert [group.name for group in task.groups.all()] == ["培训处"]
    assert Course.objects.get(key=COURSE).get_workflow().name == "课程审核"
    assert HomePage.objects.get().get_workflow().name == "内容审核"


def changed_curriculum(title: str):
    """The small curriculum with another title for the first lesson."""
    whole = small_curriculum()
    course = whole.courses[0]
    module = course.modules[0]
    lesson = replace(module.lessons[0], title=title)
    modules = (replace(module, lessons=(lesson, *module.lessons[1:])), *course.modules[1:])
    return replace(whole, courses=(replace(course, modules=modules),))


def test_a_changed_file_changes_nothing_unless_asked(site: dict[str, Any]):
    make_site(site, changed_curriculum("新的题目"))
    assert not Lesson.objects.filter(title="新的题目").exists()


def test_asked_to_update_it_makes_a_new_edition_and_keeps_the_old(site: dict[str, Any]):
    old = EditionLesson.objects.get(position=1).title
    report = make_site(site, changed_curriculum("新的题目"), update=True)
    assert (report.changed["lessons"], report.made["editions"]) == (1, 1)
    titles = EditionLesson.objects.filter(position=1).order_by("edition__number").values_list("title", flat=True)
    assert list(titles) == [old, "新的题目"]


def test_what_an_editor_changed_is_not_overwritten(site: dict[str, Any]):
    lesson = Lesson.objects.get(key=f"{COURSE}-1")
    lesson.title = "编辑改过的题目"
    lesson.save_revision(user=site["content_editor"]).publish()
    make_site(site)
    lesson.refresh_from_db()
    assert lesson.title == "编辑改过的题目"


@pytest.mark.parametrize(
    ("editor", "publisher", "sentence"),
    [("trainee", "training_office", "内容编辑"), ("content_editor", "trainee", "培训处")],
)
def test_only_an_editor_and_the_training_office_may_load(reference, personas, editor, publisher, sentence):
    options = {"work_number": personas[editor].work_number, "publish_as": personas[publisher].work_number}
    with pytest.raises(CommandError, match=sentence):
        call_command("load_curriculum", verbosity=0, **options)
    assert not LawRecord.objects.exists()


def test_a_mistake_in_a_file_leaves_nothing_behind(reference: None, personas: dict[str, Any]):
    whole = small_curriculum()
    broken = replace(whole, library=(replace(whole.library[0], law="没有这部法"),))
    with pytest.raises(DomainError, match="没有这部法"):
        make_site(personas, broken)
    assert not HomePage.objects.exists() and not Question.objects.exists()


def test_an_account_that_does_not_exist_is_named(reference: None, personas: dict[str, Any]):
    with pytest.raises(CommandError, match="NOBODY"):
        call_command("load_curriculum", work_number="NOBODY", publish_as="X0001")
