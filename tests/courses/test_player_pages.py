"""What the player asks for, what it is refused, and what editors and the office see of it."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core import clock
from courses.models import CueAnswer, EditionLesson, Lesson, LessonCue, PlaybackAnomaly
from courses.rules.progress import Refusal, RefusalKind
from courses.services.anomalies import note_refusals
from tests.core.side_doors import check_side_doors
from tests.courses.test_lesson_pages import PAGE, lesson_url, open_page, read, report
from tests.courses.test_office import LESSON_FORM, LESSONS
from tests.factories.courses import (
    AnomalyFactory,
    CourseFactory,
    EnrolmentFactory,
    LessonFactory,
    document,
    make_question,
    mp4_bytes,
    stream_bytes,
)
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
ANOMALIES = "/office/courses/anomalies/"


@pytest.fixture
def quiz():
    return EnrolmentFactory(lessons=[LessonFactory(checked=False, video=True, cues=(20,))])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_page_opens_plays_is_asked_and_goes_on(signed_in, quiz, frozen_clock):
    browser = signed_in(quiz.user)
    resumed = open_page(browser, quiz).json()
    assert resumed == {"position": 0.0, "watched": [], "sequence": 0, "free": False, "cues": [20.0]}
    ask, answer = lesson_url(quiz, part="question"), lesson_url(quiz, part="answer")
    assert browser.post(ask).json()["code"] == "none_due"
    with clock.freeze(frozen_clock + timedelta(seconds=30)):
        told = report(browser, quiz, watched=[[0, 30]], position=30, session=PAGE, alive=1).json()
    assert told["watched"] == [[0.0, 22.0]]
    assert told["refused"] == "有 8 秒没有计入：播放中的题目还没有答对，后面的内容不计入。"
    question = browser.post(ask).json()
    assert question["at"] == 20 and "数据需求单首先应当写明什么" in question["html"]
    assert "需求单从业务事项和职责依据写起" not in question["html"], "nothing secret is sent"
    wrong = browser.post(answer, {"choice": "0", "client_key": str(uuid.uuid4())}).json()
    assert not wrong["right"] and "没有答对" in wrong["html"] and "需求单从业务事项" not in wrong["html"]
    right = browser.post(answer, {"choice": "1", "client_key": str(uuid.uuid4())}).json()
    assert right["right"] and right["cues"] == [] and "需求单从业务事项和职责依据写起" in right["html"]
    assert "播放至少 90%" in right["foot"] and "道题" not in right["foot"]


def test_a_second_device_gets_a_conflict_with_a_sentence(signed_in, quiz):
    open_page(signed_in(quiz.user), quiz)
    phone = signed_in(quiz.user)
    other = str(uuid.uuid4())
    asked = open_page(phone, quiz, page=other)
    assert asked.status_code == 409 and asked.json()["code"] == "elsewhere"
    assert asked.json()["message"].startswith("您正在另一台设备上学习这门课程。要在这里继续吗？")
    assert report(phone, quiz, watched=[[0, 2]], session=other).status_code == 409
    assert open_page(phone, quiz, page=other, take_over=True).status_code == 200
    assert report(phone, quiz, watched=[[0, 2]], session=other).status_code == 200


@pytest.mark.parametrize("data", [None, [], "x", {}, {"session": 1}, {"session": "x"}, {"session": "\0"}])
def test_a_nonsensical_opening_gets_a_sentence(signed_in, quiz, data):
    url = lesson_url(quiz, part="session")
    response = signed_in(quiz.user).post(url, json.dumps(data), content_type="application/json")
    assert response.status_code == 422 and response.json()["message"] == "学习没有接上，请刷新页面后继续学习。"


@pytest.mark.parametrize("fields", [{}, {"choice": "x"}, {"choice": "-1"}, {"choice": "999"}])
def test_a_nonsensical_answer_gets_a_sentence(signed_in, quiz, fields):
    response = signed_in(quiz.user).post(lesson_url(quiz, part="answer"), fields)
    assert response.status_code == 422 and response.json()["message"]
    assert not CueAnswer.objects.exists()


def test_what_was_not_counted_is_said_explained_and_answered(signed_in, personas):
    lesson = LessonFactory(checked=False, video=True)
    enrolment = EnrolmentFactory(user=personas["trainee"], lessons=[lesson])
    anomaly = AnomalyFactory(enrolment)
    learner = signed_in(enrolment.user)
    assert "有 60 秒没有计入" in read(learner, lesson_url(enrolment)) and "第一遍请按顺序播放" in read(
        learner, lesson_url(enrolment)
    )
    appeal = reverse("courses:appeal", args=[anomaly.public_id])
    assert signed_in(UserFactory()).post(appeal, {"text": "不是我"}).status_code == 404
    assert learner.post(appeal, {"text": "x" * 501}).status_code == 422
    assert "说明已提交" in read(learner, learner.post(appeal, {"text": "当时换了电脑"})["Location"])
    office = signed_in(personas["training_office"])
    html = read(office, f"{ANOMALIES}edit/{anomaly.pk}/")
    assert "当时换了电脑" in html and "不作任何处罚" in html and "上报 60 秒，能够计入 0 秒" in html
    done = office.post(f"{ANOMALIES}edit/{anomaly.pk}/", {"decision": "dismissed", "reason": "属于设备切换"})
    assert done.status_code == 302
    html = read(learner, lesson_url(enrolment))
    assert "不作异常" in html and "属于设备切换" in html and "我有说明" not in html
    assert "属于设备切换" in read(office, f"{ANOMALIES}edit/{anomaly.pk}/")
    late = office.post(f"{ANOMALIES}edit/{anomaly.pk}/", {"decision": "noted", "reason": "再来"})
    assert late.status_code in (302, 409)
    assert PlaybackAnomaly.objects.get().state == "dismissed"


def test_the_office_gives_back_exactly_what_the_page_lists(signed_in, personas):
    enrolment = EnrolmentFactory(user=personas["trainee"], lessons=[LessonFactory(checked=False, video=True)])
    moments = ((Decimal(20), Decimal(60)),)
    refusal = Refusal(RefusalKind.LEAP, Decimal(40), Decimal(0), moments)
    note_refusals(enrolment=enrolment, lesson=enrolment.edition.lessons.get(), refusals=[refusal], now=timezone.now())
    page = f"{ANOMALIES}edit/{PlaybackAnomaly.objects.get().pk}/"
    office = signed_in(personas["training_office"])
    assert "00:20—01:00，共 40 秒" in read(office, page)
    wrong = office.post(page, {"decision": "noted", "reason": "看过", "give_back": "on"})
    assert "补计只用于“不作异常”" in wrong.content.decode()
    office.post(page, {"decision": "dismissed", "reason": "属于设备切换", "give_back": "on"})
    assert "已补计：00:20—01:00" in read(signed_in(enrolment.user), lesson_url(enrolment))
    assert "片段已补计" in read(office, page)


def test_the_list_of_anomalies_shows_ones_own_people_only(personas, signed_in):
    one = EnrolmentFactory(user=personas["trainee"], lessons=[LessonFactory(video=True, title="本市课时")])
    stranger = UserFactory(name="外市学员")
    other = EnrolmentFactory(user=stranger, lessons=[LessonFactory(video=True, title="外市课时")])
    own, foreign = AnomalyFactory(one), AnomalyFactory(other)
    office, editor = signed_in(personas["training_office"]), signed_in(personas["content_editor"])
    check_side_doors(office, editor, ANOMALIES, own, foreign, words=("本市课时", "外市课时"), hidden=["外市学员"])
    assert "跳过未播放部分" in read(office, f"{ANOMALIES}?state=open&kind=leap&appealed=false")
    assert "本市课时" not in read(office, f"{ANOMALIES}?appealed=true")


@pytest.mark.parametrize("rows", [1, 8])
def test_the_list_of_anomalies_does_not_grow(personas, signed_in, django_assert_max_num_queries, rows):
    enrolment = EnrolmentFactory(user=personas["trainee"], lessons=[LessonFactory(video=True)])
    for _ in range(rows):
        AnomalyFactory(enrolment)
        PlaybackAnomaly.objects.update(appeal="已说明")
    office = signed_in(personas["training_office"])
    read(office, ANOMALIES)
    with django_assert_max_num_queries(20):
        read(office, ANOMALIES)


def test_a_lesson_to_listen_to(signed_in):
    lesson = LessonFactory(checked=False, audio=True, seconds=5, title="怎样写需求单")
    enrolment = EnrolmentFactory(lessons=[lesson])
    browser = signed_in(enrolment.user)
    html = read(browser, lesson_url(enrolment))
    assert "<audio" in html and 'type="audio/mpeg"' in html and "播放至少 90%（已播放 0%）" in html
    assert "音频，约 1 分钟" in html and enrolment.edition.lessons.get().seconds == 5
    response = browser.get(lesson_url(enrolment, part="audio"), headers={"Range": "bytes=0-3"})
    assert response.status_code == 206 and body(response) == b"\xff\xfb\x10\xc4"
    assert browser.get(lesson_url(enrolment, part="video")).status_code == 404
    assert signed_in(UserFactory()).get(lesson.audio.url).status_code == 404


def test_a_stream_is_served_out_of_its_package_to_its_learners(signed_in):
    enrolment = EnrolmentFactory(lessons=[LessonFactory(checked=False, stream=True)])
    browser = signed_in(enrolment.user)

    def part(name, who=browser):
        return who.get(reverse("courses:stream", args=[enrolment.public_id, 1, name]))

    html = read(browser, lesson_url(enrolment))
    assert 'type="application/vnd.apple.mpegurl"' in html and "video.min.js" in html
    playlist = part("index.m3u8")
    assert b"#EXT-X-ENDLIST" in body(playlist) and playlist["Content-Type"] == "application/vnd.apple.mpegurl"
    segment = part("s1.ts")
    assert segment["Content-Length"] == "188" and body(segment) == bytes(range(188))
    for name in ("s9.ts", "../index.m3u8", "index.m3u8/x", "%00"):
        assert part(name).status_code == 404
    assert part("s1.ts", signed_in(UserFactory())).status_code == 404
    assert browser.get(lesson_url(enrolment, part="video")).status_code == 404, "the package itself is not handed out"
    assert enrolment.edition.lessons.get().seconds == 6


@pytest.fixture
def office(personas, signed_in):
    return signed_in(personas["training_office"])


@pytest.mark.parametrize(
    ("kind", "name", "content", "sentence"),
    [
        ("audio", "", b"", "音频课时需要一个音频文件"),
        ("audio", "a.mp3", b"x", "请选择 MP3 或者 M4A 音频文件"),
        ("audio", "a.mp4", mp4_bytes(5), "请选择 MP3 或者 M4A 音频文件"),
        ("video", "a.zip", b"x", "这个压缩包打不开"),
        ("video", "a.zip", stream_bytes(**{"a.exe": b"MZ"}), "不能播放的文件：a.exe"),
    ],
)
def test_a_recording_that_cannot_be_played_is_not_taken(office, kind, name, content, sentence):
    chosen = {kind: document(name, content).pk} if name else {}
    response = office.post(f"{LESSONS}add/", {**LESSON_FORM, "kind": kind, **chosen})
    assert sentence in response.content.decode() and not Lesson.objects.exists()


def cue_fields(*cues):
    fields = {"cues-TOTAL_FORMS": str(len(cues)), "cues-INITIAL_FORMS": "0"}
    for n, (at, question) in enumerate(cues):
        fields |= {f"cues-{n}-at": at, f"cues-{n}-question": question.pk, f"cues-{n}-ORDER": n + 1}
    return fields


@pytest.mark.parametrize(("seconds", "taken"), [((5, 10), True), ((5, 5), False), ((0,), False), ((30,), False)])
def test_questions_are_put_at_seconds_of_the_recording(office, seconds, taken):
    video = document("a.mp4", mp4_bytes(30))
    cues = cue_fields(*[(at, make_question(f"cue-{n}")) for n, at in enumerate(seconds)])
    response = office.post(f"{LESSONS}add/", {**LESSON_FORM, "video": video.pk, **cues})
    assert Lesson.objects.exists() is taken
    if taken:
        assert list(LessonCue.objects.order_by("at").values_list("at", flat=True)) == list(seconds)
    else:
        assert "请填 1 到 29 之间的秒数" in response.content.decode()


def test_questions_are_found_by_their_wording(office):
    make_question("cue-1")
    html = office.get("/office/courses/questions/choose/").json()["html"]
    assert "cue-1" in html and "数据需求单首先应当写明什么" in html


def test_an_audio_lesson_needs_its_words(office):
    lesson = LessonFactory(audio=True, body=[], title="没有文字稿")
    course = CourseFactory(lessons=[lesson], edition=False)
    html = office.post(reverse("course_publish_edition", args=[course.pk])).content.decode()
    assert "课时“没有文字稿”还没有正文" in html and not EditionLesson.objects.exists()


def test_the_player_offers_the_speeds_of_the_course(signed_in):
    slow = EnrolmentFactory(lessons=[LessonFactory(video=True)])
    quick = EnrolmentFactory(user=slow.user, lessons=[LessonFactory(video=True)], max_speed=Decimal("1.5"))
    browser = signed_in(slow.user)
    assert "&quot;speeds&quot;: [1.0]" in read(browser, lesson_url(slow))
    assert "&quot;speeds&quot;: [1.0, 1.25, 1.5]" in read(browser, lesson_url(quick))


def test_media_is_what_the_edition_pins(office):
    course = CourseFactory(lessons=[LessonFactory(audio=True, seconds=3)])
    sound = course.editions.get().lessons.get().audio
    assert course.editions.get().assets.filter(document=sound).exists()
