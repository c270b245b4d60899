"""Locks that keep two people from acting on one class, one room or one lecturer at the same time."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.translation import gettext as _

from cohorts.models import Cohort, CohortState
from core.errors import DomainError

DAY_LOCKS = 720_001  # a name space of its own among PostgreSQL's advisory locks


def locked(cohort: Cohort, *states: str) -> Cohort:
    """The class as it stands now, held until the transaction ends; DomainError outside the given states."""
    held = Cohort.objects.select_for_update().get(pk=cohort.pk)
    if states and held.state not in states:
        raise DomainError(
            _("班次“%(title)s”目前是“%(state)s”，不能办理。")
            % {"title": held.full_title, "state": CohortState(held.state).label},
            code="wrong_state",
        )
    return held


def lock_day(day: date) -> None:
    """Bookings of rooms and lecturers of one day come one after the other; SQLite's writers do so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [DAY_LOCKS, day.toordinal()])
