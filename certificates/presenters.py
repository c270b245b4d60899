"""Reports and candidates made ready for pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from certificates.models import CompetencyReport


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def shown_level(value: str | None) -> str:
    """A level with one decimal, as the document prints it."""
    return "—" if value is None else f"{Decimal(value):.1f}"


def radar_data(dimensions: list[dict[str, Any]]) -> dict[str, Any]:
    """The three lines of the radar; a dimension with too little evidence has no value."""

    def values(key: str) -> list[Decimal | None]:
        return [None if d["insufficient"] and key != "group" else _decimal(d[key]) for d in dimensions]

    series = [
        {"name": _("训前"), "role": "before", "values": values("before")},
        {"name": _("训后"), "role": "after", "values": values("after")},
        {"name": _("班级平均"), "role": "group", "values": values("group"), "missing": _("不显示")},
    ]
    return {
        "labels": [d["name"] for d in dimensions],
        "unit": "",
        "min": 1,
        "max": 5,
        "row_label": _("维度"),
        "series": series,
    }


def _indicator(row: dict[str, Any]) -> dict[str, Any]:
    evidence = [{**e, "on": date.fromisoformat(e["on"]), "score": shown_level(e["score"])} for e in row["evidence"]]
    return {**row, "before": shown_level(row["before"]), "after": shown_level(row["after"]), "evidence": evidence}


def _dimension(row: dict[str, Any]) -> dict[str, Any]:
    indicators = [_indicator(i) for i in row["indicators"]]
    return {
        **row,
        "before": shown_level(row["before"]),
        "after": shown_level(row["after"]),
        "span": f"{shown_level(row['low'])}–{shown_level(row['high'])}" if row["low"] else "",
        "indicators": [i for i in indicators if i["evidence"]],
    }


def report_page(report: CompetencyReport, reader: Any) -> dict[str, Any]:
    figures = report.figures
    return {
        "report": report,
        "member": report.membership,
        "own": report.membership.user_id == reader.pk,
        "radar": radar_data(figures["dimensions"]),
        "dimensions": [_dimension(d) for d in figures["dimensions"]],
        "strengths": figures["strengths"],
        "next_steps": figures["next_steps"],
        "framework": figures["framework"],
    }
