"""The leave ladder: who has to approve leave of which length, in which order, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.workdays import Exceptions, workdays_later

CLASS_TEACHER = "teacher"  # the class's own teachers; every other key is a seat of the host


@dataclass(frozen=True)
class Step:
    """One approval: asked for when leave is longer than ``over`` half days, due within ``days`` working days."""

    key: str
    title: str
    over: int
    days: int = 1


@dataclass(frozen=True)
class Ladder:
    """The steps in their order, whether leave may be asked for afterwards, how long proof is kept after the class."""

    steps: tuple[Step, ...]
    allows_late: bool = True
    keep_proof_days: int = 30

    def plan(self, half_days: int) -> tuple[Step, ...]:
        """The approvals that leave of so many half days needs, in order."""
        return tuple(step for step in self.steps if half_days > step.over)


# Half a day: the class teacher; a day: the academic office too; more: the vice head; over three days: organisation.
STANDARD = Ladder(
    (
        Step(CLASS_TEACHER, "班主任", 0),
        Step("academic", "教务处", 1),
        Step("vice_head", "分管校长", 2),
        Step("organisation", "组织部", 6),
    )
)


def due_on(since: date, days: int, exceptions: Exceptions) -> date:
    """The last day of a step: the end of the ``days``-th working day after it came up."""
    return workdays_later(since, days, exceptions)


def is_overdue(due: date | None, today: date) -> bool:
    return due is not None and today > due


OVERDUE, ESCALATED = "overdue", "escalated"


def stage_of(due: date | None, days: int, today: date, exceptions: Exceptions) -> str:
    """How late a step is: not at all, overdue, or for as many working days again as it had (escalated)."""
    if due is None or today <= due:
        return ""
    return ESCALATED if today > due_on(due, days, exceptions) else OVERDUE


@dataclass(frozen=True)
class Seat:
    """Somebody who approves a step for a unit and those below it, and who stands in from when to when."""

    step: str
    host: str  # tree path of the unit
    person: int
    delegate: int | None = None
    delegate_from: date | None = None
    delegate_to: date | None = None

    def stand_in(self, today: date) -> int | None:
        """Who stands in today, within the dates only."""
        if self.delegate is None or self.delegate_from is None or self.delegate_to is None:
            return None
        return self.delegate if self.delegate_from <= today <= self.delegate_to else None


Approvers = dict[int, int | None]  # person → for whom they stand in, None where they hold the seat themselves


def approvers(step: str, host: str, teachers: Iterable[int], seats: Iterable[Seat], today: date) -> Approvers:
    """Who may decide the step of a class hosted at ``host`` today.

    The class teacher's step belongs to the class's teachers; a seat of that key only names who stands in for them.
    Of other steps the seats of the nearest unit count: the host's own, else those of the unit above it.
    """
    held = [seat for seat in seats if seat.step == step and host.startswith(seat.host)]
    if step == CLASS_TEACHER:
        own = set(teachers)
        held = [seat for seat in held if seat.person in own]
    else:
        nearest = max((len(seat.host) for seat in held), default=0)
        held = [seat for seat in held if len(seat.host) == nearest]
        own = {seat.person for seat in held}
    standing_in: Approvers = {}
    for seat in held:
        other = seat.stand_in(today)
        if other is not None:
            standing_in.setdefault(other, seat.person)
    return {**standing_in, **dict.fromkeys(own)}


def faults(steps: Iterable[Step], titles: Mapping[str, str]) -> list[str]:
    """What is wrong with a ladder as somebody drew it up: sentences, or none."""
    rows = list(steps)
    found = []
    if not any(step.over == 0 for step in rows):
        found.append(_("至少要有一级审批适用于所有请假（“超过 0 天”），否则半天的假无人批准。"))
    nameless = [titles[step.key] for step in rows if not step.title.strip()]
    if nameless:
        found.append(_("请填写审批环节的名称：%(names)s。") % {"names": "、".join(nameless)})
    return found
