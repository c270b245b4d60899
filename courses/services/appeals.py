"""What was not counted is explained by the learner and decided by a person, who may have it counted after all."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import Conflict, DomainError
from courses.models import PlaybackAnomaly
from courses.rules import progress
from courses.services.learning import count_moments
from people.scopes import has_role

DECIDERS = ("training_office",)
State = PlaybackAnomaly.State


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
def decide_anomaly(
    *, actor: Any, anomaly: PlaybackAnomaly, decision: str, reason: str, give_back: bool = False
) -> PlaybackAnomaly:
    """Note or dismiss, with a reason that the learner reads; ``give_back`` counts exactly the moments refused.

    Nothing that was counted is ever taken away.
    """
    if not has_role(actor, *DECIDERS):
        raise DomainError(_("只有培训处可以处理播放异常。"), code="forbidden")
    if decision not in (State.NOTED, State.DISMISSED) or not reason.strip():
        raise DomainError(_("请选择处理结果，并写明理由。"))
    if give_back:
        _refuse_giving(anomaly, decision)
    waiting = PlaybackAnomaly.objects.filter(pk=anomaly.pk, state=State.OPEN, appeal=anomaly.appeal)
    decided = {"state": decision, "reason": reason.strip()[:500], "decided_by": actor, "decided_at": clock.now()}
    if not waiting.update(**decided):
        raise Conflict
    anomaly.refresh_from_db()
    data = {**_about(anomaly), "decision": decision, "reason": anomaly.reason}
    if give_back:
        data |= {"moments": anomaly.refused, "seconds": str(_given(anomaly))}
    log(instance=anomaly.lesson.edition.course, action="courses.decide_anomaly", user=actor, data=data)
    _tell(anomaly)
    return anomaly


def _refuse_giving(anomaly: PlaybackAnomaly, decision: str) -> None:
    if decision != State.DISMISSED:
        raise DomainError(_("只有“不作异常”的记录可以补计片段。"))
    if not anomaly.refused:
        raise DomainError(_("这条记录没有留下未计入的片段，不能补计；请学员把没有计入的部分重新播放。"))
    if anomaly.enrolment.state not in ("active", "completed"):
        raise DomainError(_("学员已不在这一版次学习，片段不能补计到这里。"))


def _given(anomaly: PlaybackAnomaly) -> Decimal:
    """Count the moments of the record for its learner; how many seconds that brought."""
    moments = progress.restored(anomaly.refused)
    brought = count_moments(enrolment=anomaly.enrolment, lesson=anomaly.lesson, moments=moments)
    anomaly.given_at = clock.now()
    anomaly.save(update_fields=["given_at"])
    return brought


def _about(anomaly: PlaybackAnomaly) -> dict[str, Any]:
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
