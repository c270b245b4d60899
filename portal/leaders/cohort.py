"""The summary of a class: who came, who graduated and why not, and the six dimensions before and after."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Cohort, CohortState, MembershipState
from competencies.profiles import LEAST_GROUP
from core.spreadsheets.writer import SheetSpec
from core.templatetags.linghang import day, hours, percent
from portal import figures
from portal.figures import DimensionFigure, Totals
from portal.leaders import words
from portal.leaders.unit import dimension_heads, dimension_line
from portal.measures import AFTER, ARRIVED, MEMBER, REASON, dimension
from portal.models import Snapshot, UnitFigure

OVER = (CohortState.CLOSED, CohortState.ARCHIVED)


def cohort_page(reader: Any, cohort: Cohort) -> dict[str, Any]:
    """The context of the page; a constant number of queries."""
    snapshot = figures.snapshots_of([cohort.context_key]).get(cohort.context_key)
    found = figures.totals(figures.unit_figures(snapshot, reader))
    whole = figures.totals(UnitFigure.objects.filter(snapshot=snapshot))
    names = figures.dimension_names()
    dimensions = figures.dimensions(found, names)
    return {
        "cohort": cohort,
        "snapshot": snapshot,
        "over": cohort.state in OVER,
        "stats": stats(cohort, snapshot, found),
        "sentence": sentence(cohort, found),
        "reason_columns": [{"label": _("未满足的条件")}, {"label": _("人数"), "number": True}],
        "reason_rows": reason_rows(cohort, found),
        "chart": words.dimension_chart(dimensions, norm_of(found, whole, figures.dimensions(whole, names))),
        "partly": found.all_of(MEMBER).people < whole.all_of(MEMBER).people,
        "members_url": members_url(cohort),
        "found": found,
        "dimensions": dimensions,
    }


def members_url(cohort: Cohort, **chosen: str) -> str:
    address = reverse("portal:leaders-members", args=[cohort.public_id])
    return f"{address}?{urlencode(chosen)}" if chosen else address


def norm_of(found: Totals, whole: Totals, norm: Sequence[DimensionFigure]) -> list[DimensionFigure]:
    """The whole class beside one's own people, dimension by dimension: only where the others are five or more.

    Nothing where one sees the whole class or where no dimension may be shown.
    """
    if found.all_of(MEMBER).people == whole.all_of(MEMBER).people:
        return []
    shown = [figure if _enough_others(figure.code, found, whole) else _hidden(figure) for figure in norm]
    return shown if any(figure.after for figure in shown) else []


def _enough_others(code: str, found: Totals, whole: Totals) -> bool:
    """Whether those whom the reader does not see are enough to stay unknown behind the difference of two means."""
    measure = dimension(code, AFTER)
    return whole.get(measure).people - found.get(measure).people >= LEAST_GROUP


def _hidden(figure: DimensionFigure) -> DimensionFigure:
    return DimensionFigure(figure.code, figure.name, None, None, 0)


def graduated(found: Totals) -> int:
    return found.get(MEMBER, MembershipState.GRADUATED).people


def sentence(cohort: Cohort, found: Totals) -> str:
    """How the class did, in one sentence."""
    members = found.all_of(MEMBER).people
    if not members:
        return _("您的授权范围内还没有本班学员的汇总数据。")
    if members < LEAST_GROUP:
        return _("您的授权范围内的本班学员不足 5 人，不显示汇总数字。")
    if cohort.state not in OVER:
        return _("选派 %(all)s 人，已报到 %(here)s 人，结班后公布结业情况。") % {
            "all": members, "here": found.get(ARRIVED).people,
        }  # fmt: skip
    return _("选派 %(all)s 人，结业 %(done)s 人，结业率 %(share)s。") % {
        "all": members, "done": graduated(found), "share": percent(graduated(found) / members),
    }  # fmt: skip


def stats(cohort: Cohort, snapshot: Snapshot | None, found: Totals) -> list[dict[str, Any]]:
    """Four figures, each opening to its list."""
    members = found.all_of(MEMBER)
    if not members.people:
        return []
    rows = [_count(_("选派"), members.people, members_url(cohort))]
    rows.append(_count(_("报到"), found.get(ARRIVED).people, members_url(cohort, kind="arrived")))
    if cohort.state in OVER:
        done = graduated(found)
        rows.append(_count(_("结业"), done, members_url(cohort, kind="graduated")))
        rows.append(_count(_("未结业"), members.people - done, members_url(cohort, kind="missing")))
        rows.append(_hours(found) | {"window": f"{day(cohort.starts_on)}—{day(cohort.ends_on)}"})
    base = {"suppressed": members.people < LEAST_GROUP, "date": snapshot.as_of if snapshot else None}
    return [base | row for row in rows]


def _count(label: str, value: int, url: str) -> dict[str, Any]:
    return {"label": label, "value": value, "unit": _("人"), "url": url, "url_label": _("查看名单")}


def _hours(found: Totals) -> dict[str, Any]:
    """Hours credited to those who graduated; they alone are credited any."""
    total = found.get(MEMBER, MembershipState.GRADUATED)
    mean = (total.value / total.people).quantize(Decimal("0.1")) if total.people else Decimal(0)
    return {"label": _("结业学员人均学时"), "value": hours(mean), "unit": _("学时"), "url": "", "url_label": ""}


def reason_rows(cohort: Cohort, found: Totals) -> list[list[Any]]:
    """How many members each condition kept from graduating; one person may miss several."""
    if found.all_of(MEMBER).people < LEAST_GROUP:
        return []
    rows = [(measure.removeprefix(REASON), found.all_of(measure).people) for measure in found.measures(REASON)]
    return [
        [label, {"text": str(count), "url": members_url(cohort, reason=label)}]
        for label, count in sorted(rows, key=lambda row: (-row[1], row[0]))
    ]


def sheets(context: dict[str, Any]) -> list[SheetSpec]:
    """The page's figures as a workbook."""
    cohort, snapshot = context["cohort"], context["snapshot"]
    note = _("%(title)s，您的授权范围内的学员；截至%(day)s；不足 5 人不显示。") % {
        "title": cohort.full_title, "day": day(snapshot.as_of) if snapshot else "",
    }  # fmt: skip
    shown = [[s["label"], words.few() if s["suppressed"] else s["value"], s["unit"]] for s in context["stats"]]
    reasons = [[label, cell["text"]] for label, cell in context["reason_rows"]]
    return [
        SheetSpec(_("完成情况"), [_("项目"), _("数值"), _("单位")], shown, note=note),
        SheetSpec(_("未结业原因"), [_("未满足的条件"), _("人数")], reasons, note=note),
        SheetSpec(_("能力维度"), dimension_heads(), [dimension_line(d) for d in context["dimensions"]], note=note),
    ]
