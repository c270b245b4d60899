"""A learner's pages: what they read, what they may do, and that nobody else gets in."""

from __future__ import annotations

import json
import re
import uuid
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import Enrolment, LessonProgress, PlaybackLease
from courses.services import enrol, open_session
from tests.factories.courses import (
    CourseFactory,
    EditionFactory,
    EnrolmentFactory,
    LessonFactory,
    document,
    mp4_bytes,
    published,
    right_answers,
    wrong_answers,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


def lesson_url(enrolment, position=1, part="lesson"):
    return reverse(f"courses:{part}", args=[enrolment.public_id, position])


def read(browser, url, **kwargs) -> str:
    response = browser.get(url, **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def report(browser, enrolment, lesson=1, *, data=None, **update):
    body = json.dumps(data if data is not None else {"sequence": 1, **update})
    url = lesson_url(enrolment, lesson, "progress")
    return browser.post(url, body, content_type="application/json", headers={"Accept": "application/json"})


def send_answers(browser, enrolment, answers_of, position=1, **headers):
    paper = enrolment.edition.lessons.get(position=position).check_paper
    fields = {f"answer-{key}": value for key, value in answers_of(paper).items()}
    url = lesson_url(enrolment, position, "check")
    return browser.post(url, {"client_key": str(uuid.uuid4()), **fields}, headers=headers)


PAGE = str(uuid.UUID(int=1))


def open_page(browser, enrolment, lesson=1, *, page=PAGE, take_over=False):
    """What the page of a lesson does first."""
    url = lesson_url(enrolment, lesson, "session")
    data = json.dumps({"session": page, "take_over": take_over})
    return browser.post(url, data, content_type="application/json", headers={"Accept": "application/json"})


def standing(html: str) -> str:
    words = re.sub(r"<[^>]+>", " ", html[html.index('id="standing"') :])
    return re.sub(r"\s+", " ", words)


def test_a_lesson_shows_its_text_its_check_and_what_is_missing(signed_in):
    enrolment = EnrolmentFactory(lessons=2)
    html = read(signed_in(enrolment.user), lesson_url(enrolment))
    assert "动手之前先查三处" in html and "第 1 / 2 课时" in html
    assert "共 3 题，答对 2 题即为通过" in html
    assert "还差： 读到文末、通过课时测验" in standing(html) and "我已读完" in html
    assert "下一课时" not in html
    assert "需求单从业务事项和职责依据写起" not in html, "no explanation before an answer"


def test_without_scripts_one_reads_answers_and_goes_on(signed_in):
    enrolment = EnrolmentFactory(lessons=2)
    browser = signed_in(enrolment.user)
    response = browser.post(lesson_url(enrolment, part="progress"), {"reached_end": "1"})
    assert response["Location"] == lesson_url(enrolment) + "#standing"
    assert "还差： 通过课时测验" in standing(read(browser, lesson_url(enrolment)))

    response = send_answers(browser, enrolment, wrong_answers)
    html = read(browser, response["Location"])
    assert "答对 0 / 3 题" in html and "次数不限" in html and "再做一次" in html
    assert "需求单从业务事项和职责依据写起" in html and "答案 B" in html

    response = send_answers(browser, enrolment, right_answers)
    html = read(browser, response["Location"])
    assert "答对 3 / 3 题，测验通过" in html
    assert "本课时已完成" in html and "下一课时" in html and lesson_url(enrolment, 2) in html


def test_with_scripts_the_check_and_the_line_are_swapped_together(signed_in):
    enrolment = EnrolmentFactory(lessons=1)
    browser = signed_in(enrolment.user)
    response = send_answers(browser, enrolment, right_answers, **{"HX-Request": "true"})
    html = response.content.decode()
    assert response.status_code == 200 and "测验通过" in html and 'hx-swap-oob="true"' in html
    assert "<html" not in html


def test_the_last_lesson_leads_back_to_the_course(signed_in):
    enrolment = EnrolmentFactory(lessons=1, checked=False)
    browser = signed_in(enrolment.user)
    report(browser, enrolment, reached_end=True)
    html = read(browser, lesson_url(enrolment))
    assert "必修课时已全部完成" in html and "返回课程" in html
    assert "已完成" in read(browser, reverse("courses:course", args=[enrolment.edition.course.key]))


def test_a_report_answers_with_the_line_for_the_page(signed_in):
    enrolment = EnrolmentFactory(lessons=2, checked=False)
    answer = report(signed_in(enrolment.user), enrolment, reached_end=True, position=100).json()
    assert answer["done"] and answer["taken_in"] and "下一课时" in answer["foot"]


def test_a_beacon_is_taken_with_its_token():
    enrolment = EnrolmentFactory(lessons=1, video=True, checked=False)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(enrolment.user, backend="people.backends.RoleBackend")
    html = read(browser, lesson_url(enrolment))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html).group(1)
    lesson, page = enrolment.edition.lessons.get(), uuid.UUID(PAGE)
    open_session(user=enrolment.user, enrolment=enrolment, lesson=lesson, session=page, device="")
    payload = json.dumps({"sequence": 3, "position": 2, "watched": [[0, 2]], "session": PAGE, "leaving": True})
    url = lesson_url(enrolment, part="progress")
    assert browser.post(url, {"payload": payload}).status_code == 403
    assert LessonProgress.objects.get().watched == []
    response = browser.post(url, {"payload": payload, "csrfmiddlewaretoken": token})
    assert response.status_code == 204
    assert LessonProgress.objects.get().watched == [[0.0, 2.0]]
    assert PlaybackLease.objects.get().session is None, "the place is free at once"


NONSENSE = [
    [],
    None,
    "x",
    {},
    {"sequence": 0},
    {"sequence": "1"},
    {"sequence": True},
    {"sequence": 2**60},
    {"sequence": 1, "position": "NaN"},
    {"sequence": 1, "watched": [[0]]},
    {"sequence": 1, "watched": {"a": 1}},
    {"sequence": 1, "watched": [[0, 1e400]]},
    {"sequence": 1, "position": []},
]


@pytest.mark.parametrize("data", NONSENSE)
def test_a_nonsensical_report_gets_a_sentence_and_writes_nothing(signed_in, data):
    enrolment = EnrolmentFactory(lessons=1)
    browser = signed_in(enrolment.user)
    url = lesson_url(enrolment, part="progress")
    response = browser.post(
        url, json.dumps(data), content_type="application/json", headers={"Accept": "application/json"}
    )
    assert response.status_code == 422
    assert response.json()["message"] == "学习进度没有记下来，请刷新页面后继续学习。"
    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b'{"sequence": 1'])
