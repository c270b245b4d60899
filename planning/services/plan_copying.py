"""Last year's plan as the draft of another year."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from people.models import User
from planning.models import PlannedClass, TrainingPlan
from planning.permissions.plans import require_planner
from planning.presenters.plan_lines import facts_of, money
from planning.reading.plans import Basis, basis_of
from planning.rules.costs import carried
from planning.rules.shifting import put_off_words, to_year
from planning.services.plans import create_plan, held_plan

State = TrainingPlan.State


@transaction.atomic
def copy_plan(*, actor: User, source: TrainingPlan, year: int) -> TrainingPlan:
    """A draft of the year with every class that was not cancelled, on the same weekdays, one intake on.

    ``copy_notes`` of the draft name what was put off and what became dearer. The same order again is the draft made.
    """
    held = held_plan(source)
    require_planner(actor, held.unit)
    if held.state == State.DRAFT:
        raise DomainError(_("计划还在编制中，请提交后再复制。"))
    if year <= held.year:
        raise DomainError(_("请选择%(year)s年以后的年度。") % {"year": held.year})
    made = TrainingPlan.objects.filter(copied_from=held, year=year).first()
    return made or _copied(actor, held, year)


def _copied(actor: User, source: TrainingPlan, year: int) -> TrainingPlan:
    plan = _empty_draft(source, year) or create_plan(
        actor=actor, unit=source.unit, year=year, title=_title(source, year), kind=source.kind,
        synthetic=source.is_synthetic,
    )  # fmt: skip
    before, after = basis_of(source.year), basis_of(year)
    rows, notes = [], []
    for position, one in enumerate(source.classes.standing(), 1):
        row, said = next_years(one, plan, before, after)
        row.position = position
        rows.append(row)
        notes += said
    PlannedClass.objects.bulk_create(rows)
    TrainingPlan.objects.filter(pk=plan.pk).update(copied_from=source, copy_notes=notes, version=F("version") + 1)
    log(plan, "planning.plan.copy", user=actor, data={"source": source.title, "classes": len(rows)})
    plan.refresh_from_db()
    return plan


def _title(source: TrainingPlan, year: int) -> str:
    """The same title with the other year in it."""
    title = source.title.replace(str(source.year), str(year))
    if title == source.title:
        title = _("%(year)s年%(title)s") % {"year": year, "title": source.title}
    return title[:100]


def _empty_draft(source: TrainingPlan, year: int) -> TrainingPlan | None:
    """The year's annual plan where somebody began one and nothing stands in it yet: it is filled."""
    if source.kind != TrainingPlan.Kind.ANNUAL:
        return None
    rows = TrainingPlan.objects.select_for_update(of=("self",)).filter(
        unit=source.unit, year=year, kind=source.kind, state=State.DRAFT, copied_from=None
    )
    there = rows.first()
    return there if there and not there.classes.exists() and not there.decisions.exists() else None


def next_years(one: PlannedClass, plan: TrainingPlan, before: Basis, after: Basis) -> tuple[PlannedClass, list[str]]:
    """The class in the new year, unsaved, and what has to be said of it."""
    moved = to_year(one.starts_on, one.ends_on, plan.year, after.exceptions)
    facts = {**facts_of(one), "starts_on": moved.starts_on, "ends_on": moved.ends_on, "over_reason": ""}
    row = PlannedClass(plan=plan, **{**facts, "intake_no": one.intake_no + 1})
    limit = after.limit_of(row).limit
    row.budget = carried(one.budget, before.limit_of(one).limit, limit)
    said = []
    if moved.was_put_off:
        said.append(put_off_words(row.full_title, moved, after.holidays.get(moved.aimed, "")))
    if row.budget != one.budget:
        words = {"title": row.full_title, "before": money(one.budget), "after": money(row.budget)}
        said.append(_("“%(title)s”预算按新旧标准之比由 %(before)s 折算为 %(after)s。") % words)
    return row, said


def years_to_copy_to(source: TrainingPlan) -> list[int]:
    """The years that may follow: after the source's, up to next year."""
    return list(range(source.year + 1, max(clock.today().year + 1, source.year + 1) + 1))
