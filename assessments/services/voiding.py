"""取消成绩: taking away the result of an attempt or a work, hearing the learner, and lifting it again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Attempt, AttemptState, Exam, Seat, Submission, Voiding, VoidingCause
from assessments.models.voidings import LONGEST_REPLY
from assessments.permissions import insist, may_void
from assessments.services.attempts import finish_now, lock_attempt
from assessments.services.rating import lock_work, newest_round, settle_again
from assessments.services.results import recount, restate, unsay_work
from assessments.signals import announce_mark, announce_results
from core import clock, notices
from core.errors import Conflict, DomainError

Objection = Callable[[str, int], Iterable[str]]
_objections: dict[str, Objection] = {}

NOT_ALLOWED = "您没有取消成绩的权限，请联系培训处。"
GONE = "这项成绩刚刚已被取消，请刷新页面查看。"


def register_objection(name: str, objection: Objection) -> None:
    """Let a higher app refuse a change of somebody's results: ``(context_key, user key) -> sentences``."""
    _objections[name] = objection


@transaction.atomic
def void_attempt(
    *,
    actor: Any,
    attempt: Attempt,
    cause: str,
    reason: str,
    document_no: str = "",
    again_until: datetime | None = None,
) -> Voiding:
    """Take away the result of a sitting; a running one is ended first.

    The seat's result and the evidence follow from the attempts that are left. ``again_until`` gives one more sitting
    until then. Refused where a higher app objects (a certificate was issued).
    """
    insist(may_void(actor), _(NOT_ALLOWED))
    held, place = _hold(attempt)
    said = _checked(place.exam.context_key, place.user_id, cause, reason, document_no, again_until)
    if held.state == AttemptState.RUNNING:
        finish_now(held)
        place.refresh_from_db()
    if not Attempt.objects.filter(pk=held.pk, state=AttemptState.MARKED).update(state=AttemptState.VOIDED):
        raise Conflict(_(GONE))
    voiding = Voiding.objects.create(attempt=held, by=actor, again_until=again_until, **said)
    if again_until is not None:
        place.extra_attempts, place.makeup_until, place.is_makeup = place.extra_attempts + 1, again_until, True
        place.save(update_fields=["extra_attempts", "makeup_until", "is_makeup"])
    _follow(actor, place, voiding.reason)
    _tell_and_log(actor, voiding, place.user_id, "assessments.void", said)
    return voiding


@transaction.atomic
def void_work(
    *,
    actor: Any,
    submission: Submission,
    cause: str,
    reason: str,
    document_no: str = "",
    again_until: datetime | None = None,
) -> Voiding:
    """Take away the grade of a work, or keep an ungraded one from being graded; evidence is taken back.

    ``again_until`` lets the person hand in anew until then. Refused where a higher app objects.
    """
    insist(may_void(actor), _(NOT_ALLOWED))
    held = lock_work(submission)
    said = _checked(held.task.context_key, held.user_id, cause, reason, document_no, again_until)
    if held.voided_at:
        raise Conflict(_(GONE))
    if not held.grade and held.handed_in_at is None:
        raise DomainError(_("这份作业既没有提交，也没有评分，没有可以取消的成绩。"))
    voiding = Voiding.objects.create(
        submission=held, by=actor, again_until=again_until, round=newest_round(held), **said
    )
    _clear(held, again_until)
    unsay_work(held, actor, voiding.reason)
    announce_mark(held)
    _tell_and_log(actor, voiding, held.user_id, "assessments.void", said)
    return voiding


@transaction.atomic
def lift_voiding(*, actor: Any, voiding: Voiding, reason: str) -> Voiding:
    """Let a result count again, with a reason; a second sitting or a new work that was begun keeps a work voided."""
    insist(may_void(actor), _(NOT_ALLOWED))
    words = reason.strip()[:200]
    if not words:
        raise DomainError(_("请写明撤销取消的理由。"))
    held = Voiding.objects.select_related("attempt__seat__exam", "submission__task").get(pk=voiding.pk)
    user = _lift_work(actor, held, words) if held.submission else _lift_attempt(actor, held, words)
    _tell_and_log(actor, held, user, "assessments.lift_voiding", {"reason": words})
    held.refresh_from_db()
    return held


@transaction.atomic
def reply_to_voiding(*, user: Any, voiding: Voiding, text: str) -> Voiding:
    """The learner's one reply; it stays as it was sent."""
    words = text.strip()
    if not words:
        raise DomainError(_("请填写申述的内容。"))
    if len(words) > LONGEST_REPLY:
        raise DomainError(_("申述不能超过 %(n)s 字，请精简后再提交。") % {"n": LONGEST_REPLY})
    rows = Voiding.objects.of(user).filter(pk=voiding.pk)
    if not rows.exists():
        raise DomainError(_("只有成绩被取消的学员本人可以申述。"), code="forbidden")
    if Voiding.objects.filter(pk=voiding.pk, reply="").update(reply=words, replied_at=clock.now()):
        log(voiding, "assessments.reply_voiding", user=user)
        notices.send(
            to=[voiding.by_id], title=_("学员提交了申述"), text=_("您取消的一项成绩有了学员的申述，请查看。"),
            url=_office_url(voiding), key=f"voiding-reply:{voiding.public_id}", kind="result.appeal",
        )  # fmt: skip
    voiding.refresh_from_db()
    if voiding.reply != words:
        raise DomainError(_("您已经提交过申述，不能再次提交。如需补充，请联系培训处。"))
    return voiding


