"""A plan as a workbook, out and in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.spreadsheets.writer import download_response
from core.uploads import checked_upload
from planning.forms.plans import WorkbookForm
from planning.plan_workbook import plan_workbook
from planning.reading.plans import basis_of
from planning.services.plan_import import import_classes
from planning.views.plan_loading import form_page, office, plan_of_office

LARGEST = 2 * 1024 * 1024


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = plan_of_office(request, public_id)
    data = plan_workbook(row, row.classes.select_related("cohort"), basis_of(row.year))
    return download_response(f"{row.title}-{clock.today():%Y%m%d}.xlsx", data)


@office
@require_http_methods(["GET", "POST"])
def take_in(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add every row of a workbook to the draft."""
    row = plan_of_office(request, public_id)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)

    def act(form: WorkbookForm) -> None:
        file = checked_upload(form.cleaned_data["file"], kinds={"spreadsheet"}, max_bytes=LARGEST)
        import_classes(actor=request.user, plan=row, name=file.original_name, data=file.data)

    return form_page(
        request, row, form=WorkbookForm(*sent), title=_("导入计划表格"), submit=_("导入"),
        done=_("表格中的班次已加入计划。"), back=reverse("planning:plan", args=[public_id]), act=act,
    )  # fmt: skip
