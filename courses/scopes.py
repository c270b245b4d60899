"""Whose learning a person looks after: as the office, as a lecturer of the course, or through what higher apps add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from courses.reading.teaching import learners_taught_by
from people.models import Role, User
from people.scopes import has_role, managed_condition

Contexts = Callable[[Any], dict[str, str]]
_registered: dict[str, Contexts] = {}
LOOKING_AFTER = (Role.TRAINING_OFFICE.value, Role.LECTURER.value, Role.CLASS_TEACHER.value)


def register_contexts(name: str, contexts: Contexts) -> None:
    """Let a higher app add enrolments: ``contexts(user)`` gives the context keys the user runs, with their titles."""
    _registered[name] = contexts


def contexts_of(user: Any) -> dict[str, str]:
    """The contexts that the user runs, by key, with the title that a page shows."""
    found: dict[str, str] = {}
    for contexts in _registered.values():
        found |= contexts(user)
    return found


def looked_after(user: Any) -> Q:
    """Enrolments that the user may look into, remind and confirm; reckoned once per request's user."""
    if not user.is_authenticated:
        return Q(pk__in=[])
    if not hasattr(user, "_looked_after"):
        user._looked_after = _looked_after(user)
    return user._looked_after  # type: ignore[no-any-return]


def _looked_after(user: Any) -> Q:
    people = User.objects.filter(managed_condition(user, (Role.TRAINING_OFFICE.value,)))
    condition = Q(user__in=people.values("pk")) | Q(context_key__in=list(contexts_of(user)))
    if has_role(user, Role.LECTURER.value):
        condition |= learners_taught_by(user, "edition__course", "user")
    return condition
