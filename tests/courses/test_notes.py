"""Notes: kept while one writes, for their owner alone, gone when deleted."""

from __future__ import annotations

import uuid
from io import BytesIO

import docx
import pytest
from django.db import connection
from wagtail.models import ModelLogEntry

from core.errors import DomainError
from courses.models import LessonNote
from courses.presenters.notebook import clock_mark
from courses.services import enrol
from courses.services.notes import LONGEST, save_note
from tests.factories.courses import EditionFactory, EnrolmentFactory, note
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
SCRIPT = {"Accept": "application/json"}
SECRET = "只有我自己看得到的一句话"


@pytest.fixture
def enrolment():
    return EnrolmentFactory(lessons=2, checked=False, user=UserFactory(role="trainee"), video=True)


def around(enrolment, part: str = "", position: int = 1) -> str:
    return f"/learn/courses/{enrolment.public_id}/{position}/around/{part}"


def read(browser, url: str) -> str:
    response = browser.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_note_is_kept_as_it_is_written_under_its_key(signed_in, enrolment, frozen_clock):
    browser, key = signed_in(enrolment.user), uuid.uuid4()
    for text in ("先查", "先查目录", "先查目录"):
        answer = browser.post(
            around(enrolment, "note/"), {"key": key, "text": text}, headers={"Accept": "application/json"}
        )
        assert answer.json() == {"saved": "已保存 10:00"}
    assert LessonNote.objects.get().text == "先查目录"
    assert "先查目录" in read(browser, around(enrolment)) and "先查目录" in read(browser, "/learn/courses/notes/")


def test_without_scripts_the_button_keeps_it_and_leads_back(signed_in, enrolment):
    browser, key = signed_in(enrolment.user), uuid.uuid4()
    answer = browser.post(around(enrolment, "note/"), {"key": key, "text": SECRET})
    assert answer["Location"] == f"{around(enrolment)}#note-{key}"
    lesson = read(browser, f"/learn/courses/{enrolment.public_id}/1/")
    assert f'hx-get="{around(enrolment)}"' in lesson and "打开本课时的笔记与提问" in lesson


def test_a_note_on_a_video_knows_its_place(signed_in, enrolment):
    browser, key = signed_in(enrolment.user), uuid.uuid4()
    browser.post(around(enrolment, "note/", 2), {"key": key, "text": "这里讲跑动次数", "second": "35"})
    assert "0:35" in read(browser, around(enrolment, position=2)) and "视频 0:35" in read(
        browser, "/learn/courses/notes/"
    )
    browser.post(around(enrolment, "note/", 2), {"key": key, "text": "改过", "second": "999999"})
    assert LessonNote.objects.get().second == 60, "no place beyond the end of the video"
    assert (clock_mark(205), clock_mark(3725)) == ("3:25", "1:02:05")


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "字" * (LONGEST + 1)])
def test_nothing_and_too_much_are_refused_in_words(signed_in, enrolment, text):
    sent = {"key": uuid.uuid4(), "text": text}
    answer = signed_in(enrolment.user).post(around(enrolment, "note/"), sent, headers=SCRIPT)
    assert answer.status_code == 422 and answer.json()["message"].startswith("笔记没有保存")
    assert not LessonNote.objects.exists()


PERSONAS = (
    "other_trainee", "class_teacher", "other_teacher", "unit_admin", "training_office", "lecturer", "leader",
    "other_leader", "content_editor", "system_admin", "security_admin", "audit_admin",
)  # fmt: skip


@pytest.mark.parametrize("persona", PERSONAS)
def test_nobody_else_reads_changes_or_deletes_a_note(signed_in, personas, persona):
    edition = EditionFactory(lessons=1, checked=False)
    mine = enrol(user=personas["trainee"], edition=edition)
    kept = note(mine, SECRET)
    stranger = personas[persona]
    theirs = enrol(user=stranger, edition=edition)
    browser = signed_in(stranger)
    for url in (around(mine), around(theirs), "/learn/courses/notes/", f"/learn/courses/{theirs.public_id}/1/"):
        assert SECRET not in browser.get(url).content.decode(), url
    assert browser.get(around(mine)).status_code == 404
    assert browser.post(f"/learn/courses/notes/{kept.public_id}/delete/").status_code == 404
    answer = browser.post(around(theirs, "note/"), {"key": kept.public_id, "text": "改掉"}, follow=True)
    assert answer.status_code == 422
    assert LessonNote.objects.get().text == SECRET


