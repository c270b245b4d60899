"""Seconds that cannot have been played: kept as evidence, explained by the learner, decided by a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import Conflict, DomainError
from courses.models import EditionLesson, Enrolment, PlaybackAnomaly
from courses.rules.progress import Refusal
from people.scopes import has_role

NOTABLE = Decimal("3")  # seconds below which a refusal is a matter of clocks
BURST = timedelta(minutes=10)  # what happens again within it is the same matter
DECIDERS = ("training_office",)
State = PlaybackAnomaly.State


def note_refusals(*, enrolment: Enrolment, lesson: EditionLesson, refusals: Iterable[Refusal], now: datetime) -> None:
    """Keep what was refused, one row a burst: an open one that nobody has explained yet counts on."""
    for refusal in refusals:
        if refusal.seconds >= NOTABLE:
            _note(enrolment, lesson, refusal, now)


def _note(enrolment: Enrolment, lesson: EditionLesson, refusal: Refusal, now: datetime) -> None:
    same = PlaybackAnomaly.objects.filter(enrolment=enrolment, lesson=lesson, kind=refusal.kind.value)
    burst = same.filter(state=State.OPEN, appeal="", last_at__gt=now - BURST)
    if burst.update(times=F("times") + 1, last_at=now):
        return
    PlaybackAnomaly.objects.create(
        enrolment=enrolment,
        lesson=lesson,
        kind=refusal.kind.value,
        claimed=refusal.claimed,
        possible=refusal.possible,
        at=now,
        last_at=now,
    )


@transaction.atomic
def appeal_anomaly(*, user: Any, anomaly: PlaybackAnomaly, text: str) -> PlaybackAnomaly:
    """The learner explains, once; what was decided before is looked at again."""
    if anomaly.enrolment.user_id != user.pk:
        raise DomainError(_("只有学员本人可以对这条记录提出说明。"), code="forbidden")
    words = text.strip()
    if not words:
        raise DomainError(_("请写明当时的情况，再提交说明。"))
    fresh = PlaybackAnomaly.objects.filter(pk=anomaly.pk, appeal="")
    said = {"appeal": words[:500], "appealed_at": clock.now(), "state": State.OPEN}
    if not fresh.update(**said, reason="", decided_by=None, decided_at=None):
        raise DomainError(_("您已经提交过说明，培训处答复后会在这里显示。"))
    anomaly.refresh_from_db()
    log(instance=anomaly.lesson.edition.course, action="courses.appeal_anomaly", user=user, data=_about(anomaly))
    return anomaly


@transaction.atomic
def decide_anomaly(*, actor: Any, anomaly: PlaybackAnomaly, decision: str, reason: str) -> PlaybackAnomaly:
    """Note or dismiss, with a reason that the learner reads; time already refused is neither given nor taken."""
    if not has_role(actor, *DECIDERS):
        raise DomainError(_("只有培训处可以处理播放异常。"), code="forbidden")
    if decision not in (State.NOTED, State.DISMISSED) or not reason.strip():
        raise DomainError(_("请选择处理结果，并写明理由。"))
    waiting = PlaybackAnomaly.objects.filter(pk=anomaly.pk, state=State.OPEN, appeal=anomaly.appeal)
    decided = {"state": decision, "reason": reason.strip()[:500], "decided_by": actor, "decided_at": clock.now()}
    if not waiting.update(**decided):
        raise Conflict
    anomaly.refresh_from_db()
    data = {**_about(anomaly), "decision": decision, "reason": anomaly.reason}
    log(instance=anomaly.lesson.edition.course, action="courses.decide_anomaly", user=actor, data=data)
    _tell(anomaly)
    return anomaly


def _about(anomaly: PlaybackAnomaly) -> dict[str, str]:
    return {"anomaly": str(anomaly.public_id), "kind": anomaly.kind, "lesson": anomaly.lesson.title}


def _tell(anomaly: PlaybackAnomaly) -> None:
    lesson = reverse("courses:lesson", args=[anomaly.enrolment.public_id, anomaly.lesson.position])
    notices.send(
        to=[anomaly.enrolment.user_id],
        title=_("播放记录有答复"),
        text=_("培训处答复了课时“%s”的一条播放记录，请打开课时查看。") % anomaly.lesson.title,
        url=f"{lesson}#uncounted",
        kind="course.record",
    )
