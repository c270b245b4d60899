"""The rule of one seventh: leave above a seventh of the class's hours means withdrawal, in principle."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from cohorts.presenters.figures import plain

CENT = Decimal("0.01")


def over_limit(leave: Decimal, total: Decimal) -> bool:
    """Whether leave is above one seventh of the total, both in 学时; exactly one seventh is within the limit."""
    return leave * 7 > total


def limit(total: Decimal) -> Decimal:
    """One seventh of the total in 学时, to the hundredth, for showing; the rule itself never rounds."""
    return (total / 7).quantize(CENT, ROUND_HALF_UP)


def left(leave: Decimal, total: Decimal) -> Decimal:
    """What may still be taken before the limit, in 学时 to the hundredth; never below zero."""
    return max(limit(total) - leave, Decimal(0))


def arithmetic(leave: Decimal, total: Decimal) -> str:
    """The sum behind the flag as a sentence; the total is every hour of the timetable."""
    if total <= 0:
        return _("课表尚未排定，暂不计算请假比例。")
    return _("累计请假 %(leave)s 学时 ÷ 总学时 %(total)s 学时，%(verdict)s七分之一（%(limit)s 学时）") % {
        "leave": plain(leave),
        "total": plain(total),
        "verdict": _verdict(leave, total),
        "limit": plain(limit(total)),
    }


def _verdict(leave: Decimal, total: Decimal) -> str:
    if over_limit(leave, total):
        return _("超过")
    return _("恰为") if leave * 7 == total else _("未超过")


def withdrawal_draft(name: str, leave: Decimal, total: Decimal) -> str:
    """The draft that a flag writes; a person confirms it or waives."""
    return _("%(name)s%(sum)s。按学员管理规定，原则上作退学处理，请决定：确认退学，或者经批准豁免。") % {
        "name": name,
        "sum": arithmetic(leave, total),
    }


def covers(decided: tuple[Decimal, Decimal], now: tuple[Decimal, Decimal]) -> bool:
    """Whether a decision on (leave, total) still speaks for today's (leave, total): the share has not grown."""
    return decided[0] * now[1] >= now[0] * decided[1]
