"""The member's calendar: read back with the library, opened by its secret alone, renewed and revoked."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from cohorts import services
from cohorts.models import CalendarFeed, Cohort, Membership
from core.errors import DomainError
from people.models import User
from tests.factories.cohorts import CohortFactory, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    made = CohortFactory(running=True, members=[personas["trainee"]], published=False)
    for session in made.sessions.all():
        services.change_session(actor=teacher_of(made), session=session, lecturer=personas["lecturer"])
    services.publish_timetable(actor=teacher_of(made), cohort=made)
    return made


@pytest.fixture
def member(cohort: Cohort) -> Membership:
    return cohort.memberships.select_related("user").get()


def open_for(member: Membership) -> str:
    return services.open_feed(actor=member.user, membership=member)


def read(secret: str) -> Any:
    return Client().get(f"/calendar/{secret}.ics")


def events(secret: str) -> dict[str, Any]:
    return {str(event["UID"]): event for event in Calendar.from_ical(read(secret).content).walk("VEVENT")}


def test_the_calendar_reads_back_with_times_of_shanghai(member: Membership) -> None:
    answer = read(open_for(member))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    calendar = Calendar.from_ical(answer.content)
    found = calendar.walk("VEVENT")
    assert len(found) == 10 and len({str(e["UID"]) for e in found}) == 10
    first = found[0]
    assert first["DTSTART"].dt == datetime(2026, 9, 14, 9, tzinfo=SHANGHAI)
    assert first["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert first["DTEND"].dt == datetime(2026, 9, 14, 12, tzinfo=SHANGHAI)
    assert (first["SUMMARY"], first["LOCATION"]) == ("第1天上午：数据共享与业务协同", "三楼报告厅")
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Shanghai"]
    assert "欧阳文静" not in answer.content.decode(), "it leaves the house without names"


def test_an_entry_keeps_its_uid_and_the_sequence_follows_the_publications(cohort: Cohort, member: Membership) -> None:
    secret = open_for(member)
    before = events(secret)
    assert {e["SEQUENCE"] for e in before.values()} == {1}
    session = cohort.sessions.earliest("day", "starts_at")
    services.change_session(actor=teacher_of(cohort), session=session, room="二楼会议室")
    assert {str(e["LOCATION"]) for e in events(secret).values()} == {"三楼报告厅"}, "not yet published"
    services.publish_timetable(actor=teacher_of(cohort), cohort=cohort)
    after = events(secret)
    assert after.keys() == before.keys() and {e["SEQUENCE"] for e in after.values()} == {2}
    assert sorted({str(e["LOCATION"]) for e in after.values()}) == ["三楼报告厅", "二楼会议室"]


def test_before_the_first_publication_the_calendar_is_empty(personas: dict[str, User]) -> None:
    cohort = CohortFactory(members=[personas["trainee"]], published=False)
    secret = open_for(cohort.memberships.select_related("user").get())
    assert events(secret) == {}


def test_wrong_ended_and_old_addresses_look_the_same(cohort: Cohort, member: Membership) -> None:
    old = open_for(member)
    new = open_for(member)
    assert (read(old).status_code, read(new).status_code) == (404, 200)
    services.revoke_feed(actor=member.user, membership=member)
    wrong = ["A" * 43, old, new]
    bodies = {re.sub(r"/calendar/[\w-]+|[\w+/-]{43,}", "", read(s).content.decode()) for s in wrong}
    assert {read(s).status_code for s in wrong} == {404} and len(bodies) == 1
    assert cohort.full_title not in bodies.pop()
    with pytest.raises(DomainError, match="没有正在使用的订阅地址"):
        services.revoke_feed(actor=member.user, membership=member)


def test_who_left_and_a_cancelled_class_answer_no_more(cohort: Cohort, member: Membership) -> None:
    secret = open_for(member)
    Membership.objects.filter(pk=member.pk).update(state="withdrawn", reason="退学")
    assert read(secret).status_code == 404
    Membership.objects.filter(pk=member.pk).update(state="registered")
    assert read(secret).status_code == 200
    Cohort.objects.filter(pk=cohort.pk).update(state="cancelled")
    assert read(secret).status_code == 404


def test_the_secret_is_kept_as_a_hash_and_only_the_member_opens_one(
    member: Membership, personas: dict[str, User]
) -> None:
    secret = open_for(member)
    assert secret not in str(CalendarFeed.objects.values())
    with pytest.raises(DomainError, match="只能由学员本人"):
        services.open_feed(actor=personas["class_teacher"], membership=member)


def test_the_address_is_shown_once_and_can_be_renewed_and_ended_on_the_class_page(
    cohort: Cohort, member: Membership, signed_in: Any
) -> None:
    browser, page = signed_in(member.user), reverse("cohorts:class", args=[cohort.public_id])
    assert "生成订阅地址" in browser.get(page).content.decode()
    shown = browser.post(reverse("cohorts:calendar-open", args=[cohort.public_id])).content.decode()
    secret = re.search(r"/calendar/([\w-]+)\.ics", shown).group(1)
    assert read(secret).status_code == 200
    again = browser.get(page).content.decode()
    assert secret not in again and "重新生成地址" in again
    history = signed_in(teacher_of(cohort)).get(reverse("cohorts:history", args=[cohort.public_id])).content.decode()
    assert "王敏开通了课表的日历订阅" in history and secret not in history
    browser.post(reverse("cohorts:calendar-revoke", args=[cohort.public_id]))
    assert read(secret).status_code == 404
    history = signed_in(teacher_of(cohort)).get(reverse("cohorts:history", args=[cohort.public_id])).content.decode()
    assert "王敏停止了课表的日历订阅" in history


def test_control_without_the_filter_on_revocation_an_old_address_still_opens(
    member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = open_for(member)
    open_for(member)
    monkeypatch.setattr(type(CalendarFeed.objects.all()), "standing", lambda rows: rows)
    assert read(old).status_code == 200
