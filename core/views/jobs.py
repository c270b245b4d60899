"""The pages on which a person follows the jobs of their own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import jobs
from core.errors import DomainError
from core.jobs.presenter import progress_of
from core.models import Job
from core.views.own import for_oneself

REFRESH_SECONDS = 3
REFUSALS_SHOWN = 200


def _own(request: HttpRequest, pk: UUID) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user), pk=pk)


@for_oneself
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """One's own jobs, the newest first."""
    page = Paginator(Job.objects.visible_to(request.user), 20).get_page(request.GET.get("page"))
    return render(request, "core/jobs/list.html", {"page": page, "rows": [progress_of(job) for job in page]})


@for_oneself
@require_safe
def job_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bar and its words; htmx asks for the same address and takes the fragment."""
    job = _own(request, pk)
    context = {
        "job": job,
        "progress": progress_of(job),
        "refusals": list(job.refusals.all()[:REFUSALS_SHOWN]) if job.state == Job.State.DONE else [],
        "refused_more": max(0, job.result.get("refused", 0) - REFUSALS_SHOWN),
        "seconds": REFRESH_SECONDS,
    }
    fragment = request.headers.get("HX-Request") == "true"
    return render(request, "core/jobs/_progress.html" if fragment else "core/jobs/detail.html", context)


@for_oneself
@require_safe
def job_result(request: HttpRequest, pk: UUID) -> FileResponse:
    """The result file under the name that the job gave it."""
    job = _own(request, pk)
    if job.state != Job.State.DONE or not job.result_file:
        raise Http404
    return FileResponse(job.result_file.open("rb"), as_attachment=True, filename=job.result_name)


@for_oneself
@require_POST
def job_retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Queue a failed job again."""
    job = _own(request, pk)
    try:
        jobs.retry(job)
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已重新排队，将从停下的地方继续。"))
    return redirect(job)
