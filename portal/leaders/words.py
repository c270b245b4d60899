"""Figures in words, and the addresses they open to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from core.templatetags.linghang import percent
from people.models import Unit
from people.ranks import Regime
from portal.archive.competency import series
from portal.figures import Compliance, DimensionFigure
from records.models import Bucket, Window
from records.presenters.hours import GRACE, MET, SHORT, span_words
from records.rules.compliance import years_after


def few() -> str:
    return _("不足 5 人，不显示")


def guarded() -> str:
    """In place of a figure that would give a smaller one away."""
    return _("一并不显示")


def window_label(window: str, on: date) -> str:
    """A group's window with its dates; the year after a promotion is everybody's own."""
    if window == Window.ROLLING_5:
        span = span_words(years_after(on, -5) + timedelta(days=1), on)
        return _("近五年，%(span)s") % {"span": span}
    if window == Window.YEAR:
        return _("本年度，%(span)s") % {"span": span_words(date(on.year, 1, 1), date(on.year, 12, 31))}
    return str(Window(window).label) if window in Window.values else ""


def need_label(figure: Compliance) -> str:
    """县处级及以上…：集中培训（近五年）."""
    window = Window(figure.window).label
    return f"{Regime(figure.regime).label} · {Bucket(figure.bucket).label}（{window}）"


def short_need(figure: Compliance) -> str:
    """A requirement in few words, for sentences and headings."""
    who = _("县处级及以上") if figure.regime == Regime.SENIOR else _("乡科级及以下")
    window = {Window.ROLLING_5: _("近五年"), Window.YEAR: _("本年度"), Window.FROM_PROMOTION: _("提任一年内")}
    return f"{who}{Bucket(figure.bucket).label}（{window.get(Window(figure.window), '')}）"


def people_url(*, measure: str = "", state: str = "", unit: Unit | None = None) -> str:
    """The list of people behind a figure."""
    chosen = {"measure": measure, "state": state, "unit": unit.pk if unit else ""}
    query = urlencode({name: value for name, value in chosen.items() if value})
    return reverse("portal:leaders-people") + (f"?{query}" if query else "")


def compliance_columns() -> list[dict[str, Any]]:
    numbers = [_("应训人数"), _("已达标"), _("提任期限内"), _("未达标"), _("达标率")]
    heads = [{"label": _("要求")}, {"label": _("期限")}]
    return heads + [{"label": label, "number": True} for label in numbers]


def compliance_rows(figures: Sequence[Compliance], on: date, unit: Unit | None = None) -> list[list[Any]]:
    """One row per requirement; every count opens to its list."""
    return [_compliance_row(figure, on, unit) for figure in figures]


def _compliance_row(figure: Compliance, on: date, unit: Unit | None) -> list[Any]:
    name = {"text": str(Bucket(figure.bucket).label), "sub": str(Regime(figure.regime).label)}
    everybody = people_url(measure=figure.measure, unit=unit)
    if not figure.shown:
        few_cell = {"text": few(), "url": everybody}
        return [name, window_label(figure.window, on), few_cell, "", "", "", ""]
    counts = [(figure.people, ""), (figure.met, MET), (figure.grace, GRACE), (figure.short, SHORT)]
    cells = [
        {"text": str(count), "url": people_url(measure=figure.measure, state=state, unit=unit) if count else ""}
        for count, state in counts
    ]
    return [name, window_label(figure.window, on), *cells, percent(figure.share)]


def dimension_chart(figures: Sequence[DimensionFigure], norm: Sequence[DimensionFigure] = ()) -> dict[str, Any] | None:
    """Paired dots before → after; None where not one dimension may be shown."""
    if not any(figure.before or figure.after for figure in figures):
        return None
    lines = [
        series(_("训前"), "before", [f.before for f in figures]),
        series(_("训后"), "after", [f.after for f in figures]),
    ]
    if norm:
        lines.append(series(_("全班训后"), "group", [f.after for f in norm]))
    return {
        "labels": [_labelled(figure) for figure in figures],
        "unit": "",
        "min": Decimal(1),
        "max": Decimal(5),
        "row_label": _("维度（人数）"),
        "series": lines,
    }


def _labelled(figure: DimensionFigure) -> str:
    """The dimension with the number of people that its means rest on."""
    shown = figure.before or figure.after
    return _("%(name)s（%(n)s 人）") % {"name": figure.name, "n": figure.people} if shown else figure.name


def level_words(value: Decimal) -> str:
    return f"{value:.1f}"