def test_what_is_no_json_gets_the_same_sentence(signed_in, body):
    enrolment = EnrolmentFactory(lessons=1)
    url = lesson_url(enrolment, part="progress")
    browser = signed_in(enrolment.user)
    response = browser.post(url, body, content_type="application/json", headers={"Accept": "application/json"})
    assert response.status_code == 422


@pytest.mark.parametrize(
    "fields", [{}, {"answer-x": "a"}, {"answer-1": "999"}, {"answer-1": "-1"}, {"answer-99999": "0"}]
)
def test_nonsensical_answers_get_a_sentence(signed_in, fields):
    enrolment = EnrolmentFactory(lessons=1)
    browser = signed_in(enrolment.user)
    response = browser.post(lesson_url(enrolment, part="check"), {"client_key": "nonsense", **fields})
    assert response.status_code in (302, 422)
    assert not LessonProgress.objects.filter(check_passed=True).exists()


SENT = ("progress", "check", "session", "question", "answer")
PARTS = ["lesson", *SENT, "video", "audio", "captions"]


@pytest.mark.parametrize("part", PARTS)
def test_somebody_elses_enrolment_is_not_there(signed_in, part):
    enrolment = EnrolmentFactory(lessons=1, video=True)
    url = lesson_url(enrolment, part=part)
    for role in (None, "content_editor", "training_office"):
        browser = signed_in(UserFactory(role=role, unit=enrolment.user.unit))
        method = browser.post if part in SENT else browser.get
        assert method(url).status_code == 404
    assert signed_in(UserFactory()).get(reverse("courses:learn", args=[enrolment.public_id])).status_code == 404
    assert not LessonProgress.objects.exists()


