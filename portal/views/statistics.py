from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from core.spreadsheets.writer import download_response, write_xlsx
from people.permissions import requires
from portal.forms import FreezeForm
from portal.models import StatisticsReport
from portal.statistics import freeze_statistics
from portal.statistics.page import report_page, sheets

MOST_LISTED = 30
office_only = requires("training_office")


def _reports(request: HttpRequest) -> object:
    return StatisticsReport.objects.visible_to(request.user).select_related("root", "made_by")


def _report(request: HttpRequest, public_id: UUID) -> StatisticsReport:
    found: StatisticsReport = get_object_or_404(_reports(request), public_id=public_id)
    return found


def _listed(request: HttpRequest, form: FreezeForm, status: int = 200) -> HttpResponse:
    context = {"reports": _reports(request)[:MOST_LISTED], "form": form}
    return render(request, "portal/office/statistics.html", context, status=status)


@office_only
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The frozen reports of one's office, and the form for another one."""
    return _listed(request, FreezeForm(actor=request.user))


@office_only
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Count a year and freeze it."""
    form = FreezeForm(request.POST, actor=request.user)
    if not form.is_valid():
        return _listed(request, form, 422)
    report = freeze_statistics(actor=request.user, **form.cleaned_data)
    messages.success(request, _("统计已生成并保存，数字不再变动。"))
    return redirect("portal:statistics-report", public_id=report.public_id)


@office_only
@require_safe
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _report(request, public_id)
    log(row, "portal.statistics.read", user=request.user)
    return render(request, "portal/office/statistics_report.html", report_page(row))


@office_only
@require_safe
def workbook(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same tables, the definitions and every line, as a workbook."""
    row = _report(request, public_id)
    log(row, "portal.statistics.read", user=request.user)
    name = _("%(title)s-截至%(day)s") % {"title": row, "day": f"{row.as_of:%Y%m%d}"}
    return download_response(f"{name}.xlsx", write_xlsx(sheets(report_page(row))))
