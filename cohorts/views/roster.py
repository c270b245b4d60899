"""The roster wizard: upload, map columns by hand where needed, look, commit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import RosterForm
from cohorts.models import Cohort
from cohorts.views.loading import class_of_office, page, training_office
from core.errors import Conflict, DomainError
from core.spreadsheets.writer import download_response
from people import roster
from people.models import RosterImport
from people.roster.columns import COLUMNS
from people.roster.report import label_of

SHOWN = 200


def _waiting(request: HttpRequest, cohort: Cohort, import_id: UUID) -> RosterImport:
    """An upload of one's own for this class that still waits."""
    mine = RosterImport.objects.filter(owner=request.user, context_key=cohort.context_key)
    staged: RosterImport = get_object_or_404(mine.filter(state=RosterImport.State.PREVIEWED), pk=import_id)
    return staged


@training_office
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_of_office(request, public_id)
    form = RosterForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        return _stage(request, cohort, form, file.name, file.read())
    status = 422 if form.errors else 200
    return page(request, "roster_upload", cohort, "members", form=form, step=1, status=status)


def _stage(request: HttpRequest, cohort: Cohort, form: RosterForm, name: str, data: bytes) -> HttpResponse:
    try:
        staged, _report = roster.stage(actor=request.user, name=name, data=data, context_key=cohort.context_key)
    except DomainError as refusal:
        if refusal.code in ("missing_columns", "no_header"):
            staged = services.keep_unread(actor=request.user, cohort=cohort, name=name, data=data)
            messages.error(request, refusal.message)
            return redirect("cohorts:roster-columns", cohort.public_id, staged.pk)
        form.add_error("file", refusal.message)
        return page(request, "roster_upload", cohort, "members", form=form, step=1, status=422)
    return redirect("cohorts:roster-preview", cohort.public_id, staged.pk)


def _data(staged: RosterImport) -> bytes:
    with staged.file.open("rb") as file:
        content: bytes = file.read()
    return content


@training_office
@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, public_id: UUID, import_id: UUID) -> HttpResponse:
    """Say by hand which column holds what."""
    cohort = class_of_office(request, public_id)
    staged = _waiting(request, cohort, import_id)
    data = _data(staged)
    found = roster.headings(name=staged.file_name, data=data)
    if request.method == "POST":
        mapping = _mapping(request.POST, found)
        try:
            roster.stage(
                actor=request.user, name=staged.file_name, data=data, mapping=mapping, context_key=cohort.context_key
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            return redirect("cohorts:roster-preview", public_id, import_id)
    chosen = staged.mapping or found.found
    fields = [
        {"key": c.key, "label": label_of(c.key), "required": c.required, "place": chosen.get(c.key, 0)} for c in COLUMNS
    ]
    return page(request, "roster_columns", cohort, "members", staged=staged, found=found, fields=fields, step=2)


def _mapping(posted: Any, found: roster.Headings) -> dict[str, int]:
    """Key → column from 1, for columns that exist; with the row of the headings."""
    places = {place for place, _text in found.headings}
    chosen = {c.key: posted.get(f"column_{c.key}", "") for c in COLUMNS}
    mapping = {k: int(v) for k, v in chosen.items() if v.isdecimal() and len(v) < 6 and int(v) in places}
    return {**mapping, "header_row": found.header_row}


@training_office
@require_safe
def preview(request: HttpRequest, public_id: UUID, import_id: UUID) -> HttpResponse:
    """What the import would do: counts, and each bad row by name."""
    cohort = class_of_office(request, public_id)
    staged = _waiting(request, cohort, import_id)
    try:
        report = roster.staged_report(actor=request.user, staged=staged)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("cohorts:roster-columns", public_id, import_id)
    known = cohort.memberships.filter(user__in=report.user_ids).count()
    return page(
        request,
        "roster_preview",
        cohort,
        "members",
        staged=staged,
        report=report,
        errors=_rows(report.errors),
        warnings=_rows(report.warnings),
        shown=SHOWN,
        in_class=known,
        entering=report.accepted - known,
        columns=[
            {"label": _("行")},
            {"label": _("列")},
            {"label": _("内容")},
            {"label": _("原因和处理办法")},
        ],
        step=3,
    )


def _rows(findings: list[roster.Finding]) -> list[list[Any]]:
    """The findings as the page shows them, long numbers hidden in the middle."""
    masked = [f.masked() for f in findings[:SHOWN]]
    return [[_place(f), f["column"], f["value"], f["reason"]] for f in masked]


def _place(finding: dict[str, Any]) -> str:
    """Sheet and row; the one sheet of a csv file has no name of its own."""
    words = _("第 %(row)s 行") if finding["sheet"] == "csv" else _("%(sheet)s 第%(row)s行")
    return words % finding


@training_office
@require_POST
def commit(request: HttpRequest, public_id: UUID, import_id: UUID) -> HttpResponse:
    """Import the good rows and take their people into the class, or nothing at all."""
    cohort = class_of_office(request, public_id)
    staged = _waiting(request, cohort, import_id)
    try:
        done, joined = services.enter_staged(actor=request.user, cohort=cohort, staged=staged)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("cohorts:members", public_id=public_id)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("cohorts:roster-preview", public_id, import_id)
    words = _("已导入：新增 %(created)s 人，更新 %(updated)s 人，无变化 %(same)s 人；%(joined)s 人进入本班。")
    counts = {"created": done.created, "updated": done.updated, "same": done.unchanged, "joined": joined}
    messages.success(request, words % counts)
    return redirect(reverse("cohorts:members", args=[public_id]))


@training_office
@require_safe
def refused(request: HttpRequest, public_id: UUID, import_id: UUID) -> HttpResponse:
    """The refused rows as a workbook with a column of reasons."""
    cohort = class_of_office(request, public_id)
    report = roster.staged_report(actor=request.user, staged=_waiting(request, cohort, import_id))
    return download_response(f"{cohort.code}-{_('退回的行')}.xlsx", roster.refused_workbook(report))


@training_office
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The blank roster with drop-downs."""
    return download_response(f"{_('名册模板')}.xlsx", roster.template_workbook())
