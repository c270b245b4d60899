"""The leaders' first page: three sentences, compliance by rank, six dimensions, classes, what needs attention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.models import Cohort, CohortState, Membership, MembershipState
from competencies.profiles import LEAST_GROUP
from core import clock
from core.templatetags.linghang import day, percent
from people.models import Unit
from people.scopes import grant_paths
from portal import figures, querysets
from portal.figures import Compliance, Totals
from portal.leaders import words
from portal.leaders.sentences import ClassFigures, Sentence, on_classes, on_compliance, on_dimensions
from portal.leaders.withholding import withheld_in_parts
from portal.measures import MEMBER, PERSON
from portal.models import UnitFigure
from records.models import Window
from records.presenters.hours import GRACE, SHORT

OVER = (CohortState.CLOSED, CohortState.ARCHIVED)


def home_page(reader: Any) -> dict[str, Any]:
    """The context of the page; the number of queries depends neither on people nor on classes."""
    snapshot = figures.people_snapshot()
    by_unit = figures.totals_by("unit_id", figures.unit_figures(snapshot, reader))
    found, names = figures.merged(by_unit.values()), figures.dimension_names()
    needs, dimensions = figures.compliance(found), figures.dimensions(found, names)
    on, cohorts = (snapshot.as_of if snapshot else clock.today()), cohorts_of(reader, clock.today().year)
    classes = class_totals(cohorts, reader)
    tops = top_units(reader)
    return {
        "snapshot": snapshot,
        "scope": "、".join(unit.name for unit in tops),
        "sentences": [
            Sentence(on_classes(class_figures(cohorts, classes, on.year)), _class_url(cohorts)),
            Sentence(on_compliance(needs), "#compliance"),
            Sentence(on_dimensions(dimensions), "#dimensions"),
        ],
        "compliance_columns": words.compliance_columns(),
        "compliance_rows": words.compliance_rows(needs, on),
        "chart": words.dimension_chart(dimensions),
        "class_columns": class_columns(),
        "class_rows": [class_row(cohort, classes.get(cohort.context_key)) for cohort in cohorts],
        "unit_columns": unit_columns(),
        "unit_rows": unit_rows(tops, by_unit),
        "attention": attention(reader, needs, cohorts, classes),
    }


def top_units(reader: Any) -> list[Unit]:
    """The units on which the reader's grants stand."""
    return list(Unit.objects.filter(path__in=grant_paths(reader, querysets.READERS)).order_by("path"))


# Classes.


def cohorts_of(reader: Any, year: int) -> list[Cohort]:
    """Classes that run, and those of the year that are over, the newest first."""
    rows = Cohort.objects.visible_to(reader).exclude(state=CohortState.CANCELLED)
    running, ended = rows.running(), rows.filter(state__in=OVER, ends_on__year=year)
    return list((running | ended).distinct().order_by("-starts_on", "-pk"))


def class_totals(cohorts: Sequence[Cohort], reader: Any) -> dict[str, Totals]:
    """The figures of each class within the reader's scope, by context key; two queries."""
    snapshots = {s.pk: s.key for s in figures.snapshots_of(c.context_key for c in cohorts).values()}
    rows = UnitFigure.objects.filter(snapshot__in=snapshots).visible_to(reader)
    return {snapshots[pk]: found for pk, found in figures.totals_by("snapshot_id", rows).items()}


def graduated(found: Totals) -> int:
    return found.get(MEMBER, MembershipState.GRADUATED).people


def class_figures(cohorts: Sequence[Cohort], classes: dict[str, Totals], year: int) -> ClassFigures:
    over = [c for c in cohorts if c.state in OVER]
    running = [c for c in cohorts if c.state == CohortState.RUNNING]
    done = figures.merged(classes[c.context_key] for c in over if c.context_key in classes)
    now = figures.merged(classes[c.context_key] for c in running if c.context_key in classes)
    return ClassFigures(
        year, len(over), len(running), done.all_of(MEMBER).people, graduated(done),
        now.get(MEMBER, MembershipState.REGISTERED).people,
    )  # fmt: skip


def _class_url(cohorts: Sequence[Cohort]) -> str:
    over = [c for c in cohorts if c.state in OVER]
    return cohort_url(over[0]) if len(over) == 1 else "#classes"


