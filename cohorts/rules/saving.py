"""Who can still be saved by what: the ways to a condition that is missing, from values alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.rules.graduation import Condition, Node, counts, why_not_waivable


@dataclass(frozen=True)
class Offer:
    """What the class still offers one member for one leaf. ``kind`` is that of the requirement.

    ``make_up_until`` is set where an officer let the member sit again and a try is left.
    """

    kind: str
    until: datetime | None = None  # the exam closes, the task is due
    tries_left: int = 0
    handed_in: bool = False  # a paper or a piece of work that waits for its result
    make_up_until: datetime | None = None
    is_final: bool = False  # results are public, or the work is graded
    half_days_left: int = 0
    half_days_short: int = 0  # to be attended of those left


@dataclass(frozen=True)
class Way:
    """One way to a missing condition: what kind it is, the sentence, and until when it is open."""

    kind: str
    sentence: str
    until: datetime | None = None


def ways(
    condition: Condition, node: Node | None, offers: Mapping[str, Offer], waived: Mapping[str, object], now: datetime
) -> list[Way]:
    """Every way that is open for a condition that is not met; ``node`` for requirements, ``offers`` by key of leaf."""
    if node is None:
        return [Way(*OF_THE_RULES.get(condition.key, ("none", _("请按规定办理。"))))]
    open_ones = _of_node(node, offers, waived, now)
    by_office = [] if why_not_waivable(condition.key) else [Way("waiver", _("由培训处凭文件豁免"))]
    return [*open_ones, *by_office]


OF_THE_RULES = {
    "registered": ("register", "登记报到，或记为未报到"),
    "not_withdrawn": ("none", "已退学，不能结业"),
    "leave": ("decision", "由培训处决定：确认退学，或者经批准豁免"),
    "attendance": ("record", "补登未登记的半天"),
    "discipline": ("discipline", "办结尚未了结的纪律事项"),
}


def _of_node(node: Node, offers: Mapping[str, Offer], waived: Mapping[str, object], now: datetime) -> list[Way]:
    if not node.is_group:
        offer = offers.get(node.key)
        return [_of_leaf(offer, now)] if offer else []
    unmet = [part for part in node.parts if not counts(part, waived)]
    found = [(part, way) for part in unmet for way in _of_node(part, offers, waived, now)]
    return [Way(way.kind, f"{part.label}：{way.sentence}", way.until) for part, way in found]


def _of_leaf(offer: Offer, now: datetime) -> Way:
    return READERS.get(offer.kind, _simple)(offer, now)


def _simple(offer: Offer, now: datetime) -> Way:
    return Way("open", _("结班前完成即可"), offer.until)


def _course(offer: Offer, now: datetime) -> Way:
    return Way("open", _("课程仍可学习，结班前学完即可"))


def _exam(offer: Offer, now: datetime) -> Way:
    if offer.make_up_until and now < offer.make_up_until:
        return Way(
            "exam", _("已安排补考，%(when)s截止") % {"when": moment_words(offer.make_up_until)}, offer.make_up_until
        )
    if offer.is_final:
        return Way("make_up", _("另行安排补考，并与本考试合为任选"))
    if offer.until and now < offer.until and offer.tries_left > 0:
        words = _("考试开放至%(when)s，还可考 %(n)s 次") % {"when": moment_words(offer.until), "n": offer.tries_left}
        return Way("exam", words, offer.until)
    if offer.handed_in:
        return Way("wait", _("已交卷，等待公布成绩"))
    return Way("make_up", _("考试已截止，可另行安排补考"))


def _task(offer: Offer, now: datetime) -> Way:
    if offer.is_final:
        return Way("remark", _("由评分教师说明理由后改评"))
    if offer.handed_in:
        return Way("wait", _("已提交，等待评分"))
    if offer.until and now < offer.until:
        return Way("task", _("提交截止%(when)s") % {"when": moment_words(offer.until)}, offer.until)
    return Way("mark", _("提交已截止，评分教师可按课堂表现评分"))


def _attendance(offer: Offer, now: datetime) -> Way:
    words = {"left": offer.half_days_left, "short": offer.half_days_short}
    if offer.half_days_short <= offer.half_days_left:
        return Way("attend", _("其余 %(left)s 个半天中再到课 %(short)s 个即可") % words)
    return Way("none", _("其余 %(left)s 个半天全部到课也不够，还差 %(short)s 个") % words)


def _survey(offer: Offer, now: datetime) -> Way:
    if offer.until and now < offer.until:
        return Way("survey", _("%(when)s前提交评估即可") % {"when": moment_words(offer.until)}, offer.until)
    return Way("none", _("评估已截止，不能再提交"))


READERS = {"course": _course, "exam": _exam, "task": _task, "attendance": _attendance, "survey": _survey}


def moment_words(moment: datetime) -> str:
    """9月18日 12:00."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def nodes_by_key(nodes: tuple[Node, ...]) -> dict[str, Node]:
    """Every node of a tree by its key."""
    found: dict[str, Node] = {}
    for node in nodes:
        found |= {node.key: node, **nodes_by_key(node.parts)}
    return found
