"""The outbox: written with the notice, sent with nothing but a link, held, bundled, tried again, given up, kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core import clock, notices
from core.errors import Conflict, DomainError
from core.messaging import choices, kinds, outbox, policy, retention, sending, templates
from core.messaging.values import Receipt, Refusal
from core.models import ChannelChoice, Delivery, MessageTemplate, Notice
from tests.core.messaging import Scripted, notify, reader, use_channels
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 9, 14, 10, tzinfo=SHANGHAI)
NIGHT = datetime(2026, 9, 14, 22, tzinfo=SHANGHAI)
State = Delivery.State
Channels = dict[str, Scripted]
LATER = Refusal("服务商忙", again=True)


@pytest.fixture(autouse=True)
def in_the_morning() -> Iterator[None]:
    with clock.freeze(MORNING):
        yield


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Channels:
    return use_channels(monkeypatch, "mail", "sms", "wecom")


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    return use_channels(monkeypatch, "mail")["mail"]


def send_at(moment: datetime) -> int:
    with clock.freeze(moment):
        return sending.send_due()


def again(row: Delivery) -> Delivery:
    row.refresh_from_db()
    return row


class TestWriting:
    def test_a_notice_without_a_kind_stays_inside(self, ways: Channels) -> None:
        notices.send(to=[reader().pk], title="课表有调整")
        assert Notice.objects.count() == 1 and not Delivery.objects.exists()

    def test_a_kind_that_nobody_registered_is_a_slip(self, ways: Channels) -> None:
        with pytest.raises(KeyError), transaction.atomic():
            notices.send(to=[reader().pk], title="课表有调整", kind="leave.waitng")
        assert not Notice.objects.exists()

    def test_one_row_for_each_channel_that_reaches_the_person(self, ways: Channels) -> None:
        rows = notify(reader())
        assert [(row.channel, row.state) for row in rows] == [("mail", State.WAITING), ("wecom", State.WAITING)]

    def test_without_a_channel_nothing_is_written(self) -> None:
        assert notify(reader()) == []

    def test_without_an_address_or_an_account_nothing_is_written(self, mail: Scripted) -> None:
        assert notify(UserFactory(), reader(is_active=False)) == []

    def test_the_same_cause_leaves_the_house_once(self, mail: Scripted) -> None:
        one, other = reader(), reader(number=2)
        notify(one, key="leave:7:1")
        assert [row.recipient for row in notify(one, other, key="leave:7:1")] == [other]

    def test_it_is_undone_with_its_notice_and_told_on_commit(
        self, mail: Scripted, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[str] = []
        monkeypatch.setattr("core.messaging.outbox.tell_task", told.append)
        with pytest.raises(RuntimeError), transaction.atomic():
            notify(reader())
            raise RuntimeError
        assert not Delivery.objects.exists()
        with django_capture_on_commit_callbacks(execute=True):
            notify(reader())
            assert told == []
        assert told == ["core.send_messages"]

    def test_the_number_of_queries_does_not_grow_with_the_people(self, ways: Channels) -> None:
        def count(people: list[Any]) -> int:
            with CaptureQueriesContext(connection) as seen:
                notify(*people, key="k" * len(people))
            return len(seen)

        assert count([reader(number=n) for n in range(2)]) == count([reader(number=n) for n in range(2, 16)])

    def test_the_database_keeps_one_message_per_notice_and_channel(self, mail: Scripted) -> None:
        (row,) = notify(reader())
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.create(notice=row.notice, recipient=row.recipient, channel="mail", kind=row.kind)


# Link only.

SECRETS = ("王敏", "B0001", "旷课", "不及格", "58 分", "领航班第三期", "第二组", "19900000001", "reader", "病假三天")


def telling_all(person: Any) -> dict[str, Any]:
    """A notice such as nobody should write: full of what must not leave the house."""
    return {
        "to": [person.pk],
        "title": "王敏（B0001）旷课，成绩不及格",
        "text": "领航班第三期第二组王敏病假三天，58 分，电话 19900000001。",
        "url": "/learn/classes/领航班第三期/王敏/?score=58 分",
        "key": "王敏:旷课",
    }


def gone_out(ways: Channels) -> str:
    """Everything that the channels were given, but for the addresses."""
    return "\n".join(f"{m.key}\n{m.subject}\n{m.text}" for way in ways.values() for m in way.sent)


@pytest.mark.parametrize("kind", sorted(kind.name for kind in kinds.every() if kind.name != kinds.BUNDLE))
def test_nothing_of_a_notice_leaves_the_house(ways: Channels, kind: str) -> None:
    person = reader(name="王敏")
    choices.choose(user=person, channel="sms", agreed=True)
    notices.send(**telling_all(person), kind=kind, due=date(2026, 9, 20))
    sending.send_due()
    out = gone_out(ways)
    assert out and not [secret for secret in SECRETS if secret in out]
    row = Delivery.objects.first()
    assert f"http://127.0.0.1:8000/notices/{row.notice.public_id}/" in out


def test_nor_does_it_in_a_bundle(ways: Channels) -> None:
    person = reader(name="王敏")
    for number in range(3):
        notices.send(**{**telling_all(person), "key": f"王敏{number}"}, kind="class.notice")
    sending.send_due()
    assert "您有 3 条新消息：班级通知" in gone_out(ways)
    assert not [secret for secret in SECRETS if secret in gone_out(ways)]


def test_control_a_title_taken_from_the_notice_would_be_found(ways: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sending.written

    def careless(kind: Any, text: str, **more: Any) -> tuple[str, str]:
        _subject, words = real(kind, text, **more)
        return Notice.objects.get().title, words

    monkeypatch.setattr(sending, "written", careless)
    notices.send(**telling_all(reader(name="王敏")), kind="class.notice")
    sending.send_due()
    assert [secret for secret in SECRETS if secret in gone_out(ways)] == ["王敏", "B0001", "旷课", "不及格"]


def test_the_link_asks_for_sign_in_and_opens_the_persons_own(mail: Scripted, signed_in: Any, client: Any) -> None:
    person = reader()
    (row,) = notify(person)
    sending.send_due()
    path = f"/notices/{row.notice.public_id}/"
    assert path in mail.sent[0].text
    assert client.get(path)["Location"] == f"/sign-in/?next={path}"
    assert "有一份请假申请待您审批" in signed_in(person).get(path).content.decode()
    assert signed_in(reader(number=2)).get(path).status_code == 404
    assert again(row).notice.read_at is None, "opening the page alone is no reading: mail programs look ahead"


def test_the_log_keeps_no_address_in_clear(ways: Channels) -> None:
    person = reader()
    choices.choose(user=person, channel="sms", agreed=True)
    notify(person)
    sending.send_due()
    kept = [str(value) for row in Delivery.objects.values() for value in row.values()]
    assert {"r***@example.cn", f"{person.phone[:3]}****{person.phone[-4:]}"} <= set(kept)
    assert not [value for value in kept if person.email in value or person.phone in value]


# A person's choice.


class TestChoice:
    def test_mail_is_on_until_it_is_switched_off(self, mail: Scripted) -> None:
        person = reader()
        choices.choose(user=person, channel="mail", agreed=False)
        assert notify(person) == []
        choices.choose(user=person, channel="mail", agreed=True)
        assert len(notify(person)) == 1

    def test_short_messages_need_consent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use_channels(monkeypatch, "sms")
        person = reader()
        assert notify(person) == []
        choices.choose(user=person, channel="sms", agreed=True)
        assert len(notify(person)) == 1

    def test_the_same_choice_again_writes_nothing(self, mail: Scripted) -> None:
        person = reader()
        choices.choose(user=person, channel="mail", agreed=True)
        choices.choose(user=person, channel="mail", agreed=False)
        choices.choose(user=person, channel="mail", agreed=False)
        assert ChannelChoice.objects.count() == 1

    def test_a_channel_that_does_not_exist_is_refused(self, mail: Scripted) -> None:
        with pytest.raises(DomainError, match="没有开通这个渠道"):
            choices.choose(user=reader(), channel="sms", agreed=True)

    def test_without_an_address_it_is_not_switched_on(self, ways: Channels) -> None:
        with pytest.raises(DomainError, match="没有登记可用的地址"):
            choices.choose(user=UserFactory(), channel="sms", agreed=True)

    def test_switched_off_what_waits_is_dropped(self, mail: Scripted) -> None:
        person = reader()
        (row,) = notify(person)
        choices.choose(user=person, channel="mail", agreed=False)
        assert (again(row).state, row.reason) == (State.DROPPED, "本人关闭了这个渠道")
        assert sending.send_due() == 0 and mail.sent == []

    def test_a_mandatory_kind_goes_by_mail_only_where_the_office_says_so(self, ways: Channels) -> None:
        person = reader()
        for channel in ("mail", "wecom"):
            choices.choose(user=person, channel=channel, agreed=False)
        assert notify(person, kind="class.place") == []
        rules(mandatory_by_mail=True)
        assert [row.channel for row in notify(person, kind="class.place")] == ["mail"]
        assert notify(person, kind="class.notice") == [], "and only a mandatory one"
        sending.send_due()
        assert len(ways["mail"].sent) == 1

    def test_a_choice_cannot_be_rewritten(self, mail: Scripted) -> None:
        choices.choose(user=reader(), channel="mail", agreed=False)
        with pytest.raises(IntegrityError), transaction.atomic():
            ChannelChoice.objects.update(agreed=True)


def rules(**changes: Any) -> None:
    now = policy.rules_now()
    names = ("quiet_from", "quiet_to", "quiet_rest_days", "mandatory_by_mail")
    given = {name: getattr(now, name) for name in names} | changes
    policy.put_rules(actor=UserFactory(), version=now.version, **given)


# Quiet hours and bundles.


class TestQuietHours:
    def test_at_night_it_waits_for_the_morning_and_the_notice_does_not(self, mail: Scripted) -> None:
        with clock.freeze(NIGHT):
            (row,) = notify(reader())
            assert Notice.objects.count() == 1
            assert (row.state, row.hold) == (State.HELD, "quiet")
            assert row.not_before == datetime(2026, 9, 15, 8, tzinfo=SHANGHAI)
            assert sending.send_due() == 0
        assert send_at(datetime(2026, 9, 15, 7, 59, tzinfo=SHANGHAI)) == 0 and mail.sent == []
        assert send_at(datetime(2026, 9, 15, 8, tzinfo=SHANGHAI)) == 1
        assert again(row).state == State.SENT

    def test_an_urgent_one_goes_at_night(self, mail: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
        kinds.register("test.urgent", "教室临时变动", urgent=True)
        with clock.freeze(NIGHT):
            notify(reader(), kind="test.urgent")
            assert sending.send_due() == 1

    def test_a_failure_in_the_evening_is_tried_again_in_the_morning(self, mail: Scripted) -> None:
        mail.answers = [LATER, Receipt()]
        with clock.freeze(NIGHT - timedelta(minutes=31)):
            (row,) = notify(reader())
            sending.send_due()
        assert send_at(NIGHT) == 0
        assert (again(row).state, row.hold) == (State.HELD, "quiet")
        assert send_at(datetime(2026, 9, 15, 8, tzinfo=SHANGHAI)) == 1

    def test_days_of_rest_where_the_office_says_so(self, mail: Scripted) -> None:
        saturday = datetime(2026, 9, 12, 12, tzinfo=SHANGHAI)
        with clock.freeze(saturday):
            assert notify(reader())[0].state == State.WAITING
            rules(quiet_rest_days=True)
            assert notify(reader(number=2))[0].not_before == datetime(2026, 9, 14, 8, tzinfo=SHANGHAI)

    @pytest.mark.parametrize(("begins", "ends"), [(time(8), time(7)), (time(0), time(20, 1))])
    def test_a_span_without_a_day_is_refused(self, begins: time, ends: time) -> None:
        with pytest.raises(DomainError, match="至少留出 4 小时"):
            rules(quiet_from=begins, quiet_to=ends)

    def test_two_people_change_the_rules_and_the_later_is_told(self) -> None:
        rules(quiet_from=time(22))
        with pytest.raises(Conflict, match="刚由他人修改"):
            policy.put_rules(
                actor=UserFactory(), version=0, quiet_from=time(23), quiet_to=time(8),
                quiet_rest_days=False, mandatory_by_mail=False,
            )  # fmt: skip
        assert policy.rules_now().quiet_from == time(22)


class TestBundles:
    def test_several_that_wait_leave_as_one(self, mail: Scripted) -> None:
        person = reader()
        rows = [row for _n in range(3) for row in notify(person)]
        assert sending.send_due() == 1
        (message,) = mail.sent
        assert "您有 3 条新消息：有一份请假申请待您审批" in message.text
        assert message.text.count("/notices/") == 1 and "/notices/\n" in message.text
        assert [again(row).state for row in rows] == [State.SENT] * 3
        assert [row.lead_id for row in rows] == [None, rows[0].pk, rows[0].pk]

    def test_within_the_hour_the_next_ones_wait_and_leave_together(self, mail: Scripted) -> None:
        person = reader()
        notify(person)
        sending.send_due()
        with clock.freeze(MORNING + timedelta(minutes=20)):
            first = notify(person)[0]
            assert sending.send_due() == 0
            assert (again(first).state, first.hold) == (State.HELD, "bundle")
            assert first.not_before == MORNING + timedelta(hours=1)
        with clock.freeze(MORNING + timedelta(minutes=40)):
            notify(person)
            assert sending.send_due() == 0
        assert send_at(MORNING + timedelta(hours=1)) == 1
        assert len(mail.sent) == 2 and "您有 2 条新消息" in mail.sent[1].text

    def test_another_kind_or_person_does_not_wait(self, mail: Scripted) -> None:
        one, other = reader(), reader(number=2)
        notify(one)
        sending.send_due()
        notify(one, kind="class.notice")
        notify(other)
        assert sending.send_due() == 2

    def test_urgent_ones_go_by_themselves(self, mail: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
        kinds.register("test.urgent", "教室临时变动", urgent=True)
        person = reader()
        for _n in range(2):
            notify(person, kind="test.urgent")
        assert sending.send_due() == 2 and "您有" in mail.sent[0].text and "2 条" not in mail.sent[0].text

    def test_what_was_read_meanwhile_is_not_sent(self, mail: Scripted) -> None:
        person = reader()
        (row,) = notify(person)
        notices.mark_read(user=person)
        sending.send_due()
        assert (again(row).state, row.reason) == (State.DROPPED, "已在站内读过") and mail.sent == []

    def test_what_was_withdrawn_is_not_sent(self, mail: Scripted) -> None:
        (row,) = notify(reader(), key="class-notice:1")
        notices.reword(key="class-notice:1", title="一条班级通知已撤回", text="")
        assert again(row).state == State.DROPPED and sending.send_due() == 0


# Failures.


class TestFailures:
    def test_it_is_tried_again_with_pauses_and_given_up(self, mail: Scripted) -> None:
        mail.answers = [LATER]
        (row,) = notify(reader())
        moment, pauses = MORNING, []
        while again(row).state != State.GIVEN_UP:
            send_at(moment)
            if again(row).state == State.FAILED:
                pauses.append((row.not_before - moment).total_seconds())
                moment = row.not_before
        assert pauses == [60, 300, 1800, 7200]
        assert (row.attempts, row.reason) == (5, "服务商忙") and len(mail.sent) == 5
        assert {message.key for message in mail.sent} == {str(row.key)}, "known again by the same key"

    def test_the_providers_own_pause_is_heeded(self, mail: Scripted) -> None:
        mail.answers = [Refusal("限流", again=True, after=900)]
        (row,) = notify(reader())
        sending.send_due()
        assert again(row).not_before == MORNING + timedelta(seconds=900)

    def test_a_refusal_for_good_is_not_tried_again(self, mail: Scripted) -> None:
        mail.answers = [Refusal("没有这个信箱", again=False)]
        (row,) = notify(reader())
        assert sending.send_due() == 1 and sending.send_due() == 0
        assert (again(row).state, row.reason, row.address) == (State.GIVEN_UP, "没有这个信箱", "r***@example.cn")

    def test_an_accident_is_a_failure_with_a_sentence(self, mail: Scripted, caplog: Any) -> None:
        mail.answers = [ZeroDivisionError(), Receipt()]
        (row,) = notify(reader())
        sending.send_due()
        assert (again(row).state, row.reason) == (State.FAILED, "系统内部错误，请查看日志")
        assert send_at(MORNING + timedelta(minutes=1)) == 1 and again(row).state == State.SENT

    def test_one_that_fails_keeps_nobody_waiting(self, mail: Scripted) -> None:
        mail.answers = [LATER, Receipt()]
        rows = [*notify(reader()), *notify(reader(number=2))]
        sending.send_due()
        assert [again(row).state for row in rows] == [State.FAILED, State.SENT]

    def test_given_up_it_can_be_sent_again(self, mail: Scripted) -> None:
        mail.answers = [Refusal("没有这个信箱", again=False), Receipt("ok")]
        (row,) = notify(reader())
        sending.send_due()
        outbox.send_again(actor=UserFactory(), delivery=row)
        with pytest.raises(Conflict, match="不需要再发"):
            outbox.send_again(actor=UserFactory(), delivery=row)
        sending.send_due()
        assert (again(row).state, row.receipt, row.attempts) == (State.SENT, "ok", 1)

    def test_an_address_that_is_gone_ends_it(self, mail: Scripted) -> None:
        person = reader()
        (row,) = notify(person)
        type(person).objects.filter(pk=person.pk).update(email="")
        sending.send_due()
        assert again(row).state == State.DROPPED and "没有地址" in row.reason

    def test_a_channel_that_was_switched_off_ends_it(self, mail: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
        (row,) = notify(reader())
        use_channels(monkeypatch)
        sending.send_due()
        assert again(row).state == State.GIVEN_UP and "没有开通" in row.reason


class TestForgotten:
    def hold(self, row: Delivery, **ago: float) -> None:
        moment = clock.database_now() - timedelta(**ago)
        Delivery.objects.filter(pk=row.pk).update(state=State.SENDING, claim=row.key, claimed_at=moment, attempts=1)

    def test_what_a_dead_worker_held_is_freed(self, mail: Scripted) -> None:
        (row,) = notify(reader())
        self.hold(row, minutes=6)
        assert sending.sweep() == 1
        assert again(row).state == State.FAILED and "不知道是否已经发出" in row.reason
        assert sending.send_due() == 1 and again(row).state == State.SENT

    def test_what_a_living_worker_holds_stays(self, mail: Scripted) -> None:
        (row,) = notify(reader())
        self.hold(row, minutes=4)
        assert sending.sweep() == 0 and sending.send_due() == 0

    def test_the_late_answer_of_a_worker_thought_dead_changes_nothing(self, mail: Scripted) -> None:
        (row,) = notify(reader())
        claimed = sending._claim(row)
        assert claimed is not None
        Delivery.objects.update(state=State.WAITING, claim=None, claimed_at=None)
        sending._settle(claimed, Receipt("late"), {})
        assert again(row).state == State.WAITING

    def test_the_sweeper_tells_of_what_is_due(self, mail: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[str] = []
        monkeypatch.setattr("core.messaging.outbox.tell_task", told.append)
        sending.sweep()
        assert told == []
        notify(reader())
        sending.sweep()
        assert told == ["core.send_messages"]


def test_the_log_is_kept_for_its_days(mail: Scripted, settings: Any) -> None:
    person = reader()
    rows = [row for _n in range(2) for row in notify(person)]
    waiting = notify(person, kind="class.notice")[0]
    sending.send_one(rows[0].pk)
    settings.LINGHANG_MESSAGE_LOG_DAYS = 184
    with clock.freeze(MORNING + timedelta(days=184)):
        assert retention.purge() == 0
    with clock.freeze(MORNING + timedelta(days=184, seconds=1)):
        assert retention.purge() == 2, "the bundle with what it led"
    assert list(Delivery.objects.all()) == [waiting] and Notice.objects.count() == 3


# Templates.


class TestTemplates:
    KIND = "leave.waiting"

    def put(self, text: str, version: int = 0, channel: str = "mail") -> MessageTemplate:
        kind = kinds.kind_named(self.KIND)
        return templates.put_template(actor=UserFactory(), kind=kind, channel=channel, text=text, version=version)

    def test_the_next_message_uses_the_new_version(self, mail: Scripted) -> None:
        made = self.put("{事项}[（{期限}前）]：{链接}")
        (row,) = notify(reader(), due=date(2026, 9, 20))
        sending.send_due()
        assert mail.sent[0].text.startswith("有一份请假申请待您审批（9月20日前）：http://")
        assert again(row).template == made

    def test_back_to_the_built_in_text(self, mail: Scripted) -> None:
        made = self.put("{事项}：{链接}")
        kind = kinds.kind_named(self.KIND)
        back = templates.reset_template(actor=UserFactory(), kind=kind, channel="mail", version=made.version)
        assert back.version == 2 and "您有一条新消息" in templates.preview_now(kind, "mail").text
        with pytest.raises(DomainError, match="就是内置文字"):
            templates.reset_template(actor=UserFactory(), kind=kind, channel="mail", version=2)

    def test_words_that_cannot_be_used_are_refused(self, mail: Scripted) -> None:
        with pytest.raises(DomainError, match="不是可用的变量"):
            self.put("{姓名}：{链接}")
        assert not MessageTemplate.objects.exists()

    def test_the_later_of_two_is_told(self, mail: Scripted) -> None:
        self.put("{事项}：{链接}")
        with pytest.raises(Conflict, match="刚由他人修改"):
            self.put("{事项}。{链接}")

    def test_a_version_never_changes(self, mail: Scripted) -> None:
        self.put("{事项}：{链接}")
        with pytest.raises(IntegrityError), transaction.atomic():
            MessageTemplate.objects.update(text="别的")

    def test_wecom_has_a_limit_in_bytes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use_channels(monkeypatch, "wecom")
        monkeypatch.setattr(templates, "LONGEST_WECOM", 300)
        with pytest.raises(DomainError, match="2048 字节"):
            self.put("长" * 150 + "{链接}", channel="wecom")


@pytest.mark.parametrize("kind", kinds.every(), ids=lambda kind: kind.name)
def test_every_built_in_text_fits(kind: kinds.MessageKind, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://linghang.yunshan.gov.example.cn"
    settings.LINGHANG_SMS = {"sign": "领航干部学院"}
    for channel in kind.channels:
        shown = templates.preview(kind, channel, kind.texts[channel], due=date(2026, 12, 31))
        assert shown.segments <= 3 and "{" not in shown.text and "[" not in shown.text
        assert "。。" not in shown.text and "，。" not in shown.text


def test_queries_of_sending_do_not_grow_with_the_bundle(mail: Scripted) -> None:
    def count(person: Any, n: int) -> int:
        for _n in range(n):
            row = notify(person)[0]
        with CaptureQueriesContext(connection) as seen:
            assert sending.send_one(row.pk)
        return len(seen)

    assert count(reader(), 2) == count(reader(number=2), 30)