def cohort_url(cohort: Cohort) -> str:
    return reverse("portal:leaders-cohort", args=[cohort.public_id])


def class_columns() -> list[dict[str, Any]]:
    heads = [{"label": _("班次")}, {"label": _("时间")}, {"label": _("状态")}]
    return heads + [{"label": label, "number": True} for label in (_("学员"), _("结业"), _("结业率"))]


def class_row(cohort: Cohort, found: Totals | None) -> list[Any]:
    """A class with its figures where there are any; below five members they are not shown."""
    head = [
        {"text": cohort.full_title, "url": cohort_url(cohort)},
        f"{day(cohort.starts_on)}—{day(cohort.ends_on)}",
        {"state": "done" if cohort.state in OVER else "info", "state_word": str(cohort.get_state_display())},
    ]
    members = found.all_of(MEMBER).people if found else 0
    if members < LEAST_GROUP or found is None:
        return [*head, words.few() if members else _("尚无数据"), "", ""]
    if cohort.state not in OVER:
        return [*head, str(members), "", ""]
    return [*head, str(members), str(graduated(found)), percent(graduated(found) / members)]


# Units.


def unit_columns() -> list[dict[str, Any]]:
    labels = (_("干部人数"), _("处级集中培训"), _("科级集中培训"), _("网络自学"))
    return [{"label": _("单位")}, *({"label": label, "number": True} for label in labels)]


def unit_rows(parents: Sequence[Unit], by_unit: dict[int, Totals]) -> list[list[Any]]:
    """Parents with their own people, and below them each unit one step down with everything under it; by the tree."""
    known = list(Unit.objects.filter(_at_or_below(parents)).order_by("path"))
    found = [part for parent in _outermost(parents) for part in _parts(parent, known, by_unit)]
    cells = shown_cells([_cells(sums) for _parent, _unit, sums in found], [parent.pk for parent, _unit, _sums in found])
    return [
        [_unit_name(unit, own=unit == parent), *row]
        for (parent, unit, _sums), row in zip(found, cells, strict=True)
    ]  # fmt: skip


def _outermost(units: Sequence[Unit]) -> list[Unit]:
    """By the tree, without those that stand below another."""
    paths = [unit.path for unit in units]
    inner = [unit for unit in units if any(unit.path != path and unit.path.startswith(path) for path in paths)]
    return sorted((unit for unit in units if unit not in inner), key=lambda unit: unit.path)


def _parts(parent: Unit, known: Sequence[Unit], by_unit: dict[int, Totals]) -> list[tuple[Unit, Unit, Totals]]:
    """What a parent's total is made of, as (parent, unit, figures); units without people are left out."""
    heads = [unit for unit in known if unit == parent or _parent_path(unit) == parent.path]
    parts = []
    for head in heads:
        inside = [by_unit[u.pk] for u in known if u.pk in by_unit and _belongs(u.path, head.path, head == parent)]
        found = figures.merged(inside)
        if found.all_of(PERSON).people:
            parts.append((parent, head, found))
    return parts


def _at_or_below(parents: Sequence[Unit]) -> Q:
    condition = Q(pk__in=[])
    for parent in parents:
        condition |= Q(path__startswith=parent.path)
    return condition


def _parent_path(unit: Unit) -> str:
    return unit.path[: -unit.steplen]


def _belongs(path: str, head: str, only_itself: bool) -> bool:
    return path == head if only_itself else path.startswith(head)


def _unit_name(unit: Unit, *, own: bool) -> dict[str, Any]:
    url = reverse("portal:leaders-unit", args=[unit.code])
    return {"text": unit.name, "url": url, "sub": _("本级，不含下级单位") if own else ""}


Cell = tuple[int, str]  # how many people it tells of, and what it says


def _cells(found: Totals) -> list[Cell]:
    """The figures of a unit: its people, then those who met each of three requirements."""
    people, needs = found.all_of(PERSON).people, figures.compliance(found)
    senior = [f for f in needs if f.regime == "senior" and f.bucket == "central" and f.window == Window.ROLLING_5]
    junior = [f for f in needs if f.regime == "junior" and f.bucket == "central" and f.window == Window.YEAR]
    online = [f for f in needs if f.bucket == "online" and f.window == Window.YEAR]
    return [(people, str(people)), _share(senior), _share(junior), _share(online)]


