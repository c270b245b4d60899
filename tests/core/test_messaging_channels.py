"""The adapters against real servers on this machine: what they send, how they read every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured

from config.settings import channels as reading
from core.messaging.channels import configured
from core.messaging.fake import FakeChannel
from core.messaging.mail import MailChannel
from core.messaging.sms import SmsChannel
from core.messaging.values import Message, Receipt, Refusal
from core.messaging.wecom import WeComChannel
from tests.core.provider import Provider, Said, post_office, serving

MESSAGE = Message(
    "0f1e2d3c-0000-4000-8000-000000000001", "19900000001", "学习提醒", "学习提醒。请登录：https://lh.cn/n/"
)
TOKEN = Said({"errcode": 0, "errmsg": "ok", "access_token": "t-1", "expires_in": 7200})
TAKEN = Said({"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "m-7"})


@pytest.fixture
def provider() -> Iterator[Provider]:
    cache.clear()
    with serving() as made:
        yield made


def sms(provider: Provider, **more: Any) -> SmsChannel:
    given = {"url": f"{provider.url}/send", "token": "key", "sign": "领航学院", "template": "T-9", "timeout": 1.0}
    return SmsChannel(**{**given, **more})


def wecom(provider: Provider, **more: Any) -> WeComChannel:
    return WeComChannel(
        **{"corp": "corp", "agent": 1000002, "secret": "s", "url": provider.url, "timeout": 1.0, **more}
    )


class TestShortMessages:
    def test_what_the_gateway_gets(self, provider: Provider) -> None:
        provider.will_say(Said({"id": 4711}))
        assert sms(provider).send(MESSAGE) == Receipt("4711")
        (asked,) = provider.asked
        assert (asked.method, asked.path) == ("POST", "/send")
        assert asked.headers["Authorization"] == "Bearer key"
        assert asked.headers["Idempotency-Key"] == MESSAGE.key
        assert asked.body == {
            "phone": "19900000001", "text": MESSAGE.text, "sign": "领航学院", "template": "T-9", "key": MESSAGE.key,
        }  # fmt: skip

    def test_another_provider_is_data(self, provider: Provider) -> None:
        body = {"mobiles": ["+86{phone}"], "params": {"content": "{text}"}, "tpl": "{template}", "batch": 1}
        provider.will_say(Said({"code": "0", "data": {"no": "a"}}))
        channel = sms(provider, body=body, success="code=0", receipt="data.no")
        assert channel.send(MESSAGE) == Receipt("a")
        assert provider.asked[0].body == {
            "mobiles": ["+8619900000001"], "params": {"content": MESSAGE.text}, "tpl": "T-9", "batch": 1,
        }  # fmt: skip

    def test_values_are_not_filled_in_twice(self, provider: Provider) -> None:
        sneaky = Message(MESSAGE.key, MESSAGE.address, "", "{phone}")
        sms(provider).send(sneaky)
        assert provider.asked[0].body["text"] == "{phone}"

    @pytest.mark.parametrize(
        ("said", "again", "after", "words"),
        [
            (Said(status=500), True, None, "状态 500"),
            (Said(status=503, headers={"Retry-After": "240"}), True, 240, "状态 503"),
            (Said(status=429, headers={"Retry-After": "7"}), True, 7, "状态 429"),
            (Said(status=401), True, None, "状态 401"),
            (Said(status=400), False, None, "状态 400"),
            (Said(status=302, headers={"Location": "/elsewhere"}), False, None, "状态 302"),
            (Said(wait=3), True, None, "连不上短信网关"),
        ],
    )
    def test_what_is_not_taken(
        self, provider: Provider, said: Said, again: bool, after: float | None, words: str
    ) -> None:
        provider.will_say(said)
        refusal = sms(provider).send(MESSAGE)
        assert isinstance(refusal, Refusal) and (refusal.again, refusal.after) == (again, after)
        assert words in refusal.reason and MESSAGE.address not in refusal.reason
        assert len(provider.asked) == 1, "redirects are not followed, retries are the outbox's"

    def test_a_good_status_that_says_no(self, provider: Provider) -> None:
        provider.will_say(Said({"code": "isv.BLACK", "id": 1}))
        refusal = sms(provider, success="code=0").send(MESSAGE)
        assert isinstance(refusal, Refusal) and not refusal.again and "isv.BLACK" in refusal.reason

    @pytest.mark.parametrize("raw", [b"", b"<html>", b"[1]", b"\xff", b"[" * 60_000])
    def test_an_answer_that_is_no_object(self, provider: Provider, raw: bytes) -> None:
        provider.will_say(Said(raw))
        assert sms(provider).send(MESSAGE) == Receipt("")
        assert isinstance(sms(provider, success="code=0").send(MESSAGE), Refusal)

    def test_nobody_listens(self) -> None:
        with serving() as gone:
            pass
        refusal = sms(gone).send(MESSAGE)
        assert isinstance(refusal, Refusal) and refusal.again


class TestWeCom:
    def test_a_token_then_the_message(self, provider: Provider) -> None:
        provider.will_say(TOKEN, TAKEN, TAKEN)
        channel = wecom(provider)
        assert channel.send(MESSAGE) == Receipt("m-7")
        assert channel.send(MESSAGE) == Receipt("m-7")
        first, second, third = provider.asked
        assert (first.method, first.path) == ("GET", "/cgi-bin/gettoken?corpid=corp&corpsecret=s")
        assert (second.method, second.path) == ("POST", "/cgi-bin/message/send?access_token=t-1")
        assert third.path == second.path, "the token is kept"
        assert second.body["touser"] == MESSAGE.address and second.body["agentid"] == 1000002
        assert second.body["msgtype"] == "text" and second.body["text"] == {"content": MESSAGE.text}
        assert second.body["enable_duplicate_check"] == 1

    def test_a_token_that_ended_is_fetched_once_more(self, provider: Provider) -> None:
        provider.will_say(TOKEN, Said({"errcode": 42001}), Said({**TOKEN.data, "access_token": "t-2"}), TAKEN)
        assert wecom(provider).send(MESSAGE) == Receipt("m-7")
        assert provider.asked[-1].path.endswith("t-2")

    def test_a_token_that_is_never_good_ends(self, provider: Provider) -> None:
        bad = Said({"errcode": 40014})
        provider.will_say(TOKEN, bad, TOKEN, bad)
        refusal = wecom(provider).send(MESSAGE)
        assert isinstance(refusal, Refusal) and refusal.again and len(provider.asked) == 4

    @pytest.mark.parametrize(
        ("said", "again"),
        [
            (Said({"errcode": 81013, "errmsg": "all invalid"}), False),
            (Said({"errcode": 0, "invaliduser": "19900000001"}), False),
            (Said({"errcode": 45009}), True),
            (Said({"errcode": -1}), True),
            (Said({"errcode": 40035}), False),
            (Said(status=502), True),
            (Said(b"busy"), True),
            (Said(wait=3), True),
        ],
    )
    def test_what_is_not_taken(self, provider: Provider, said: Said, again: bool) -> None:
        provider.will_say(TOKEN, said)
        refusal = wecom(provider).send(MESSAGE)
        assert isinstance(refusal, Refusal) and refusal.again is again
        assert not any(secret in refusal.reason for secret in ("t-1", "corp", MESSAGE.address))

    def test_a_wrong_secret_is_named_without_it(self, provider: Provider) -> None:
        provider.will_say(Said({"errcode": 40001, "errmsg": "invalid secret"}))
        refusal = wecom(provider).send(MESSAGE)
        assert isinstance(refusal, Refusal) and refusal.reason == "企业微信未受理，代码 40001" and refusal.again


class TestMail:
    MAIL = Message(MESSAGE.key, "w@example.cn", "学习提醒", "请登录")

    @pytest.fixture
    def over_smtp(self, settings: Any) -> Any:
        def use(port: int) -> None:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port

        return use

    def test_the_letter_and_its_number(self, over_smtp: Any) -> None:
        with post_office() as (port, letters):
            over_smtp(port)
            receipts = [MailChannel().send(self.MAIL) for _time in range(2)]
        assert receipts[0] == receipts[1] == Receipt(f"{MESSAGE.key}@127.0.0.1")
        assert all(f"Message-ID: <{MESSAGE.key}@127.0.0.1>" in letter for letter in letters) and len(letters) == 2

    @pytest.mark.parametrize(("answer", "again"), [("550 no such mailbox", False), ("451 try later", True)])
    def test_a_mailbox_that_is_refused(self, over_smtp: Any, answer: str, again: bool) -> None:
        with post_office(answer) as (port, letters):
            over_smtp(port)
            refusal = MailChannel().send(self.MAIL)
        assert isinstance(refusal, Refusal) and refusal.again is again and answer[:3] in refusal.reason
        assert letters == [] and "example.cn" not in refusal.reason

    def test_no_server(self, over_smtp: Any) -> None:
        with post_office() as (port, _letters):
            over_smtp(port)
        refusal = MailChannel().send(self.MAIL)
        assert isinstance(refusal, Refusal) and refusal.again


def test_the_fake_writes_down_without_the_address(tmp_path: Path) -> None:
    fake = FakeChannel(name="sms", file=tmp_path / "deep" / "messages.jsonl")
    assert isinstance(fake.send(MESSAGE), Receipt) and isinstance(fake.send(MESSAGE), Receipt)
    lines = fake.file.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["text"] for line in lines] == [MESSAGE.text] * 2
    assert MESSAGE.address not in "".join(lines) and "演示" in str(fake.title)


# Which channels there are.


def test_without_settings_no_channel_exists() -> None:
    assert configured() == {}


SMS = {
    "LINGHANG_SMS_URL": "https://sms.example.cn/send",
    "LINGHANG_SMS_TOKEN": "k",
    "LINGHANG_SMS_SIGN": "领航",
    "LINGHANG_SMS_TEMPLATE": "T",
}


def test_whole_settings_make_channels(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SMS, "LINGHANG_SMS_SUCCESS": "code=0"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LINGHANG_SMS_BODY", '{"to": "{phone}", "x": {"t": "{text}"}}')
    for name, value in (("CORP", "c"), ("AGENT", "7"), ("SECRET", "s")):
        monkeypatch.setenv(f"LINGHANG_WECOM_{name}", value)
    settings.LINGHANG_SMS, settings.LINGHANG_WECOM, settings.LINGHANG_MAIL = reading.sms(), reading.wecom(), True
    assert list(configured()) == ["mail", "sms", "wecom"]
    assert configured()["wecom"].agent == 7 and configured()["sms"].success == "code=0"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LINGHANG_SMS_TOKEN": ""}, "missing: LINGHANG_SMS_TOKEN"),
        ({"LINGHANG_SMS_URL": "sms.example.cn"}, "absolute"),
        ({"LINGHANG_SMS_URL": "https://a:b@sms.example.cn/"}, "absolute"),
        ({"LINGHANG_SMS_BODY": "{"}, "JSON"),
        ({"LINGHANG_SMS_BODY": '{"to": "x"}'}, "{phone}"),
        ({"LINGHANG_SMS_BODY": '{"to": "{phone}", "n": "{name}"}'}, "may name"),
        ({"LINGHANG_SMS_SUCCESS": "code"}, "path=value"),
    ],
)
def test_half_settings_stop_the_start(monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], words: str) -> None:
    for name, value in {**SMS, **changes}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=words):
        reading.sms()


def test_wecom_and_fakes_are_read_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("CORP", "c"), ("AGENT", "seven"), ("SECRET", "s")):
        monkeypatch.setenv(f"LINGHANG_WECOM_{name}", value)
    with pytest.raises(ImproperlyConfigured, match="AGENT"):
        reading.wecom()
    monkeypatch.setenv("LINGHANG_FAKE_CHANNELS", "fax")
    with pytest.raises(ImproperlyConfigured, match="fax"):
        reading.fakes([])
    monkeypatch.setenv("LINGHANG_FAKE_CHANNELS", "none")
    assert reading.fakes(["mail"]) == []
