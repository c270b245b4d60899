"""Hours, windows and requirements in the words of the trade."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from core.templatetags.linghang import day, hours
from people.ranks import Regime
from records.models import Bucket, HourEntry, HourTerms, OnlineUnit, Window
from records.rules.compliance import Measure, WindowResult

MET, GRACE, SHORT = "met", "grace", "short"
KINDS = {MET: "done", GRACE: "waiting", SHORT: "risk"}


def state_labels() -> dict[str, str]:
    """The three states of a requirement: reached, still within the year after a promotion, not reached."""
    return {MET: _("已达标"), GRACE: _("提任期限内"), SHORT: _("未达标")}


def units() -> dict[str, str]:
    return {"hours": _("学时"), "days": _("天"), "months": _("个月")}


def span_words(first: date, last: date) -> str:
    """2026年1月1日—12月31日, or with both years where they differ."""
    if first.year == last.year:
        return f"{day(first)}—{last.month}月{last.day}日"
    return f"{day(first)}—{day(last)}"


def window_words(result: WindowResult) -> str:
    """The window by its name and its dates; without them two figures are taken for one another."""
    span = span_words(result.starts_on, result.ends_on)
    if result.applies_to:
        span = _("%(span)s（至%(end)s适用）") % {"span": span, "end": day(result.applies_to)}
    if result.window == Window.FROM_PROMOTION:
        return _("提任一年内，%(end)s截止") % {"end": day(result.ends_on)}
    names = {Window.ROLLING_5: _("近五年"), Window.PLAN: _("规划周期"), Window.YEAR: _("本年度")}
    return f"{names[Window(result.window)]}，{span}"


def measure_words(measure: Measure) -> str:
    """430 / 550 学时."""
    return f"{hours(measure.reached)} / {hours(measure.required)} {units()[measure.unit]}"


def reached_words(measures: Iterable[Measure]) -> str:
    """430 / 550 学时，2.1 / 3 个月."""
    return "，".join(measure_words(measure) for measure in measures)


def short_words(result: WindowResult) -> str:
    """还差 120 学时或 0.9 个月; empty when the requirement is met."""
    if result.met:
        return ""
    ways = [f"{hours(m.short_by)} {units()[m.unit]}" for m in result.measures]
    return _("还差 %(ways)s") % {"ways": _(" 或 ").join(ways)}


def is_within_promotion_year(result: WindowResult, results: Sequence[WindowResult]) -> bool:
    """Whether the year after the promotion still runs for this requirement of the five years."""
    running = {r.bucket for r in results if r.window == Window.FROM_PROMOTION and not r.met}
    return result.bucket in running and result.window in (Window.ROLLING_5, Window.FROM_PROMOTION)


def state_of(result: WindowResult, results: Sequence[WindowResult]) -> str:
    """met, grace or short."""
    if result.met:
        return MET
    return GRACE if is_within_promotion_year(result, results) else SHORT


@dataclass(frozen=True)
class RequirementLine:
    """One requirement of one cadre as a page shows it; ``value`` and ``top`` are those of the nearest measure."""

    key: str
    bucket: str
    regime: str
    window: str
    reached: str
    either: bool
    short: str
    state: str
    kind: str
    state_word: str
    countdown: str
    value: Decimal
    top: Decimal
    entries: tuple[int, ...]
    unconfirmed: bool


def requirement_lines(results: Sequence[WindowResult], on: date) -> list[RequirementLine]:
    """What is required of a cadre on the day, requirement by requirement."""
    return [_line(result, results, on) for result in results]


def _line(result: WindowResult, results: Sequence[WindowResult], on: date) -> RequirementLine:
    nearest = max(result.measures, key=lambda m: m.reached / m.required if m.required else Decimal(1))
    state = state_of(result, results)
    return RequirementLine(
        key="-".join([result.regime, result.bucket, result.window]),
        bucket=str(Bucket(result.bucket).label),
        regime=str(Regime(result.regime).label),
        window=window_words(result),
        reached=reached_words(result.measures),
        either=len(result.measures) > 1,
        short=short_words(result),
        state=state,
        kind=KINDS[state],
        state_word=state_labels()[state],
        countdown=countdown_words(result, on),
        value=min(nearest.reached, nearest.required),
        top=nearest.required,
        entries=result.trace,
        unconfirmed=result.certainty != "V",
    )


def countdown_words(result: WindowResult, on: date) -> str:
    """How long the year after a promotion still runs, or when an earlier regime ended."""
    if result.applies_to:
        begin = result.applies_to + timedelta(days=1)
        return _("%(day)s起改按提任后的要求，这一行只作说明") % {"day": day(begin)}
    if result.window != Window.FROM_PROMOTION or result.met:
        return ""
    left = (result.ends_on - on).days
    return _("距期限还有 %(n)s 天") % {"n": left} if left else _("今天是最后期限")


def basis_of(entry: HourEntry) -> str:
    """The version of the rule that produced the line, or the proof it was registered on."""
    if entry.rule:
        return str(entry.rule)
    return _("证明材料：%(no)s") % {"no": entry.evidence_no} if entry.evidence_no else "—"


def online_words(rule: HourTerms) -> list[str]:
    """What a version says about online courses, sentence by sentence."""
    lengths = {
        "full": rule.online_full_minutes,
        "half": rule.online_half_minutes,
        "a": hours(rule.online_full_hours),
        "b": hours(rule.online_half_hours),
        "c": hours(rule.online_short_hours),
    }
    found = [
        str(OnlineUnit(rule.online_unit).label),
        _("%(full)s 分钟及以上计 %(a)s，%(half)s 分钟以上计 %(b)s，%(half)s 分钟及以下计 %(c)s") % lengths,
        _("测验通过另计 %(n)s") % {"n": hours(rule.online_test_hours)},
    ]
    return [*found, str(_("不超过课程标明的学时"))] if rule.online_capped else found
