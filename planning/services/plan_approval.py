"""Handing a plan in, and what a leader or the office decides about it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.presenters.figures import day_words
from core import clock
from core.errors import Conflict, DomainError
from people.models import User
from planning.models import PlanDecision, PlannedClass, TrainingPlan
from planning.permissions.plans import require_decider, require_planner
from planning.presenters.plan_lines import as_data, facts_of
from planning.reading.plans import Basis, basis_of
from planning.services.plan_telling import tell, tell_leaders
from planning.services.plans import held_plan

State, What = TrainingPlan.State, PlanDecision.What


def check_submit(plan: TrainingPlan, basis: Basis | None = None) -> list[str]:
    """What stands in the way of handing in, as sentences; empty when nothing does."""
    if plan.state != State.DRAFT:
        return [_("计划目前是“%(state)s”，不能提交。") % {"state": State(plan.state).label}]
    classes = list(plan.classes.standing())
    if not classes:
        return [_("计划里还没有班次，请先添加。")]
    basis = basis or basis_of(plan.year)
    return [sentence for one in classes for sentence in _unready(one, basis)]


def _unready(planned: PlannedClass, basis: Basis) -> list[str]:
    limit = basis.limit_of(planned)
    if limit.is_over and not planned.over_reason:
        return [_("“%(title)s”预算超过标准，请填写超标准的理由，或者调整预算。") % {"title": planned.full_title}]
    return []


@transaction.atomic
def submit_plan(*, actor: User, plan: TrainingPlan, version: int) -> TrainingPlan:
    """Hand a draft in for approval; DomainError with everything that is missing, Conflict when it changed meanwhile."""
    held = held_plan(plan)
    require_planner(actor, held.unit)
    if problems := check_submit(held):
        raise DomainError("".join(problems), code="not_ready")
    if held.version != version:
        raise Conflict(_("提交之前计划已被他人修改，请核对最新内容后再提交。"))
    _step(held, State.DRAFT, State.SUBMITTED, submitted_by=actor, submitted_at=clock.now())
    _decided(held, What.SUBMITTED, actor)
    log(held, "planning.plan.submit", user=actor)
    plan.refresh_from_db()
    _tell_leaders(plan)
    return plan


def _step(held: TrainingPlan, before: str, after: str, **more: Any) -> None:
    """The conditional step: of two who take it at once only one does."""
    rows = TrainingPlan.objects.filter(pk=held.pk, state=before)
    if not rows.update(state=after, version=F("version") + 1, **more):
        raise Conflict(_("计划刚刚由他人办理，请刷新后查看。"))


def _decided(held: TrainingPlan, what: str, actor: User, **more: Any) -> PlanDecision:
    """The line of the trail, with the classes as they stood."""
    content = [as_data(facts_of(one)) for one in held.classes.standing()]
    return PlanDecision.objects.create(plan=held, what=what, by=actor, at=clock.now(), content=content, **more)


def _tell_leaders(held: TrainingPlan) -> None:
    url = reverse("planning:leaders-plan", args=[held.public_id])
    key = f"plan-{held.pk}-{held.decisions.count()}"
    tell_leaders(held.unit, but=held.submitted_by_id, title=_("有培训计划待您审批"), text=held.title, url=url, key=key)


def _tell_office(held: TrainingPlan, title: str) -> None:
    url, key = reverse("planning:plan", args=[held.public_id]), f"plan-{held.pk}-{held.decisions.count()}"
    tell([held.submitted_by_id, held.made_by_id], title=title, text=held.title, url=url, key=key)


@transaction.atomic
def return_plan(*, actor: User, plan: TrainingPlan, reason: str, document_no: str = "") -> TrainingPlan:
    """Give a plan back to be worked over, with the reason."""
    held = held_plan(plan)
    require_decider(actor, held.unit, held.submitted_by_id, document_no)
    if not reason.strip():
        raise DomainError(_("退回修改须写明意见。"))
    _must_wait(held)
    _decided(held, What.RETURNED, actor, reason=reason.strip(), document_no=document_no.strip())
    _step(held, State.SUBMITTED, State.DRAFT)
    log(held, "planning.plan.return", user=actor, data={"reason": reason.strip()})
    _tell_office(held, _("培训计划已退回修改"))
    plan.refresh_from_db()
    return plan


@transaction.atomic
def approve_plan(
    *, actor: User, plan: TrainingPlan, version: int, reason: str = "", document_no: str = ""
) -> TrainingPlan:
    """Approve what was handed in; the same person again changes nothing, another is told who did."""
    held = held_plan(plan)
    if held.state == State.APPROVED and held.approved_by_id == actor.pk:
        return held
    require_decider(actor, held.unit, held.submitted_by_id, document_no)
    _must_wait(held)
    if held.version != version:
        raise Conflict(_("您打开页面之后计划有变动，请核对最新内容后再批准。"))
    known = {"approved_by": actor, "approved_at": clock.now(), "document_no": document_no.strip()}
    _step(held, State.SUBMITTED, State.APPROVED, **known)
    _decided(held, What.APPROVED, actor, reason=reason.strip(), document_no=document_no.strip())
    log(held, "planning.plan.approve", user=actor, data={"document_no": document_no.strip()})
    _tell_office(held, _("培训计划已批准"))
    plan.refresh_from_db()
    return plan


def _must_wait(held: TrainingPlan) -> None:
    """DomainError with who was first, where the plan does not wait for a decision."""
    if held.state == State.SUBMITTED:
        return
    last = held.decisions.exclude(what=What.SUBMITTED).select_related("by").last()
    if last is None:
        raise DomainError(_("计划还没有提交审批。"), code="wrong_state")
    words = {"day": day_words(timezone.localdate(last.at)), "who": last.by.name, "what": last.get_what_display()}
    raise DomainError(_("计划已由%(who)s于%(day)s办理：%(what)s。") % words, code="decided")
