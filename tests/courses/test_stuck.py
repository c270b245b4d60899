"""Why somebody does not get on, in words and without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from courses.rules.stuck import Trace, reasons

NOW = datetime(2026, 9, 14, 2, 0, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.mark.parametrize(
    ("trace", "words"),
    [
        (Trace(ago(20), ago(13.9), "数据目录"), []),
        (Trace(ago(20), ago(14), "数据目录"), ["14 天没有进展，停在“数据目录”"]),
        (Trace(ago(20), None), ["选课 20 天，还没有开始"]),
        (Trace(ago(20), ago(1), failing=(("数据目录", 1),)), []),
        (Trace(ago(20), ago(1), failing=(("数据目录", 2),)), ["“数据目录”的测验 2 次未通过"]),
        (Trace(ago(20), ago(20), proofs=("外部课",)), ["“外部课”的学习证明待确认"]),
        (Trace(ago(20), ago(20), live=("直播课",)), ["“直播课”的出席情况待确认"]),
        (Trace(ago(20), ago(1), missed=("直播课",)), ["直播“直播课”缺席，待补课"]),
    ],
)
def test_every_reason_has_its_sentence(trace, words):
    assert [reason.words for reason in reasons(trace, NOW, 14)] == words


def test_who_waits_for_us_is_not_called_idle_and_other_reasons_stand():
    trace = Trace(ago(30), ago(30), "数据目录", failing=(("数据目录", 3),), proofs=("外部课",))
    assert [reason.kind for reason in reasons(trace, NOW, 14)] == ["confirming", "failing"]


def test_the_number_of_days_is_the_pages():
    trace = Trace(ago(30), ago(8), "数据目录")
    assert reasons(trace, NOW, 14) == [] and len(reasons(trace, NOW, 7)) == 1
