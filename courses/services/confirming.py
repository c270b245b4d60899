"""Lessons that no click completes: proof of a course elsewhere, presence in a live session, both decided by people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, notices
from core.errors import Conflict, DomainError
from core.uploads import CheckedFile
from courses.models import ATTENDED, EditionLesson, Enrolment, LessonKind, LessonProof, LiveAttendance
from courses.reading.live import as_arranged
from courses.rules.live import BEFORE, phase
from courses.services.access import refuse_stranger
from courses.services.learning import confirm_lesson

LONGEST_NUMBER, LONGEST_REASON = 80, 200
BIGGEST_PROOF = 10 * 1024 * 1024  # bytes
MOST_PROOFS = 10


@transaction.atomic
def hand_in_proof(
    *, user: Any, enrolment: Enrolment, lesson: EditionLesson, certificate_no: str = "", file: CheckedFile | None = None
) -> LessonProof:
    """Keep what shows that the course elsewhere is done; while one waits or stands, no other is taken."""
    refuse_stranger(user, enrolment, lesson)
    if lesson.kind != LessonKind.LINK:
        raise DomainError(_("这一课时不需要提交学习证明。"))
    number = certificate_no.strip()
    if not number and file is None:
        raise DomainError(_("请填写证书编号，或者上传完成学习的截图。"))
    if len(number) > LONGEST_NUMBER:
        raise DomainError(_("证书编号不能超过 %(n)s 个字。") % {"n": LONGEST_NUMBER})
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    _refuse_more(enrolment, lesson)
    proof = LessonProof(enrolment=enrolment, lesson=lesson, certificate_no=number, handed_in_at=clock.now())
    if file is not None:
        proof.file_name, proof.content_type, proof.sha256 = file.original_name, file.content_type, file.sha256
        proof.file.save(file.name, ContentFile(file.data), save=False)
    proof.save(force_insert=True)
    log(proof, "courses.proof_hand_in", user=user)
    return proof


def _refuse_more(enrolment: Enrolment, lesson: EditionLesson) -> None:
    states = list(LessonProof.objects.filter(enrolment=enrolment, lesson=lesson).values_list("state", flat=True))
    if LessonProof.State.CONFIRMED in states:
        raise DomainError(_("学习证明已经确认，不需要再提交。"))
    if LessonProof.State.WAITING in states:
        raise DomainError(_("学习证明已经提交，正在等待确认，请不要重复提交。"))
    if len(states) >= MOST_PROOFS:
        raise DomainError(_("最多提交 %(n)s 次，请联系培训处。") % {"n": MOST_PROOFS})


@transaction.atomic
def decide_proof(*, actor: Any, proof: LessonProof, confirmed: bool, reason: str = "") -> LessonProof:
    """Confirm a proof or refuse it with a reason; the learner is told to look. Conflict when it is decided already."""
    _require_looked_after(actor, proof.enrolment)
    words = reason.strip()
    if not confirmed and not words:
        raise DomainError(_("请写明未通过的原因，学员据此重新提交。"))
    if len(words) > LONGEST_REASON:
        raise DomainError(_("原因不能超过 %(n)s 个字。") % {"n": LONGEST_REASON})
    state = LessonProof.State.CONFIRMED if confirmed else LessonProof.State.REFUSED
    moved = LessonProof.objects.filter(pk=proof.pk, state=LessonProof.State.WAITING).update(
        state=state, reason="" if confirmed else words, decided_by=actor, decided_at=clock.now()
    )
    if not moved:
        raise Conflict(_("这份证明刚由他人办理，请刷新后查看。"))
    proof.refresh_from_db()
    if confirmed:
        confirm_lesson(enrolment=proof.enrolment, lesson=proof.lesson)
    log(proof, "courses.proof_confirm" if confirmed else "courses.proof_refuse", user=actor)
    _tell(proof)
    return proof


def _tell(proof: LessonProof) -> None:
    notices.send(
        to=[proof.enrolment.user_id],
        title=_("您提交的学习证明有了结果"),
        text=proof.lesson.title,
        url=reverse("courses:lesson", args=[proof.enrolment.public_id, proof.lesson.position]),
        key=f"proof:{proof.public_id}",
        kind="course.proof",
    )


def _require_looked_after(actor: Any, enrolment: Enrolment) -> None:
    if enrolment.user_id == actor.pk:
        raise DomainError(_("不能确认自己的学习，请由其他人办理。"), code="forbidden")
    if not Enrolment.objects.looked_after_by(actor).filter(pk=enrolment.pk).exists():
        raise DomainError(_("这名学员不在您的办理范围内。"), code="forbidden")


@transaction.atomic
def record_live(*, actor: Any, lesson: EditionLesson, statuses: Mapping[int, str]) -> int:
    """Write down who was in a live session, by enrolment key; how many entries changed.

    Not before it began; who is marked present or made up has it confirmed, and then only the check is missing.
    """
    now = clock.now()
    _refuse_not_begun(as_arranged([lesson])[0], now)
    reached = Enrolment.objects.looked_after_by(actor).standing().filter(edition=lesson.edition_id)
    people = reached.exclude(user=actor.pk).filter(pk__in=list(statuses)).select_related("user", "edition")
    known = dict(LiveAttendance.objects.filter(lesson=lesson, enrolment__in=people).values_list("enrolment", "status"))
    changed = [row for row in people if known.get(row.pk) != statuses[row.pk]]
    for enrolment in changed:
        _record(actor, lesson, enrolment, statuses[enrolment.pk], now)
    if changed:
        data = {"title": lesson.title, "count": len(changed)}
        log(lesson.edition.course, "courses.live_record", user=actor, data=data)
    return len(changed)


def _refuse_not_begun(lesson: EditionLesson, now: datetime) -> None:
    if lesson.kind != LessonKind.LIVE or lesson.starts_at is None or lesson.ends_at is None:
        raise DomainError(_("这一课时不是直播，不登记出席情况。"))
    if phase(lesson.starts_at, lesson.ends_at, now) == BEFORE:
        raise DomainError(_("直播还没有开始，开始以后才能登记出席情况。"))


def _record(actor: Any, lesson: EditionLesson, enrolment: Enrolment, status: str, now: datetime) -> None:
    if status not in LiveAttendance.Status.values:
        raise DomainError(_("请从列表中选择出席情况。"))
    values = {"status": status, "recorded_by": actor, "recorded_at": now}
    LiveAttendance.objects.update_or_create(lesson=lesson, enrolment=enrolment, defaults=values)
    confirm_lesson(enrolment=enrolment, lesson=lesson, confirmed=status in ATTENDED)
