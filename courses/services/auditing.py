"""A course is judged before it is published: handed in, judged step by step with the checklist, passed or sent back."""

from __future__ import annotations

import csv
import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Revision, Workflow, WorkflowContentType, WorkflowState, WorkflowTask

from core import notices
from core.errors import Conflict, DomainError
from courses.models import (
    AuditAssignment,
    AuditChecklist,
    AuditOpinion,
    AuditOutcome,
    AuditTask,
    Course,
    CourseAudit,
    Stage,
)
from courses.reading.judging import judged
from people.models import Role, User

WORKFLOW = "课程审核"
CHECKLIST = Path(__file__).parent.parent / "data" / "audit_checklist.csv"
MOST_EXPERTS = 5
TICKS = ("met", "unmet", "none")  # 符合, 不符合, 不涉及
_draw = random.SystemRandom()


@dataclass(frozen=True)
class Opinion:
    """What a reviewer says: a tick and a remark per criterion code, the whole, and whom the office asks next."""

    passed: bool
    ticks: Mapping[str, tuple[str, str]]
    reason: str = ""
    external: Collection[int] = field(default=())
    experts: int = 0


# Installing.


@transaction.atomic
def install_audit() -> Workflow:
    """The checklists of the data file, and the workflow that courses are handed in to; safe to repeat."""
    _install_checklists()
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW, defaults={"active": True})
    if made:
        for place, (stage, label) in enumerate(Stage.choices):
            task = AuditTask.objects.create(name=str(label), stage=stage)
            WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=place)
        course = ContentType.objects.get_for_model(Course)
        WorkflowContentType.objects.update_or_create(content_type=course, defaults={"workflow": workflow})
    return workflow


def _install_checklists() -> None:
    there = set(AuditChecklist.objects.values_list("version", flat=True))
    for version, items in _checklists().items():
        if version not in there:
            AuditChecklist.objects.create(version=version, items=items)


def _checklists() -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    with CHECKLIST.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            item = {"code": row["code"], "group": row["group"], "text": row["text"], "stages": row["stages"].split()}
            found.setdefault(int(row["version"]), []).append(item)
    return found


# The gate.


def passed_audit(course: Course) -> CourseAudit | None:
    """The audit that passed exactly this course with its lessons as they are now; None where there is none."""
    rows = CourseAudit.objects.passed().filter(course=course.pk, digest=judged(course).digest)
    return rows.order_by("-outcome__at").first()


def may_publish(course: Course | None) -> bool:
    """Whether the latest draft of a course has passed."""
    return course is not None and passed_audit(course.get_latest_revision_as_object()) is not None


def require_audit(course: Course) -> CourseAudit:
    """The audit under which this may be published; DomainError without one."""
    audit = passed_audit(course)
    if audit is None:
        raise DomainError(
            _("“%(title)s”现在的内容还没有通过课程审核，不能发布。修改已存为草稿，请送审，通过后再发布。")
            % {"title": course.title},
            code="not_audited",
        )
    return audit


def before_publication(course: Course, revision: Revision, scheduled: bool) -> bool:
    """The guard of every publication. A scheduled one whose content moved since is called off and the office told."""
    try:
        require_audit(revision.as_object())
    except DomainError:
        if not scheduled:
            raise
        _call_off(course, revision)
        return False
    return True


def _call_off(course: Course, revision: Revision) -> None:
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    notices.send(
        to=_ids(User.objects.holding(Role.TRAINING_OFFICE)),
        title=_("课程未能按时发布"),
        text=_("“%(title)s”定时发布时，内容与通过审核时不同，已停止发布，请重新送审。") % {"title": course.title},
        url=reverse("course_courses:edit", args=[course.pk]),
        key=f"audit-schedule:{revision.pk}",
        kind="course.audit",
    )


# Handing in and withdrawing.


@transaction.atomic
def hand_in(*, actor: User, course: Course) -> CourseAudit:
    """The latest draft goes to the internal reviewers, as by the editor's button."""
    if course.workflow_in_progress:
        raise Conflict(_("“%(title)s”正在审核中，不能重复送审。") % {"title": course.title})
    workflow = Workflow.objects.filter(name=WORKFLOW).first() or install_audit()
    state = workflow.start(course, actor)
    return CourseAudit.objects.get(workflow_state=state)


