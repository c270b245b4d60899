"""Who teaches whom in which course: the one place that knows how they are joined; and who hears where nobody does."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, Value

from people.models import Role, RoleGrant


def taught_by(user: Any) -> Any:
    """Ids of the courses that a person teaches, as a queryset of one column."""
    return user.taught_courses.values("course")


def learners_taught_by(user: Any, course: str, learner: str) -> Q:
    """Rows of the learners whom a person teaches; the arguments are the paths to the row's course and learner."""
    condition = Q(pk__in=[])
    for taught, path in user.taught_courses.values_list("course", "unit__path"):
        condition |= Q(**{course: taught, f"{learner}__unit__path__startswith": path})
    return condition


def lecturers_of(course: Any, learner: Any) -> list[int]:
    """Ids of the people who teach a learner in a course."""
    rows = course.lecturers.annotate(learner=Value(learner.unit.path if learner.unit else ""))
    return list(rows.filter(learner__startswith=F("unit__path")).values_list("user", flat=True))


def offices_of(person: Any) -> list[int]:
    """Ids of the people of the training offices that look after a person."""
    grants = RoleGrant.objects.open().filter(role=Role.TRAINING_OFFICE, unit__isnull=False)
    places = [unit.path for unit in (person.unit, person.managed_by) if unit]
    return sorted(
        {user for user, path in grants.values_list("user", "unit__path") if all(p.startswith(path) for p in places)}
    )
