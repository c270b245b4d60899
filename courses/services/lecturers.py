"""Which lecturer sees the learners of a course, below which unit; given and ended by the training office."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from courses.models import Course, CourseLecturer
from people.authority import require_role, require_unit
from people.models import Role, Unit, User

OFFICE = (Role.TRAINING_OFFICE.value,)


@transaction.atomic
def give_lecturer(*, actor: Any, course: Course, user: User, unit: Unit) -> CourseLecturer:
    """Let a lecturer look after the learners below the unit; given before, it stays as it is."""
    require_role(actor, *OFFICE)
    require_unit(actor, unit, OFFICE)
    if not User.objects.active().holding(Role.LECTURER).filter(pk=user.pk).exists():
        raise DomainError(_("%(name)s没有教师角色，请先由安全管理员授予。") % {"name": user.name})
    values = {"given_by": actor, "given_at": clock.now()}
    row, made = CourseLecturer.objects.get_or_create(course=course, user=user, unit=unit, defaults=values)
    if made:
        log(course, "courses.lecturer_give", user=actor, data={"user": user.pk, "unit": unit.code})
    return row


@transaction.atomic
def end_lecturer(*, actor: Any, lecturer: CourseLecturer) -> None:
    """The lecturer no longer looks after these learners; what they confirmed stands."""
    require_role(actor, *OFFICE)
    require_unit(actor, lecturer.unit, OFFICE)
    log(lecturer.course, "courses.lecturer_end", user=actor, data={"user": lecturer.user_id})
    lecturer.delete()
