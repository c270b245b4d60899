"""Quiet hours, bundles, parts of short messages, pauses and words: the rules on values alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.messaging import backoff, bundling, http, wording
from core.messaging.addresses import masked
from core.messaging.quiet import QuietHours, release
from core.messaging.segments import segments, units

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = QuietHours(time(21, 30), time(8))
RESTING = QuietHours(time(21, 30), time(8), rest_days=True)
# 2026-11-23 is a Monday; the Wednesday is a holiday, the Saturday after it is worked.
CALENDAR = {date(2026, 11, 25): False, date(2026, 11, 28): True}


def at(words: str) -> datetime:
    return datetime.fromisoformat(f"2026-{words}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "quiet", "released"),
    [
        ("11-23 21:29:59", NIGHT, "11-23 21:29:59"),
        ("11-23 21:30", NIGHT, "11-24 08:00"),
        ("11-23 23:59:59", NIGHT, "11-24 08:00"),
        ("11-24 00:00", NIGHT, "11-24 08:00"),
        ("11-24 07:59:59", NIGHT, "11-24 08:00"),
        ("11-24 08:00", NIGHT, "11-24 08:00"),
        ("11-28 12:00", NIGHT, "11-28 12:00"),  # a Saturday, when days of rest do not count
        ("12-05 12:00", RESTING, "12-07 08:00"),  # Saturday → Monday morning, not midnight
        ("12-04 22:00", RESTING, "12-07 08:00"),  # Friday night → Monday
        ("11-24 22:00", RESTING, "11-26 08:00"),  # the night before the holiday
        ("11-25 10:00", RESTING, "11-26 08:00"),  # the holiday
        ("11-28 10:00", RESTING, "11-28 10:00"),  # a Saturday that is worked
        ("11-23 13:30", QuietHours(time(12), time(14)), "11-23 14:00"),
        ("11-23 03:00", QuietHours(time(12), time(14)), "11-23 03:00"),
        ("11-23 03:00", QuietHours(time(8), time(8)), "11-23 03:00"),  # equal ends: none
        ("12-05 12:00", QuietHours(time(8), time(8), rest_days=True), "12-07 00:00"),
    ],
)
def test_quiet_hours(moment: str, quiet: QuietHours, released: str) -> None:
    assert release(at(moment), quiet, CALENDAR) == at(released)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times(), st.booleans())
def test_what_is_released_is_later_and_not_quiet(moment: datetime, begins: time, ends: time, rest: bool) -> None:
    here, quiet = moment.replace(tzinfo=SHANGHAI), QuietHours(begins, ends, rest)
    later = release(here, quiet, {})
    assert later >= here
    assert release(later, quiet, {}) == later


def test_a_calendar_of_rest_alone_ends() -> None:
    """Nobody's calendar; the message goes rather than never."""
    days = {date(2026, 1, 1) + timedelta(days=n): False for n in range(800)}
    assert release(at("11-23 10:00"), RESTING, days) > at("11-23 10:00")


@pytest.mark.parametrize(
    ("last", "urgent", "earliest"),
    [
        (None, False, "11-23 10:00"),
        ("11-23 09:30", False, "11-23 10:30"),
        ("11-23 09:00", False, "11-23 10:00"),
        ("11-23 08:00", False, "11-23 10:00"),
        ("11-23 09:59", True, "11-23 10:00"),
    ],
)
def test_one_message_of_a_kind_within_an_hour(last: str | None, urgent: bool, earliest: str) -> None:
    assert bundling.earliest(at("11-23 10:00"), last and at(last), urgent=urgent) == at(earliest)


@pytest.mark.parametrize(
    ("length", "sign", "parts"),
    [
        (0, "领航", 0),
        (1, "", 1),
        (70, "", 1),
        (71, "", 2),
        (134, "", 2),
        (135, "", 3),
        (66, "领航", 1),
        (67, "领航", 2),
    ],
)
def test_parts_of_a_short_message(length: int, sign: str, parts: int) -> None:
    assert segments("课" * length, sign=sign) == parts


def test_a_rare_character_counts_twice() -> None:
    assert units("𬱖") == 2 and segments("课" * 69 + "𬱖") == 2


@pytest.mark.parametrize(
    ("attempts", "asked", "seconds"),
    [(1, None, 60), (2, None, 300), (3, None, 1800), (4, None, 7200), (9, None, 7200), (1, 600, 600), (3, 5, 1800),
     (1, 10**9, 86400)],
)  # fmt: skip
def test_pauses_grow_and_heed_the_provider(attempts: int, asked: float | None, seconds: int) -> None:
    assert backoff.delay(attempts, asked) == seconds


def test_the_fifth_attempt_is_the_last() -> None:
    assert [backoff.is_last(n) for n in (1, 4, 5, 6)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), (" 5 ", 5), ("Mon, 23 Nov 2026 10:00:30 GMT", 30), ("Mon, 23 Nov 2026 09:00:00 GMT", 0),
     ("soon", None), ("", None), (None, None), ("²", None), ("-5", None)],
)  # fmt: skip
def test_retry_after(header: str | None, seconds: float | None) -> None:
    assert http.retry_after(header, now=datetime(2026, 11, 23, 10, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("address", "shown"),
    [("wang.min@example.cn", "w***@example.cn"), ("13800138000", "138****8000"), ("B0001", "B0***"), ("", "")],
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


# Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写"),
        ("有事，请登录。", "必须写上“{链接}”"),
        ("[{链接}]", "不能放在方括号里"),
        ("{姓名}请看{链接}", "“{姓名}”不是可用的变量。可用的有：{系统}、{事项}、{链接}、{期限}。"),
        ("{链接", "花括号不成对"),
        ("链接}{链接}", "花括号不成对"),
        ("{链接}[请于{期限}前", "方括号不成对"),
        ("{链接}[[请于{期限}前]]", "方括号不成对"),
        ("{链接}请于{期限}前办理", "要放在方括号里"),
        ("长" * 601 + "{链接}", "最多 600 字"),
        ("{0}{链接}", "“{0}”不是可用的变量"),
        ("{链接.__class__}{链接}", "不是可用的变量"),
    ],
)
def test_words_that_cannot_be_used_are_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(wording.WordingProblem) as problem:
        wording.check(text)
    assert words in str(problem.value)


VALUES = {"系统": "领航", "事项": "学习提醒", "链接": "https://lh.cn/n/1/", "期限": "11月26日"}


def test_words_with_their_values() -> None:
    text = wording.check("{事项}[，请于{期限}前办理]。{链接}\r\n")
    assert wording.render(text, VALUES) == "学习提醒，请于11月26日前办理。https://lh.cn/n/1/"
    assert wording.render(text, {**VALUES, "期限": ""}) == "学习提醒。https://lh.cn/n/1/"


def test_values_are_not_read_as_words() -> None:
    assert wording.render("{事项}{链接}", {**VALUES, "事项": "{链接}[x]"}) == "{链接}[x]https://lh.cn/n/1/"
