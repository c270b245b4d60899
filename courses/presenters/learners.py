"""The learners of a course as rows of a page and of a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.spreadsheets.writer import ColumnSpec, SheetSpec, write_xlsx
from core.templatetags.linghang import day, moment
from courses.models import Course, EditionLesson, Enrolment
from courses.presenters.learning import state_of_enrolment
from courses.reading.learners import Learner
from courses.rules.stuck import CONFIRMING


def columns(*, with_context: bool) -> list[dict[str, Any]]:
    found = [{"label": _("姓名")}, {"label": _("单位")}]
    found += [{"label": _("来源")}] if with_context else []
    return [*found, {"label": _("学到")}, {"label": _("必修课时")}, {"label": _("状态")}, {"label": _("停滞原因")}]


def rows(found: Iterable[Learner], contexts: dict[str, str], *, with_context: bool) -> list[list[Any]]:
    return [_row(one, contexts, with_context=with_context) for one in found]


def _row(one: Learner, contexts: dict[str, str], *, with_context: bool) -> list[Any]:
    row = one.enrolment
    kind, word = _state(row)
    cells: list[Any] = [{"text": row.user.name, "sub": row.user.work_number}, _unit(row)]
    cells += [context_words(row, contexts)] if with_context else []
    return [
        *cells,
        _here(row),
        f"{row.lessons_done} / {row.lessons_total}",
        {"text": "", "state": kind, "state_word": word},
        _reasons(one),
    ]


def _state(row: Enrolment) -> tuple[str, Any]:
    return ("info", _("已退出")) if row.state == Enrolment.State.WITHDRAWN else state_of_enrolment(row)


def _unit(row: Enrolment) -> str:
    return row.user.unit.name if row.user.unit else _("未登记单位")


def context_words(row: Enrolment, contexts: dict[str, str]) -> str:
    return contexts.get(row.context_key, _("班次")) if row.context_key else _("自主选课")


def _here(row: Enrolment) -> str:
    if row.last_lesson is None:
        return "—"
    return _("第 %(n)s 课时：%(title)s") % {"n": row.last_lesson.position, "title": row.last_lesson.title}


def _reasons(one: Learner) -> Any:
    if not one.reasons:
        return "—"
    words = "；".join(reason.words for reason in one.reasons)
    waits = all(reason.kind == CONFIRMING for reason in one.reasons)
    kind, word = ("waiting", _("待确认")) if waits else ("risk", _("停滞"))
    return {"text": "", "state": kind, "state_word": word, "sub": words}


def proof_item(count: int, url: str) -> dict[str, Any]:
    """The proofs that wait, as one thing to do."""
    return {
        "title": _("学习证明"),
        "sub": _("办完一份自动到下一份"),
        "state": "waiting",
        "state_word": _("%(n)s 份待确认") % {"n": count},
        "action_url": url,
        "action_label": _("去确认"),
    }


def session_item(course: Course, lesson: EditionLesson, left: int, now: datetime) -> dict[str, Any]:
    """A live session and whether its list is written."""
    begun = lesson.starts_at is not None and lesson.starts_at <= now
    kind, word = ("waiting", _("%(n)s 人待登记") % {"n": left}) if left else ("done", _("已登记"))
    words = {"when": moment(lesson.starts_at), "number": lesson.edition.number}
    return {
        "title": _("直播出席：%(title)s") % {"title": lesson.title},
        "sub": _("%(when)s · 第%(number)s版") % words,
        "state": kind if begun else "info",
        "state_word": word if begun else _("还没有开始"),
        "action_url": reverse("courses:live", args=[course.key, lesson.pk]),
        "action_label": _("去登记") if begun else _("查看名单"),
    }


def sentence(figures: dict[str, int]) -> str:
    """Who is behind, in words."""
    if not figures["everybody"]:
        return _("还没有学员。")
    words = _("共 %(everybody)s 人：学习中 %(active)s 人，已完成 %(completed)s 人。") % figures
    if not figures["stuck"]:
        return words + _("没有停滞的学员。")
    return words + _("停滞 %(stuck)s 人，其中 %(confirming)s 人等待确认。") % figures


def workbook(course: Course, found: Iterable[Learner], contexts: dict[str, str], note: str) -> bytes:
    heading = [
        ColumnSpec(_("工号"), code=True), _("姓名"), _("单位"), _("来源"), _("课程版次"), _("学到"), _("已学必修课时"),
        _("必修课时"), _("状态"), _("停滞原因"), _("选课日期"), _("最近学习"), _("完成日期"),
    ]  # fmt: skip
    lines = [_line(one, contexts) for one in found]
    return write_xlsx([SheetSpec(_("学习情况"), heading, lines, note=f"{course.title}，{note}")])


def _line(one: Learner, contexts: dict[str, str]) -> list[Any]:
    row = one.enrolment
    return [
        row.user.work_number, row.user.name, _unit(row), context_words(row, contexts), row.edition.number, _here(row),
        row.lessons_done, row.lessons_total, str(_state(row)[1]), "；".join(r.words for r in one.reasons),
        day(row.enrolled_at), day(row.touched_at) if row.touched_at else "",
        day(row.completed_at) if row.completed_at else "",
    ]  # fmt: skip
