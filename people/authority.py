"""Predicates that services ask before they write; each refusal is a sentence for the person who acts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from core.errors import DomainError
from people.models import Role, Unit, User
from people.scopes import grant_paths, has_role

OFFICE = (Role.UNIT_ADMIN.value, Role.TRAINING_OFFICE.value)


def is_installer(actor: User) -> bool:
    """The account made on the command line, which puts the first roles in place."""
    return bool(actor.is_superuser and actor.is_active)


def require_role(actor: User, *roles: str) -> None:
    """DomainError unless the actor holds one of the roles today."""
    if not is_installer(actor) and not has_role(actor, *roles):
        names = "、".join(str(Role(role).label) for role in roles)
        raise DomainError(_("这件事须由%(roles)s办理。") % {"roles": names}, code="forbidden")


def reaches(actor: User, unit: Unit, roles: Sequence[str] = OFFICE) -> bool:
    """Whether the unit lies in the subtree of one of the actor's grants."""
    return is_installer(actor) or any(unit.path.startswith(path) for path in grant_paths(actor, roles))


def require_unit(actor: User, unit: Unit, roles: Sequence[str] = OFFICE) -> None:
    if not reaches(actor, unit, roles):
        raise DomainError(_("“%(unit)s”不在您的管理范围内。") % {"unit": unit.name}, code="out_of_scope")


def require_reach(actor: User, people: Iterable[User], roles: Sequence[str] = OFFICE) -> None:
    """DomainError naming those whom the actor's grants do not reach, by unit and by management authority."""
    people = list(people)
    if is_installer(actor):
        return
    require_role(actor, *roles)
    within = User.objects.managed_by_grants(actor, roles).filter(pk__in=[person.pk for person in people])
    seen = set(within.values_list("pk", flat=True))
    beyond = [person.name for person in people if person.pk not in seen]
    if beyond:
        names = "、".join(beyond[:5]) + (_("等 %(n)s 人") % {"n": len(beyond)} if len(beyond) > 5 else "")
        raise DomainError(_("%(names)s不在您的管理范围内。") % {"names": names}, code="out_of_scope")