def open_audit(state: WorkflowState, actor: User) -> CourseAudit:
    """The record of a workflow that was just started: what exactly is judged, by which checklist."""
    revision = state.content_object.get_latest_revision()
    draft = revision.as_object()
    what = judged(draft)
    audit = CourseAudit.objects.create(
        course_id=draft.pk,
        title=draft.title,
        revision=revision,
        digest=what.digest,
        lessons=what.lessons,
        checklist=AuditChecklist.objects.order_by("-version")[0],
        workflow_state=state,
        opened_by=actor,
    )
    officers = User.objects.holding(Role.TRAINING_OFFICE).exclude(pk__in=_authors(audit))
    _ask(audit, Stage.INTERNAL, _ids(officers))
    return audit


def _authors(audit: CourseAudit) -> set[int]:
    return {pk for pk in (audit.opened_by_id, audit.revision.user_id) if pk}


def _ids(people: Any) -> list[int]:
    return list(people.values_list("pk", flat=True))


def _ask(audit: CourseAudit, stage: str, people: Collection[int]) -> None:
    notices.send(
        to=people,
        title=_("请审核课程：%(title)s") % {"title": audit.title},
        text=_("环节：%(stage)s。请按审核要点逐条核对，写明意见。") % {"stage": Stage(stage).label},
        url=reverse("courses:audit", args=[audit.public_id]),
        key=f"audit:{audit.pk}:{stage}",
        kind="course.audit",
    )


def note_withdrawal(state: WorkflowState, actor: User | None) -> None:
    """The workflow was cancelled: an audit that has not ended ends as withdrawn."""
    audit = CourseAudit.objects.open().filter(workflow_state=state).first()
    if audit:
        AuditOutcome.objects.create(audit=audit, verdict=AuditOutcome.Verdict.WITHDRAWN, by=actor)


# Judging.


def stage_of(audit: CourseAudit) -> str:
    """The present step; empty when the audit has ended."""
    state = audit.workflow_state.current_task_state
    if state is None or audit.workflow_state.status != WorkflowState.STATUS_IN_PROGRESS:
        return ""
    return str(state.task.specific.stage)


@transaction.atomic
def give_opinion(*, actor: User, audit: CourseAudit, opinion: Opinion) -> CourseAudit:
    """Tick the criteria of the present step; the last opinion of a step moves the audit on, a refusal ends it."""
    held = CourseAudit.objects.select_for_update().get(pk=audit.pk)
    stage = _may_judge(actor, held)
    _refuse_moved_content(held)
    items = held.checklist.for_stage(stage)
    ticks = _ticks(items, opinion)
    AuditOpinion.objects.create(
        audit=held, stage=stage, reviewer=actor, passed=opinion.passed, ticks=ticks, reason=opinion.reason.strip()
    )
    log(
        held.course, "courses.audit_opinion", user=actor, data={"stage": stage, "passed": opinion.passed},
        revision=held.revision,
    )  # fmt: skip
    if not opinion.passed:
        _send_back(held, actor)
        return held
    if stage == Stage.INTERNAL:
        _name_others(held, actor, opinion)
    if not _still_waiting(held, stage):
        _step_on(held, actor)
    return held


def _may_judge(actor: User, audit: CourseAudit) -> str:
    if AuditOutcome.objects.filter(audit=audit).exists():
        raise Conflict(_("这次审核已经结束，不能再提交意见。"))
    if actor.pk in _authors(audit):
        raise DomainError(_("审核人不能是课程的编写人或送审人，请由其他人审核。"), code="forbidden")
    if not CourseAudit.objects.waiting_for(actor).filter(pk=audit.pk).exists():
        raise DomainError(_("这次审核目前不在等您的意见，请查看审核记录。"), code="forbidden")
    return stage_of(audit)


