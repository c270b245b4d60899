"""What becomes of an approved plan: changes are asked for with a reason and decided by somebody else."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts import services as classes
from cohorts.models import Cohort, CohortState
from cohorts.rules import states
from core import clock
from core.errors import Conflict, DomainError
from people.models import User
from planning.models import PlanChange, PlannedClass, TrainingPlan
from planning.permissions.plans import require_decider, require_planner
from planning.presenters.plan_lines import FACTS, as_data, changed, facts_of, from_data, label_of
from planning.reading.plans import basis_of
from planning.services.plan_telling import tell, tell_leaders
from planning.services.plans import check_facts, clean_facts, held_plan, new_facts, put_class, touch, write_facts

Kind, State = PlanChange.Kind, PlanChange.State
# What a class takes over from its plan: fact of the plan → field of the class.
FOLLOWS = {
    "title": "title", "intake_no": "intake_no", "brand": "brand", "category": "category",
    "starts_on": "starts_on", "ends_on": "ends_on", "venue": "place",
}  # fmt: skip
CALLED_UP = frozenset({"places", "levels", "regime", "theme"})  # what the call-up of the class holds


@transaction.atomic
def ask_change(*, actor: User, planned: PlannedClass, version: int, reason: str, **values: Any) -> PlanChange:
    """Ask for other facts of an approved class; Conflict when the class changed since ``version`` was read."""
    held, now = _held(actor, planned)
    if now.version != version:
        raise Conflict(_("您打开页面之后这个班次有变动，请对照最新内容后再申请。"))
    before, facts = facts_of(now), {**facts_of(now), **clean_facts(values)}
    names = changed(before, facts)
    if not names:
        raise DomainError(_("内容没有变化，不需要申请变更。"))
    _check(held, facts, now)
    kept = as_data({name: before[name] for name in names}), as_data({name: facts[name] for name in names})
    return _ask(actor, held, now, Kind.EDIT, *kept, reason)


@transaction.atomic
def ask_addition(*, actor: User, plan: TrainingPlan, reason: str, **values: Any) -> PlanChange:
    """Ask for a further class in an approved plan; the same one again is the request that waits."""
    held = held_plan(plan, TrainingPlan.State.APPROVED)
    require_planner(actor, held.unit)
    facts = new_facts(values)
    _check(held, facts)
    after = as_data(facts)
    waiting = held.changes.filter(state=State.PENDING, kind=Kind.ADD)
    for one in waiting:
        if (one.after["title"], one.after["intake_no"]) == (after["title"], after["intake_no"]):
            return one
    return _ask(actor, held, None, Kind.ADD, {}, after, reason)


@transaction.atomic
def ask_cancellation(*, actor: User, planned: PlannedClass, reason: str) -> PlanChange:
    """Ask to take a class out of an approved plan; not where people are being taught in it."""
    held, now = _held(actor, planned)
    if now.cohort and now.cohort.state not in (*states.FORMING, CohortState.CANCELLED):
        words = {"title": now.cohort.full_title, "state": CohortState(now.cohort.state).label}
        raise DomainError(_("班次“%(title)s”目前是“%(state)s”，计划里不能再取消。") % words)
    return _ask(actor, held, now, Kind.CANCEL, as_data(facts_of(now)), {}, reason)


def _held(actor: User, planned: PlannedClass) -> tuple[TrainingPlan, PlannedClass]:
    """Plan and class as they stand, both to be changed by a request only."""
    held = held_plan(planned.plan, TrainingPlan.State.APPROVED)
    require_planner(actor, held.unit)
    now = PlannedClass.objects.select_related("cohort").get(pk=planned.pk)
    if now.cancelled_at:
        raise DomainError(_("“%(title)s”已从计划中取消。") % {"title": now.full_title})
    if now.changes.pending().exists():
        raise DomainError(_("“%(title)s”已有一项变更待审批，请先办结。") % {"title": now.full_title}, code="pending")
    return held, now


def _check(held: TrainingPlan, facts: dict[str, Any], now: PlannedClass | None = None) -> None:
    """The same checks as for a draft, and the reason for what goes over the standard."""
    check_facts(held, facts, other_than=now.pk if now else None)
    if basis_of(held.year).limit_of(PlannedClass(**facts)).is_over and not facts["over_reason"]:
        raise DomainError(_("预算超过标准，请填写超标准的理由，或者调整预算。"), code="over")


def _ask(
    actor: User, held: TrainingPlan, target: PlannedClass | None, kind: str, before: Any, after: Any, reason: str
) -> PlanChange:
    if not reason.strip():
        raise DomainError(_("请写明变更的理由。"))
    try:
        with transaction.atomic():
            change = PlanChange.objects.create(
                plan=held, target=target, kind=kind, before=before, after=after, reason=reason.strip(),
                asked_by=actor, asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as second:
        raise Conflict(_("这个班次刚刚已由他人申请变更，请先办结。")) from second
    title = target.full_title if target else title_of(change)
    log(held, "planning.change.ask", user=actor, data={"title": title, "kind": str(change.get_kind_display())})
    url, key = reverse("planning:leaders-change", args=[change.public_id]), f"plan-change-{change.pk}-asked"
    tell_leaders(held.unit, but=actor.pk, title=_("有计划变更待您审批"), text=title, url=url, key=key)
    return change


def title_of(change: PlanChange) -> str:
    """The class that a change is about, with its intake number."""
    if change.target:
        return change.target.full_title
    return _("%(title)s（第%(no)s期）") % {"title": change.after["title"], "no": change.after["intake_no"]}


@transaction.atomic
def withdraw_change(*, actor: User, change: PlanChange) -> PlanChange:
    """Take back a request that nobody decided on; taken back again it stays as it is."""
    held = held_plan(change.plan)
    require_planner(actor, held.unit)
    now = PlanChange.objects.get(pk=change.pk)
    if now.state == State.WITHDRAWN:
        return now
    _settle(now, State.WITHDRAWN)
    log(held, "planning.change.withdraw", user=actor, data={"title": title_of(change)})
    change.refresh_from_db()
    return change


@transaction.atomic
def decide_change(
    *, actor: User, change: PlanChange, agree: bool, reason: str = "", document_no: str = ""
) -> PlanChange:
    """Agree, and the plan follows at once; or refuse with a reason. The same person's same decision again is done."""
    held = held_plan(change.plan, TrainingPlan.State.APPROVED)
    now = PlanChange.objects.select_related("target", "decided_by").get(pk=change.pk)
    after = State.APPROVED if agree else State.REFUSED
    if (now.state, now.decided_by_id) == (after, actor.pk):
        return now
    require_decider(actor, held.unit, now.asked_by_id, document_no)
    if not agree and not reason.strip():
        raise DomainError(_("不同意须写明意见。"))
    known = {"decided_by": actor, "decided_at": clock.now(), "decision_reason": reason.strip()}
    _settle(now, after, **known, document_no=document_no.strip())
    if agree:
        _carry_out(held, now)
    data = {"title": title_of(now), "outcome": str(State(after).label)}
    log(held, "planning.change.decide", user=actor, data=data)
    url = reverse("planning:change", args=[now.public_id])
    tell([now.asked_by_id], title=_("计划变更已有审批结果"), text=title_of(now), url=url, key=f"plan-change-{now.pk}")
    change.refresh_from_db()
    return change


