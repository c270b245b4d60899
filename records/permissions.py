"""Who may do what with hours, in predicates that read as English."""

from __future__ import annotations

from typing import Any

from people.models import RoleGrant, Unit, User
from people.scopes import grant_paths, managed_condition

OFFICE = ("training_office",)


def keeps_rules(user: Any) -> bool:
    """Rules and requirements hold for everybody: only the training office of a top unit writes them."""
    return any(len(path) == Unit.steplen for path in grant_paths(user, OFFICE))


def office_reaches(user: Any, person: User) -> bool:
    """A grant as training office reaches this person, who is somebody else."""
    return _reaches(user, person, OFFICE)


def unit_reaches(user: Any, person: User) -> bool:
    """A grant as unit administrator reaches this person, who is somebody else."""
    return _reaches(user, person, ("unit_admin",))


def _reaches(user: Any, person: User, roles: tuple[str, ...]) -> bool:
    if user.pk == person.pk:
        return False
    return User.objects.filter(managed_condition(user, roles), pk=person.pk).exists()


def holders_over(person: User, role: str) -> list[int]:
    """Those whose grant of the role reaches the person's unit and managing organisation today; never the person."""
    if person.unit is None or person.managed_by is None:
        return []
    grants = RoleGrant.objects.open().filter(role=role, unit__isnull=False).exclude(user=person.pk)
    found = grants.filter(user__is_active=True).values_list("user_id", "unit__path")
    unit, manager = person.unit.path, person.managed_by.path
    return sorted({pk for pk, path in found if unit.startswith(path) and manager.startswith(path)})