# --- the steps ---


def _hold(attempt: Attempt) -> tuple[Attempt, Seat]:
    """The exam, the attempt and its seat, held in this order: so is a release of results."""
    Exam.objects.select_for_update(of=("self",)).get(seats__attempts=attempt.pk)
    held = lock_attempt(attempt)
    place = Seat.objects.select_related("exam").select_for_update(of=("self",)).get(pk=held.seat_id)
    return held, place


def _checked(
    context_key: str, user: int, cause: str, reason: str, document_no: str, again_until: datetime | None
) -> dict[str, str]:
    """The decision's words; refused are missing ones, a time that is over, and what a higher app objects to."""
    said = {"cause": cause, "reason": reason.strip()[:200], "document_no": document_no.strip()[:60]}
    if cause not in VoidingCause.values or not said["reason"]:
        raise DomainError(_("请选择取消成绩的情形并写明理由。"))
    if cause == VoidingCause.CHEATING and not said["document_no"]:
        raise DomainError(_("因违反纪律取消成绩，请填写处理决定的文号。"))
    if again_until is not None and again_until <= clock.now():
        raise DomainError(_("补考或补交的截止时间须晚于现在。"))
    _check_objections(context_key, user)
    return said


def _check_objections(context_key: str, user: int) -> None:
    sentences = [words for objection in _objections.values() for words in objection(context_key, user)]
    if sentences:
        raise DomainError("".join(sentences))


def _clear(held: Submission, again_until: datetime | None) -> None:
    """Without a grade: closed, or open again for a new work."""
    held.grade, held.score = "", None
    if again_until is None:
        held.voided_at = clock.now()
    else:
        held.text, held.handed_in_at, held.disputed_at, held.extended_until = "", None, None, again_until
    held.save(update_fields=["grade", "score", "voided_at", "text", "handed_in_at", "disputed_at", "extended_until"])


def _follow(actor: Any, place: Seat, reason: str) -> None:
    """The seat's result, and of a released exam the evidence and the news."""
    recount(place)
    if place.exam.released_at:
        restate(actor=actor, seat=place, reason=reason)
        announce_results(place.exam)


def _lift(held: Voiding, actor: Any, reason: str) -> None:
    """Claim the lifting; of two at once the later reads that it is done."""
    lifted = {"lifted_at": clock.now(), "lifted_by": actor, "lift_reason": reason}
    if not Voiding.objects.standing().filter(pk=held.pk).update(**lifted):
        raise Conflict(_("这次取消刚刚已被撤销，请刷新页面查看。"))


def _lift_attempt(actor: Any, voiding: Voiding, reason: str) -> int:
    held, place = _hold(voiding.attempt)
    _check_objections(place.exam.context_key, place.user_id)
    _lift(voiding, actor, reason)
    Attempt.objects.filter(pk=held.pk, state=AttemptState.VOIDED).update(state=AttemptState.MARKED)
    unused = place.attempts.count() < place.attempts_allowed and place.extra_attempts
    if voiding.again_until is not None and unused:
        place.extra_attempts -= 1
        place.makeup_until = place.makeup_until if place.extra_attempts else None
        place.is_makeup = bool(place.extra_attempts)
        place.save(update_fields=["extra_attempts", "makeup_until", "is_makeup"])
    _follow(actor, place, reason)
    return place.user_id


def _lift_work(actor: Any, voiding: Voiding, reason: str) -> int:
    held = lock_work(voiding.submission)
    _check_objections(held.task.context_key, held.user_id)
    if voiding.again_until is not None and (held.handed_in_at or held.grade or newest_round(held) > voiding.round):
        raise DomainError(_("学员已经重新提交，原来的成绩不能恢复；请按新的作业评分。"))
    _lift(voiding, actor, reason)
    _put_back(held, voiding)
    settle_again(held, actor, reason)
    announce_mark(held)
    return held.user_id


def _put_back(held: Submission, voiding: Voiding) -> None:
    """The work as it was handed in."""
    last = held.versions.last()
    held.voided_at = None
    held.text, held.handed_in_at = (last.text, last.at) if last else ("", None)
    if held.extended_until == voiding.again_until:
        held.extended_until = None
    held.save(update_fields=["voided_at", "text", "handed_in_at", "extended_until"])


def _tell_and_log(actor: Any, voiding: Voiding, user: int, action: str, data: dict[str, str]) -> None:
    """The history and the learner; the notice names no reason."""
    log(voiding, action, user=actor, data=data)
    title = _("有一项成绩被取消") if action == "assessments.void" else _("一项成绩的取消已撤销")
    notices.send(
        to=[user], title=title, text=_("请打开查看处理情况；对取消成绩有异议的，可以在页面上申述。"),
        url=learner_url(voiding), key=f"{action}:{voiding.public_id}", kind="result.changed",
    )  # fmt: skip


def learner_url(voiding: Voiding) -> str:
    """The learner's page about the result."""
    if voiding.attempt:
        return reverse("assessments:exam", args=[voiding.attempt.seat.exam.public_id])
    return reverse("assessments:task", args=[voiding.submission.task.public_id])


def _office_url(voiding: Voiding) -> str:
    if voiding.attempt:
        return reverse("office_seats:inspect", args=[voiding.attempt.seat_id])
    return reverse("office_submissions:inspect", args=[voiding.submission_id])
