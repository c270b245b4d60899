"""Drawing up a plan: the plan itself and its table of classes, until it is handed in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from people.models import Unit, User
from people.ranks import Level, Rank, regime_of
from planning.models import PlannedClass, TrainingPlan
from planning.permissions.plans import require_planner
from planning.presenters.plan_lines import FACTS, changed, facts_of, label_of
from planning.rules.checks import Facts, refusals

State = TrainingPlan.State
CODES = {*Level.values, *Rank.values}
MOST_CLASSES = 500  # of one plan


@transaction.atomic
def create_plan(
    *, actor: User, unit: Unit, year: int, title: str, kind: str = TrainingPlan.Kind.ANNUAL, synthetic: bool = False
) -> TrainingPlan:
    """Begin a plan; DomainError for a second annual plan of the unit and year, or one outside the actor's office."""
    require_planner(actor, unit)
    _check_heading(unit, year, title, kind)
    try:
        with transaction.atomic():
            plan = TrainingPlan.objects.create(
                unit=unit, year=year, title=title.strip(), kind=kind, made_by=actor, is_synthetic=synthetic
            )
    except IntegrityError as doubled:  # the other officer's annual plan of the same moment
        raise DomainError(_annual_is_there(unit, year)) from doubled
    log(plan, "planning.plan.create", user=actor)
    return plan


def _annual_is_there(unit: Unit, year: int) -> str:
    return _("%(unit)s%(year)s年已有年度计划，请在其中增加班次，或者另建临时计划。") % {
        "unit": unit.name, "year": year,
    }  # fmt: skip


def _check_heading(unit: Unit, year: int, title: str, kind: str, *, other_than: int | None = None) -> None:
    if not title.strip():
        raise DomainError(_("请填写计划名称。"))
    if not 2000 <= year <= 2100:
        raise DomainError(_("年度须在2000年至2100年之间。"))
    there = TrainingPlan.objects.filter(unit=unit, year=year, kind=TrainingPlan.Kind.ANNUAL).exclude(pk=other_than)
    if kind == TrainingPlan.Kind.ANNUAL and there.exists():
        raise DomainError(_annual_is_there(unit, year))


def held_plan(plan: TrainingPlan, *states: str) -> TrainingPlan:
    """The plan as it stands now, held until the transaction ends; DomainError outside the given states."""
    held: TrainingPlan = TrainingPlan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan.pk)
    if states and held.state not in states:
        raise DomainError(
            _("计划目前是“%(state)s”，不能办理。") % {"state": State(held.state).label}, code="wrong_state"
        )
    return held


@transaction.atomic
def rename_plan(*, actor: User, plan: TrainingPlan, version: int, title: str) -> TrainingPlan:
    """Give a draft another title; Conflict when somebody changed the plan since ``version`` was read."""
    held = _draft_of(actor, plan)
    _check_heading(held.unit, held.year, title, held.kind, other_than=held.pk)
    if held.version != version:
        raise Conflict(_("保存期间计划已被他人修改，您的修改没有写入。请对照最新内容后再保存。"))
    if held.title != title.strip():
        TrainingPlan.objects.filter(pk=held.pk).update(title=title.strip(), version=F("version") + 1)
        log(held, "planning.plan.rename", user=actor, data={"title": title.strip()})
    plan.refresh_from_db()
    return plan


def _draft_of(actor: User, plan: TrainingPlan) -> TrainingPlan:
    held = held_plan(plan, State.DRAFT)
    require_planner(actor, held.unit)
    return held


def check_facts(plan: TrainingPlan, facts: dict[str, Any], *, other_than: int | None = None) -> None:
    """DomainError with every sentence that keeps the class out of the plan."""
    times = Facts(facts["starts_on"], facts["ends_on"], facts["days"], facts["hours"])
    problems = refusals(times, plan.year)
    if not facts["title"].strip() or not facts["audience"].strip():
        problems.append(_("请填写班次名称和培训对象。"))
    if facts["places"] < 1 or facts["intake_no"] < 1:
        problems.append(_("人数和期次须大于 0。"))
    if facts["budget"] < 0:
        problems.append(_("经费预算不能为负。"))
    problems += _about_audience(facts)
    if _is_there(plan, facts, other_than):
        words = {"title": facts["title"].strip(), "no": facts["intake_no"]}
        problems.append(_("计划中已有“%(title)s（第%(no)s期）”，请改名称或期次。") % words)
    if problems:
        raise DomainError("".join(problems), code="not_fit")


def _about_audience(facts: dict[str, Any]) -> list[str]:
    """Levels that are no codes, or that contradict the regime."""
    if set(facts["levels"]) - CODES:
        return [_("职务层次和职级里有不认识的代码，请重新选择。")]
    outside = [code for code in facts["levels"] if facts["regime"] and regime_of(code, code) != facts["regime"]]
    return [_("所选职务层次或职级不在对象范围内，请核对。")] if outside else []


