"""The vocabulary in which figures are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q

from people.models import Unit
from people.scopes import grant_paths

READERS = ("leader", "training_office")
OFFICE = ("training_office",)


def managed_under(paths: Iterable[str]) -> Q:
    """Rows whose unit *and* managing organisation lie under one of the paths, as a grant reaches people."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path, managed_by__path__startswith=path)
    return condition


class FigureQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> FigureQuerySet:
        """Figures about people whom a leader's or the office's grant reaches."""
        return self.filter(managed_under(grant_paths(user, READERS)))

    def below(self, unit: Unit) -> FigureQuerySet:
        return self.filter(unit__path__startswith=unit.path)


class StatisticsQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> StatisticsQuerySet:
        """Reports on a unit in the subtree of an office's grant."""
        condition = Q(pk__in=[])
        for path in grant_paths(user, OFFICE):
            condition |= Q(root__path__startswith=path)
        return self.filter(condition)
