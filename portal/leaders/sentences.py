"""Three sentences at the top of the leaders' page, made of the figures below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from competencies.profiles import LEAST_GROUP
from core.templatetags.linghang import percent
from portal.figures import Compliance, DimensionFigure
from portal.leaders.words import level_words, short_need
from records.models import Bucket, Window


@dataclass(frozen=True)
class Sentence:
    """A sentence and where its figures come from."""

    text: str
    url: str


@dataclass(frozen=True)
class ClassFigures:
    """What the classes of a year come to within a reader's scope."""

    year: int
    closed: int
    running: int
    members: int
    graduated: int
    in_class: int


def on_classes(figures: ClassFigures) -> str:
    """今年已结班 1 个班次，选派 50 人，结业 48 人（96%）；进行中 1 个班次，在班 50 人."""
    parts = []
    if figures.closed:
        parts.append(_("%(year)s年已结班 %(n)s 个班次，%(people)s") % {
            "year": figures.year, "n": figures.closed, "people": _graduated(figures),
        })  # fmt: skip
    if figures.running:
        in_class = _("，在班 %(n)s 人") % {"n": figures.in_class} if figures.in_class >= LEAST_GROUP else ""
        parts.append(_("正在进行 %(n)s 个班次%(people)s") % {"n": figures.running, "people": in_class})
    return "；".join(parts) + "。" if parts else _("%(year)s年还没有开班或结班的班次。") % {"year": figures.year}


def _graduated(figures: ClassFigures) -> str:
    if figures.members < LEAST_GROUP:
        return _("参训不足 5 人，不显示结业情况")
    share = percent(figures.graduated / figures.members)
    words = {"all": figures.members, "done": figures.graduated, "share": share}
    return _("选派 %(all)s 人，结业 %(done)s 人（%(share)s）") % words


def on_compliance(figures: Sequence[Compliance]) -> str:
    """The hours of 集中培训 by rank, with window and denominator."""
    central = [f for f in figures if f.bucket == Bucket.CENTRAL and f.window != Window.FROM_PROMOTION]
    if not central:
        return _("还没有可以统计的应训要求：请先登记干部任职。")
    return "；".join(_one_need(figure) for figure in central) + "。"


def _one_need(figure: Compliance) -> str:
    name = short_need(figure)
    if not figure.shown:
        return _("%(name)s不足 5 人，不显示") % {"name": name}
    words = {"name": name, "all": figure.people, "met": figure.met, "share": percent(figure.share)}
    return _("%(name)s应训 %(all)s 人，已达标 %(met)s 人（%(share)s）") % words


def on_dimensions(figures: Sequence[DimensionFigure]) -> str:
    """The dimension that grew most, and how many of the six cannot be judged yet."""
    grown = [figure for figure in figures if figure.change is not None]
    if not grown:
        return _("六个能力维度都还没有 5 人以上的前后可比证据。")
    best = max(grown, key=lambda figure: figure.change or 0)
    assert best.before is not None and best.after is not None
    words = {
        "n": len(grown),
        "name": best.name,
        "before": level_words(best.before.value),
        "after": level_words(best.after.value),
        "people": best.people,
    }
    sentence = _("%(n)s 个能力维度前后可比，变化最大的是“%(name)s”：%(before)s → %(after)s（%(people)s 人）") % words
    rest = len(figures) - len(grown)
    return sentence + (_("；其余 %(n)s 个维度证据不足。") % {"n": rest} if rest else "。")