@pytest.mark.parametrize("part", PARTS)
def test_a_visitor_signs_in_first(client, part):
    enrolment = EnrolmentFactory(lessons=1, video=True)
    method = client.post if part in SENT else client.get
    assert method(lesson_url(enrolment, part=part)).status_code == 302


def test_a_report_after_the_session_ended_says_so(client):
    response = report(client, EnrolmentFactory(lessons=1), reached_end=True)
    assert response.status_code == 401 and "重新登录" in response.json()["message"]


def test_lessons_that_are_not_there(signed_in):
    enrolment = EnrolmentFactory(lessons=1)
    browser = signed_in(enrolment.user)
    for position in (0, 2, 10**12):
        assert browser.get(lesson_url(enrolment, position)).status_code == 404
    assert browser.get(lesson_url(enrolment, 1, "video")).status_code == 404
    assert browser.get(lesson_url(enrolment, part="progress")).status_code == 405
    assert browser.get(lesson_url(enrolment, part="check")).status_code == 405
    assert "共 3 题" in read(browser, lesson_url(enrolment) + "?try=nonsense")


def test_somebody_elses_try_is_not_shown(signed_in):
    edition = EditionFactory(lessons=1)
    one, other = (EnrolmentFactory(edition=edition) for _ in range(2))
    shown = send_answers(signed_in(one.user), one, right_answers)["Location"]
    key = re.search(r"try=([^#]+)", shown).group(1)
    assert "测验通过" not in read(signed_in(other.user), lesson_url(other) + f"?try={key}")


def test_going_on_where_one_stopped(signed_in):
    enrolment = EnrolmentFactory(lessons=3, checked=False)
    browser = signed_in(enrolment.user)
    learn = reverse("courses:learn", args=[enrolment.public_id])
    assert browser.get(learn)["Location"] == lesson_url(enrolment, 1)
    report(browser, enrolment, 2, position=40)
    assert browser.get(learn)["Location"] == lesson_url(enrolment, 2)
    report(browser, enrolment, 2, data={"sequence": 2, "reached_end": True})
    assert browser.get(learn)["Location"] == lesson_url(enrolment, 3)
    report(browser, enrolment, 3, reached_end=True)
    assert browser.get(learn)["Location"] == lesson_url(enrolment, 1)
    report(browser, enrolment, 1, reached_end=True)
    assert Enrolment.objects.get().state == "completed"
    assert browser.get(learn)["Location"] == lesson_url(enrolment, 1)


def test_my_courses(signed_in):
    learner = UserFactory()
    browser = signed_in(learner)
    assert "您选的课程将列在这里" in read(browser, reverse("courses:mine"))
    begun = EnrolmentFactory(user=learner, title="政务数据共享", lessons=2, checked=False)
    done = EnrolmentFactory(user=learner, title="依法决策", lessons=1, checked=False)
    EnrolmentFactory(title="别人的课程", lessons=1)
    report(browser, begun, 2, position=30)
    report(browser, done, reached_end=True)
    html = read(browser, reverse("courses:mine"))
    assert "0 / 2 课时" in html and f"上次学到：{begun.edition.lessons.get(position=2).title}" in html
    assert html.index("学习中") < html.index("政务数据共享") < html.index("依法决策")
    assert "重温课程" in html and "别人的课程" not in html


@pytest.mark.parametrize("lessons", [2, 10])
def test_the_lesson_page_does_not_grow_with_the_course(signed_in, django_assert_max_num_queries, lessons):
    enrolment = EnrolmentFactory(lessons=lessons)
    browser = signed_in(enrolment.user)
    read(browser, lesson_url(enrolment))
    with django_assert_max_num_queries(12):
        read(browser, lesson_url(enrolment))


