"""Who takes which edition, in which context."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from courses.models import CourseEdition, Enrolment

CHUNK = 500


def _required_lessons(edition: CourseEdition) -> int:
    return edition.lessons.filter(required=True).count()


def enrol(*, user: Any, edition: CourseEdition, context_key: str = "") -> Enrolment:
    """The person's enrolment on the edition in this context, made when missing; safe to repeat."""
    _refuse_closed(edition, context_key)
    defaults = {"lessons_total": _required_lessons(edition), "enrolled_at": clock.now()}
    with transaction.atomic():
        enrolment, made = Enrolment.objects.current().get_or_create(
            user=user, edition=edition, context_key=context_key, defaults=defaults
        )
        if made:
            log(instance=edition.course, action="courses.enrol", user=user, data={"number": edition.number})
    return enrolment


def _refuse_closed(edition: CourseEdition, context_key: str) -> None:
    """Choosing by oneself needs a course that stands in the catalogue."""
    if not context_key and not edition.course.live:
        raise DomainError(_("课程“%s”已停止选课，请在课程目录中另选课程。") % edition.title)


@transaction.atomic
def enrol_many(*, actor: Any, users: Iterable[Any], edition: CourseEdition, context_key: str) -> int:
    """Enrol people in bulk; how many were not enrolled before. Safe to repeat."""
    wanted = {user.pk for user in users}
    there = Enrolment.objects.current().filter(edition=edition, context_key=context_key, user__in=wanted)
    missing = sorted(wanted - set(there.values_list("user_id", flat=True)))
    total, now = _required_lessons(edition), clock.now()
    shared = {"edition": edition, "context_key": context_key, "lessons_total": total, "enrolled_at": now}
    rows = [Enrolment(user_id=pk, **shared) for pk in missing]
    Enrolment.objects.bulk_create(rows, batch_size=CHUNK, ignore_conflicts=True)
    if missing:
        log(
            instance=edition.course,
            action="courses.enrol_many",
            user=actor,
            data={"number": edition.number, "context": context_key, "count": len(missing)},
        )
    return len(missing)
