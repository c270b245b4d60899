"""Plans before a leader: what waits, one plan to read, print and decide, one change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from core.errors import DomainError
from people.scopes import subtree_condition
from planning.forms.plans import DecisionForm
from planning.models import PlanChange, TrainingPlan
from planning.permissions.plans import LEADER, may_decide, may_decide_change
from planning.presenters import plans as words
from planning.presenters.plan_lines import money
from planning.reading.plans import basis_of
from planning.rules.overlaps import troubles
from planning.views import plan_approving, plan_changes
from planning.views.plan_loading import changes_seen, leader, sent
from planning.views.plans import MOST_AT_ONCE

MOST_LISTED = 100
STANDING = Q(classes__cancelled_at__isnull=True)


def _led(request: HttpRequest) -> Q:
    """Plans below one's grants as leader, whatever other roles one holds."""
    return subtree_condition(request.user, "unit__path", LEADER) & ~Q(state=TrainingPlan.State.DRAFT)


@leader
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """What waits for a decision first; then the plans of the years."""
    rows = TrainingPlan.objects.filter(_led(request)).select_related("unit").annotate(
        classes_count=Count("classes", filter=STANDING),
        places_sum=Sum("classes__places", filter=STANDING),
        budget_sum=Sum("classes__budget", filter=STANDING),
    )  # fmt: skip
    listed = list(rows.order_by("-year", "kind", "pk")[:MOST_LISTED])
    changes = changes_seen(request).filter(plan__in=[row.pk for row in listed])
    waiting = list(changes.pending().order_by("asked_at")[:MOST_LISTED])
    return render(request, "planning/plans/leaders_plans.html", {
        "waiting": [_item(row) for row in listed if row.state == TrainingPlan.State.SUBMITTED],
        "changes": words.change_items(waiting, "planning:leaders-change"),
        "columns": [{"label": _("计划")}, {"label": _("状态")}, *({"label": w, "number": True} for w in
                    (_("班次"), _("人数"), _("预算")))],
        "rows": [_listed(row) for row in listed],
    })  # fmt: skip


def _item(row: TrainingPlan) -> dict[str, Any]:
    url = reverse("planning:leaders-plan", args=[row.public_id])
    given = {"n": row.classes_count, "places": row.places_sum or 0, "budget": money(row.budget_sum or 0)}
    return {
        "title": row.title, "url": url, "sub": _("%(n)s 个班次，%(places)s 人，预算 %(budget)s") % given,
        "state": "waiting", "state_word": row.get_state_display(), "action_label": _("审阅"), "action_url": url,
    }  # fmt: skip


def _listed(row: TrainingPlan) -> list[Any]:
    url = reverse("planning:leaders-plan", args=[row.public_id])
    state = {"state": words.STATE_KINDS[row.state], "state_word": row.get_state_display()}
    title = {"text": row.title, "url": url, "sub": row.unit.name}
    return [title, state, row.classes_count, row.places_sum or 0, money(row.budget_sum or 0)]


@leader
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One plan on paper or on a phone, and the decision."""
    rows = TrainingPlan.objects.filter(_led(request)).select_related("unit", "submitted_by", "approved_by")
    row: TrainingPlan = get_object_or_404(rows, public_id=public_id)
    open_to = row.state == TrainingPlan.State.SUBMITTED and may_decide(request.user, row)
    form = DecisionForm(sent(request), refuse=_("退回修改"), initial={"version": row.version})
    here = reverse("planning:leaders-plan", args=[public_id])
    if request.method == "POST" and _done(request, form, lambda f: plan_approving.decided(request, row, f)):
        return redirect(here)
    if request.method == "GET":
        log(row, "planning.plan.read", user=request.user)
    context = {**_about(row), "form": form if open_to or form.is_bound else None}
    return render(request, "planning/plans/leaders_plan.html", context, status=422 if form.errors else 200)


def _done(request: HttpRequest, form: DecisionForm, act: Callable[[DecisionForm], None]) -> bool:
    """Carry a decision out; a refusal stands above the form."""
    if not form.is_valid():
        return False
    try:
        act(form)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("您的审批意见已记录。"))
    return True


def _about(row: TrainingPlan) -> dict[str, Any]:
    basis = basis_of(row.year)
    pending = Prefetch("changes", queryset=PlanChange.objects.pending())
    classes = list(row.classes.standing().select_related("cohort").prefetch_related(pending))
    found = words.plan_sums(classes, basis)
    return {
        "plan": row, "state_kind": words.STATE_KINDS[row.state], "sentence": words.plan_sentence(row, found.whole),
        "columns": [{"label": label} for label in
                    (_("班次"), _("时间"), _("培训对象"), _("人数"), _("地点"), _("经费"))],
        "rows": [_line(words.class_row(one, basis)) for one in classes],
        "over": [_over(words.class_row(one, basis)) for one in classes if basis.limit_of(one).is_over],
        "sum_columns": words.sum_columns(), "sum_rows": words.sum_rows(found),
        "troubles": troubles([words.span_of(one) for one in classes], basis.holidays, MOST_AT_ONCE),
        "moved": words.moved_since(row), "trail": words.trail(row),
        "changes": words.change_items(
            row.changes.select_related("target", "asked_by"), "planning:leaders-change"),
    }  # fmt: skip


def _line(row: words.ClassRow) -> list[Any]:
    money_cell = {"text": row.budget, "sub": row.over or row.limit}
    if row.over:
        money_cell |= {"state": "risk", "state_word": _("超过标准")}
    return [
        {"text": row.title, "sub": row.kinds}, {"text": row.dates, "sub": row.length}, row.audience, row.places,
        row.planned.venue or _("未定"), money_cell,
    ]  # fmt: skip


def _over(row: words.ClassRow) -> str:
    given = {"title": row.title, "over": row.over, "limit": row.limit, "why": row.over_reason or _("未填写")}
    return _("“%(title)s”%(over)s（标准：%(limit)s）。理由：%(why)s") % given


@leader
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    led = TrainingPlan.objects.filter(_led(request)).values("pk")
    row: PlanChange = get_object_or_404(changes_seen(request).filter(plan__in=led), public_id=public_id)
    open_to = row.state == PlanChange.State.PENDING and may_decide_change(request.user, row)
    form = DecisionForm(sent(request), refuse=_("不同意"))
    if request.method == "POST" and _done(request, form, lambda f: plan_changes.decided(request, row, f)):
        return redirect("planning:leaders-change", public_id=public_id)
    context = {**plan_changes.about(row), "plan": row.plan, "form": form if open_to or form.is_bound else None}
    return render(request, "planning/plans/leaders_change.html", context, status=422 if form.errors else 200)
