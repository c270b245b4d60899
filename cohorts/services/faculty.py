"""The library of faculty and the rooms: what the training offices keep for all classes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import FacultyAbsence, FacultyMember, FacultyTopic, FeeClass, Room, Session
from cohorts.services.bookings import absence_words
from core.errors import DomainError
from people.authority import require_role
from people.models import Role, User
from people.scopes import has_role

LONGEST_TOPIC, MOST_TOPICS = 80, 30


def _require_office(actor: User) -> None:
    require_role(actor, Role.TRAINING_OFFICE)


@transaction.atomic
def put_faculty(
    *,
    actor: User,
    user: User,
    kind: str,
    organisation: str = "",
    title: str = "",
    fee_class: FeeClass | None = None,
    in_use: bool = True,
    topics: Iterable[str] = (),
) -> FacultyMember:
    """Enter a person into the library, or change what it says of them; topics are replaced as a whole."""
    _require_office(actor)
    if not has_role(user, Role.LECTURER):
        raise DomainError(_("%(name)s没有“授课教师”角色，请先由安全管理员授权。") % {"name": user.name})
    facts = {
        "kind": FacultyMember.Kind(kind),
        "organisation": organisation.strip(),
        "title": title.strip(),
        "fee_class": fee_class,
        "in_use": in_use,
    }
    member, new = FacultyMember.objects.update_or_create(user=user, defaults=facts)
    _put_topics(member, topics)
    log(member, "cohorts.faculty.add" if new else "cohorts.faculty.change", user=actor)
    return member


def _put_topics(member: FacultyMember, topics: Iterable[str]) -> None:
    wanted = list(dict.fromkeys(filter(None, (topic.strip() for topic in topics))))
    if len(wanted) > MOST_TOPICS:
        raise DomainError(_("专题最多 %(n)s 个，请合并后再保存。") % {"n": MOST_TOPICS})
    if any(len(topic) > LONGEST_TOPIC for topic in wanted):
        raise DomainError(_("每个专题最多 %(n)s 个字，请每行写一个。") % {"n": LONGEST_TOPIC})
    member.topics.exclude(title__in=wanted).delete()
    there = set(member.topics.values_list("title", flat=True))
    FacultyTopic.objects.bulk_create(FacultyTopic(member=member, title=t) for t in wanted if t not in there)


@transaction.atomic
def add_absence(
    *, actor: User, member: FacultyMember, from_day: date, to_day: date, reason: str
) -> tuple[FacultyAbsence, list[Session]]:
    """Note days on which the person cannot teach; the second part are the sessions that lie in them already."""
    _require_office(actor)
    if to_day < from_day:
        raise DomainError(_("结束日期不能早于开始日期。"))
    if not reason.strip():
        raise DomainError(_("请填写不能授课的原因。"))
    absence = FacultyAbsence.objects.create(member=member, from_day=from_day, to_day=to_day, reason=reason.strip())
    log(member, "cohorts.faculty.away", user=actor, data={"span": absence_words(absence)})
    booked = Session.objects.filter(lecturer=member.user_id, day__range=(from_day, to_day))
    return absence, list(booked.exclude(cohort__state="cancelled").select_related("cohort").order_by("day"))


@transaction.atomic
def drop_absence(*, actor: User, absence: FacultyAbsence) -> None:
    """The person can teach on these days after all."""
    _require_office(actor)
    log(absence.member, "cohorts.faculty.back", user=actor, data={"span": absence_words(absence)})
    absence.delete()


@transaction.atomic
def put_room(*, actor: User, room: Room | None = None, **facts: Any) -> Room:
    """Enter a room or change it; a new name does not change what timetables say."""
    _require_office(actor)
    return _put(actor, room or Room(), "cohorts.room.put", facts)  # type: ignore[return-value]


@transaction.atomic
def put_fee_class(*, actor: User, fee_class: FeeClass | None = None, **facts: Any) -> FeeClass:
    """Enter a class of teaching fees or change it."""
    _require_office(actor)
    return _put(actor, fee_class or FeeClass(), "cohorts.fee_class.put", facts)  # type: ignore[return-value]


def _put(actor: User, row: Room | FeeClass, action: str, facts: dict[str, Any]) -> Room | FeeClass:
    for name, value in facts.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.save()
    log(row, action, user=actor, data={"name": row.name})
    return row
