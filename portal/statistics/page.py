"""A frozen report as tables: every total is a sum of its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.spreadsheets.writer import ColumnSpec, SheetSpec
from core.templatetags.linghang import day, hours, percent
from people.models import Unit
from people.ranks import Regime
from portal.models import StatisticsLine, StatisticsReport
from portal.statistics.counting import GRADUATED, HOURS, LEARNERS, NEED, PEOPLE, PLACES
from records.models import Bucket, Category, Window
from records.presenters.hours import GRACE, MET, SHORT, state_labels

LATER = f":{Window.FROM_PROMOTION}:"
Rows = Sequence[StatisticsLine]


@dataclass(frozen=True)
class Figures:
    """What some lines come to."""

    places: int
    people: int
    graduated: int
    hours: dict[str, Decimal]
    learners: dict[str, int]

    def mean(self, bucket: str) -> Decimal | None:
        """学时 per person who earned any in the bucket."""
        n = self.learners[bucket]
        return (self.hours[bucket] / n).quantize(Decimal("0.1")) if n else None


def figures_of(lines: Iterable[StatisticsLine]) -> Figures:
    rows = list(lines)

    def people(measure: str) -> int:
        return sum(line.people for line in rows if line.measure == measure)

    def worth(measure: str) -> Decimal:
        return Decimal(sum(line.total for line in rows if line.measure == measure)) / 100

    return Figures(
        people(PLACES), people(PEOPLE), people(GRADUATED),
        {bucket.value: worth(HOURS + bucket.value) for bucket in Bucket},
        {bucket.value: people(LEARNERS + bucket.value) for bucket in Bucket},
    )  # fmt: skip


def heads(first: str) -> list[str]:
    return [
        first, _("参训人次"), _("参训人数"), _("结业人次"), _("集中培训学时"), _("集中培训人均学时"), _("网络自学学时"),
        _("网络自学人均学时"),
    ]  # fmt: skip


def cells(name: str, found: Figures) -> list[Any]:
    return [
        name, str(found.places), str(found.people), str(found.graduated),
        hours(found.hours[Bucket.CENTRAL]), hours(found.mean(Bucket.CENTRAL)),
        hours(found.hours[Bucket.ONLINE]), hours(found.mean(Bucket.ONLINE)),
    ]  # fmt: skip


def table(lines: Rows, key: Callable[[StatisticsLine], Any], names: dict[Any, str]) -> list[list[Any]]:
    """One row per name that has a line, then the total."""
    rows = [
        cells(name, figures_of(line for line in lines if key(line) == value))
        for value, name in names.items()
        if any(key(line) == value for line in lines)
    ]
    return [*rows, cells(_("合计"), figures_of(lines))]


def category_table(lines: Rows) -> list[list[Any]]:
    """Places and hours by category; a person may join several kinds, so people are not counted here."""
    used = [line for line in lines if line.category]
    rows = []
    for category in Category:
        found = figures_of(line for line in used if line.category == category)
        if found.places or any(found.hours.values()):
            rows.append(_category_row(str(category.label), found))
    return [*rows, _category_row(_("合计"), figures_of(used))]


def _category_row(name: str, found: Figures) -> list[Any]:
    worth = [hours(found.hours[bucket]) for bucket in (Bucket.CENTRAL, Bucket.ONLINE, Bucket.BASIC)]
    return [name, str(found.places), str(found.graduated), *worth]


def compliance_table(lines: Rows) -> list[list[Any]]:
    """Requirement by requirement: how many it applies to, how many reached it."""
    rows = []
    for regime in Regime:
        for bucket in Bucket:
            for window in Window:
                counts = [_state_count(lines, regime, bucket, window, state) for state in (MET, GRACE, SHORT)]
                if sum(counts):
                    rows.append(_compliance_row(regime, bucket, window, counts))
    return rows


def _state_count(lines: Rows, regime: str, bucket: str, window: str, state: str) -> int:
    measure = f"{NEED}{bucket}:{window}:{state}"
    return sum(line.people for line in lines if line.measure == measure and line.regime == regime)


def _compliance_row(regime: Regime, bucket: Bucket, window: Window, counts: list[int]) -> list[Any]:
    names = [str(regime.label), f"{bucket.label}（{window.label}）"]
    return [*names, str(sum(counts)), *map(str, counts), percent(Decimal(counts[0]) / sum(counts))]


def unit_names(lines: Rows) -> dict[int, str]:
    """Units with a line, in the order of the tree; one query."""
    rows = Unit.objects.filter(pk__in={line.unit_id for line in lines}).order_by("path")
    return {unit.pk: unit.name for unit in rows}


def rank_names() -> dict[str, str]:
    return {**{regime.value: str(regime.label) for regime in Regime}, "": _("没有任职记录")}


def unit_compliance(lines: Rows, names: dict[int, str]) -> list[list[Any]]:
    """达标 by unit: requirement and person, met and all."""
    rows = []
    for pk, name in names.items():
        needs = [line for line in lines if line.unit_id == pk and line.measure.startswith(NEED)]
        if needs:
            rows.append(_unit_need(name, needs))
    every = [line for line in lines if line.measure.startswith(NEED)]
    return [*rows, _unit_need(_("合计"), every)]


def _unit_need(name: str, lines: Rows) -> list[Any]:
    row = [name]
    for bucket in (Bucket.CENTRAL, Bucket.ONLINE):
        mine = [x for x in lines if x.measure.startswith(f"{NEED}{bucket}:") and LATER not in x.measure]
        every, met = sum(x.people for x in mine), sum(x.people for x in mine if x.measure.endswith(f":{MET}"))
        row += [f"{met} / {every}" if every else "—", percent(Decimal(met) / every) if every else "—"]
    return row


def report_page(report: StatisticsReport) -> dict[str, Any]:
    """The tables of a report; two queries."""
    lines = list(report.lines.order_by("pk"))
    names = unit_names(lines)
    return {
        "report": report,
        "total": figures_of(lines),
        "by_rank": table(lines, lambda line: line.regime, rank_names()),
        "by_unit": table(lines, lambda line: line.unit_id, names),
        "by_category": category_table(lines),
        "compliance": compliance_table(lines),
        "unit_compliance": unit_compliance(lines, names),
        "rank_heads": heads(_("对象")),
        "unit_heads": heads(_("单位")),
        "category_heads": [
            _("培训类别"), _("参训人次"), _("结业人次"), _("集中培训学时"), _("网络自学学时"), _("基本培训学时"),
        ],
        "compliance_heads": [
            _("对象"), _("要求"), _("应训人数"), _("已达标"), _("提任期限内"), _("未达标"), _("达标率"),
        ],
        "unit_need_heads": [
            _("单位"), _("集中培训 达标 / 应训"), _("集中培训达标率"), _("网络自学 达标 / 应训"), _("网络自学达标率"),
        ],
        "definitions": definitions(report),
        "lines": lines,
        "names": names,
    }  # fmt: skip


def definitions(report: StatisticsReport) -> list[str]:
    """What every figure means."""
    words = {"year": report.year, "day": day(report.as_of), "version": report.policy_version}
    return [
        _("参训人次：%(year)s年开班的班次里已经报到的学员，中途退学的也计入；按报到时的选派单位归属。") % words,
        _("参训人数：上述学员按人去重，计入其当年最后一次参训时的单位和对象，因此各单位之和等于合计。"),
        _("结业人次：已结班并准予结业的学员；退学和未结业的不计。"),
        _("学时：%(year)s年取得且未冲销的学时，按取得时的单位归属；三类学时分别计算，不相加。") % words,
        _("人均学时：该类学时除以当年取得过该类学时的人数。"),
        _("达标：按%(day)s的任职和应训要求第%(version)s版判断；提任一年期限内尚未完成的单列，不算达标。") % words,
        _("单位达标：不含“提任一年内”的要求，以免同一人的集中培训重复计算。"),
    ]


def sheets(context: dict[str, Any]) -> list[SheetSpec]:
    """The report as a workbook, with its definitions and the lines that the totals are sums of."""
    report = context["report"]
    note = _("%(title)s；截至%(day)s；%(made)s生成") % {
        "title": report, "day": day(report.as_of), "made": day(report.made_at),
    }  # fmt: skip
    return [
        SheetSpec(_("按对象"), context["rank_heads"], context["by_rank"], note=note),
        SheetSpec(_("按单位"), context["unit_heads"], context["by_unit"], note=note),
        SheetSpec(_("按培训类别"), context["category_heads"], context["by_category"], note=note),
        SheetSpec(_("达标情况"), context["compliance_heads"], context["compliance"], note=note),
        SheetSpec(_("单位达标"), context["unit_need_heads"], context["unit_compliance"], note=note),
        SheetSpec(_("明细"), detail_heads(), [_detail(line, context["names"]) for line in context["lines"]], note=note),
        SheetSpec(_("口径"), [ColumnSpec(_("口径"), width=100)], [[text] for text in context["definitions"]]),
    ]


def detail_heads() -> list[str]:
    return [_("单位"), _("对象"), _("培训类别"), _("项目"), _("人（次）"), _("学时")]


def _detail(line: StatisticsLine, names: dict[int, str]) -> list[Any]:
    category = str(Category(line.category).label) if line.category else ""
    worth = hours(Decimal(line.total) / 100) if line.measure.startswith(HOURS) else ""
    return [
        names[line.unit_id], rank_names()[line.regime], category, measure_words(line.measure), line.people, worth,
    ]  # fmt: skip


def measure_words(measure: str) -> str:
    """The name of a measure as people say it."""
    plain = {PLACES: _("参训人次"), PEOPLE: _("参训人数"), GRADUATED: _("结业人次")}
    if measure in plain:
        return plain[measure]
    kind, bucket, *rest = measure.split(":")
    label = str(Bucket(bucket).label)
    if kind + ":" == HOURS:
        return _("%(bucket)s学时（笔数）") % {"bucket": label}
    if kind + ":" == LEARNERS:
        return _("取得%(bucket)s学时的人数") % {"bucket": label}
    return f"{label}（{Window(rest[0]).label}）：{state_labels()[rest[1]]}"
