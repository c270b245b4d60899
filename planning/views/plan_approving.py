"""Handing a plan in, and registering in the office what a document says about it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.forms.plans import DecisionForm
from planning.models import TrainingPlan
from planning.permissions.plans import may_decide
from planning.services.plan_approval import approve_plan, check_submit, return_plan, submit_plan
from planning.views.plan_loading import form_page, office, page, plan_of_office, sent


class SubmitForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)


@office
@require_http_methods(["GET", "POST"])
def submit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The check list first; then hand in."""
    row = plan_of_office(request, public_id)
    back = reverse("planning:plan", args=[public_id])
    missing = check_submit(row)
    if missing and request.method == "GET":
        return page(request, "submit", row, missing=missing, back=back)
    form = SubmitForm(sent(request), initial={"version": row.version})
    return form_page(
        request, row, form=form, title=_("提交审批"), submit=_("提交审批"), back=back,
        intro=_("提交后不能再改，须由领导或培训处其他同志批准，或者退回修改。"), done=_("计划已提交，等待审批。"),
        act=lambda f: submit_plan(actor=request.user, plan=row, version=f.cleaned_data["version"]) and None,
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Register the approval that stands in a document, or the return."""
    row = plan_of_office(request, public_id)
    if row.state == TrainingPlan.State.SUBMITTED and not may_decide(request.user, row):
        raise PermissionDenied
    form = DecisionForm(sent(request), by_document=True, refuse=_("退回修改"), initial={"version": row.version})
    return form_page(
        request, row, form=form, title=_("登记审批结果"), submit=_("登记"), done=_("审批结果已登记。"),
        back=reverse("planning:plan", args=[public_id]), act=lambda f: decided(request, row, f),
    )  # fmt: skip


def decided(request: HttpRequest, row: TrainingPlan, form: DecisionForm) -> None:
    """Approve or return, as the form says."""
    given = {"reason": form.cleaned_data["reason"], "document_no": form.cleaned_data["document_no"]}
    if form.agrees:
        approve_plan(actor=request.user, plan=row, version=form.cleaned_data["version"] or 0, **given)
    else:
        return_plan(actor=request.user, plan=row, **given)
