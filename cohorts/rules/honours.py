"""Honours by quota: how many places a title has, and the arithmetic in words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.utils.translation import gettext as _

from cohorts.presenters.figures import plain


@dataclass(frozen=True)
class Places:
    """The places of a title: a fixed number, or a share in per cent of those in class, rounded down."""

    title: str
    in_class: int
    number: int | None = None
    share: Decimal | None = None

    @property
    def count(self) -> int:
        if self.share is None:
            return self.number or 0
        return int((self.share * self.in_class / 100).to_integral_value(ROUND_FLOOR))

    @property
    def sum_words(self) -> str:
        """在班 50 人 × 15% = 7.5，舍去小数，名额 7 名."""
        if self.share is None:
            return _("名额 %(n)s 名") % {"n": self.count}
        exact = self.share * self.in_class / 100
        cut = _("，舍去小数") if exact != self.count else ""
        return _("在班 %(all)s 人 × %(share)s%% = %(exact)s%(cut)s，名额 %(n)s 名") % {
            "all": self.in_class,
            "share": plain(self.share),
            "exact": plain(exact),
            "cut": cut,
            "n": self.count,
        }


def over_quota(places: Places, taken: int, new: int) -> str:
    """Why so many more are too many, with the arithmetic; nothing where they fit."""
    over = taken + new - places.count
    if over <= 0:
        return ""
    return _("“%(title)s”%(sum)s，已评 %(taken)s 名，再评 %(new)s 名将超出 %(over)s 名。") % {
        "title": places.title,
        "sum": places.sum_words,
        "taken": taken,
        "new": new,
        "over": over,
    }