def _is_there(plan: TrainingPlan, facts: dict[str, Any], other_than: int | None) -> bool:
    rows = plan.classes.standing().exclude(pk=other_than)
    return rows.filter(title=facts["title"].strip(), intake_no=facts["intake_no"]).exists()


def clean_facts(values: dict[str, Any]) -> dict[str, Any]:
    """The facts of a class with blanks taken off and amounts as decimals; ValueError for a name that is no fact."""
    if set(values) - set(FACTS):
        raise ValueError(f"no facts of a class: {sorted(set(values) - set(FACTS))}")
    cleaned = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    for name in {"days", "hours", "budget"} & set(cleaned):
        cleaned[name] = Decimal(cleaned[name])
    if "levels" in cleaned:
        cleaned["levels"] = list(cleaned["levels"])
    return cleaned


def new_facts(values: dict[str, Any]) -> dict[str, Any]:
    """Every fact of a class that is to be added; what is not given as the table presets it."""
    return {**facts_of(PlannedClass()), **clean_facts(values)}


@transaction.atomic
def add_class(*, actor: User, plan: TrainingPlan, **values: Any) -> PlannedClass:
    """Put a class at the end of a draft; the same title and intake twice are refused."""
    held = _draft_of(actor, plan)
    facts = new_facts(values)
    check_facts(held, facts)
    planned = put_class(held, facts)
    log(held, "planning.class.add", user=actor, data={"title": planned.full_title})
    return planned


def put_class(held: TrainingPlan, facts: dict[str, Any]) -> PlannedClass:
    """Write the row at the end of a plan that is held; who calls has checked."""
    if held.classes.count() >= MOST_CLASSES:
        raise DomainError(_("一个计划最多 %(n)s 个班次，请另建计划。") % {"n": MOST_CLASSES})
    last = held.classes.aggregate(last=Max("position"))["last"] or 0
    planned = PlannedClass.objects.create(plan=held, position=last + 1, **facts)
    touch(held)
    return planned


def touch(held: TrainingPlan) -> None:
    """What was read of the plan before is old from now on."""
    TrainingPlan.objects.filter(pk=held.pk).update(version=F("version") + 1)


@transaction.atomic
def edit_class(*, actor: User, planned: PlannedClass, version: int, **values: Any) -> PlannedClass:
    """Change a class of a draft; Conflict when somebody changed it since ``version`` was read."""
    held = _draft_of(actor, planned.plan)
    now = PlannedClass.objects.get(pk=planned.pk)
    facts = {**facts_of(now), **clean_facts(values)}
    names = changed(facts_of(now), facts)
    check_facts(held, facts, other_than=now.pk)
    write_facts(now, version, {name: facts[name] for name in names})
    planned.refresh_from_db()
    if names:
        touch(held)
        data = {"title": planned.full_title, "fields": [label_of(name) for name in names]}
        log(held, "planning.class.edit", user=actor, data=data)
    return planned


def write_facts(now: PlannedClass, version: int, facts: dict[str, Any]) -> None:
    """The conditional write: nothing is lost of what somebody else changed meanwhile."""
    rows = PlannedClass.objects.filter(pk=now.pk, version=version)
    written = rows.update(**facts, version=F("version") + 1) if facts else rows.exists()
    if not written:
        raise Conflict(_("保存期间这个班次已被他人修改，您的修改没有写入。请对照最新内容后再保存。"))


@transaction.atomic
def remove_class(*, actor: User, planned: PlannedClass) -> None:
    """Take a class out of a draft; one that is no longer there is no trouble."""
    held = _draft_of(actor, planned.plan)
    gone, _kinds = PlannedClass.objects.filter(pk=planned.pk, cohort__isnull=True).delete()
    if gone:
        touch(held)
        log(held, "planning.class.remove", user=actor, data={"title": planned.full_title})


@transaction.atomic
def move_class(*, actor: User, planned: PlannedClass, up: bool) -> None:
    """One place up or down in the table; at the end it stays."""
    held = _draft_of(actor, planned.plan)
    rows = list(held.classes.order_by("position", "pk"))
    at = next(n for n, row in enumerate(rows) if row.pk == planned.pk)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for n, row in enumerate(rows, 1):
        row.position = n
    PlannedClass.objects.bulk_update(rows, ["position"])
    touch(held)


@transaction.atomic
def discard_plan(*, actor: User, plan: TrainingPlan) -> None:
    """Delete a draft that was never handed in, with its classes."""
    held = _draft_of(actor, plan)
    if held.decisions.exists():
        raise DomainError(_("提交过的计划有审批记录，不能删除，可以修改后再提交。"))
    log(held, "planning.plan.discard", user=actor, data={"title": held.title, "at": clock.today().isoformat()})
    held.classes.all().delete()
    held.delete()
