"""One page at a time on which a learner's playing counts: opened, taken over, seen again, left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict
from courses.models import EditionLesson, Enrolment, LessonProgress, PlaybackLease
from courses.reading.standing import shape_of, state_of
from courses.rules.progress import LessonShape, LessonState, ProgressUpdate
from courses.services.access import refuse_stranger

SEEN_EVERY = timedelta(seconds=60)  # the lease is not written more often than this by mere playing
ALIVE_GRACE = SEEN_EVERY  # signs of life are known to within this


class PlayingElsewhere(Conflict):
    """Another page holds the lease; ``code`` is elsewhere, or closed where nobody holds it any more."""

    def __init__(self, message: str, code: str = "elsewhere") -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Opened:
    """What a page needs to go on where the learner stopped."""

    state: LessonState
    shape: LessonShape


def idle_after() -> timedelta:
    """How long nobody has to stir before the page asks."""
    return timedelta(seconds=settings.LINGHANG_IDLE_SECONDS)


def _lapsed(lease: PlaybackLease, now: datetime) -> bool:
    free = lease.session is None or lease.enrolment_id is None
    return free or now - lease.seen_at >= timedelta(seconds=settings.LINGHANG_LEASE_SECONDS)


@transaction.atomic
def open_session(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, session: UUID, device: str, take_over: bool = False
) -> Opened:
    """Let the page ``session`` be the one that counts; PlayingElsewhere while another one is, unless ``take_over``.

    Safe to repeat. Another page of the same course on the same device gives way without being asked.
    """
    refuse_stranger(user, enrolment, lesson)
    now = clock.now()
    lease = _locked_lease(user, now)
    if lease.session != session:
        same = lease.enrolment_id == enrolment.pk and lease.device == device
        if not (take_over or same or _lapsed(lease, now)):
            raise PlayingElsewhere(_where_else(lease, enrolment, device))
        PlaybackLease.objects.filter(pk=lease.pk).update(
            session=session, enrolment=enrolment, device=device, opened_at=now, seen_at=now, alive_at=now
        )
    row = progress_row(enrolment, lesson, now)
    return Opened(state_of(row), shape_of(lesson))


def _locked_lease(user: Any, now: datetime) -> PlaybackLease:
    """The person's row, made when missing, held until the transaction ends."""
    rows = PlaybackLease.objects.select_for_update().filter(user=user)
    lease = rows.first()
    if lease is None:
        fresh = PlaybackLease(user=user, opened_at=now, seen_at=now, alive_at=now)
        PlaybackLease.objects.bulk_create([fresh], ignore_conflicts=True)
        lease = rows.get()
    return lease


def progress_row(enrolment: Enrolment, lesson: EditionLesson, now: datetime) -> LessonProgress:
    """The row of this lesson, made when missing."""
    rows = LessonProgress.objects.filter(enrolment=enrolment, lesson=lesson)
    row = rows.first()
    if row is None:
        fresh = LessonProgress(enrolment=enrolment, lesson=lesson, started_at=now, updated_at=now)
        LessonProgress.objects.bulk_create([fresh], ignore_conflicts=True)
        row = rows.get()
    return row


def _where_else(lease: PlaybackLease, enrolment: Enrolment, device: str) -> str:
    other_device = lease.device != device
    if lease.enrolment_id == enrolment.pk:
        return _("您正在另一台设备上学习这门课程。要在这里继续吗？继续后，那边不再计入。")
    held = Enrolment.objects.select_related("edition").get(pk=lease.enrolment_id)
    words = {"course": held.edition.title}
    if other_device:
        return _("您正在另一台设备上学习《%(course)s》。要在这里继续吗？继续后，那边不再计入。") % words
    return _("您正在学习另一门课程《%(course)s》。要在这里继续吗？继续后，那边不再计入。") % words


def refuse_other_page(
    lease: PlaybackLease | None, enrolment: Enrolment, shape: LessonShape, session: UUID | None, now: datetime
) -> None:
    """Playing counts on the page that holds the lease; reading only while no other course is playing."""
    holds = lease is not None and session is not None and lease.session == session
    if holds or (not shape.is_played and _leaves_reading_alone(lease, enrolment, now)):
        return
    if lease is None or lease.session is None:
        raise PlayingElsewhere(_("这里的学习已经暂停，请点“在这里继续”。"), code="closed")
    if not shape.is_played:
        raise PlayingElsewhere(_("您正在另一门课程里播放，同一时间只计一门课程。要在这里继续吗？"))
    raise PlayingElsewhere(_("您已在别处继续学习，这里从那时起不再计入。要回到这里继续吗？"))


def _leaves_reading_alone(lease: PlaybackLease | None, enrolment: Enrolment, now: datetime) -> bool:
    return lease is None or lease.enrolment_id == enrolment.pk or _lapsed(lease, now)


def alive_at(lease: PlaybackLease, update: ProgressUpdate, now: datetime) -> datetime:
    """The last sign of life that is known with this update, between the one before and now."""
    told = now - timedelta(seconds=max(0.0, float(update.alive)))
    return max(lease.alive_at, told)


def keep_lease(lease: PlaybackLease, update: ProgressUpdate, now: datetime) -> None:
    """Note that the page was seen, now and then; free the place when it is left."""
    if update.leaving:
        news: dict[str, Any] = {"session": None}
    elif now - lease.seen_at >= SEEN_EVERY:
        news = {"seen_at": now, "alive_at": alive_at(lease, update, now)}
    else:
        return
    PlaybackLease.objects.filter(pk=lease.pk, session=update.session).update(**news)
