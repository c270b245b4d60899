"""What the figures hear from classes and exams. They can be rebuilt at any time, so trouble here stops nobody."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from assessments.models import Seat
from assessments.signals import result_released
from cohorts.models import Cohort
from cohorts.signals import cohort_graduated, cohort_reopened
from portal.snapshots import rebuild_cohort, refresh_people

logger = logging.getLogger("linghang.portal")


def _never_in_the_way(receiver: Callable[..., None]) -> Callable[..., None]:
    """A figure that could not be brought up to date is logged; the nightly rebuild catches up."""

    @wraps(receiver)
    def guarded(sender: Any, **kwargs: Any) -> None:
        try:
            receiver(sender, **kwargs)
        except Exception:
            logger.exception("figures not brought up to date after %s", receiver.__name__)

    return guarded


@_never_in_the_way
def on_cohort_changed(sender: Any, cohort_id: int, **kwargs: Any) -> None:
    cohort = Cohort.objects.get(pk=cohort_id)
    rebuild_cohort(cohort=cohort)
    refresh_people(user_ids=cohort.memberships.values_list("user_id", flat=True))


@_never_in_the_way
def on_result_released(sender: Any, exam_id: int, context_key: str, **kwargs: Any) -> None:
    cohort = cohort_with(context_key)
    if cohort is not None:
        rebuild_cohort(cohort=cohort)
    refresh_people(user_ids=Seat.objects.filter(exam=exam_id).values_list("user_id", flat=True))


def cohort_with(context_key: str) -> Cohort | None:
    """The class that a context key names, if it names one."""
    kind, _, public_id = context_key.partition(":")
    return Cohort.objects.filter(public_id=public_id).first() if kind == "cohort" and public_id else None


def connect() -> None:
    """Called once, when the apps are ready."""
    cohort_graduated.connect(on_cohort_changed, dispatch_uid="portal.cohort_graduated")
    cohort_reopened.connect(on_cohort_changed, dispatch_uid="portal.cohort_reopened")
    result_released.connect(on_result_released, dispatch_uid="portal.result_released")
