"""The vocabulary in which people, units and grants are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Prefetch, Q
from treebeard.mp_tree import MP_NodeManager, MP_NodeQuerySet

from core import clock
from people import scopes

if TYPE_CHECKING:
    from people.models import Unit


def on_day(day: date, *, start: str = "starts_on", end: str = "ends_on") -> Q:
    """Rows whose dates include ``day``; an empty end is open."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gte": day}))


class UnitQuerySet(MP_NodeQuerySet):
    def below(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and everything under it."""
        return self.filter(path__startswith=unit.path)

    def visible_to(self, user: Any) -> UnitQuerySet:
        """Units in the subtree of a grant of the user; all of them for those who give and audit roles."""
        if scopes.has_role(user, "security_admin", "audit_admin"):
            return self
        return self.filter(scopes.subtree_condition(user, "path"))


class UnitManager(MP_NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]
    """Treebeard asks for a manager that orders by path."""

    def get_queryset(self) -> UnitQuerySet:
        return UnitQuerySet(self.model).order_by("path")


class UserQuerySet(models.QuerySet):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def visible_to(self, user: Any, *roles: str) -> UserQuerySet:
        """Oneself; those whose unit and managing organisation lie in a grant's subtree; whom a registered scope adds.

        ``roles`` narrows the grants that count; none means every role that reads personal files.
        """
        return self.filter(scopes.people_condition(user, roles))

    def managed_by_grants(self, user: Any, roles: Iterable[str]) -> UserQuerySet:
        """Those whom a grant of these roles reaches; neither oneself nor what registered scopes add."""
        return self.filter(scopes.managed_condition(user, roles))

    def with_open_posting(self) -> UserQuerySet:
        """One more query for everybody's present posting."""
        postings = self.model._meta.get_field("postings").related_model.objects.open().select_related("unit")
        return self.prefetch_related(Prefetch("postings", postings, to_attr="open_postings"))

    def within(self, unit: Unit) -> UserQuerySet:
        """Those who belong to the unit or to one below it."""
        return self.filter(unit__path__startswith=unit.path)

    def holding(self, role: str) -> UserQuerySet:
        """People with an open grant of the role."""
        grants = self.model._meta.get_field("grants").related_model.objects.open().filter(role=role)
        return self.filter(pk__in=grants.values("user"))


class PostingQuerySet(models.QuerySet):
    def on(self, day: date) -> PostingQuerySet:
        return self.filter(on_day(day))

    def open(self) -> PostingQuerySet:
        return self.filter(ends_on__isnull=True)


class RoleGrantQuerySet(models.QuerySet):
    def open(self) -> RoleGrantQuerySet:
        return self.filter(on_day(clock.today()))

    def visible_to(self, user: Any) -> RoleGrantQuerySet:
        """All of them for those who give and audit roles, one's own for everybody else."""
        return self if scopes.has_role(user, "security_admin", "audit_admin") else self.filter(user=user.pk)


class FileReadQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> FileReadQuerySet:
        """All of them for the audit administrator, those of one's own file for everybody else."""
        return self if scopes.has_role(user, "audit_admin") else self.filter(subject=user.pk)
