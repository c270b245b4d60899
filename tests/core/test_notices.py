"""Notices: sent once for one cause, read by nobody else, opened by a POST."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core import notices
from core.models import Notice

pytestmark = pytest.mark.django_db


def test_the_same_cause_reaches_a_person_once(personas: dict[str, Any]) -> None:
    one, other = personas["trainee"], personas["other_trainee"]
    notices.send(to=[one.pk, one.pk], title="课表有调整", key="timetable:7:1")
    notices.send(to=[one.pk, other.pk], title="课表有调整", key="timetable:7:1")
    notices.send(to=[one.pk], title="课表有调整")
    assert (one.notices.count(), other.notices.count()) == (2, 1)


def test_a_person_reads_and_opens_their_own_alone(personas: dict[str, Any], signed_in: Any) -> None:
    one, other = personas["trainee"], personas["other_trainee"]
    notices.send(to=[one.pk], title="11月24日上午调课", text="改到二楼会议室。", url="/learn/class/")
    notices.send(to=[other.pk], title="别人的通知")
    browser: Client = signed_in(one)
    words = browser.get("/notices/").content.decode()
    assert "11月24日上午调课" in words and "改到二楼会议室。" in words and "别人的通知" not in words
    mine, foreign = one.notices.get(), other.notices.get()
    assert browser.post(f"/notices/{foreign.public_id}/open/").status_code == 404
    assert browser.get(f"/notices/{mine.public_id}/open/").status_code == 405
    assert browser.post(f"/notices/{mine.public_id}/open/")["Location"] == "/learn/class/"
    mine.refresh_from_db()
    assert mine.read_at is not None and Notice.objects.visible_to(one).unread().count() == 0


def test_the_bell_counts_what_is_unread(personas: dict[str, Any], signed_in: Any) -> None:
    one = personas["trainee"]
    notices.send(to=[one.pk], title="第一条")
    notices.send(to=[one.pk], title="第二条")
    browser: Client = signed_in(one)
    assert 'class="lh-badge lh-figures">2<' in browser.get("/notices/").content.decode()
    browser.post("/notices/read/")
    assert "lh-badge" not in browser.get("/notices/").content.decode()


def test_an_empty_list_says_what_will_stand_here(personas: dict[str, Any], signed_in: Any) -> None:
    assert "还没有通知" in signed_in(personas["trainee"]).get("/notices/").content.decode()
