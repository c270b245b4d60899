"""Audits as pages show them: who waits, what was said, and the draft that is judged."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Revision, WorkflowState

from assessments.models import QuestionVersion
from assessments.services.checks import newest_versions
from courses.models import AuditOutcome, CourseAudit, Lesson, Stage
from courses.presenters.learning import questions

TICKS = {
    "met": ("done", gettext_lazy("符合")),
    "unmet": ("failed", gettext_lazy("不符合")),
    "none": ("todo", gettext_lazy("不涉及")),
}
VERDICTS = {"passed": "done", "refused": "failed", "withdrawn": "todo"}
TASK = "workflow_state__current_task_state__task__audittask"


def listed(rows: QuerySet[CourseAudit]) -> QuerySet[CourseAudit]:
    """With everything that a line or a page needs; constant queries."""
    joined = rows.select_related("course", "opened_by", "checklist", "revision", "outcome", TASK)
    return joined.prefetch_related("assignments__reviewer", "opinions__reviewer")


def open_first(rows: QuerySet[CourseAudit]) -> QuerySet[CourseAudit]:
    return rows.order_by(F("outcome__at").desc(nulls_first=True), "-opened_at", "-pk")


def outcome_of(audit: CourseAudit) -> AuditOutcome | None:
    return getattr(audit, "outcome", None)


def stage_of(audit: CourseAudit) -> str:
    """The present step as the rows already read tell it."""
    state = audit.workflow_state
    if outcome_of(audit) or state.status != WorkflowState.STATUS_IN_PROGRESS or state.current_task_state is None:
        return ""
    return str(state.current_task_state.task.audittask.stage)


def line(audit: CourseAudit) -> dict[str, Any]:
    """One audit in a list."""
    outcome, stage = outcome_of(audit), stage_of(audit)
    return {
        "audit": audit,
        "url": reverse("courses:audit", args=[audit.public_id]),
        "state": VERDICTS[outcome.verdict] if outcome else "waiting",
        "word": outcome.get_verdict_display() if outcome else str(Stage(stage).label) if stage else "",
        "waits_for": "、".join(_waits_for(audit, stage)),
        "ended": outcome.at if outcome else None,
    }


def _waits_for(audit: CourseAudit, stage: str) -> list[str]:
    if stage == Stage.INTERNAL:
        return [_("培训处（送审人以外的任一人）")]
    said = {opinion.reviewer_id for opinion in audit.opinions.all()}
    asked = [one for one in audit.assignments.all() if one.stage == stage and one.reviewer_id not in said]
    return [one.reviewer.name for one in asked]


def steps(audit: CourseAudit) -> list[dict[str, Any]]:
    """The three steps with who was asked and what was said."""
    return [_step(audit, stage, str(label)) for stage, label in Stage.choices]


def _step(audit: CourseAudit, stage: str, label: str) -> dict[str, Any]:
    opinions = [_opinion(one) for one in audit.opinions.all() if one.stage == stage]
    waiting = _waits_for(audit, stage) if stage_of(audit) == stage else []
    asked = stage == Stage.INTERNAL or any(one.stage == stage for one in audit.assignments.all())
    internal_said = any(one.stage == Stage.INTERNAL for one in audit.opinions.all())
    return {
        "label": label,
        "opinions": opinions,
        "waiting": "、".join(waiting),
        "drawn": any(one.stage == stage and one.drawn for one in audit.assignments.all()),
        "skipped": internal_said and not asked,
    }


def _opinion(opinion: Any) -> dict[str, Any]:
    ticks = [{**tick, "state": TICKS[tick["met"]][0], "word": TICKS[tick["met"]][1]} for tick in opinion.ticks]
    return {
        "reviewer": opinion.reviewer.name,
        "at": opinion.at,
        "state": "done" if opinion.passed else "failed",
        "word": _("通过") if opinion.passed else _("退回修改"),
        "reason": opinion.reason,
        "ticks": ticks,
    }


def draft(audit: CourseAudit) -> dict[str, Any]:
    """The course and its lessons as they were handed in."""
    course = audit.revision.as_object()
    lessons = _lessons(audit)
    modules = [
        {"title": module.title, "lessons": [_lesson(item, lessons) for item in module.items.all()]}
        for module in course.modules.all()
    ]
    outcomes = [{"text": one.text, "indicator": one.indicator.name} for one in course.outcomes.all()]
    return {"course": course, "modules": modules, "outcomes": outcomes}


def _lessons(audit: CourseAudit) -> dict[int, Any]:
    """By key: the lesson in the revision that is judged; one that never had a revision as it stands."""
    wanted = {row["lesson"]: row["revision"] for row in audit.lessons}
    revisions = {r.pk: r for r in Revision.objects.filter(pk__in=[pk for pk in wanted.values() if pk])}
    found = Lesson.objects.select_related("check_of_learning").in_bulk(list(wanted))
    return {key: _as_handed_in(found[key], revisions.get(wanted[key])) for key in wanted}


def _as_handed_in(lesson: Lesson, revision: Revision | None) -> Lesson:
    return revision.as_object() if revision else lesson


def _lesson(item: Any, lessons: dict[int, Any]) -> dict[str, Any]:
    lesson = lessons.get(item.lesson_id, item.lesson)
    check = lesson.check_of_learning
    return {
        "lesson": lesson,
        "required": item.required,
        "check": check,
        "questions": questions(_wordings(check), None) if check else [],
        "files": [file for file in (lesson.video, lesson.captions) if file],
    }


def _wordings(check: Any) -> list[QuestionVersion]:
    keys = newest_versions([entry.question_id for entry in check.entries.all()])
    rows = {row.pk: row for row in QuestionVersion.objects.filter(pk__in=keys).select_related("question")}
    return [rows[key] for key in keys]
