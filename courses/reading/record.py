"""The record of one learner on one course: what was done and when; no study time, no number."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from assessments.models import CheckAttempt
from core.drawing.parts import Document, Facts, Heading, Paragraph, Section, Table
from core.drawing.tables import Column
from core.templatetags.linghang import day, hours
from courses.models import EditionLesson, Enrolment, LessonProgress
from people.scopes import has_role

READERS = ("training_office", "class_teacher", "unit_admin")
NONE = "—"


def may_read(user: Any, enrolment: Enrolment) -> bool:
    """One's own; of others the offices that look after them (the scope is the loader's)."""
    return enrolment.user_id == user.pk or has_role(user, *READERS)


def facts_of(enrolment: Enrolment) -> list[tuple[str, str]]:
    """Label and value, line by line."""
    edition, learner = enrolment.edition, enrolment.user
    done = _("%(done)s / %(all)s 个必修课时") % {"done": enrolment.lessons_done, "all": enrolment.lessons_total}
    finished = day(enrolment.completed_at) if enrolment.completed_at else _("尚未完成")
    return [
        (_("姓名"), learner.name),
        (_("单位"), str(learner.unit)),
        (_("课程"), edition.title),
        (_("版次"), _("第%(n)s版，%(day)s发布") % {"n": edition.number, "day": day(edition.made_at)}),
        (_("课程学时"), _("%(n)s 学时") % {"n": hours(edition.hours)}),
        (_("选课日期"), day(enrolment.enrolled_at)),
        (_("完成情况"), done),
        (_("完成日期"), finished),
    ]


def rows_of(enrolment: Enrolment) -> list[list[str]]:
    """Lesson by lesson: title with its number, kind of duty, date of completion, result of the check; two queries."""
    lessons = EditionLesson.objects.filter(edition=enrolment.edition_id).defer("body").order_by("position")
    progress = {row.lesson_id: row for row in _progress(enrolment)}
    return [_row(lesson, progress.get(lesson.pk)) for lesson in lessons]


def _progress(enrolment: Enrolment) -> QuerySet[LessonProgress]:
    key = f"enrolment:{enrolment.public_id}"
    tries = CheckAttempt.objects.filter(user=enrolment.user_id, context_key=key, paper=OuterRef("lesson__check_paper"))
    return LessonProgress.objects.filter(enrolment=enrolment).annotate(tried=Exists(tries))


def _row(lesson: EditionLesson, row: Any) -> list[str]:
    duty = _("必修") if lesson.required else _("选修")
    finished = day(row.completed_at) if row and row.completed_at else _("未完成")
    return [f"{lesson.position}. {lesson.title}", duty, finished, _check(lesson, row)]


def _check(lesson: EditionLesson, row: Any) -> str:
    if lesson.check_paper_id is None:
        return NONE
    if row and row.check_passed:
        return _("通过")
    return _("未通过") if row and row.tried else _("未做")


def headings() -> list[str]:
    return [_("课时"), _("要求"), _("完成日期"), _("测验")]


def note(today: date) -> str:
    return _("本记录按截至%(day)s的学习情况生成，不记学习时长，不能代替结业证书。") % {"day": day(today)}


def paper(enrolment: Enrolment, now: datetime) -> Document:
    """The record as a paper to print."""
    shares = (0.54, 0.12, 0.22, 0.12)
    columns = tuple(Column(label, share) for label, share in zip(headings(), shares, strict=True))
    today = now.date()
    parts = (
        Heading(_("课程学习记录"), 0),
        Facts(tuple(facts_of(enrolment))),
        Heading(_("各课时完成情况"), 2),
        Table(columns, tuple(tuple(row) for row in rows_of(enrolment)), _("本版次没有课时。")),
        Paragraph(note(today), quiet=True),
    )
    return Document(_("课程学习记录"), (Section(parts, head=enrolment.user.name),), "book", created=today)
