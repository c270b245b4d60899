from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certificates.models import Certificate, CompetencyReport
from certificates.presenters import report_page
from core.spreadsheets.writer import download_response
from people.permissions import requires_sign_in
from people.services import note_file_read


@requires_sign_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """One's own certificates and competency reports."""
    certificates = Certificate.objects.without_file().filter(membership__user=request.user)
    reports = CompetencyReport.objects.without_file().newest().filter(membership__user=request.user)
    context = {
        "certificates": certificates.select_related("membership__cohort"),
        "reports": reports.select_related("membership__cohort"),
    }
    return render(request, "certificates/mine.html", context)


@requires_sign_in
@require_safe
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The stored file of a certificate, byte for byte as it was issued."""
    found = Certificate.objects.visible_to(request.user).select_related("membership__user")
    certificate = get_object_or_404(found, public_id=public_id)
    note_file_read(reader=request.user, subject=certificate.membership.user, part="结业证书")
    name = f"结业证书-{certificate.printed['name']}-{certificate.number}.pdf"
    return download_response(name, bytes(certificate.pdf))


@requires_sign_in
@require_safe
def report(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A competency report as a page: the frozen figures, each with its evidence."""
    found = CompetencyReport.objects.visible_to(request.user).without_file()
    found = found.select_related("membership__user", "membership__cohort", "membership__unit")
    row = get_object_or_404(found, public_id=public_id)
    note_file_read(reader=request.user, subject=row.membership.user, part="能力报告")
    return render(request, "certificates/report.html", report_page(row, request.user))


@requires_sign_in
@require_safe
def report_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = CompetencyReport.objects.visible_to(request.user).select_related("membership__user")
    row = get_object_or_404(found, public_id=public_id)
    note_file_read(reader=request.user, subject=row.membership.user, part="能力报告")
    return download_response(f"能力报告-{row.membership.user.name}-第{row.version}版.pdf", bytes(row.pdf))