def _settle(now: PlanChange, state: str, **more: Any) -> None:
    """The conditional step from pending; of two people only one takes it."""
    if PlanChange.objects.filter(pk=now.pk, state=State.PENDING).update(state=state, **more):
        return
    there = PlanChange.objects.select_related("decided_by").get(pk=now.pk)
    words = {"state": there.get_state_display(), "who": there.decided_by.name if there.decided_by else ""}
    raise Conflict(_("这项变更已由%(who)s办理：%(state)s。") % words if words["who"] else _("这项变更已经撤回。"))


def _carry_out(held: TrainingPlan, change: PlanChange) -> None:
    """Write what was agreed into the plan."""
    if change.kind == Kind.ADD:
        facts = from_data(change.after)
        check_facts(held, facts)
        PlanChange.objects.filter(pk=change.pk).update(target=put_class(held, facts))
        return
    target = PlannedClass.objects.get(pk=change.target_id)
    if change.kind == Kind.CANCEL:
        PlannedClass.objects.filter(pk=target.pk).update(cancelled_at=clock.now(), version=F("version") + 1)
    else:
        facts = {**facts_of(target), **from_data(change.after)}
        check_facts(held, facts, other_than=target.pk)
        write_facts(target, target.version, from_data(change.after))
    touch(held)


