"""Final appraisals: the office's list and its page per member with previous and next; the member's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import ReasonForm
from cohorts.forms.graduation import AppraisalForm, RequiredForm, SummaryForm
from cohorts.models import Appraisal, Cohort, CohortState, Membership
from cohorts.presenters.appraisals import COLUMNS, appraisal_row, progress, way
from cohorts.services.appraisals import WRITE_STATES, is_teacher
from cohorts.views.loading import class_to_run, form_page, member_of, office, page, tell
from core.errors import DomainError
from people.permissions import requires_sign_in
from people.search import find_people

PER_PAGE = 50
FORM = require_http_methods(["GET", "POST"])


def _members(cohort: Cohort) -> Any:
    """Those who are appraised, in the order in which they are written."""
    rows = cohort.memberships.in_class().select_related("user", "unit", "appraisal")
    return rows.order_by("user__sort_key", "pk")


@office
@require_safe
def appraisals(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How far the writing is, and each member with the way to the own page."""
    cohort = class_to_run(request, public_id)
    found = find_people(_members(cohort), request.GET.get("q", ""))
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "appraisals",
        cohort,
        "graduation",
        columns=COLUMNS,
        rows=[appraisal_row(cohort, m) for m in shown],
        listing=shown,
        progress=progress(cohort),
        is_open=cohort.state in WRITE_STATES,
    )


@office
@require_POST
def required(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whether the closing waits for signed appraisals."""
    cohort = class_to_run(request, public_id)
    form = RequiredForm(request.POST)
    wanted = form.is_valid() and form.cleaned_data["required"]
    words = _("结班前须签署全部结业鉴定。") if wanted else _("结班不以结业鉴定为条件。")
    tell(request, lambda: services.ask_for_appraisals(actor=request.user, cohort=cohort, required=wanted), words)
    return redirect("cohorts:appraisals", public_id=public_id)


@office
@FORM
def appraisal(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """One member's appraisal: written, saved, signed; then the next."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    held = Appraisal.objects.select_related("signed_by").filter(membership=one).first() or Appraisal(membership=one)
    form = AppraisalForm(request.POST or None, initial=AppraisalForm.shown(held))
    before, after, place = way(cohort, one)
    if request.method == "POST" and form.is_valid() and _carried_out(request, form, one):
        forward = after if request.POST.get("then") == "next" and after else one
        return redirect("cohorts:appraisal", public_id=public_id, member_id=forward.public_id)
    return page(
        request,
        "appraisal",
        cohort,
        "graduation",
        one=one,
        held=held,
        form=form,
        before=before,
        after=after,
        place=place,
        progress=progress(cohort),
        is_open=cohort.state in WRITE_STATES and one.state == "registered",
        may_sign=is_teacher(request.user, cohort),
        status=422 if form.errors else 200,
    )


def _carried_out(request: HttpRequest, form: AppraisalForm, one: Membership) -> bool:
    """Save what is written and sign it where that was asked for: both or neither; the form keeps what was written."""
    data = form.cleaned_data
    texts = {name: data[name] for name in ("group_opinion", "teacher_opinion", "grade")}
    signs = request.POST.get("then") == "sign"
    try:
        with transaction.atomic():
            held = services.write_appraisal(actor=request.user, membership=one, version=data["version"], **texts)
            if signs:
                services.sign_appraisal(
                    actor=request.user, membership=one, version=held.version,
                    summary_version=data["summary_version"], signed_name=data["signed_name"],
                )  # fmt: skip
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("鉴定已签署。") if signs else _("鉴定已保存。"))
    return True


@office
@FORM
def unsign(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    return form_page(
        request,
        cohort,
        "graduation",
        form=ReasonForm(request.POST or None),
        title=_("撤回签名：%(name)s") % {"name": one.user.name},
        intro=_("撤回后可以修改，改好须重新签名；撤回会记入动态。"),
        submit=_("撤回签名"),
        act=lambda f: services.unsign_appraisal(actor=request.user, membership=one, **f.cleaned_data),
        done=_("已撤回签名。"),
        back=reverse("cohorts:appraisal", args=[public_id, member_id]),
    )


@requires_sign_in
@FORM
def mine(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own appraisal: the summary to write while the class is on, the whole to read after it is closed."""
    rows = Membership.objects.filter(user=request.user).exclude(cohort__state=CohortState.CANCELLED)
    one = get_object_or_404(rows.select_related("cohort", "user"), cohort__public_id=public_id)
    is_over = one.cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED)
    held = Appraisal.objects.filter(membership=one).first() or Appraisal(membership=one)
    form = SummaryForm(request.POST or None, initial={"text": held.summary, "version": held.summary_version})
    if request.method == "POST" and form.is_valid():
        try:
            services.write_summary(actor=request.user, membership=one, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("自我鉴定已保存。"))
            return redirect("cohorts:my-appraisal", public_id=public_id)
    may_write = one.cohort.state in WRITE_STATES and one.state == "registered" and not held.signed_at
    return render(
        request,
        "cohorts/appraisal.html",
        {"one": one, "cohort": one.cohort, "held": held, "form": form, "may_write": may_write, "is_over": is_over},
        status=422 if form.errors else 200,
    )
