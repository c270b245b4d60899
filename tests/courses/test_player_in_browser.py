"""The player in Chromium: a video with a question, an audio without network, a stream nobody watches, two devices."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from courses.models import CueAnswer, LessonProgress, PlaybackAnomaly
from tests.browser import DESK, PHONE, axe_violations, english_on_chinese, launch, overflowing
from tests.factories.courses import EnrolmentFactory, LessonFactory, document
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MEDIA = Path(settings.BASE_DIR) / "tests" / "data" / "media"
PATIENCE = 30_000


@pytest.fixture(autouse=True)
def queries_beside_playwright(monkeypatch):
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")


def film(name="clip.mp4", **lesson):
    """A learner on a course of one short recording."""
    one = LessonFactory(checked=False, video=True, draft=True, title="一件事一次办", **lesson)
    one.video = document(name, (MEDIA / name).read_bytes(), "示范视频")
    one.save_revision().publish()
    one.refresh_from_db()
    return EnrolmentFactory(user=UserFactory(role="trainee", name="王敏"), lessons=[one])


@contextmanager
def page_of(user, live_server, *, width=DESK):
    """A browser in which the user is signed in; the connection that its event loop opened ends with it."""
    with launch(width=width) as context:
        sign_in(context, user, live_server)
        try:
            yield context.new_page()
        finally:
            connection.close()


def sign_in(context, user, live_server):
    browser = Client()
    browser.force_login(user, backend="people.backends.RoleBackend")
    value = browser.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def address(live_server, enrolment):
    return live_server.url + reverse("courses:lesson", args=[enrolment.public_id, 1])


def whole(page):
    """Nobody is shut out, nothing is cut off, nothing is English; the player's own parts are not ours."""
    page.evaluate("document.querySelector('.video-js').dataset.latin = ''")
    assert axe_violations(page, exclude=[".vjs-control-bar"]) == []
    assert overflowing(page) == []
    assert english_on_chinese(page) == []


def press_play(page):
    page.locator(".vjs-big-play-button:visible, .vjs-play-control:visible").first.click()


def says(page, words):
    page.get_by_text(words).first.wait_for(timeout=PATIENCE)


MEDIUM = "document.querySelector('#player video, #player audio')"


def until(page, condition):
    """Look at ``medium`` at every frame; the page's policy forbids what Playwright does by itself."""
    page.evaluate(
        f"() => new Promise((done) => {{ const look = () => {{ const medium = {MEDIUM};"
        f" if (medium && {condition}) done(); else setTimeout(look, 50); }}; look(); }})"
    )


def at_second(page, second):
    until(page, f"medium.currentTime >= {second}")


def jump(page, second):
    page.evaluate(f"{MEDIUM}.currentTime = {second}")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_video_stops_at_its_question_and_is_done_at_its_end(live_server, width):
    enrolment = film(cues=(3,))
    with page_of(enrolment.user, live_server, width=width) as page:
        page.goto(address(live_server, enrolment))
        press_play(page)
        at_second(page, 0.5)
        jump(page, 5)
        says(page, "第一遍请按顺序播放")
        says(page, "答对这道题再继续")
        whole(page)
        panel = page.locator("section[data-question]")
        panel.get_by_text("设备型号").click()
        panel.get_by_role("button", name="提交答案").click()
        says(page, "没有答对，请再想一想")
        panel.get_by_text("业务事项和法定职责依据").click()
        panel.get_by_role("button", name="提交答案").click()
        says(page, "答对了")
        whole(page)
        panel.get_by_role("button", name="继续播放").click()
        says(page, "本课时已完成")
        whole(page)
    row = LessonProgress.objects.get()
    assert row.completed_at and row.watched_seconds >= 5
    assert list(CueAnswer.objects.order_by("pk").values_list("right", flat=True)) == [False, True]
    assert not PlaybackAnomaly.objects.exists(), "an honest player does nothing that is refused"


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_an_audio_keeps_what_was_heard_while_the_network_is_away(live_server, width):
    lesson = LessonFactory(checked=False, audio=True, seconds=6, title="文字稿与录音")
    enrolment = EnrolmentFactory(user=UserFactory(role="trainee", name="王敏"), lessons=[lesson])
    with page_of(enrolment.user, live_server, width=width) as page:
        page.goto(address(live_server, enrolment))
        until(page, "medium.readyState >= 3")
        press_play(page)
        at_second(page, 1)
        whole(page)
        page.context.set_offline(True)
        says(page, "网络断开了，进度先记在本页")
        whole(page)
        assert not LessonProgress.objects.filter(completed_at__isnull=False).exists()
        until(page, "medium.ended")
        page.context.set_offline(False)
        says(page, "本课时已完成")
        whole(page)
    assert LessonProgress.objects.get().watched_seconds >= 5
    assert not PlaybackAnomaly.objects.exists()


def test_a_stream_plays_and_asks_whether_somebody_is_there(live_server, settings):
    settings.LINGHANG_IDLE_SECONDS = 2
    enrolment = film("clip.zip")
    with page_of(enrolment.user, live_server) as page:
        page.goto(address(live_server, enrolment))
        press_play(page)
        says(page, "您还在学习吗？")
        whole(page)
        stopped = page.evaluate(f"{MEDIUM}.currentTime")
        assert 0.5 < stopped < 5 and page.evaluate(f"{MEDIUM}.paused")
        page.get_by_role("button", name="继续学习").click()
        at_second(page, stopped + 0.5)
        assert page.locator("[data-idle]").is_hidden()


def test_only_one_of_two_devices_counts(live_server):
    enrolment = film()
    with page_of(enrolment.user, live_server) as page:
        page.goto(address(live_server, enrolment))
        press_play(page)
        at_second(page, 0.5)
        with page.context.browser.new_context(viewport={"width": PHONE, "height": 844}, locale="zh-CN") as phone:
            sign_in(phone, enrolment.user, live_server)
            other = phone.new_page()
            other.goto(address(live_server, enrolment))
            says(other, "您正在另一台设备上学习这门课程")
            whole(other)
            other.get_by_role("button", name="在这里继续").click()
            other.locator("[data-elsewhere]").wait_for(state="hidden")
            says(page, "您已在别处继续学习，这里从那时起不再计入")
            assert page.evaluate(f"{MEDIUM}.paused")
            whole(page)
            page.get_by_role("button", name="在这里继续").click()
            page.locator("[data-elsewhere]").wait_for(state="hidden")
            press_play(page)
            says(page, "本课时已完成")
