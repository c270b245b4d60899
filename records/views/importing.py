"""Old hours from a spreadsheet: upload, look, import; and the values that changed since."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, DomainError
from core.spreadsheets.writer import download_response
from core.templatetags.linghang import day, hours
from core.uploads import checked_upload
from people.services import note_file_read
from records import importing
from records.forms.claims import ChangeDecisionForm, ImportForm
from records.importing.planning import CHANGED, KEPT, NEW, UNCHANGED, WAITING, Plan
from records.models import HourChange, HourImport
from records.services.changes import decide_change
from records.views.shared import office, page, tell

BIGGEST_FILE = 20 * 1024 * 1024  # bytes
SHOWN = 200
PER_PAGE = 30


def own_import(request: HttpRequest, public_id: UUID) -> HourImport:
    found: HourImport = get_object_or_404(
        HourImport.objects.filter(owner=request.user).select_related("job"), public_id=public_id
    )
    return found


@office
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a file; below it what one imported before."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            file = checked_upload(form.cleaned_data["file"], kinds={"spreadsheet"}, max_bytes=BIGGEST_FILE)
            staged, _found = importing.stage_import(
                actor=request.user, source=form.cleaned_data["source"], name=file.original_name, data=file.data
            )
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("records:import", staged.public_id)
    mine = HourImport.objects.filter(owner=request.user)
    listing = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": listing, "rows": listing.object_list}
    return page(request, "imports", "records:imports", context, status=422 if form.errors else 200)


@office
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    return download_response(f"{_('既往学时导入模板')}.xlsx", importing.template_workbook())


@office
@never_cache
@require_safe
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the import would do: counts, each bad row by name, each changed value beside the old one."""
    staged = own_import(request, public_id)
    if staged.state != HourImport.State.PREVIEWED:
        return redirect("records:import-done", public_id)
    try:
        found = importing.staged_plan(actor=request.user, staged=staged)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("records:imports")
    return page(request, "import_preview", "records:imports", _preview(staged, found))


def _preview(staged: HourImport, found: Plan) -> dict[str, Any]:
    counts, errors = found.counts(), found.errors
    return {
        "staged": staged,
        "plan": found,
        "counts": [
            (_("新增"), counts[NEW]), (_("无变化"), counts[UNCHANGED]), (_("数值变化，待审批"), counts[CHANGED]),
            (_("已在等待审批"), counts[WAITING]), (_("此前已决定维持原值"), counts[KEPT]),
            (_("有误，不导入"), len(errors)),
        ],
        "does_something": bool(counts[NEW] or counts[CHANGED]),
        "errors": [one.masked() for one in errors[:SHOWN]],
        "error_count": len(errors),
        "changed": [changed_words(row) for row in found.of(CHANGED)[:SHOWN]],
        "is_long": len(found.rows) > importing.LONG,
    }  # fmt: skip


def changed_words(row: Any) -> dict[str, Any]:
    old, new = row.known.entry, row.line()
    return {
        "row": row.source.number,
        "external_id": row.external_id,
        "before": value_words(old.days, old.hours, old.earned_on, old.label),
        "after": value_words(new["days"], new["hours"], new["earned_on"], new["label"]),
    }


def value_words(days: Any, worth: Any, on: Any, label: str) -> str:
    said = {"d": hours(days), "h": hours(worth), "day": day(on), "label": label}
    return _("%(label)s，%(day)s，%(d)s 天，%(h)s 学时") % said


@office
@require_POST
def commit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Import the good rows; a long file as a job."""
    staged = own_import(request, public_id)
    try:
        job = importing.order_import(actor=request.user, staged=staged)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("records:imports")
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("records:import", public_id)
    if job is not None:
        return redirect(job)
    messages.success(request, _("已导入。"))
    return redirect("records:import-done", public_id)


@office
@require_safe
def done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What an import did, as it was noted."""
    staged = own_import(request, public_id)
    report = staged.report
    context = {
        "staged": staged,
        "counts": [
            (_("新增"), report.get(NEW, 0)), (_("无变化"), report.get(UNCHANGED, 0)),
            (_("数值变化，待审批"), report.get(CHANGED, 0)), (_("有误，没有导入"), len(report.get("errors", []))),
        ],
        "errors": report.get("errors", [])[:SHOWN],
        "error_count": len(report.get("errors", [])),
    }  # fmt: skip
    return page(request, "import_done", "records:imports", context)


@office
@require_POST
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    staged = own_import(request, public_id)
    tell(request, lambda: importing.discard_import(actor=request.user, staged=staged), _("已放弃，没有导入任何内容。"))
    return redirect("records:imports")


@office
@require_safe
def refused(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The refused rows as a workbook with a column of reasons, while the file waits."""
    staged = own_import(request, public_id)
    try:
        found = importing.staged_plan(actor=request.user, staged=staged)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("records:import-done", public_id)
    return download_response(f"{_('退回的行')}.xlsx", importing.refused_workbook(found))


@office
@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A value that the other system changed, beside the one that stands; approve or keep."""
    rows = HourChange.objects.visible_to(request.user).select_related(
        "imported__entry__user__unit", "before", "after", "brought_by", "decided_by"
    )
    found = get_object_or_404(rows, public_id=public_id)
    waits = found.state == HourChange.State.WAITING
    form = ChangeDecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            decide_change(
                actor=request.user, change=found, approved=said["decision"] == "approve", reason=said["reason"]
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已办理。"))
            return redirect("records_changes:index")
    person = found.imported.entry.user
    if request.method != "POST":
        note_file_read(reader=request.user, subject=person, part=_("学时更改"))
    context = {"change": found, "person": person, "form": form if waits or form.errors else None, "rows": _both(found)}
    return page(request, "change", "records_changes:index", context, status=422 if form.errors else 200)


def _both(change: HourChange) -> list[tuple[str, str, str, bool]]:
    """Label, value that stood, value that arrived, whether they differ."""
    found = []
    for name in ("bucket", "category", "mode", "days", "hours", "earned_on", "label", "evidence_no"):
        label = str(HourChange._meta.get_field(name).verbose_name)
        old, new = (_value(row, name) for row in (change.before, change))
        found.append((label, old, new, old != new))
    return found


def _value(row: Any, name: str) -> str:
    shown = getattr(row, f"get_{name}_display", None)
    if shown is not None:
        return str(shown())
    value = getattr(row, name)
    if name == "earned_on":
        return day(value)
    return hours(value) if name in ("days", "hours") else str(value or "—")
