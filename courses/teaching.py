"""Who teaches which course: the one place that knows how the two are joined; and who hears where nobody does."""

from __future__ import annotations

from typing import Any

from people.models import Role, RoleGrant


def taught_by(user: Any) -> Any:
    """Ids of the courses that a person teaches, as a queryset of one column."""
    return user.taught_courses.values("pk")


def lecturers_of(course: Any) -> list[int]:
    """Ids of the people who teach a course."""
    return list(course.lecturers.values_list("pk", flat=True))


def offices_of(person: Any) -> list[int]:
    """Ids of the people of the training offices that look after a person."""
    grants = RoleGrant.objects.open().filter(role=Role.TRAINING_OFFICE, unit__isnull=False)
    places = [unit.path for unit in (person.unit, person.managed_by) if unit]
    return sorted(
        {user for user, path in grants.values_list("user", "unit__path") if all(p.startswith(path) for p in places)}
    )
