"""Rooms and meals (食宿安排): kept while the class needs them, erased when it is archived, never in the log."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.lodging import Problem, Stay, read_stays
from cohorts.models import Cohort, CohortState, Lodging, Membership
from cohorts.permissions import require_office, require_runs
from cohorts.rules import states
from cohorts.services.locking import locked
from core.errors import DomainError
from people.models import User

FIELDS = frozenset({"room", "bed", "meal", "allergy", "note"})
STAYING = ("confirmed", "registered")


@transaction.atomic
def lodge(*, actor: User, membership: Membership, **values: str) -> Lodging:
    """Note where a member sleeps and what they cannot eat. DomainError for a bed that is taken."""
    require_runs(actor, membership.cohort)
    if set(values) - FIELDS:
        raise ValueError(f"not kept of a stay: {sorted(set(values) - FIELDS)}")
    held = locked(membership.cohort, *states.OPEN)
    if membership.state not in STAYING:
        raise DomainError(_("%(name)s已不在班，不需要安排食宿。") % {"name": membership.user.name})
    clean = {key: value.strip() for key, value in values.items()}
    _check_bed(held, clean.get("room", ""), clean.get("bed", ""), other_than={membership.pk})
    stay, _new = Lodging.objects.update_or_create(membership=membership, defaults={"cohort": held, **clean})
    log(held, "cohorts.lodging.note", user=actor, data={"count": 1})
    return stay


def _check_bed(cohort: Cohort, room: str, bed: str, *, other_than: set[int]) -> None:
    if bed and not room:
        raise DomainError(_("填了床位就要填房间。"))
    taken = cohort.lodgings.filter(room=room, bed=bed).exclude(membership__in=other_than).select_related(
        "membership__user"
    )  # fmt: skip
    if bed and (there := taken.first()):
        words = {"room": room, "bed": bed, "name": there.membership.user.name}
        raise DomainError(_("%(room)s房%(bed)s床已安排给%(name)s，请换一个床位。") % words, code="taken")


class ListRefused(DomainError):
    """A list of which rows cannot be taken; nothing of it was written."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(_("有 %(n)s 行不能导入，没有写入任何内容。") % {"n": len(problems)}, code="rows")
        self.problems = problems


@transaction.atomic
def import_lodging(*, actor: User, cohort: Cohort, name: str, data: bytes) -> int:
    """Take a list of rooms and meals, whole or not at all; rows of other members stay. The number of rows."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    rows = held.memberships.filter(state__in=STAYING).select_related("user")
    members = {m.user.work_number.upper(): m for m in rows}
    stays, problems = read_stays(name, data, {number: m.user.name for number, m in members.items()})
    named = {members[stay.work_number].pk for stay in stays}
    problems += _beds_of_others(held, stays, named)
    if problems:
        raise ListRefused(sorted(problems, key=lambda p: p.row))
    if not stays:
        raise DomainError(_("名单里没有可以导入的行。"), code="empty")
    held.lodgings.filter(membership__in=named).delete()
    Lodging.objects.bulk_create(
        [Lodging(cohort=held, membership=members[stay.work_number], **stay.values) for stay in stays], batch_size=500
    )
    log(held, "cohorts.lodging.note", user=actor, data={"count": len(stays)})
    return len(stays)


def _beds_of_others(cohort: Cohort, stays: list[Stay], named: set[int]) -> list[Problem]:
    """Rows whose bed belongs to somebody whom the list does not name."""
    others = cohort.lodgings.exclude(bed="").exclude(membership__in=named).select_related("membership__user")
    taken = {(o.room, o.bed): o.membership.user.name for o in others}
    words = _("这个床位已安排给%(name)s，请改正，或把%(name)s也列入名单。")
    return [
        Problem(stay.row, words % {"name": taken[stay.room, stay.bed]})
        for stay in stays
        if (stay.room, stay.bed) in taken
    ]


@transaction.atomic
def erase_lodging(*, actor: User, cohort: Cohort) -> int:
    """Erase the rooms and personal needs of an archived class; the number of members they were of."""
    require_office(actor, cohort)
    held = locked(cohort, CohortState.ARCHIVED)
    count, _by_model = held.lodgings.all().delete()
    if count:
        log(held, "cohorts.lodging.erase", user=actor, data={"count": count})
    return count