def test_my_courses_cost_the_same_for_one_and_many(signed_in, django_assert_max_num_queries):
    learner, lesson = UserFactory(), LessonFactory()
    browser = signed_in(learner)
    for expected in (1, 12):
        while Enrolment.objects.count() < expected:
            enrol(user=learner, edition=CourseFactory(lessons=[lesson]).editions.get())
        with django_assert_max_num_queries(7):
            assert f"共 {expected} 门" in read(browser, reverse("courses:mine"))


def test_a_report_costs_little(signed_in, django_assert_max_num_queries):
    enrolment = EnrolmentFactory(lessons=6, video=True)
    browser = signed_in(enrolment.user)
    report(browser, enrolment, 6, watched=[[0, 1]])
    with django_assert_max_num_queries(9):
        report(browser, enrolment, 6, data={"sequence": 2, "position": 2, "watched": [[1, 2]]})


@pytest.fixture
def film():
    """A learner on a lesson with a video of 5000 bytes or so and captions."""
    lesson = LessonFactory(video=True, checked=False)
    lesson.captions = document("zimu.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\n字幕".encode(), "字幕")
    published(lesson)
    return EnrolmentFactory(edition=CourseFactory(lessons=[lesson]).editions.get())


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_video_is_served_whole_and_in_parts(signed_in, film):
    browser, url, whole = signed_in(film.user), lesson_url(film, part="video"), mp4_bytes(60)
    response = browser.get(url)
    assert response.status_code == 200 and response["Accept-Ranges"] == "bytes"
    assert response["Content-Type"] == "video/mp4" and response["Content-Length"] == str(len(whole))
    assert body(response) == whole
    part = browser.get(url, headers={"Range": "bytes=100-299"})
    assert part.status_code == 206 and part["Content-Range"] == f"bytes 100-299/{len(whole)}"
    assert body(part) == whole[100:300]
    last = browser.get(url, headers={"Range": "bytes=-50"})
    assert body(last) == whole[-50:] and last["Content-Length"] == "50"
    beyond = browser.get(url, headers={"Range": "bytes=999999-"})
    assert beyond.status_code == 416 and beyond["Content-Range"] == f"bytes */{len(whole)}"
    changed = browser.get(url, headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert changed.status_code == 200 and body(changed) == whole
    same = browser.get(url, headers={"Range": "bytes=0-9", "If-Range": response["ETag"]})
    assert same.status_code == 206 and body(same) == whole[:10]
    head = browser.head(url)
    assert head["Content-Length"] == str(len(whole)) and body(head) == b""


def test_captions_are_text_in_the_right_alphabet(signed_in, film):
    response = signed_in(film.user).get(lesson_url(film, part="captions"))
    assert response["Content-Type"] == "text/vtt; charset=utf-8" and "字幕" in body(response).decode()


def test_the_files_own_address_is_no_side_door(client, signed_in, film):
    def status(browser, file) -> int:
        response = browser.get(file.url)
        if response.streaming:
            body(response)
        return response.status_code

    video = film.edition.lessons.get().video
    assert status(client, video) == 404
    assert status(signed_in(UserFactory()), video) == 404
    assert status(signed_in(film.user), video) == 200
    assert status(signed_in(UserFactory(role="content_editor")), video) == 200
    assert status(client, document("biao.pdf", b"%PDF-1.4 x", "手册")) == 200


def test_a_video_page_hands_the_player_what_it_needs(signed_in, film, frozen_clock):
    browser = signed_in(film.user)
    open_page(browser, film)
    report(browser, film, watched=[[0, 4]], position=4, session=PAGE)
    html = read(browser, lesson_url(film))
    assert (
        "&quot;watched&quot;: [[0.0, 4.0]]" in html and 'data-position="4.00"' in html and 'data-seconds="60"' in html
    )
    assert "播放至少 90%（已播放 6%）" in html and "我已读完" not in html
    assert lesson_url(film, part="captions") in html
    assert LessonProgress.objects.get().position == Decimal(4)
