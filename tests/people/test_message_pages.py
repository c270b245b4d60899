"""Messages that leave the house on the screens: one's own switches, the office's log, words and rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from core import clock
from core.messaging import choices, kinds, policy, sending
from core.messaging.values import Receipt, Refusal
from core.models import ChannelChoice, Delivery, MessageTemplate
from people.models import User
from tests.conftest import MOMENT
from tests.core.messaging import Scripted, notify, use_channels
from tests.core.side_doors import ROW_DOORS, check_side_doors
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

TEMPLATES, RULES, LOG = "/office/deliveries/templates/", "/office/deliveries/rules/", "/office/deliveries/"
LEAVE = f"{TEMPLATES}leave.waiting/"


@pytest.fixture(autouse=True)
def monday_morning() -> Iterator[None]:
    with clock.freeze(MOMENT):
        yield


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> dict[str, Scripted]:
    return use_channels(monkeypatch, "mail", "sms")


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


# The person's own page.


class TestOwnAccount:
    def test_without_a_channel_nothing_is_said_of_channels(self, personas: dict[str, User], signed_in: Any) -> None:
        assert "通知方式" not in text_of(signed_in(personas["trainee"]).get("/account/"))

    def test_only_configured_channels_are_offered(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        words = text_of(signed_in(personas["trainee"]).get("/account/"))
        assert "电子邮件" in words and "短信" in words and "企业微信" not in words
        assert "还没有登记邮箱，请在下面填写" in words

    def test_an_address_of_ones_own_then_off_then_on(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        person = personas["trainee"]
        browser: Client = signed_in(person)
        browser.post("/account/email/", {"email": "Min@Example.CN"})
        person.refresh_from_db()
        assert person.email == "Min@example.cn"
        assert "Min@example.cn 已开启 不再接收" in text_of(browser.get("/account/"))
        browser.post("/account/channels/", {"channel": "mail", "agreed": "0"})
        assert "Min@example.cn 未开启 开启" in text_of(browser.get("/account/"))
        assert notify(person) == []
        browser.post("/account/channels/", {"channel": "mail", "agreed": "1"})
        assert len(notify(person)) == 1
        entry = ModelLogEntry.objects.get(action="people.own_email")
        assert "example" not in str(entry.data) and entry.user == person

    def test_short_messages_begin_with_consent_and_show_a_masked_number(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        person = personas["trainee"]
        User.objects.filter(pk=person.pk).update(phone="19900001234", phone_hash="x" * 64)
        browser: Client = signed_in(person)
        words = text_of(browser.get("/account/"))
        assert "199****1234 未开启 同意接收短信并开启" in words and "19900001234" not in words
        browser.post("/account/channels/", {"channel": "sms", "agreed": "1"})
        assert "199****1234 已开启" in text_of(browser.get("/account/"))
        assert ChannelChoice.objects.get().agreed is True

    @pytest.mark.parametrize(
        ("place", "data", "words"),
        [
            ("email", {"email": "min@"}, "电子邮箱的格式不对"),
            ("channels", {"channel": "wecom", "agreed": "1"}, "没有开通这个渠道"),
            ("channels", {"channel": "sms", "agreed": "1"}, "没有登记可用的地址"),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted], place: str, data: Any, words: str
    ) -> None:
        answer = signed_in(UserFactory(role="trainee")).post(f"/account/{place}/", data, follow=True)
        assert words in text_of(answer) and not ChannelChoice.objects.exists()


# The log.


def failed(person: User, ways: dict[str, Scripted]) -> Delivery:
    User.objects.filter(pk=person.pk).update(email="min@example.cn")
    ways["mail"].answers = [Refusal("邮件服务器退回，代码 550", again=False), Receipt("ok")]
    (row,) = notify(person)
    sending.send_due()
    row.refresh_from_db()
    return row


class TestTheLog:
    def test_what_happened_with_a_masked_address_and_counts(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        failed(personas["trainee"], ways)
        words = text_of(signed_in(personas["training_office"]).get(LOG))
        assert "已放弃：邮件服务器退回，代码 550" in words and "m***@example.cn" in words
        assert "已放弃 1 条" in words and "min@example.cn" not in words
        assert "有一份请假申请待您审批" in words, "the kind, not what the notice says"

    def test_sent_again_from_the_page(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        row = failed(personas["trainee"], ways)
        browser: Client = signed_in(personas["system_admin"])
        assert f"{LOG}again/{row.pk}/" in browser.get(LOG).content.decode()
        browser.post(f"{LOG}again/{row.pk}/")
        sending.send_due()
        row.refresh_from_db()
        assert (row.state, row.receipt) == ("sent", "ok")
        assert "不需要再发" in text_of(browser.post(f"{LOG}again/{row.pk}/"))
        assert ModelLogEntry.objects.filter(action="core.messages.again", user=personas["system_admin"]).count() == 1

    def test_all_that_was_given_up_within_a_week_at_once(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        with clock.freeze(MOMENT - timedelta(days=8)):
            old = failed(personas["other_trainee"], ways)
        rows = [failed(personas[who], ways) for who in ("trainee", "lecturer")]
        browser: Client = signed_in(personas["system_admin"])
        assert "已放弃的全部再发" in text_of(browser.get(LOG))
        assert "近 7 天已放弃的 2 条消息" in text_of(browser.get(f"{LOG}again/"))
        assert "已把 2 条消息放回发件箱" in text_of(browser.post(f"{LOG}again/", follow=True))
        assert [Delivery.objects.get(pk=row.pk).state for row in (*rows, old)] == ["waiting", "waiting", "given_up"]
        assert "没有已放弃的消息" in text_of(browser.post(f"{LOG}again/"))

    def test_the_office_sends_again_within_its_reach(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        mine, foreign = failed(personas["trainee"], ways), failed(UserFactory(role="trainee"), ways)
        browser: Client = signed_in(personas["training_office"])
        assert foreign not in browser.get(LOG).context["object_list"]
        assert browser.post(f"{LOG}again/{foreign.pk}/").status_code == 404
        browser.post(f"{LOG}again/")
        assert [Delivery.objects.get(pk=row.pk).state for row in (mine, foreign)] == ["waiting", "given_up"]

    def test_no_side_door_leads_to_messages_of_others(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        stranger = UserFactory(role="trainee", name="远方客")
        mine, foreign = failed(personas["trainee"], ways), failed(stranger, ways)
        office, editor = signed_in(personas["training_office"]), signed_in(personas["content_editor"])
        words = (personas["trainee"].work_number, stranger.work_number)
        doors = check_side_doors(office, editor, LOG, mine, foreign, words=words, hidden=["远方客"])
        assert {doors[door] for door in ROW_DOORS} == {404}, "no page of a row but the one that sends it again"

    def test_the_export_has_no_address_in_clear(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        failed(personas["trainee"], ways)
        answer = signed_in(personas["training_office"]).get(f"{LOG}?export=csv")
        table = b"".join(answer.streaming_content).decode()
        assert "m***@example.cn" in table and "min@example.cn" not in table
        assert "有一份请假申请待您审批" in table and "已放弃" in table and personas["trainee"].work_number in table

    def test_the_auditor_reads_and_does_nothing(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        row = failed(personas["trainee"], ways)
        browser: Client = signed_in(personas["audit_admin"])
        page = browser.get(LOG)
        assert personas["trainee"].name in text_of(page) and "再发一次" not in text_of(page)
        browser.post(f"{LOG}again/{row.pk}/")
        row.refresh_from_db()
        assert row.state == "given_up"

    @pytest.mark.parametrize(
        ("query", "found"),
        [("kind=leave.waiting", True), ("kind=class.notice", False), ("channel=sms", False), ("channel=mail", True),
         ("state=given_up", True), ("state=sent", False), ("created_at_after=2026-09-14", True),
         ("created_at_after=2026-09-15", False), ("q=nobody", False)],
    )  # fmt: skip
    def test_filters(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted], query: str, found: bool
    ) -> None:
        row = failed(personas["trainee"], ways)
        page = signed_in(personas["training_office"]).get(f"{LOG}?{query}")
        assert (row in page.context["object_list"]) is found

    def test_queries_do_not_grow_with_the_rows(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        person = personas["trainee"]
        browser: Client = signed_in(personas["training_office"])
        failed(person, ways)
        browser.get(LOG)

        def count() -> int:
            with CaptureQueriesContext(connection) as seen:
                browser.get(LOG)
            return len(seen)

        few = count()
        for _n in range(20):
            notify(person)
        assert count() == few

    def test_empty_it_says_what_will_stand_here(self, personas: dict[str, User], signed_in: Any) -> None:
        assert "还没有外发消息" in text_of(signed_in(personas["training_office"]).get(LOG))


# Words.


def put(browser: Client, text: str, version: int = 0, **more: str) -> Any:
    return browser.post(LEAVE, {"channel": "sms", "text": text, "version": version, **more}, follow=True)


class TestWords:
    def test_every_kind_with_its_version(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        browser: Client = signed_in(personas["training_office"])
        put(browser, "{事项}，请看 {链接}")
        words = text_of(browser.get(TEMPLATES))
        assert "有一份请假申请待您审批 免打扰时段等候 内置文字 第 1 版" in words
        assert "您的班次名额有变动 必须送达" in words and "企业微信" not in words

    def test_without_a_channel_it_says_what_to_do(self, personas: dict[str, User], signed_in: Any) -> None:
        browser: Client = signed_in(personas["training_office"])
        for place in (TEMPLATES, RULES):
            assert "还没有接通站外渠道" in text_of(browser.get(place))
        assert "渠道都还没有接通" in text_of(browser.get(LEAVE))

    def test_saved_it_counts_from_the_next_message(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        page = put(signed_in(personas["training_office"]), "{事项}，请看 {链接}")
        assert "新的一版已保存" in text_of(page) and "2 条短信计费" in text_of(page)
        made = MessageTemplate.objects.get()
        assert (made.version, made.by) == (1, personas["training_office"])
        assert ModelLogEntry.objects.filter(action="core.messages.template").count() == 1

    def test_a_preview_writes_nothing(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        page = put(signed_in(personas["training_office"]), "长" * 80 + "{链接}", preview="1")
        assert page.status_code == 200 and "按 3 条短信计费" in text_of(page)
        assert not MessageTemplate.objects.exists()

    @pytest.mark.parametrize("preview", [{}, {"preview": "1"}])
    def test_an_unknown_variable_is_refused_in_words(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted], preview: dict[str, str]
    ) -> None:
        page = put(signed_in(personas["training_office"]), "{姓名}请看{链接}", **preview)
        assert page.status_code == 422 and not MessageTemplate.objects.exists()
        assert text_of(page).count("“{姓名}”不是可用的变量。可用的有：{系统}、{事项}、{链接}、{期限}。") == 1

    def test_the_later_of_two_is_told(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        browser: Client = signed_in(personas["training_office"])
        put(browser, "{事项}，请看 {链接}")
        page = put(browser, "{事项}：{链接}")
        assert page.status_code == 422 and "刚由他人修改" in text_of(page)
        assert "{事项}：{链接}" in page.content.decode(), "what was written is still there"

    def test_reset_brings_the_built_in_text_back(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        browser: Client = signed_in(personas["system_admin"])
        put(browser, "{事项}，请看 {链接}")
        page = put(browser, "", 1, reset="1")
        assert "已恢复内置文字" in text_of(page)
        assert kinds.kind_named("leave.waiting").texts["sms"] in page.content.decode()
        assert [row.version for row in MessageTemplate.objects.all()] == [2, 1]

    def test_the_auditor_reads_and_changes_nothing(
        self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]
    ) -> None:
        browser: Client = signed_in(personas["audit_admin"])
        page = browser.get(LEAVE)
        assert "发出的样子" in text_of(page) and "保存新的一版" not in text_of(page)
        assert "不能修改" in text_of(put(browser, "{事项}{链接}")) and not MessageTemplate.objects.exists()

    def test_a_kind_that_does_not_exist(self, personas: dict[str, User], signed_in: Any) -> None:
        assert signed_in(personas["training_office"]).get(f"{TEMPLATES}no.such/").status_code == 404


# Rules.


class TestRules:
    NEW = {"quiet_from": "22:00", "quiet_to": "07:30", "mandatory_by_mail": "on", "version": "0"}

    def test_kept_and_in_force(self, personas: dict[str, User], signed_in: Any, ways: dict[str, Scripted]) -> None:
        browser: Client = signed_in(personas["training_office"])
        assert "21:30 至次日 8:00 免打扰" in text_of(browser.get(RULES))
        page = browser.post(RULES, self.NEW, follow=True)
        assert "规则已保存" in text_of(page) and "现为第 1 版" in text_of(page)
        now = policy.rules_now()
        assert (f"{now.quiet_from:%H:%M}", now.mandatory_by_mail, now.quiet_rest_days) == ("22:00", True, False)
        again = browser.post(RULES, self.NEW)
        assert again.status_code == 422 and "刚由他人修改" in text_of(again)

    def test_the_auditor_reads(self, personas: dict[str, User], signed_in: Any) -> None:
        browser: Client = signed_in(personas["audit_admin"])
        assert "免打扰开始 21:30" in text_of(browser.get(RULES))
        assert "不能修改" in text_of(browser.post(RULES, self.NEW, follow=True)) and policy.rules_now().version == 0


def test_addresses_come_from_the_personal_file(personas: dict[str, User], ways: dict[str, Scripted]) -> None:
    person = personas["trainee"]
    User.objects.filter(pk=person.pk).update(email="min@example.cn", phone="19900001234", phone_hash="y" * 64)
    choices.choose(user=person, channel="sms", agreed=True)
    notify(person)
    sending.send_due()
    assert [way.sent[0].address for way in ways.values()] == ["min@example.cn", "19900001234"]