def test_the_control_the_owner_does_read_it(signed_in, personas):
    mine = enrol(user=personas["trainee"], edition=EditionFactory(lessons=1, checked=False))
    note(mine, SECRET)
    assert SECRET in read(signed_in(personas["trainee"]), around(mine))


def test_no_trace_of_the_words_lies_open(enrolment):
    before = ModelLogEntry.objects.count()
    note(enrolment, SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM courses_lessonnote")
        assert SECRET not in cursor.fetchone()[0]
    assert ModelLogEntry.objects.count() == before


def test_the_owner_deletes_for_good(signed_in, enrolment):
    kept = note(enrolment)
    browser = signed_in(enrolment.user)
    assert "删除后不能恢复" in read(browser, "/learn/courses/notes/")
    assert browser.get(f"/learn/courses/notes/{kept.public_id}/delete/").status_code == 405
    answer = browser.post(f"/learn/courses/notes/{kept.public_id}/delete/", follow=True)
    assert "笔记已删除" in answer.content.decode() and "您的笔记将列在这里" in answer.content.decode()
    assert not LessonNote.objects.exists()


def test_they_are_taken_away_as_a_document(signed_in, enrolment):
    browser = signed_in(enrolment.user)
    assert browser.get("/learn/courses/notes/export/").status_code == 422
    note(enrolment, "第一行\n第二行🌻", position=2)
    note(enrolment, "先查目录")
    paper = docx.Document(BytesIO(browser.get("/learn/courses/notes/export/").content))
    lines = [paragraph.text for paragraph in paper.paragraphs]
    assert lines.index("先查目录") < lines.index("第一行") < lines.index("第二行🌻")
    assert enrolment.edition.title in lines


def test_they_are_taken_away_to_print_unless_a_character_cannot_be_drawn(signed_in, enrolment):
    browser, kept = signed_in(enrolment.user), note(enrolment, "先查目录")
    answer = browser.get("/learn/courses/notes/export/?as=pdf")
    assert answer.content.startswith(b"%PDF") and ".pdf" in answer["Content-Disposition"]
    note(enrolment, "第二行🌻", position=2)
    answer = browser.get("/learn/courses/notes/export/?as=pdf")
    assert answer.status_code == 422 and "🌻。请导出 Word" in answer.content.decode() and kept


def test_notes_outlive_leaving_the_course(signed_in, enrolment):
    note(enrolment, SECRET)
    enrolment.state = "withdrawn"
    enrolment.save(update_fields=["state"])
    assert SECRET in read(signed_in(enrolment.user), "/learn/courses/notes/")


def test_a_lesson_holds_two_hundred_notes(enrolment, monkeypatch):
    monkeypatch.setattr("courses.services.notes.MOST", 1)
    note(enrolment)
    lesson = enrolment.edition.lessons.first()
    with pytest.raises(DomainError, match="请先整理"):
        save_note(user=enrolment.user, enrolment=enrolment, lesson=lesson, key=uuid.uuid4(), text="再一条")


def test_the_list_costs_the_same_with_three_notes_and_thirty(signed_in, enrolment, django_assert_max_num_queries):
    browser = signed_in(enrolment.user)
    for _ in range(3):
        note(enrolment)
    with django_assert_max_num_queries(10) as few:
        read(browser, "/learn/courses/notes/")
    for n in range(27):
        note(enrolment, position=1 + n % 2)
    with django_assert_max_num_queries(10) as many:
        read(browser, "/learn/courses/notes/")
    assert len(few) == len(many)
