"""A change that was asked for: before and after, what does not follow by itself, and the decision in the office."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planning.forms.plans import DecisionForm
from planning.models import PlanChange
from planning.permissions.plans import may_decide_change, may_plan_for
from planning.presenters import plans as words
from planning.reading.plans import basis_of
from planning.services.plan_changes import consequences, decide_change, title_of, withdraw_change
from planning.views.plan_loading import changes_seen, form_page, office, page, sent, tell


def _change(request: HttpRequest, public_id: UUID) -> PlanChange:
    row: PlanChange = get_object_or_404(changes_seen(request), public_id=public_id)
    if not may_plan_for(request.user, row.plan.unit):
        raise PermissionDenied
    return row


def about(row: PlanChange) -> dict[str, Any]:
    """What both faces show of a change."""
    return {
        "change": row, "change_title": title_of(row), "columns": words.change_columns(),
        "rows": words.change_rows(row), "facts": words.change_facts(row, basis_of(row.plan.year)),
        "consequences": consequences(row) if row.state == PlanChange.State.PENDING else [],
        "change_kind": words.CHANGE_KINDS[row.state],
    }  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _change(request, public_id)
    may = row.state == PlanChange.State.PENDING and may_decide_change(request.user, row)
    if not may and request.method == "GET":
        return page(request, "change", row.plan, form=None, **about(row))
    form = DecisionForm(sent(request), by_document=True, refuse=_("不同意"))
    return form_page(
        request, row.plan, form=form, title=_("登记审批结果"), submit=_("登记"), done=_("审批结果已登记。"),
        back=reverse("planning:change", args=[public_id]), act=lambda f: decided(request, row, f),
        template="change", **about(row),
    )  # fmt: skip


def decided(request: HttpRequest, row: PlanChange, form: DecisionForm) -> None:
    """Agree or refuse, as the form says."""
    given = {"reason": form.cleaned_data["reason"], "document_no": form.cleaned_data["document_no"]}
    decide_change(actor=request.user, change=row, agree=form.agrees, **given)


@office
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _change(request, public_id)
    tell(request, lambda: withdraw_change(actor=request.user, change=row), _("变更申请已撤回。"))
    return redirect("planning:change", public_id=public_id)
