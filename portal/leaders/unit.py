"""The summary of a unit and everything below it, within the reader's scope."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.spreadsheets.writer import SheetSpec
from core.templatetags.linghang import day, percent
from people.models import Unit
from people.ranks import Regime
from portal import figures
from portal.figures import Compliance, DimensionFigure
from portal.leaders import words
from portal.leaders.home import unit_columns, unit_rows
from portal.leaders.sentences import on_compliance, on_dimensions
from portal.measures import PERSON
from records.models import Bucket


def unit_page(reader: Any, unit: Unit) -> dict[str, Any]:
    """The context of the page; a constant number of queries."""
    snapshot = figures.people_snapshot()
    by_unit = figures.totals_by("unit_id", figures.unit_figures(snapshot, reader).below(unit))
    found = figures.merged(by_unit.values())
    needs, dimensions = figures.compliance(found), figures.dimensions(found, figures.dimension_names())
    on = snapshot.as_of if snapshot else clock.today()
    rows = unit_rows([unit], by_unit)
    return {
        "unit": unit,
        "snapshot": snapshot,
        "people": found.all_of(PERSON).people,
        "people_url": words.people_url(unit=unit),
        "sentences": [on_compliance(needs), on_dimensions(dimensions)],
        "compliance_columns": words.compliance_columns(),
        "compliance_rows": words.compliance_rows(needs, on, unit),
        "chart": words.dimension_chart(dimensions),
        "unit_columns": unit_columns(),
        "unit_rows": rows if len(rows) > 1 else [],
        "needs": needs,
        "dimensions": dimensions,
        "on": on,
    }


def sheets(context: dict[str, Any]) -> list[SheetSpec]:
    """The unit's figures as a workbook: what is not shown on the page is not in it either."""
    note = _("%(unit)s及下级单位，您的授权范围内的干部；截至%(day)s；不足 5 人不显示。") % {
        "unit": context["unit"].name, "day": day(context["on"]),
    }  # fmt: skip
    needs = [_need_line(figure, context["on"]) for figure in context["needs"]]
    levels = [_dimension_line(figure) for figure in context["dimensions"]]
    heads = [_("对象"), _("学时类别"), _("期限"), _("应训人数"), _("已达标"), _("提任期限内"), _("未达标"), _("达标率")]
    return [
        SheetSpec(_("学时达标"), heads, needs, note=note),
        SheetSpec(_("能力维度"), dimension_heads(), levels, note=note),
    ]


def dimension_heads() -> list[str]:
    return [_("维度"), _("人数"), _("训前"), _("训前区间"), _("训后"), _("训后区间")]


def _need_line(figure: Compliance, on: Any) -> list[Any]:
    head = [
        str(Regime(figure.regime).label), str(Bucket(figure.bucket).label), words.window_label(figure.window, on),
    ]  # fmt: skip
    if not figure.shown:
        return [*head, words.few(), "", "", "", ""]
    return [*head, figure.people, figure.met, figure.grace, figure.short, percent(figure.share)]


def _dimension_line(figure: DimensionFigure) -> list[Any]:
    if not (figure.before or figure.after):
        return [figure.name, words.few(), "", "", "", ""]
    cells: list[Any] = [figure.name, figure.people]
    for level in (figure.before, figure.after):
        cells += [f"{level.value:.2f}", f"{level.low:.2f}–{level.high:.2f}"] if level else ["", ""]
    return cells


dimension_line = _dimension_line
