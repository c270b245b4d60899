"""Exams, papers and tasks as ready words and addresses for the candidate's pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Attempt, AttemptState, Exam, Grade, Seat, Submission
from assessments.rules.scoring import has_passed
from assessments.rules.timing import deadline_of, is_late
from core.templatetags.linghang import day, hours, moment

UPCOMING, OPEN, RUNNING, WAITING, PASSED, FAILED, MISSED, VOIDED = (
    "upcoming", "open", "running", "waiting", "passed", "failed", "missed", "voided",
)  # fmt: skip
LIVE = (RUNNING, OPEN)

STATES = {
    UPCOMING: ("todo", "未开始"),
    OPEN: ("info", "可以参加"),
    RUNNING: ("risk", "作答中"),
    WAITING: ("waiting", "已交卷，待公布"),
    PASSED: ("done", "通过"),
    FAILED: ("failed", "未通过"),
    MISSED: ("failed", "缺考"),
    VOIDED: ("failed", "成绩已取消"),
}


def stage_of(seat: Seat, attempts: Sequence[Attempt], now: datetime) -> str:
    """Where a person stands with an exam."""
    exam, may_sit = seat.exam, len(attempts) < seat.attempts_allowed
    if any(is_running(attempt, exam, now) for attempt in attempts):
        return RUNNING
    if now < exam.opens_at:
        return UPCOMING
    if may_sit and (seat.may_make_up(now) or (now < exam.closes_at and not exam.released_at)):
        return OPEN
    if seat.is_voided:
        return VOIDED
    if exam.released_at:
        return {True: PASSED, False: FAILED, None: MISSED}[seat.passed]
    return WAITING if attempts else MISSED


def is_running(attempt: Attempt, exam: Exam, now: datetime) -> bool:
    return attempt.state == AttemptState.RUNNING and not is_late(
        now, deadline=attempt.deadline_at, grace=exam.grace_seconds
    )


@dataclass(frozen=True)
class SeatCard:
    """One line of 我的考试."""

    stage: str
    title: str
    url: str
    sub: str
    state: str
    state_word: str
    action_label: str
    action_url: str


def seat_card(seat: Seat, now: datetime) -> SeatCard:
    """A seat whose exam and attempts are loaded."""
    attempts = sorted(seat.attempts.all(), key=lambda attempt: attempt.number)
    stage = stage_of(seat, attempts, now)
    state, word = STATES[stage]
    url = reverse("assessments:exam", args=[seat.exam.public_id])
    label, target = _action(stage, attempts, url)
    return SeatCard(stage, seat.exam.title, url, _sub(seat, stage), state, _(word), label, target)


def _action(stage: str, attempts: Sequence[Attempt], url: str) -> tuple[str, str]:
    if stage == RUNNING:
        return _("继续作答"), reverse("assessments:attempt", args=[attempts[-1].public_id])
    if stage == OPEN:
        return _("进入考试"), url
    if stage in (PASSED, FAILED):
        counted = [attempt for attempt in attempts if attempt.state != AttemptState.VOIDED]
        return _("查看结果"), reverse("assessments:result", args=[counted[-1].public_id])
    if stage == VOIDED:
        return _("查看处理情况"), url
    return "", ""


def _sub(seat: Seat, stage: str) -> str:
    exam = seat.exam
    if stage in (PASSED, FAILED):
        return _("得分率 %(percent)s%%，及格线 %(line)s%%，%(day)s公布") % {
            "percent": hours(seat.percent),
            "line": hours(exam.pass_percent),
            "day": day(exam.released_at),
        }
    if stage == OPEN and seat.makeup_until:
        words = {"when": moment(seat.makeup_until), "minutes": minutes_of(seat)}
        return _("补考，%(when)s 截止，限时 %(minutes)s 分钟") % words
    return _("%(window)s，限时 %(minutes)s 分钟") % {"window": window(exam), "minutes": minutes_of(seat)}


def window(exam: Exam) -> str:
    """11月23日 周一 09:00 至 11月27日 周五 18:00."""
    return _("%(start)s 至 %(end)s") % {"start": moment(exam.opens_at), "end": moment(exam.closes_at)}


def minutes_of(seat: Seat) -> int:
    return seat.exam.minutes + seat.extra_minutes


def minutes_if_started(seat: Seat, now: datetime) -> int:
    """Whole minutes that somebody who starts now would have."""
    end = deadline_of(
        started=now,
        minutes=seat.exam.minutes,
        extra_minutes=seat.extra_minutes,
        closes_at=seat.closes_at,
    )
    return int((end - now).total_seconds() // 60)


def exam_rules(seat: Seat, used: int, now: datetime) -> list[str]:
    """What a candidate has to know before starting, one sentence each."""
    exam = seat.exam
    rules = [_("开放时间：%(window)s。") % {"window": window(exam)}]
    extra = _("（含加时 %(n)s 分钟）") % {"n": seat.extra_minutes} if seat.extra_minutes else ""
    rules.append(_("限时 %(n)s 分钟%(extra)s，从开始作答起按服务器时间计算，中途离开不停表。") % {
        "n": minutes_of(seat), "extra": extra,
    })  # fmt: skip
    if seat.may_make_up(now):
        rules.append(_("您可以补考，%(when)s截止。") % {"when": moment(seat.makeup_until)})
    if exam.opens_at <= now < seat.closes_at and minutes_if_started(seat, now) < minutes_of(seat):
        rules.append(_("临近截止：现在开始，可用 %(n)s 分钟。") % {"n": minutes_if_started(seat, now)})
    rules.append(_("可作答 %(n)s 次，已用 %(used)s 次%(which)s。") % {
        "n": seat.attempts_allowed, "used": used, "which": _counting(seat),
    })  # fmt: skip
    rules.append(_("得分率达到 %(n)s%% 为通过；多选题须全部选对才得分。") % {"n": hours(exam.pass_percent)})
    rules.append(_("每选一次答案自动保存；网络中断时先存在本机，恢复后自动补存。时间到自动交卷，已保存的答案有效。"))
    return rules


def _counting(seat: Seat) -> str:
    if seat.attempts_allowed == 1:
        return ""
    return _("，取最高分") if seat.exam.best_counts else _("，取最后一次成绩")


def paper_summary(questions: int, points: Decimal) -> str:
    return _("共 %(n)s 题，满分 %(points)s 分") % {"n": questions, "points": hours(points)}


@dataclass(frozen=True)
class TaskCard:
    title: str
    url: str
    sub: str
    state: str
    state_word: str


def task_card(submission: Submission, now: datetime) -> TaskCard:
    """One line of 我的任务."""
    task = submission.task
    url = reverse("assessments:task", args=[task.public_id])
    state, word = task_state(submission, now)
    return TaskCard(task.title, url, _("截止 %(when)s") % {"when": moment(submission.due_at)}, state, word)


def closed_task(submission: Submission, now: datetime) -> dict[str, str]:
    """Why nothing can be handed in, where the state does not say it by itself."""
    if submission.grade or submission.voided_at:
        return {}
    if now <= submission.due_at:
        return {"closed_kind": "info", "closed_words": _("教师已经开始评分，不能再修改。")}
    if submission.handed_in_at:
        return {"closed_kind": "info", "closed_words": _("任务已经截止，以最后提交的一版为准，等待评分。")}
    words = _("任务已经截止，没有收到您的作业。确有原因的，请联系班主任申请延期。")
    return {"closed_kind": "risk", "closed_words": words}


def task_state(submission: Submission, now: datetime) -> tuple[str, str]:
    if submission.voided_at:
        return "failed", _("成绩已取消")
    if submission.grade:
        state = "failed" if submission.grade == Grade.FAIL else "done"
        return state, str(Grade(submission.grade).label)
    if submission.handed_in_at:
        return "waiting", _("已提交，待评分")
    return ("risk", _("未提交")) if now > submission.due_at else ("todo", _("待提交"))


def numbers_in_words(positions: Sequence[int]) -> str:
    """第 3、7、12 题."""
    return _("第 %(list)s 题") % {"list": "、".join(str(n) for n in positions)}


def score_words(attempt: Attempt, seat: Seat) -> dict[str, Any]:
    """The figures of a marked attempt."""
    full = attempt.full_score
    return {
        "score": hours(attempt.score),
        "full": hours(full),
        "percent": hours(attempt.score * 100 / full if full else 0),
        "line": hours(seat.exam.pass_percent),
    }


def attempt_passed(attempt: Attempt, seat: Seat) -> bool:
    return has_passed(attempt.score or Decimal(0), attempt.full_score, seat.exam.pass_percent)
