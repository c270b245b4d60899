"""A document, a course elsewhere and a live session as the learner's page shows them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock
from core.templatetags.linghang import clock_time, moment
from core.uploads import megabytes
from courses.forms.learning import ProofForm
from courses.models import EditionLesson, Enrolment, LessonKind, LessonProof, LiveAttendance
from courses.reading.live import arrangements_of, as_arranged
from courses.rules.live import BEFORE, DURING, phase
from courses.rules.progress import LessonState

PROOF_KINDS = {"waiting": "waiting", "confirmed": "done", "refused": "risk"}


def delivery(
    enrolment: Enrolment, lesson: EditionLesson, state: LessonState, form: ProofForm | None = None
) -> dict[str, Any] | None:
    """What stands above the text of a lesson of these kinds; None for the others."""
    if lesson.kind == LessonKind.DOCUMENT:
        return _document(enrolment, lesson, state)
    if lesson.kind == LessonKind.LINK:
        return _link(enrolment, lesson, form)
    return _live(enrolment, lesson, state) if lesson.kind == LessonKind.LIVE else None


def _document(enrolment: Enrolment, lesson: EditionLesson, state: LessonState) -> dict[str, Any]:
    return {
        "template": "courses/kinds/document.html",
        "url": reverse("courses:document", args=[enrolment.public_id, lesson.position]),
        "title": lesson.document.title if lesson.document else lesson.title,
        "size": _size(lesson),
        "minutes": lesson.minutes,
        "opened": state.position > 0,
    }


def _size(lesson: EditionLesson) -> str:
    try:
        return megabytes(lesson.document.file.size) if lesson.document else ""
    except FileNotFoundError:
        return ""


def _link(enrolment: Enrolment, lesson: EditionLesson, form: ProofForm | None) -> dict[str, Any]:
    proofs = list(LessonProof.objects.filter(enrolment=enrolment, lesson=lesson).order_by("-handed_in_at", "-pk"))
    open_one = not any(proof.state in ("waiting", "confirmed") for proof in proofs)
    return {
        "template": "courses/kinds/link.html",
        "platform": lesson.platform,
        "address": lesson.address,
        "host": urlsplit(lesson.address).hostname or "",
        "proofs": [_proof(proof) for proof in proofs],
        "form": form or (ProofForm() if open_one else None),
        "url": reverse("courses:proof", args=[enrolment.public_id, lesson.position]),
    }


def _proof(proof: LessonProof) -> dict[str, Any]:
    return {
        "number": proof.certificate_no,
        "file_name": proof.file_name,
        "file_url": reverse("courses:proof-file", args=[proof.public_id]) if proof.file else "",
        "when": proof.handed_in_at,
        "kind": PROOF_KINDS[proof.state],
        "word": proof.get_state_display(),
        "reason": proof.reason,
    }


def _live(enrolment: Enrolment, lesson: EditionLesson, state: LessonState) -> dict[str, Any]:
    now = clock.now()
    moved = arrangements_of(as_arranged([lesson])[0]).first()
    starts_at, ends_at = lesson.starts_at or now, lesson.ends_at or now
    found = LiveAttendance.objects.filter(enrolment=enrolment, lesson=lesson).first()
    kind, word, sentence = _standing(phase(starts_at, ends_at, now), found)
    return {
        "template": "courses/kinds/live.html",
        "when": f"{moment(starts_at)}—{clock_time(ends_at)}",
        "starts_at": starts_at,
        "address": lesson.address,
        "place": lesson.place,
        "kind": kind,
        "word": word,
        "sentence": sentence,
        "phase": phase(starts_at, ends_at, now),
        "moved": moved,
    }


def _standing(when: str, found: LiveAttendance | None) -> tuple[str, str, str]:
    """Kind and word of the state, and what to do now."""
    if found and found.status == LiveAttendance.Status.ABSENT:
        return "risk", _("缺席"), _("名单上登记为缺席。请联系主讲教师或培训处安排补课。")
    if found:
        return "done", found.get_status_display(), _("出席情况已经确认。")
    if when == BEFORE:
        return "waiting", _("未开始"), _("请按时参加。出席情况由主讲教师或培训处在直播后确认。")
    if when == DURING:
        return "info", _("正在进行"), _("直播正在进行，请现在参加。出席情况由主讲教师或培训处确认。")
    return "waiting", _("待确认"), _("直播已经结束，出席情况待主讲教师或培训处确认，不需要您操作。")
