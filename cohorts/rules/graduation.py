"""Who graduates: every condition with its sentence, from values alone.

Absence without leave (旷课) is counted and shown, and does not block by itself: it is a discipline path of its own.
A matter of discipline that nobody settled blocks through 纪律, an ordered withdrawal through 未退学. Hours are credited
to graduates only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words, plain
from cohorts.rules.leave import arithmetic, over_limit
from cohorts.rules.sanctions import open_words


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
class Waiver:
    """A condition that the training office waived for one member: by which document, who and when."""

    document_no: str
    granted_by: str
    granted_on: date


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
    share: Decimal | None = None  # of the half days owed, in per cent: the leaf is read from the standing itself


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
    open_discipline: tuple[str, ...] = ()  # each matter that is not settled, in words
    requirements: tuple[Node, ...] = field(default_factory=tuple)
    waivers: Mapping[str, Waiver] = field(default_factory=dict)  # by key of the condition


def decide(standing: MemberStanding) -> list[Condition]:
    """Every condition in the order in which it is read; the member graduates when all are met."""
    return [
        _registered(standing),
        _not_withdrawn(standing),
        _leave(standing),
        _attendance(standing),
        _discipline(standing),
        *_requirements(_with_attendance(standing.requirements, standing), standing.waivers),
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


def _discipline(standing: MemberStanding) -> Condition:
    """Met when no matter of discipline is open, whatever was decided in those that are settled."""
    return Condition("discipline", _("纪律"), not standing.open_discipline, open_words(standing.open_discipline))


def _requirements(nodes: tuple[Node, ...], waivers: Mapping[str, Waiver]) -> Iterator[Condition]:
    for node in nodes:
        if node.is_group and node.need is None:
            yield from _requirements(node.parts, waivers)
        else:
            yield _requirement(node, waivers)


def _requirement(node: Node, waivers: Mapping[str, Waiver]) -> Condition:
    """A waiver speaks only while the condition is not met by itself."""
    met, detail = evaluate(node, waivers)
    waiver = waivers.get(node.key)
    if met or waiver is None:
        return Condition(node.key, node.label, met, detail)
    words = _("%(detail)s；%(who)s于%(day)s批准豁免（%(number)s）") % {
        "detail": detail,
        "who": waiver.granted_by,
        "day": day_words(waiver.granted_on),
        "number": waiver.document_no,
    }
    return Condition(node.key, node.label, True, words, waived=True)


def evaluate(node: Node, waived: Collection[str] = ()) -> tuple[bool, str]:
    """Whether a requirement is met by itself, with the sentence; a group counts its parts, waived ones too."""
    if not node.is_group:
        return node.met, node.detail
    done = [_part_words(part, waived) for part in node.parts if counts(part, waived)]
    need = len(node.parts) if node.need is None else node.need
    return len(done) >= need, _("%(all)s 项中至少 %(need)s 项，已满足 %(done)s 项%(names)s") % {
        "all": len(node.parts),
        "need": need,
        "done": len(done),
        "names": _("（%(names)s）") % {"names": "、".join(done)} if done else "",
    }


def counts(part: Node, waived: Collection[str]) -> bool:
    """Whether a part counts in its choice: met, or waived; a group that asks for all is never waived as one."""
    of_all = part.is_group and part.need is None
    return (part.key in waived and not of_all) or evaluate(part, waived)[0]


def _part_words(part: Node, waived: Collection[str]) -> str:
    """What a part is called in the sentence of its choice; a group that asks for all is called by its parts."""
    of_all = part.is_group and part.need is None
    label = "＋".join(_part_words(below, waived) for below in part.parts) if of_all else part.label
    return label if evaluate(part, waived)[0] else _("%(label)s（已豁免）") % {"label": label}


# Attendance as a requirement.


def _with_attendance(nodes: tuple[Node, ...], standing: MemberStanding) -> tuple[Node, ...]:
    """The tree with the leaf that asks for attendance answered from the half days of the member."""
    return tuple(
        replace(node, parts=_with_attendance(node.parts, standing)) if node.is_group else _answered(node, standing)
        for node in nodes
    )


def _answered(node: Node, standing: MemberStanding) -> Node:
    if node.share is None:
        return node
    met, detail = attendance_share(standing.half_days, standing.attended, node.share)
    return replace(node, met=met, detail=detail)


def least_attended(owed: int, share: Decimal) -> int:
    """How many of the half days owed a share in per cent asks for, exactly: 80 % of 7 are 6."""
    return int((share * owed / 100).to_integral_value(ROUND_CEILING))


def attendance_share(owed: int, here: int, share: Decimal) -> tuple[bool, str]:
    """Whether enough half days were attended, with the sentence; where nothing was owed yet, nothing is met."""
    if owed == 0:
        return False, _("尚无应到的半天")
    least = least_attended(owed, share)
    return here >= least, _("应到 %(all)s 个半天，至少到课 %(least)s 个（%(share)s%%），实际到课 %(here)s 个") % {
        "all": owed,
        "least": least,
        "share": plain(share),
        "here": here,
    }


# What may be waived.

NOT_WAIVABLE = {
    "registered": "报到是参加培训的前提，不能豁免。",
    "not_withdrawn": "已退学的学员不能结业，不能豁免。",
    "leave": "请假超过七分之一另有决定，请在学员页面办理。",
    "attendance": "考勤须逐个半天登记，请补登，不能豁免。",
    "discipline": "纪律问题须先办结，不能豁免。",
}


def why_not_waivable(key: str) -> str:
    """Why the training office may not waive this condition; nothing where it may: courses, exams, tasks, attendance."""
    if key.startswith("requirement:"):
        return ""
    return NOT_WAIVABLE.get(key, "这项条件不能豁免。")


def credited(conditions: list[Condition], hours: Decimal) -> str:
    """What closing will do for the member, in a few words."""
    return _("结业，记 %(hours)s 学时") % {"hours": plain(hours)} if granted(conditions) else _("不结业，不记学时")
