"""Until when material may be used: warnings 60 and 30 days ahead and on the last day. Pure values; days are whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

AHEAD = (60, 30, 0)  # days before the last one on which the editors are warned


class Nearness(StrEnum):
    EXPIRED = "expired"
    LAST_DAY = "last_day"
    SOON = "soon"  # within 30 days
    NEAR = "near"  # within 60 days
    FAR = "far"


@dataclass(frozen=True)
class Licence:
    """``until`` is the last day of use; None: without limit."""

    until: date | None
    today: date

    @property
    def left(self) -> int | None:
        """Days left after today; negative when over, None without limit."""
        return (self.until - self.today).days if self.until else None

    @property
    def nearness(self) -> Nearness:
        if self.left is None or self.left > AHEAD[0]:
            return Nearness.FAR
        if self.left < 0:
            return Nearness.EXPIRED
        if self.left == 0:
            return Nearness.LAST_DAY
        return Nearness.SOON if self.left <= AHEAD[1] else Nearness.NEAR

    @property
    def threshold(self) -> int | None:
        """The warning that is due: 60, 30 or 0 days ahead, -1 once it is over; None while it is far."""
        steps = {Nearness.NEAR: 60, Nearness.SOON: 30, Nearness.LAST_DAY: 0, Nearness.EXPIRED: -1}
        return steps.get(self.nearness)

    @property
    def words(self) -> str:
        if self.left is None:
            return _("不限期")
        if self.left < 0:
            return _("已到期%(days)s天") % {"days": -self.left}
        return _("今天到期") if self.left == 0 else _("还有%(days)s天到期") % {"days": self.left}


def is_over(until: date | None, today: date) -> bool:
    return until is not None and until < today
