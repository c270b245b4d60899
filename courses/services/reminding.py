"""Reminding learners: a notice of the kind course.reminder, which also leaves the house as a link and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import DomainError
from courses.models import Course, Enrolment, Reminder, ReminderRound

AGAIN_AFTER = timedelta(days=1)
MOST = 1000  # people at once
KIND = "course.reminder"


@dataclass(frozen=True)
class ReminderPlan:
    """Whom a reminder would touch: those it reaches, those reminded within a day, those who have nothing to do."""

    fresh: list[Enrolment]
    recent: list[Enrolment]
    finished: list[Enrolment]


def notice_text(course: Course) -> str:
    """The words of the notice, the same for everybody: no name, no result, no reason."""
    return str(_("请继续学习课程“%(title)s”。") % {"title": course.title})


def plan_reminder(*, actor: Any, course: Course, keys: Iterable[int] | None = None) -> ReminderPlan:
    """Whom a reminder of these enrolments (by default all of the course) would touch, within the actor's reach."""
    rows = Enrolment.objects.looked_after_by(actor).standing().filter(edition__course=course)
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    people = list(rows.select_related("user__unit", "edition").order_by("user__sort_key", "pk"))
    if len(people) > MOST:
        raise DomainError(_("一次最多提醒 %(n)s 人，请先筛选，分批提醒。") % {"n": MOST})
    recent = _reminded(course, [row.user_id for row in people])
    going_on = [row for row in people if row.state == Enrolment.State.ACTIVE and row.user_id != actor.pk]
    return ReminderPlan(
        fresh=_once_each([row for row in going_on if row.user_id not in recent]),
        recent=_once_each([row for row in going_on if row.user_id in recent]),
        finished=[row for row in people if row not in going_on],
    )


def _once_each(rows: list[Enrolment]) -> list[Enrolment]:
    """Somebody who learns the course twice, alone and with a class, is reminded once."""
    return list({row.user_id: row for row in rows}.values())


def _reminded(course: Course, people: list[int]) -> set[int]:
    since = clock.now() - AGAIN_AFTER
    rows = Reminder.objects.filter(round__course=course, enrolment__user__in=people, sent_at__gt=since)
    return set(rows.values_list("enrolment__user", flat=True))


@transaction.atomic
def remind(*, actor: Any, course: Course, keys: Iterable[int], client_key: UUID, again: bool = False) -> int:
    """Send the reminder to those of the enrolments who still learn; how many it reached.

    Nobody is reminded twice within a day for the same course unless ``again``; the same ``client_key`` sends once.
    """
    Course.objects.select_for_update(of=("self",)).get(pk=course.pk)
    earlier = ReminderRound.objects.filter(client_key=client_key).first()
    if earlier is not None:
        return earlier.reminders.count()
    plan = plan_reminder(actor=actor, course=course, keys=keys)
    reached = [*plan.fresh, *plan.recent] if again else plan.fresh
    if not reached:
        raise DomainError(_("没有需要提醒的人：他们一天内已经提醒过，或者已经学完。"))
    sent = _written(actor, course, reached, client_key)
    notices.send(
        to=[row.user_id for row in reached],
        title=_("学习提醒"),
        text=sent.text,
        url=reverse("courses:course", args=[course.key]),
        key=f"remind:{sent.pk}",
        kind=KIND,
    )
    log(course, "courses.remind", user=actor, data={"count": len(reached), "again": again})
    return len(reached)


def _written(actor: Any, course: Course, reached: list[Enrolment], client_key: UUID) -> ReminderRound:
    now = clock.now()
    try:
        with transaction.atomic():
            sent = ReminderRound.objects.create(
                client_key=client_key, course=course, text=notice_text(course), sent_by=actor, sent_at=now
            )
    except IntegrityError as twice:
        raise DomainError(_("这次提醒正在发送，请稍后刷新查看。")) from twice
    Reminder.objects.bulk_create([Reminder(round=sent, enrolment=row, sent_at=now) for row in reached])
    return sent
