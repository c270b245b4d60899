"""When the people of a class move to another edition of a course, what the class asks for moves with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, Requirement
from cohorts.permissions import require_runs, runs
from cohorts.rules import states
from cohorts.services.locking import locked
from cohorts.services.requirements import refresh
from core.errors import DomainError
from courses.contexts import Context
from courses.models import CourseEdition


def _cohorts(keys: Iterable[str]) -> QuerySet[Cohort]:
    return Cohort.objects.filter(public_id__in=[UUID(key.partition(":")[2]) for key in keys])


def names(keys: Iterable[str]) -> dict[str, str]:
    return {cohort.context_key: cohort.full_title for cohort in _cohorts(keys)}


def allows(*, actor: Any, key: str) -> bool:
    cohort = _cohorts([key]).first()
    return cohort is not None and runs(actor, cohort)


def move(*, actor: Any, key: str, old: CourseEdition, new: CourseEdition) -> None:
    """The class, if it is open, asks for the new edition from now on; safe to repeat."""
    cohort = _cohorts([key]).get()
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    asked = held.requirements.filter(edition=old)
    if not asked.exists():
        return
    if held.requirements.filter(edition=new).exists():
        raise DomainError(
            _("班次“%(title)s”已另外要求%(edition)s，请先在结业条件中去掉其中一个版次，再转换。")
            % {"title": held.full_title, "edition": new}
        )
    asked.update(edition=new)
    data = {"what": str(new), "from": old.number, "to": new.number}
    log(held, "cohorts.requirements.move_edition", user=actor, data=data)


def moved(*, key: str, edition: CourseEdition, users: Iterable[int]) -> None:
    """Where these members stand on the course is read anew."""
    people = list(users)
    leaves = Requirement.objects.filter(cohort__in=_cohorts([key]).values("pk"), edition=edition)
    for leaf in leaves.select_related("cohort", "edition"):
        refresh(requirement=leaf, users=people)


CONTEXT = Context(names=names, allows=allows, move=move, moved=moved)
