"""Whose name an enrolment is held in. A higher app that enrols people (a class) says here what its keys are called,
who may move its people to another edition, and what moves with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from courses.models import CourseEdition


class Names(Protocol):
    def __call__(self, keys: Iterable[str]) -> dict[str, str]: ...


class Allows(Protocol):
    def __call__(self, *, actor: Any, key: str) -> bool: ...


class Act(Protocol):
    def __call__(self, *, actor: Any, key: str, old: CourseEdition, new: CourseEdition) -> None: ...


class After(Protocol):
    def __call__(self, *, key: str, edition: CourseEdition, users: Iterable[int]) -> None: ...


@dataclass(frozen=True)
class Context:
    """``names`` in one query; ``allows`` says whether the actor may move the people of a key; ``move`` refuses with a
    DomainError or moves what points at the edition; ``moved`` hears who stands on it now. The last two run inside the
    transaction of the move."""

    names: Names
    allows: Allows
    move: Act
    moved: After


_contexts: dict[str, Context] = {}


def register(prefix: str, context: Context) -> None:
    """The owner of all keys ``prefix:…``; registering a prefix again replaces it."""
    _contexts[prefix] = context


def owner_of(key: str) -> Context | None:
    return _contexts.get(key.partition(":")[0]) if key else None


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """What each key is called on a page; one query per kind of context."""
    wanted = set(keys)
    found = {key: _("自选") if not key else _("其他") for key in wanted}
    for prefix, context in _contexts.items():
        found |= context.names([key for key in wanted if key.startswith(f"{prefix}:")])
    return found
