"""From a line of an approved plan to a class, once."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort
from cohorts.services import create_cohort
from core import clock
from core.errors import Conflict, DomainError
from core.models import CalendarDay
from people.models import User
from planning.models import PlannedClass, TrainingPlan
from planning.permissions.plans import require_planner
from planning.rules.shifting import workdays_before
from planning.services.calls import arrange_planned
from planning.services.plans import held_plan

NOMINATE_BEFORE = 10  # working days before the first day
LOOK_BACK = timedelta(days=60)


@transaction.atomic
def found_class(*, actor: User, planned: PlannedClass, code: str = "") -> Cohort:
    """Set the class up (state planned) with its call-up; asked again, by whomever, it is the class that was made.

    DomainError for a plan that is not approved, a class that was cancelled or that waits for a change, a code in use.
    """
    held = held_plan(planned.plan, TrainingPlan.State.APPROVED)
    require_planner(actor, held.unit)
    now = _held(planned)
    if now.cohort:
        return now.cohort
    _check(now)
    cohort = create_cohort(
        actor=actor, code=code.strip() or suggested_code(now.starts_on.year), title=now.title, host=held.unit,
        starts_on=now.starts_on, ends_on=now.ends_on, place=now.venue, intake_no=now.intake_no, brand=now.brand,
        category=now.category, synthetic=held.is_synthetic,
    )  # fmt: skip
    if not PlannedClass.objects.filter(pk=now.pk, cohort__isnull=True).update(cohort=cohort):
        raise Conflict(_("这个班次刚刚已由他人设立，请刷新后查看。"))
    arrange_planned(
        actor=actor, cohort=cohort, theme=now.theme, places=now.places, regime=now.regime, levels=now.levels,
        nominate_by=last_day_to_nominate(now.starts_on),
    )  # fmt: skip
    log(held, "planning.class.found", user=actor, data={"title": now.full_title, "code": cohort.code})
    planned.refresh_from_db()
    return cohort


def _held(planned: PlannedClass) -> PlannedClass:
    """The line as it stands, held: the second officer waits here and then finds the class."""
    rows = PlannedClass.objects.select_for_update(of=("self",)).select_related("cohort", "plan")
    found: PlannedClass = rows.get(pk=planned.pk)
    return found


def _check(now: PlannedClass) -> None:
    if now.cancelled_at:
        raise DomainError(_("“%(title)s”已从计划中取消，不能设立班次。") % {"title": now.full_title})
    if now.changes.pending().exists():
        raise DomainError(_("“%(title)s”有一项变更待审批，请办结后再设立班次。") % {"title": now.full_title})


def last_day_to_nominate(starts_on: date) -> date:
    """Ten working days before the first day; never in the past, never after the first day."""
    exceptions = CalendarDay.objects.exceptions(starts_on - LOOK_BACK, starts_on)
    usual = workdays_before(starts_on, NOMINATE_BEFORE, exceptions)
    return min(max(usual, clock.today()), starts_on)


def suggested_code(year: int) -> str:
    """LH2026-07: the number after the highest in use in the year."""
    used = Cohort.objects.filter(code__startswith=f"LH{year}-").values_list("code", flat=True)
    numbers = [int(found[1]) for code in used if (found := re.fullmatch(rf"LH{year}-(\d{{1,4}})", code))]
    return f"LH{year}-{max(numbers, default=0) + 1:02d}"