def _share(rows: Sequence[Compliance]) -> Cell:
    """12 / 20; a dash where the requirement applies to nobody."""
    people, met = sum(f.people for f in rows), sum(f.met for f in rows)
    return people, f"{met} / {people}" if people else "—"


def shown_cells(rows: Sequence[Sequence[Cell]], parts: Sequence[int]) -> list[list[str]]:
    """What a reader may read of each row: small groups are not shown, nor what would give one away by subtraction.

    ``parts`` names what each row is a part of. A unit whose number of people is withheld shows nothing else either.
    """
    if not rows:
        return []
    whole, *columns = [[people for people, _text in column] for column in zip(*rows, strict=True)]
    gone = withheld_in_parts(whole, parts)
    hidden = [gone, *(withheld_in_parts(column, parts, gone) for column in columns)]
    return [[_cell(cell, hidden[n], at, whole=n == 0) for n, cell in enumerate(row)] for at, row in enumerate(rows)]


def _cell(cell: Cell, hidden: frozenset[int], at: int, *, whole: bool) -> str:
    if at not in hidden:
        return cell[1]
    return words.few() if cell[0] < LEAST_GROUP and (cell[0] or whole) else words.guarded()


# What needs attention.


def attention(
    reader: Any, needs: Sequence[Compliance], cohorts: Sequence[Cohort], classes: dict[str, Totals]
) -> list[dict[str, Any]]:
    """What a leader may want to act on, each with the list behind it; neither ranking nor names."""
    return [*_promoted(needs), *_short(needs), *_classes(cohorts, classes), *_leave(reader)]


def _item(title: str, url: str, sub: str, state: str = "risk") -> dict[str, Any]:
    return {"title": title, "url": url, "sub": sub, "state": state, "state_word": _("需关注")}


def _promoted(needs: Sequence[Compliance]) -> list[dict[str, Any]]:
    """Those whose year after the promotion runs; how many, where the seniors they belong to are five or more."""
    shown = any(f.shown for f in needs if f.window == Window.ROLLING_5)
    waiting = [f for f in needs if f.window == Window.FROM_PROMOTION and f.grace]
    return [
        _item(
            _("%(who)s提任后须在一年内完成集中培训") % {"who": _("%(n)s 人") % {"n": f.grace} if shown else _("有人")},
            words.people_url(measure=f.measure, state=GRACE),
            _("名单里写明每人的期限和差额"),
        )
        for f in waiting
    ]


def _short(needs: Sequence[Compliance]) -> list[dict[str, Any]]:
    short = [f for f in needs if f.short and f.shown and f.window != Window.FROM_PROMOTION]
    return [
        _item(
            _("%(n)s 人尚未达到：%(need)s") % {"n": f.short, "need": words.short_need(f)},
            words.people_url(measure=f.measure, state=SHORT),
            _("应训 %(n)s 人") % {"n": f.people},
        )
        for f in short
    ]


def _classes(cohorts: Sequence[Cohort], classes: dict[str, Totals]) -> list[dict[str, Any]]:
    items = []
    for cohort in cohorts:
        found = classes.get(cohort.context_key)
        if found is None or cohort.state not in OVER:
            continue
        members = found.all_of(MEMBER).people
        missing = members - graduated(found)
        if missing and members >= LEAST_GROUP:
            title = _("%(n)s 人未结业") % {"n": missing}
            items.append(_item(title, cohort_url(cohort) + "#reasons", cohort.full_title))
    return items


def _leave(reader: Any) -> list[dict[str, Any]]:
    """Members above the limit in classes that still run; one query."""
    flagged = Membership.objects.visible_to(reader).flagged().filter(
        cohort__state=CohortState.RUNNING, state=MembershipState.REGISTERED
    )  # fmt: skip
    titles = list(flagged.select_related("cohort").order_by("cohort__starts_on"))
    by_class = {member.cohort: sum(m.cohort_id == member.cohort_id for m in titles) for member in titles}
    return [
        _item(_("%(n)s 人请假超过七分之一") % {"n": n}, cohort_url(cohort), cohort.full_title)
        for cohort, n in by_class.items()
    ]
