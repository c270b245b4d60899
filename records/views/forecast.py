"""The forecast: who is met, on course, at risk, short; for the office in detail, for leaders in counts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx
from core.templatetags.linghang import day
from people.models import Unit
from people.permissions import requires
from people.scopes import subtree_condition
from people.search import LONGEST, find_people
from people.services import note_file_read
from records.filters import OutlookFilter
from records.models import CadreOutlook
from records.reading import forecasting, screens
from records.reading.tracing import trace_of, trace_page
from records.rules.forecast import STATES
from records.services.outlooks import freshen, order_rebuild
from records.views.shared import page, person_or_404, readers

PER_PAGE = 50


def outlooks_of(reader: Any, roles: tuple[str, ...]) -> QuerySet[CadreOutlook]:
    """Ready figures of the active cadres of the reader's grants, by name."""
    people = screens.cadres_of(reader, roles)
    return CadreOutlook.objects.filter(user__in=people.order_by().values("pk")).order_by("user__sort_key", "user")


@readers
@never_cache
@require_safe
def forecast(request: HttpRequest) -> HttpResponse:
    """The summary of one's scope, and the people behind it; as a page or as a workbook."""
    job = freshen(actor=request.user, people=screens.cadres_of(request.user))
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    every = outlooks_of(request.user, screens.READERS)
    found = OutlookFilter(request.GET, queryset=every, units=screens.units_of(request.user))
    chosen = found.form.cleaned_data if found.is_valid() else {}
    within = _in_unit(every, chosen.get("unit"))
    rows = find_people(forecasting.filtered(within, **_kinds(chosen)), words)
    if request.GET.get("export") == "xlsx":
        return _workbook(rows, within, chosen)
    listing = Paginator(rows.select_related("user__unit").prefetch_related("lines"), PER_PAGE)
    shown = listing.get_page(request.GET.get("page"))
    units = forecasting.children_of(screens.units_of(request.user), chosen.get("unit"))
    context = {
        "filters": found,
        "q": words,
        "page": shown,
        "rows": forecasting.rows_of(list(shown.object_list), **_requirement(chosen)),
        "heads": forecasting.heads(),
        "tallies": [_opened(tally, chosen) for tally in forecasting.by_requirement(within)],
        "units": [_opened(tally, chosen) for tally in forecasting.by_unit(within, units)],
        "definitions": forecasting.definitions(),
        "today": clock.today(),
        "job": job,
    }
    return page(request, "forecast", "records:forecast", context)


def _kinds(chosen: dict[str, Any]) -> dict[str, str]:
    return {name: chosen.get(name) or "" for name in ("regime", "state", "bucket", "window")}


def _requirement(chosen: dict[str, Any]) -> dict[str, str]:
    return {name: chosen.get(name) or "" for name in ("bucket", "window")}


def _opened(tally: forecasting.Tally, chosen: dict[str, Any]) -> dict[str, Any]:
    """A row of counts, each leading to its people in the list below."""
    unit = {"unit": str(chosen["unit"].pk)} if chosen.get("unit") else {}
    found = {**unit, **tally.chosen}
    addresses = [f"?{urlencode({**found, 'state': state})}#people" for state in STATES]
    return {
        "label": tally.label,
        "requirement": tally.requirement,
        "people": tally.people,
        "url": f"?{urlencode(found)}#people",
        "cells": list(zip(tally.cells, addresses, strict=True)),
    }


def _in_unit(rows: QuerySet[CadreOutlook], unit: Unit | None) -> QuerySet[CadreOutlook]:
    return rows.filter(user__unit__path__startswith=unit.path) if unit else rows


def _workbook(rows: QuerySet[CadreOutlook], within: QuerySet[CadreOutlook], chosen: dict[str, Any]) -> HttpResponse:
    today = clock.today()
    note = _("截至%(day)s；按最近一次计算。集中培训、网络自学和基本培训分别计算，不相加。") % {"day": day(today)}
    columns = [
        ColumnSpec(_("工号"), code=True), _("姓名"), _("单位"), _("对象"), _("学时类别"), _("期限"), _("已取得 / 要求"),
        _("状态"), _("差额"), _("补足办法"),
    ]  # fmt: skip
    tallies = [[t.label, t.requirement, t.people, *t.cells] for t in forecasting.by_requirement(within)]
    sheets = [
        SheetSpec(_("达标预测"), columns, forecasting.export_rows(rows, **_requirement(chosen)), note=note),
        SheetSpec(_("汇总"), [_("对象"), _("要求"), _("人数"), *forecasting.heads()], tallies, note=note),
    ]
    return download_response(f"{_('达标预测')}-{today:%Y%m%d}.xlsx", write_xlsx(sheets))


@readers
@require_POST
def rebuild(request: HttpRequest) -> HttpResponse:
    """Reckon everybody anew, as a job."""
    return redirect(order_rebuild(actor=request.user))


@requires("leader")
@never_cache
@require_safe
def leaders(request: HttpRequest) -> HttpResponse:
    """Counts of a leader's scope; where they are fewer than five nothing is told, and units are not ranked."""
    rows = outlooks_of(request.user, ("leader",))
    units = Unit.objects.filter(subtree_condition(request.user, "path", ("leader",)))
    least = forecasting.LEAST_GROUP
    as_of = rows.order_by("as_of").values_list("as_of", flat=True).exclude(as_of=None).first()
    tallies = forecasting.by_requirement(rows, least=least)
    below = forecasting.by_unit(rows, forecasting.children_of(units, None), least=least)
    context = {
        "columns": _columns(_("对象"), _("要求")),
        "rows": [[t.label, t.requirement, *_cells(t)] for t in tallies],
        "unit_columns": _columns(_("单位")),
        "unit_rows": [[t.label, *_cells(t)] for t in below] if len(below) > 1 else [],
        "definitions": forecasting.definitions(),
        "as_of": as_of,
        "people": rows.count(),
    }
    return render(request, "records/leaders_forecast.html", context)


def _columns(*labels: str) -> list[dict[str, Any]]:
    numbers = [_("人数"), *forecasting.heads()]
    return [*({"label": label} for label in labels), *({"label": label, "number": True} for label in numbers)]


def _cells(tally: forecasting.Tally) -> list[Any]:
    if tally.hidden:
        return [_("不足 5 人，不显示"), *["—" for _state in tally.cells]]
    return [tally.people, *tally.cells]


@readers
@never_cache
@require_safe
def trace(request: HttpRequest, public_id: Any, key: str) -> HttpResponse:
    """One figure of one cadre, opened; the reading of the file is noted."""
    person, today = person_or_404(request, public_id), clock.today()
    found = trace_of(person, key, today)
    if found is None:
        raise Http404
    note_file_read(reader=request.user, subject=person, part=_("学时依据"))
    return page(request, "trace", "records:compliance", trace_page(person, found, today))
