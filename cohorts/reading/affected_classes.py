"""Classes that begin on or after a day, for the preview of a new hour rule; each keeps the version it was made with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from cohorts.models import Cohort
from cohorts.rules import states
from records.affected import Affected


def classes_from(user: Any, day: date) -> Iterator[Affected]:
    """Of the classes that the user may see, those not over that begin on the day or later."""
    rows = Cohort.objects.visible_to(user).filter(starts_on__gte=day, state__in=states.OPEN)
    for cohort in rows.select_related("hour_rule"):
        url = reverse("cohorts:board", args=[cohort.public_id])
        yield Affected(cohort.full_title, cohort.starts_on, cohort.hour_rule.version, url)
