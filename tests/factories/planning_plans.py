"""Synthetic plans of the host's training office, in every state; the same every time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from core.models import CalendarDay
from people.models import Role, Unit, User
from planning.models import PlannedClass, TrainingPlan
from planning.services.costs import install_sample_standard
from planning.services.plan_approval import approve_plan, submit_plan
from planning.services.plans import add_class, create_plan
from tests.factories.cohorts import first_rule, host, office
from tests.factories.people import UserFactory, grant

MONDAY = date(2026, 11, 2)
FACTS: dict[str, Any] = {
    "title": "数字政府建设专题领航班",
    "theme": "digital",
    "starts_on": MONDAY,
    "ends_on": MONDAY + timedelta(days=4),
    "days": Decimal(5),
    "hours": Decimal(40),
    "audience": "全市数字化岗位干部",
    "places": 50,
    "venue": "云山市委党校三楼报告厅",
    "budget": Decimal(100_000),
}


def leader(unit: Unit | None = None) -> User:
    """A leader whose grant reaches the unit, by default the host."""
    person = UserFactory(name="曾书记", unit=unit or host())
    grant(person, Role.LEADER, unit or host())
    return person


def second_office() -> User:
    """Another officer of the host's training office."""
    person = UserFactory(name="孙处长", unit=host())
    grant(person, Role.TRAINING_OFFICE, host())
    return person


def draft(classes: int = 1, *, year: int = 2026, unit: Unit | None = None, actor: User | None = None,
          **more: Any) -> TrainingPlan:  # fmt: skip
    """A draft with so many classes, a week apart from MONDAY on; the sample standard and the first rule are there."""
    first_rule()
    install_sample_standard()
    actor = actor or office()
    given = {"unit": unit or host(), "year": year, "title": f"{year}年干部培训计划", **more}
    plan = create_plan(actor=actor, **given)
    for n in range(classes):
        put(plan, n, actor=actor)
    plan.refresh_from_db()
    return plan


def put(plan: TrainingPlan, week: int = 0, *, actor: User | None = None, **more: Any) -> PlannedClass:
    """A class in the n-th week from MONDAY on, of that intake."""
    first = MONDAY + timedelta(weeks=week)
    facts = {**FACTS, "starts_on": first, "ends_on": first + timedelta(days=4), "intake_no": week + 1, **more}
    return add_class(actor=actor or office(), plan=plan, **facts)


def submitted(classes: int = 1, **more: Any) -> TrainingPlan:
    """A plan that waits for a leader."""
    plan = draft(classes, **more)
    return submit_plan(actor=more.get("actor") or office(), plan=plan, version=plan.version)


def approved(classes: int = 1, **more: Any) -> TrainingPlan:
    """A plan that a leader approved."""
    plan = submitted(classes, **more)
    return approve_plan(actor=leader(plan.unit), plan=plan, version=plan.version)


def holidays(*days: date, name: str = "国庆节") -> None:
    """Days off by name."""
    CalendarDay.objects.bulk_create(CalendarDay(day=day, is_working=False, name=name) for day in days)