def resulting(change: PlanChange) -> PlannedClass | None:
    """The class as it would stand afterwards, unsaved; None where it is to be cancelled."""
    if change.kind == Kind.CANCEL:
        return None
    before = facts_of(change.target) if change.target else facts_of(PlannedClass())
    return PlannedClass(**{**before, **from_data(change.after)})


# What the class that was already set up has to do with it.


def consequences(change: PlanChange) -> list[str]:
    """What in the class will not follow by itself when the change is agreed to, as sentences."""
    cohort = change.target.cohort if change.target else None
    if cohort is None or cohort.state == CohortState.CANCELLED:
        return []
    words = {"title": cohort.full_title, "state": CohortState(cohort.state).label}
    if change.kind == Kind.CANCEL:
        return [_("班次“%(title)s”已经设立（%(state)s），不会随计划自动取消，须由培训处在班次中取消。") % words]
    follow = [label_of(name) for name in FACTS if name in change.after and name in FOLLOWS]
    stay = [label_of(name) for name in FACTS if name in change.after and name not in {*FOLLOWS, *CALLED_UP}]
    found = []
    if follow and cohort.state in states.OPEN:
        found.append(
            _("班次“%(title)s”的%(what)s不会自动更新，批准后可在计划中按计划更新班次。")
            % {**words, "what": "、".join(follow)}
        )
    elif follow:
        found.append(_("班次“%(title)s”已是“%(state)s”，不能再按计划更新。") % words)
    if CALLED_UP & set(change.after):
        found.append(_("名额、报名对象和主题在调训安排中另行调整。"))
    if stay:
        found.append(_("只记入计划、班次中没有对应内容的：%(what)s。") % {"what": "、".join(stay)})
    return found


def lagging(planned: PlannedClass) -> dict[str, Any]:
    """Fields of the class that differ from its plan, with the plan's values; none when the class is over."""
    cohort = planned.cohort
    if cohort is None or cohort.state not in states.OPEN:
        return {}
    pairs = ((field, getattr(planned, fact)) for fact, field in FOLLOWS.items())
    return {field: value for field, value in pairs if getattr(cohort, field) != value}


@transaction.atomic
def carry_over(*, actor: User, planned: PlannedClass, version: int) -> Cohort:
    """Bring the class into line with its plan by its own service, which may refuse (sessions outside the dates)."""
    held_plan(planned.plan, TrainingPlan.State.APPROVED)
    now = PlannedClass.objects.select_related("cohort", "plan").get(pk=planned.pk)
    if now.cohort is None:
        raise DomainError(_("“%(title)s”还没有设立班次。") % {"title": now.full_title})
    values = lagging(now)
    if not values:
        return now.cohort
    made = classes.edit_cohort(actor=actor, cohort=now.cohort, version=version, **values)
    fields = [str(Cohort._meta.get_field(name).verbose_name) for name in values]
    log(now.plan, "planning.class.carry", user=actor, data={"title": now.full_title, "fields": fields})
    return made