def _refuse_moved_content(audit: CourseAudit) -> None:
    if judged(audit.course.get_latest_revision().as_object()).digest != audit.digest:
        raise DomainError(_("送审之后课程的课时、测验或文件有改动，请撤回送审，改定后重新送审。"), code="moved")


def _ticks(items: list[dict[str, Any]], opinion: Opinion) -> list[dict[str, str]]:
    if set(opinion.ticks) != {item["code"] for item in items} or any(
        tick not in TICKS for tick, _remark in opinion.ticks.values()
    ):
        raise DomainError(_("请对每一条审核要点选择符合、不符合或者不涉及。"))
    if not opinion.passed and not opinion.reason.strip():
        raise DomainError(_("退回修改须写明意见，编写人要按它修改。"))
    if opinion.passed and any(tick == "unmet" for tick, _remark in opinion.ticks.values()):
        raise DomainError(_("有不符合的要点，不能通过；请退回修改，或者重新核对。"))
    rows = [(item, *opinion.ticks[item["code"]]) for item in items]
    return [{"code": i["code"], "text": i["text"], "met": tick, "remark": remark.strip()} for i, tick, remark in rows]


def _name_others(audit: CourseAudit, actor: User, opinion: Opinion) -> None:
    """External reviewers whom the office names, and experts by lot among the lecturers."""
    barred = _authors(audit) | {actor.pk}
    lecturers = set(_ids(User.objects.holding(Role.LECTURER)))
    named = set(opinion.external)
    if named & barred or named - lecturers:
        raise DomainError(_("外部审核人须是讲师，并且没有参与这门课程的编写和送审。"))
    free = sorted(lecturers - named - barred)
    if not 0 <= opinion.experts <= min(MOST_EXPERTS, len(free)):
        raise DomainError(_("可以抽取的专家有%(count)s人，请减少抽取人数。") % {"count": min(MOST_EXPERTS, len(free))})
    drawn = _draw.sample(free, opinion.experts)
    rows = [AuditAssignment(audit=audit, stage=Stage.EXTERNAL, reviewer_id=pk) for pk in sorted(named)]
    rows += [AuditAssignment(audit=audit, stage=Stage.EXPERT, reviewer_id=pk, drawn=True) for pk in drawn]
    AuditAssignment.objects.bulk_create(rows)


def _still_waiting(audit: CourseAudit, stage: str) -> bool:
    said = audit.opinions.filter(stage=stage).values("reviewer")
    return audit.assignments.filter(stage=stage).exclude(reviewer__in=said).exists()


def _step_on(audit: CourseAudit, actor: User) -> None:
    """The workflow's own step; after the last one the audit has passed."""
    state = audit.workflow_state
    state.current_task_state.specific.approve(user=actor)
    state = audit.workflow_state = WorkflowState.objects.get(pk=state.pk)
    if state.status == WorkflowState.STATUS_APPROVED:
        _end(audit, actor, AuditOutcome.Verdict.PASSED, _("课程已通过审核：%(title)s"), _("可以发布课程，再发布版次。"))
    else:
        stage = stage_of(audit)
        _ask(audit, stage, list(audit.assignments.filter(stage=stage).values_list("reviewer", flat=True)))


def _send_back(audit: CourseAudit, actor: User) -> None:
    _end(audit, actor, AuditOutcome.Verdict.REFUSED, _("课程已退回修改：%(title)s"), _("请按审核意见修改后重新送审。"))
    state = audit.workflow_state
    state.current_task_state.specific.reject(user=actor)
    WorkflowState.objects.get(pk=state.pk).cancel(user=actor)


def _end(audit: CourseAudit, actor: User, verdict: str, title: str, text: str) -> None:
    AuditOutcome.objects.create(audit=audit, verdict=verdict, by=actor)
    told = {*_authors(audit), *_ids(User.objects.holding(Role.TRAINING_OFFICE))} - {actor.pk}
    notices.send(
        to=told,
        title=title % {"title": audit.title},
        text=text,
        url=reverse("courses:audit", args=[audit.public_id]),
        key=f"audit:{audit.pk}:end",
        kind="course.audit",
    )
