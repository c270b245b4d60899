"""Exams: made against a bank that suffices, filled with seats, and their results released as evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Attempt, AttemptState, Blueprint, Exam, Seat
from assessments.permissions import insist, may_run_exams
from assessments.reading.bank import shortage_sentences
from assessments.services.attempts import finish_overdue
from assessments.services.results import evidence_of
from assessments.signals import announce_results
from competencies.services import record_evidence
from core import clock, notices
from core.errors import DomainError

NOT_ALLOWED = "您没有组织考试的权限。"


@transaction.atomic
def create_exam(
    *,
    actor: Any,
    context_key: str,
    title: str,
    blueprint: Blueprint,
    phase: str,
    opens_at: datetime,
    closes_at: datetime,
    minutes: int,
    pass_percent: Decimal,
    attempts_allowed: int = 1,
    exclude_exams: Sequence[Exam] = (),
    best_counts: bool = True,
) -> Exam:
    """An exam whose blueprint the bank can meet, beside the exams whose questions must not come again."""
    insist(may_run_exams(actor), _(NOT_ALLOWED))
    _check_times(opens_at, closes_at, minutes, pass_percent, attempts_allowed)
    short = shortage_sentences(blueprint, [exam.blueprint for exam in exclude_exams])
    if short:
        raise DomainError(_("题库不足，无法组卷：%(lines)s。请补充试题或调整组卷方案。") % {"lines": "；".join(short)})
    exam = Exam.objects.create(
        context_key=context_key,
        title=title.strip(),
        blueprint=blueprint,
        phase=phase,
        opens_at=opens_at,
        closes_at=closes_at,
        minutes=minutes,
        pass_percent=pass_percent,
        attempts_allowed=attempts_allowed,
        best_counts=best_counts,
        made_by=actor,
    )
    exam.excludes.set(exclude_exams)
    log(exam, "assessments.create_exam", user=actor, data={"context": context_key})
    return exam


def _check_times(opens_at: datetime, closes_at: datetime, minutes: int, percent: Decimal, attempts: int) -> None:
    if closes_at <= opens_at:
        raise DomainError(_("考试的截止时间应晚于开始时间。"))
    if minutes < 1 or attempts < 1:
        raise DomainError(_("考试时长和允许次数都应至少为 1。"))
    if not 0 <= percent <= 100:
        raise DomainError(_("及格线应在 0 至 100 之间。"))


@transaction.atomic
def seat(*, actor: Any, exam: Exam, users: Iterable[Any], extra_minutes: int = 0, makeup: bool = False) -> list[Seat]:
    """A seat for each person who has none yet; returns the new ones. Extra minutes hold for new seats only."""
    insist(may_run_exams(actor), _(NOT_ALLOWED))
    if exam.released_at:
        raise DomainError(_("《%(exam)s》成绩已经公布，不能再安排考位。") % {"exam": exam.title})
    seated = set(exam.seats.values_list("user_id", flat=True))
    wanted = {user.pk: user for user in users if user.pk not in seated}
    seats = Seat.objects.bulk_create(
        Seat(exam=exam, user=user, extra_minutes=extra_minutes, is_makeup=makeup) for user in wanted.values()
    )
    if seats:
        log(exam, "assessments.seat", user=actor, data={"people": sorted(wanted), "makeup": makeup})
    return seats


@transaction.atomic
def release_results(*, actor: Any, exam: Exam) -> int:
    """Make the results public and record them as evidence; repeated it changes nothing. How much was recorded."""
    insist(may_run_exams(actor), _(NOT_ALLOWED))
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    finish_overdue(exam=exam)
    _check_release(exam)
    first = exam.released_at is None
    if first:
        exam.released_at = clock.now()
        exam.save(update_fields=["released_at"])
    recorded = record_evidence(actor=actor, entries=evidence_of(exam))
    if first:
        log(exam, "assessments.release_results", user=actor, data={"evidence": recorded})
        announce_results(exam)
        _tell_of_results(exam)
    return recorded


def _tell_of_results(exam: Exam) -> None:
    """Everybody with a seat may look; what came of it stands on the exam's page alone."""
    notices.send(
        to=exam.seats.values_list("user_id", flat=True),
        title=_("考试成绩已经公布"),
        text=exam.title,
        url=reverse("assessments:exam", args=[exam.public_id]),
        key=f"results:{exam.public_id}",
        kind="result.released",
    )


def _check_release(exam: Exam) -> None:
    """Nobody may still be writing, and before the window's end nobody may still be going to."""
    running = Attempt.objects.filter(seat__exam=exam, state=AttemptState.RUNNING).count()
    if running:
        raise DomainError(_("还有 %(n)s 人正在作答，交卷后才能公布成绩。") % {"n": running})
    waiting = exam.seats.filter(attempts__isnull=True).count()
    if waiting and clock.now() < exam.closes_at and not exam.released_at:
        raise DomainError(_("还有 %(n)s 人未参加考试，考试截止后才能公布成绩。") % {"n": waiting})
