"""Whose personal file a person may open: unit subtree *and* management authority, plus what higher apps register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet

# Roles whose grant opens personal files in their subtree.
FILE_ROLES = frozenset({"unit_admin", "training_office", "leader"})

NOTHING = Q(pk__in=[])
Scope = Callable[[Any], "QuerySet[Any]"]
_registered: dict[str, Scope] = {}


def register(name: str, scope: Scope) -> None:
    """Let a higher app add people: ``scope(user)`` is a queryset of user ids (a ``values`` of one column)."""
    _registered[name] = scope


def grant_paths(user: Any, roles: Iterable[str] = FILE_ROLES) -> list[str]:
    """Tree paths of the units on which the user holds one of the roles today; read once per request's user."""
    wanted = set(roles)
    return sorted({path for role, path in _open_grants(user) if path and role in wanted})


def _open_grants(user: Any) -> list[tuple[str, str | None]]:
    if not user.is_authenticated:
        return []
    if not hasattr(user, "_open_grants"):
        user._open_grants = list(user.grants.open().values_list("role", "unit__path"))
    return user._open_grants  # type: ignore[no-any-return]


def roles_of(user: Any) -> set[str]:
    """The roles that the user holds today."""
    return {role for role, _ in _open_grants(user)}


def has_role(user: Any, *roles: str) -> bool:
    return bool(roles_of(user) & set(roles))


def subtree_condition(user: Any, field: str, roles: Iterable[str] = FILE_ROLES) -> Q:
    """Rows whose tree path ``field`` lies under a grant of the user."""
    condition = NOTHING
    for path in grant_paths(user, roles):
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def managed_condition(user: Any, roles: Iterable[str]) -> Q:
    """People whose unit *and* managing organisation lie under one grant of the user."""
    condition = NOTHING
    for path in grant_paths(user, roles):
        condition |= Q(unit__path__startswith=path, managed_by__path__startswith=path)
    return condition


def people_condition(user: Any, roles: Iterable[str] = ()) -> Q:
    """The condition on ``User`` rows that ``visible_to`` means."""
    if not user.is_authenticated:
        return NOTHING
    condition = Q(pk=user.pk) | managed_condition(user, tuple(roles) or FILE_ROLES)
    for scope in _registered.values():
        condition |= Q(pk__in=scope(user))
    return condition
