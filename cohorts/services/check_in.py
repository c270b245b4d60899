"""Check-in by code: opened and closed by the class's staff, used by its members, never above the teacher's word."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import (
    Attendance,
    AttendanceHow,
    AttendanceStatus,
    CheckIn,
    Cohort,
    CohortState,
    Membership,
    MembershipState,
    Scan,
    ScanOutcome,
)
from cohorts.models.check_in import RECORDED
from cohorts.permissions import require_runs
from cohorts.reading.classes import this_half_day, timetable_of
from cohorts.rules import rotating
from cohorts.rules.halfdays import HalfDay
from cohorts.services.locking import locked
from cohorts.services.marks import Change, write
from core import clock
from core.errors import DomainError
from people.models import User

SEEN_SECONDS = 600  # so long a code that was fresh on this phone may wait for signing in and for the button
TRIES, SPAN_SECONDS = 15, 60  # of one person


# The teacher's side.


@transaction.atomic
def open_check_in(*, actor: User, cohort: Cohort, day: date, half: str, before: int, late: int, after: int) -> CheckIn:
    """Open the check-in of a half day of today, or open it again with new codes.

    ``before``, ``late`` and ``after`` are minutes around the beginning of its first lesson.
    """
    require_runs(actor, cohort)
    held, place = locked(cohort, CohortState.RUNNING), HalfDay(day, half)
    span = rotating.window(_beginning(held, place), before=before, late=late, after=after)
    if span.closes_at <= clock.now():
        ended = timezone.localtime(span.closes_at)
        raise DomainError(_("按这个设置，签到在%(time)s已经截止。请延长截止时间。") % {"time": f"{ended:%H:%M}"})
    found = CheckIn.objects.filter(cohort=held, day=day, half=half).first()
    if found is not None and is_open(found):
        raise DomainError(_("%(when)s的签到已经打开，不需要再次打开。") % {"when": place.label}, code="open")
    made = _write(actor, held, place, span, found)
    log(held, "cohorts.check_in.open", user=actor, data={"when": place.label})
    return made


def _beginning(cohort: Cohort, place: HalfDay) -> datetime:
    """When the first lesson of the half day begins; DomainError where no check-in can be held."""
    first = cohort.sessions.filter(day=place.day, half=place.half).order_by("starts_at").first()
    if first is None:
        raise DomainError(_("%(when)s没有排课，不需要签到。") % {"when": place.label})
    if place.day != clock.today() or place > this_half_day():
        raise DomainError(_("只能在当天、当个半天打开签到；以前的半天请用点名登记。"))
    return timezone.make_aware(datetime.combine(place.day, first.starts_at))


def _write(actor: User, cohort: Cohort, place: HalfDay, span: rotating.Window, found: CheckIn | None) -> CheckIn:
    fresh = {
        "secret": secrets.token_hex(32),
        "opens_at": span.opens_at,
        "late_after": span.late_after,
        "closes_at": span.closes_at,
        "closed_at": None,
        "opened_by": actor,
    }
    if found is None:
        key = rotating.letters(secrets.token_bytes(5), rotating.KEY_LENGTH)
        return CheckIn.objects.create(cohort=cohort, day=place.day, half=place.half, key=key, **fresh)
    CheckIn.objects.filter(pk=found.pk).update(**fresh)
    found.refresh_from_db()
    return found


@transaction.atomic
def close_check_in(*, actor: User, check_in: CheckIn) -> None:
    """End the check-in before its time; its codes are worth nothing from now on."""
    require_runs(actor, check_in.cohort)
    now = clock.now()
    standing = CheckIn.objects.filter(pk=check_in.pk, closed_at__isnull=True, closes_at__gte=now)
    if not standing.update(closed_at=now):
        raise DomainError(_("签到已经结束，不需要再次结束。"), code="closed")
    log(
        check_in.cohort, "cohorts.check_in.close", user=actor, data={"when": HalfDay(check_in.day, check_in.half).label}
    )


def is_open(check_in: CheckIn) -> bool:
    """Whether codes are shown and accepted now."""
    return check_in.closed_at is None and window_of(check_in).holds(clock.now())


def window_of(check_in: CheckIn) -> rotating.Window:
    return rotating.Window(check_in.opens_at, check_in.late_after, check_in.closes_at)


def source_of(check_in: CheckIn) -> rotating.Source:
    place = f"{check_in.cohort_id}|{check_in.day:%Y%m%d}|{check_in.half}"
    return rotating.Source(check_in.key, check_in.secret, place)


# The member's side.


def check_in_of(*, user: User, code: str, at: datetime) -> CheckIn | None:
    """The check-in that the code was valid for at that moment; one's own class first."""
    code = rotating.plain(code)
    if not code:
        return None
    found = CheckIn.objects.filter(closed_at__isnull=True, closes_at__gte=at).select_related("cohort")
    if key := rotating.key_of(code):
        found = found.filter(key=key)
    valid = [c for c in found if rotating.is_valid(code, source_of(c), at)]
    own = set(_memberships(user).filter(cohort__in=[c.cohort_id for c in valid]).values_list("cohort", flat=True))
    return min(valid, key=lambda c: (c.cohort_id not in own, c.pk), default=None)


