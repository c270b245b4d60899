"""Who graduates: every condition with its sentence, from values alone.

Absence without leave (旷课) is counted and shown, and does not block by itself: it is a discipline path of its own,
whose last step, the ordered withdrawal, blocks through 未退学. Hours are credited to graduates only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cohorts.figures import day_words, plain
from cohorts.leave import arithmetic, over_limit


@dataclass(frozen=True)
class Condition:
    """One condition of graduation: its name, whether it is met (or waived), and the sentence that explains it."""

    key: str
    label: str
    met: bool
    detail: str
    waived: bool = False

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Node:
    """A requirement as it stands for one member: a leaf with its result, or a group over its parts.

    ``need`` is how many of the parts have to be met; None means all of them. A leaf has no parts.
    """

    key: str
    label: str
    met: bool = False
    detail: str = ""
    need: int | None = None
    parts: tuple[Node, ...] = ()
    is_group: bool = False


@dataclass(frozen=True)
class MemberStanding:
    """Everything that decides about one member, as values; hours are 学时."""

    registered_on: date | None
    leave_hours: Decimal
    total_hours: Decimal
    withdrawn_on: date | None = None
    withdrawal_reason: str = ""
    waiver_no: str = ""  # the document number of a standing waiver
    half_days: int = 0
    attended: int = 0
    on_leave: int = 0
    absent: int = 0
    not_recorded: int = 0
    requirements: tuple[Node, ...] = field(default_factory=tuple)


def decide(standing: MemberStanding) -> list[Condition]:
    """Every condition in the order in which it is read; the member graduates when all are met."""
    return [
        _registered(standing),
        _not_withdrawn(standing),
        _leave(standing),
        _attendance(standing),
        *_requirements(standing.requirements),
    ]


def granted(conditions: list[Condition]) -> bool:
    return all(condition.met for condition in conditions)


def missing(conditions: list[Condition]) -> list[str]:
    """The sentences of what is not met."""
    return [f"{c.label}：{c.detail}" for c in conditions if not c.met]


def _registered(standing: MemberStanding) -> Condition:
    day = standing.registered_on
    detail = _("%(day)s报到") % {"day": day_words(day)} if day else _("没有报到记录")
    return Condition("registered", _("报到"), day is not None, detail)


def _not_withdrawn(standing: MemberStanding) -> Condition:
    if standing.withdrawn_on is None:
        return Condition("not_withdrawn", _("未退学"), True, _("没有退学记录"))
    detail = _("%(day)s退学，原因：%(reason)s") % {
        "day": day_words(standing.withdrawn_on),
        "reason": standing.withdrawal_reason,
    }
    return Condition("not_withdrawn", _("未退学"), False, detail)


def _leave(standing: MemberStanding) -> Condition:
    over = over_limit(standing.leave_hours, standing.total_hours)
    detail = arithmetic(standing.leave_hours, standing.total_hours)
    waived = over and bool(standing.waiver_no)
    if waived:
        detail = _("%(sum)s；已经批准豁免（%(number)s）") % {"sum": detail, "number": standing.waiver_no}
    return Condition("leave", _("请假"), waived or not over, detail, waived)


def _attendance(standing: MemberStanding) -> Condition:
    """Met once every half day is recorded; absence is stated."""
    detail = _("应到 %(all)s 个半天，到课 %(here)s，请假 %(leave)s，旷课 %(absent)s") % {
        "all": standing.half_days,
        "here": standing.attended,
        "leave": standing.on_leave,
        "absent": standing.absent,
    }
    if standing.absent:
        detail += _("（旷课另按纪律规定处理）")
    if standing.not_recorded:
        detail += _("，未登记 %(count)s") % {"count": standing.not_recorded}
    return Condition("attendance", _("考勤"), standing.not_recorded == 0, detail)


def _requirements(nodes: tuple[Node, ...]) -> Iterator[Condition]:
    for node in nodes:
        if node.is_group and node.need is None:
            yield from _requirements(node.parts)
        else:
            met, detail = evaluate(node)
            yield Condition(node.key, node.label, met, detail)


def evaluate(node: Node) -> tuple[bool, str]:
    """Whether a requirement is met, with the sentence; a group counts its parts."""
    if not node.is_group:
        return node.met, node.detail
    results = [(part, evaluate(part)[0]) for part in node.parts]
    done = [part.label for part, met in results if met]
    need = len(results) if node.need is None else node.need
    return len(done) >= need, _("%(all)s 项中至少 %(need)s 项，已满足 %(done)s 项%(names)s") % {
        "all": len(results),
        "need": need,
        "done": len(done),
        "names": _("（%(names)s）") % {"names": "、".join(done)} if done else "",
    }


def credited(conditions: list[Condition], hours: Decimal) -> str:
    """What closing will do for the member, in a few words."""
    return _("结业，记 %(hours)s 学时") % {"hours": plain(hours)} if granted(conditions) else _("不结业，不记学时")
