"""The papers of a class: what there is, what each lacks, and handing them out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cohorts import services
from cohorts.papers.catalogue import PAPERS, Paper, Snapshot, snapshot_of
from cohorts.papers.forms import PaperChoice
from cohorts.views.loading import class_to_run, office, page
from core.errors import DomainError
from core.models import Job
from core.spreadsheets.writer import download_response

FORMAT_WORDS = {"pdf": "PDF", "docx": "Word", "xlsx": "Excel"}


@office
@require_safe
def overview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every paper in the order of the work, with its buttons."""
    cohort = class_to_run(request, public_id)
    return _page(request, cohort, PaperChoice(cohort=cohort))


def _page(request: HttpRequest, cohort: Any, form: PaperChoice, status: int = 200) -> HttpResponse:
    found = snapshot_of(cohort)
    rows = [_row(paper, found, form) for paper in PAPERS.values()]
    return page(request, "papers", cohort, "papers", rows=rows, form=form, status=status)


def _row(paper: Paper, found: Snapshot, form: PaperChoice) -> dict[str, Any]:
    lacks = paper.lacks(found)
    return {
        "key": paper.key,
        "title": paper.title,
        "purpose": paper.purpose,
        "lacks": [lack.sentence for lack in lacks],
        "ready": not any(lack.blocks for lack in lacks),
        "formats": [(made_as, FORMAT_WORDS[made_as]) for made_as in paper.makers],
        "fields": [form[name] for name in paper.extras if name == "slots"],
    }


@office
@require_POST
def print_one(request: HttpRequest, public_id: UUID, key: str) -> HttpResponse:
    """One paper in one format: the file, or the way to the job that makes it."""
    cohort = class_to_run(request, public_id)
    if key not in PAPERS:
        raise Http404
    form = PaperChoice(request.POST, cohort=cohort)
    if not form.is_valid():
        return _page(request, cohort, form, status=422)
    try:
        made = services.print_paper(
            actor=request.user, cohort=cohort, key=key, made_as=request.POST.get("format", ""), choice=form.choice
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("cohorts:papers", public_id=public_id)
    if isinstance(made, Job):
        messages.success(request, _("材料较长，正在后台生成，完成后在这里下载。"))
        return redirect(made)
    return download_response(made.name, made.data)