def outcome_for(*, user: User, check_in: CheckIn, at: datetime) -> str:
    """What confirming now would come to, as things stand."""
    member = _memberships(user).filter(cohort=check_in.cohort_id).first()
    return _outcome(user, check_in, member, at)


@transaction.atomic
def scan(*, actor: User, code: str, nonce: UUID, seen_at: datetime | None = None) -> Scan:
    """One attempt to check in; the same nonce again is answered with what it came to the first time.

    ``seen_at`` is when this browser saw the code while it was fresh. Every attempt leaves a row with its outcome.
    """
    if earlier := _earlier(actor, nonce):
        return earlier
    check_not_too_often(actor)
    at = trusted(seen_at)
    check_in = check_in_of(user=actor, code=code, at=at)
    if check_in is None:
        return _outdated(actor, code, nonce)
    locked(check_in.cohort)
    check_in.refresh_from_db(fields=["closed_at", "closes_at", "secret"])
    if earlier := _earlier(actor, nonce):
        return earlier
    member = _memberships(actor).filter(cohort=check_in.cohort_id).first()
    outcome = _outcome(actor, check_in, member, at)
    if member is not None and outcome in RECORDED:
        change = Change(member.pk, HalfDay(check_in.day, check_in.half), outcome, how=AttendanceHow.SCAN)
        write(actor=actor, changes=[change], there={})
    return _keep(actor, nonce, check_in, outcome)


def trusted(seen_at: datetime | None) -> datetime:
    """The moment by which an attempt is judged: when the code was seen fresh, unless that is too long ago."""
    now = clock.now()
    return seen_at if seen_at and now - timedelta(seconds=SEEN_SECONDS) <= seen_at <= now else now


def check_not_too_often(actor: User) -> None:
    since = clock.now() - timedelta(seconds=SPAN_SECONDS)
    if Scan.objects.filter(user=actor, at__gt=since).count() >= TRIES:
        raise DomainError(_("尝试过于频繁，请一分钟后再试；也可以请班主任现场登记，效力相同。"), code="too_often")


def _earlier(actor: User, nonce: UUID) -> Scan | None:
    return Scan.objects.filter(user=actor, nonce=nonce).first()


def _memberships(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user.pk, state=MembershipState.REGISTERED, cohort__state=CohortState.RUNNING)


def _outdated(actor: User, code: str, nonce: UUID) -> Scan:
    """The attempt with a code that is no longer valid, put down to the check-in it was meant for if that is known."""
    mine = CheckIn.objects.filter(day=clock.today(), cohort__in=_memberships(actor).values("cohort"))
    key = rotating.key_of(rotating.plain(code))
    meant = CheckIn.objects.filter(key=key).first() if key else mine.order_by("-opens_at").first()
    over = meant is not None and not is_open(meant)
    return _keep(actor, nonce, meant, ScanOutcome.CLOSED if over else ScanOutcome.EXPIRED)


def _outcome(user: User, check_in: CheckIn, member: Membership | None, at: datetime) -> str:
    if member is None:
        elsewhere = _memberships(user).exists()
        return ScanOutcome.OTHER_CLASS if elsewhere else ScanOutcome.NOT_MEMBER
    if status := _recorded(member, check_in):
        return _standing(status)
    place = HalfDay(check_in.day, check_in.half)
    if not timetable_of(check_in.cohort, check_in.day).calls(place, member.group_id):
        return ScanOutcome.OTHER_GROUP
    if check_in.closed_at is not None or not window_of(check_in).holds(at):
        return ScanOutcome.CLOSED
    return ScanOutcome.LATE if window_of(check_in).is_late(at) else ScanOutcome.PRESENT


def _recorded(member: Membership, check_in: CheckIn) -> str:
    rows = Attendance.objects.filter(membership=member, day=check_in.day, half=check_in.half)
    return rows.values_list("status", flat=True).first() or ""


def _standing(status: str) -> str:
    """What is on record stands: a scan changes nothing about it."""
    refusals = {AttendanceStatus.ON_LEAVE: ScanOutcome.ON_LEAVE, AttendanceStatus.ABSENT: ScanOutcome.ABSENT}
    return refusals.get(AttendanceStatus(status), ScanOutcome.ALREADY)


def _keep(actor: User, nonce: UUID, check_in: CheckIn | None, outcome: str) -> Scan:
    return Scan.objects.create(check_in=check_in, user=actor, nonce=nonce, outcome=outcome, at=clock.now())
