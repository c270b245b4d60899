"""Hours of courses that somebody chose by themselves, credited down in the records once."""

from __future__ import annotations

import logging
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.models import Enrolment
from courses.online_hours import hours_of_enrolment, source_key
from people.models import User
from records.models import Bucket, Category, HourEntry, Mode
from records.reading.hours import hour_rule_on
from records.services import HourLine, credit

NO_DAYS = Decimal(0)
logger = logging.getLogger("linghang.courses")


def credit_online(*, enrolment: Enrolment) -> bool:
    """Credit a completed enrolment of one's own choice; whether a line was added.

    The same course counts once for a person, whichever edition; a class's courses count with the class, at closing.
    """
    if enrolment.context_key or enrolment.state != Enrolment.State.COMPLETED:
        return False
    day = timezone.localdate(enrolment.completed_at)
    rule = hour_rule_on(day)
    if rule is None:
        logger.warning("no hour rule in force on %s: enrolment %s waits for its hours", day, enrolment.pk)
        return False
    worth = hours_of_enrolment(enrolment, rule)
    person: Any = User.objects.get(pk=enrolment.user_id)
    line = HourLine(
        user_id=person.pk, unit_id=person.unit_id, bucket=Bucket.ONLINE, category=Category.IN_SERVICE,
        mode=Mode.ONLINE, days=NO_DAYS, hours=worth.hours, earned_on=day, label=enrolment.edition.title,
        source_key=source_key(enrolment), rule_id=rule.pk,
    )  # fmt: skip
    return worth.hours > 0 and _credited_once(person, line)


def _credited_once(person: Any, line: HourLine) -> bool:
    """Two editions of the course finished at the same moment: the key lets one of them in."""
    try:
        with transaction.atomic():
            return bool(credit(actor=person, lines=[line]))
    except IntegrityError:
        return False


def credit_completed() -> int:
    """Credit what was completed while no rule was in force, or before online hours were counted; safe to repeat."""
    done = Enrolment.objects.filter(state=Enrolment.State.COMPLETED, context_key="").select_related("edition")
    known = set(HourEntry.objects.filter(source_key__startswith="online:").values_list("source_key", flat=True))
    waiting = [row for row in done.order_by("completed_at", "pk").iterator() if source_key(row) not in known]
    return sum(credit_online(enrolment=row) for row in waiting)
