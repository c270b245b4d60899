from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortState
from core import clock
from core.drawing import MissingGlyphs, draw_table_document
from core.errors import DomainError
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx
from core.templatetags.linghang import day
from people.models import Unit
from people.permissions import requires
from people.scopes import subtree_condition
from portal.leaders import people as lists
from portal.leaders.cohort import cohort_page
from portal.leaders.cohort import sheets as cohort_sheets
from portal.leaders.home import home_page, top_units
from portal.leaders.unit import sheets as unit_sheets
from portal.leaders.unit import unit_page
from portal.querysets import READERS

MOST_PRINTED = 2000  # lines of one document


def _noted(request: HttpRequest, instance: Any, action: str, **data: str) -> None:
    """A line of the log for a look at summaries; personal files have a register of their own."""
    log(instance, action, user=request.user, data={"path": request.get_full_path()[:300], **data})


def _workbook(name: str, sheets: list[SheetSpec]) -> HttpResponse:
    return download_response(f"{name}-{clock.today():%Y%m%d}.xlsx", write_xlsx(sheets))


@requires("leader")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Three sentences, compliance by rank, six dimensions, classes, what needs attention."""
    for unit in top_units(request.user):
        _noted(request, unit, "portal.summary.read")
    return render(request, "portal/leaders/home.html", home_page(request.user))


@requires(*READERS)
@require_safe
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """The summary of a unit within one's grants; as a page or as a workbook."""
    within = Unit.objects.filter(subtree_condition(request.user, "path", READERS))
    row = get_object_or_404(within, code=code.replace("\x00", ""))
    _noted(request, row, "portal.summary.read")
    context = unit_page(request.user, row)
    if request.GET.get("export") == "xlsx":
        return _workbook(_("%(unit)s培训情况") % {"unit": row.name}, unit_sheets(context))
    parent = row.get_parent() if row.depth > 1 else None
    above = [parent] if parent and within.filter(pk=parent.pk).exists() else []
    context["above"] = above
    return render(request, "portal/leaders/unit.html", context)


def _cohort(request: HttpRequest, public_id: UUID) -> Cohort:
    """A class with people of one's grants, or hosted under them."""
    rows = Cohort.objects.visible_to(request.user).exclude(state=CohortState.CANCELLED).select_related("host")
    return get_object_or_404(rows, public_id=public_id)


@requires(*READERS)
@require_safe
def cohort(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The summary of a class; as a page or as a workbook."""
    row = _cohort(request, public_id)
    _noted(request, row, "portal.summary.read")
    context = cohort_page(request.user, row)
    if request.GET.get("export") == "xlsx":
        return _workbook(_("%(title)s汇总") % {"title": row.full_title}, cohort_sheets(context))
    return render(request, "portal/leaders/cohort.html", context)


@requires(*READERS)
@require_safe
def members(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The members behind a figure of a class, as far as one's grants reach."""
    row = _cohort(request, public_id)
    snapshot, title, counted = lists.member_figures(request.user, row, request.GET)
    _noted(request, row, "portal.people.read", what=title)
    found = lists.members_known(counted, request.user, row)
    shown = lists.listed(found, counted, request.GET.get("page"), lists.member_row)
    context = {"cohort": row, "snapshot": snapshot, "heading": title, "listed": shown}
    context["columns"] = lists.member_columns()
    return render(request, "portal/leaders/members.html", context)


@requires(*READERS)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people behind a figure of hours; as a page, a workbook or an A4 document."""
    context = lists.people_list(request.user, request.GET)
    for unit in top_units(request.user):
        _noted(request, unit, "portal.people.read", what=context["title"])
    kind = request.GET.get("export")
    if kind in ("xlsx", "pdf"):
        return _exported(context, kind)
    shown = lists.listed(context["found"], context["counted"], request.GET.get("page"), lists.person_row)
    context |= {"listed": shown, "columns": lists.person_columns(context["measure"])}
    return render(request, "portal/leaders/people.html", context)


def _exported(context: dict[str, Any], kind: str) -> HttpResponse:
    rows = [lists.plain_row(figure) for figure in context["found"][:MOST_PRINTED]]
    snapshot = context["snapshot"]
    note = _("截至%(day)s") % {"day": day(snapshot.as_of)} if snapshot else ""
    heads = lists.plain_heads(context["measure"])
    if kind == "xlsx":
        columns = [ColumnSpec(heads[0], code=True), *heads[1:]]
        return _workbook(_("干部名单"), [SheetSpec(_("干部名单"), columns, rows, note=f"{context['title']}；{note}")])
    try:
        data = draw_table_document(_("干部名单"), f"{context['title']}；{note}", heads, rows, landscape=True)
    except MissingGlyphs as missing:
        raise DomainError(_("名单里有暂不能印制的字，请改用表格导出，并联系管理员补充字形。")) from missing
    return download_response(f"{_('干部名单')}-{clock.today():%Y%m%d}.pdf", data)
