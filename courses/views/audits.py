"""Judging a course: what waits for me, the draft with its checklist, and the office's list of all audits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError
from courses.forms.audit import OpinionForm
from courses.models import CourseAudit
from courses.presenters import audit as presenters
from courses.querysets import CURRICULUM_ROLES
from courses.services import give_opinion
from courses.services.auditing import stage_of
from people.permissions import requires, requires_sign_in

PER_PAGE = 20


@requires_sign_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The courses that wait for this person's opinion, and those they have judged."""
    waiting = presenters.listed(CourseAudit.objects.waiting_for(request.user).open())
    said = CourseAudit.objects.filter(opinions__reviewer=request.user)
    page = Paginator(presenters.listed(said), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "title": _("课程审核"),
        "waiting": [presenters.line(audit) for audit in waiting],
        "page": page,
        "said": [presenters.line(audit) for audit in page.object_list],
    }
    return render(request, "courses/audits.html", context)


@requires_sign_in
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The draft as it was handed in, what was said about it, and the checklist for whose turn it is."""
    found = get_object_or_404(presenters.listed(CourseAudit.objects.visible_to(request.user)), public_id=public_id)
    waits = CourseAudit.objects.open().waiting_for(request.user).filter(pk=found.pk).exists()
    stage = stage_of(found) if waits else ""
    if request.method == "POST":
        return _judge(request, found, stage)
    return _page(request, found, _form(found, stage, None))


def _form(audit: CourseAudit, stage: str, data: Any) -> OpinionForm | None:
    return OpinionForm(data, items=audit.checklist.for_stage(stage), stage=stage, audit=audit) if stage else None


def _page(
    request: HttpRequest, audit: CourseAudit, form: OpinionForm | None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "title": audit.title,
        "audit": audit,
        "line": presenters.line(audit),
        "steps": presenters.steps(audit),
        "draft": presenters.draft(audit),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "courses/audit.html", context, status=status)


def _judge(request: HttpRequest, audit: CourseAudit, stage: str) -> HttpResponse:
    form = _form(audit, stage, request.POST)
    if form is None:
        sentence = _("这次审核目前不在等您的意见，请查看下面的审核记录。")
        return _page(request, audit, None, refusal=sentence, status=422)
    if not form.is_valid():
        return _page(request, audit, form, status=422)
    try:
        give_opinion(actor=request.user, audit=audit, opinion=form.opinion())
    except DomainError as refusal:
        return _page(request, audit, form, refusal=refusal.message, status=422)
    messages.success(request, _("审核意见已提交并存入审核记录，不能再改。"))
    return redirect("courses:audit", audit.public_id)


@requires(*CURRICULUM_ROLES)
@require_safe
def office_list(request: HttpRequest) -> HttpResponse:
    """All audits, the open ones first: which course, since when, who has to say something."""
    rows = presenters.listed(CourseAudit.objects.all()).order_by("outcome__at", "-opened_at")
    course = request.GET.get("course", "")
    if course.isascii() and course.isdigit() and len(course) < 16:
        rows = rows.filter(course=int(course))
    page = Paginator(presenters.open_first(rows), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_title": _("课程审核"),
        "page": page,
        "lines": [presenters.line(audit) for audit in page.object_list],
        "course": course,
    }
    return render(request, "courses/office/audits.html", context)
