"""The audit of a course before it is published: the workflow's steps, and a record that only grows."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.locks import WorkflowLock
from wagtail.models import Revision, Task, TaskState, WorkflowState

from core import clock
from courses.models.curriculum import Course
from courses.querysets import AuditQuerySet


class Stage(models.TextChoices):
    INTERNAL = "internal", _("内部审核")
    EXTERNAL = "external", _("外部审核")
    EXPERT = "expert", _("专家抽审")


class AuditLock(WorkflowLock):
    """What is being judged does not change under the reviewers' eyes."""

    def get_message(self, user: Any) -> str:
        return _("课程正在审核中，审核期间不能修改。需要修改时，请先撤回送审。")

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        return self.get_message(user)


class AuditTask(Task):
    """A step of the audit. Opinions are given on the audit's own page, with the checklist; nobody edits meanwhile."""

    stage = models.CharField(_("环节"), max_length=10, choices=Stage)
    lock_class = AuditLock

    class Meta:
        verbose_name = _("课程审核环节")
        constraints = [models.CheckConstraint(name="audit_task_stage", condition=Q(stage__in=Stage.values))]

    def start(self, workflow_state: Any, user: Any = None) -> Any:
        """A step that nobody was named or drawn for is skipped."""
        state = super().start(workflow_state, user=user)
        named = AuditAssignment.objects.filter(audit__workflow_state=workflow_state, stage=self.stage)
        if self.stage != Stage.INTERNAL and not named.exists():
            state.status, state.finished_at = TaskState.STATUS_SKIPPED, timezone.now()
            state.save(update_fields=["status", "finished_at"])
        return state

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        waiting = CourseAudit.objects.open().waiting_for(user).values("workflow_state")
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS, workflow_state__in=waiting)


class AuditChecklist(models.Model):
    """What reviewers judge by, in one version: a list of {code, group, text, stages}."""

    append_only = True

    version = models.PositiveSmallIntegerField(_("版本"), unique=True)
    items = models.JSONField()
    made_at = models.DateTimeField(default=clock.now)

    def for_stage(self, stage: str) -> list[dict[str, Any]]:
        return [item for item in self.items if stage in item["stages"]]


class CourseAudit(models.Model):
    """One draft of a course, with its lessons as they stood, handed in to be judged.

    ``digest`` stands for everything that is judged; ``lessons`` are [{"lesson", "title", "revision"}].
    """

    append_only = True
    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="audits")
    title = models.CharField(_("课程名称"), max_length=120)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    lessons = models.JSONField()
    checklist = models.ForeignKey(AuditChecklist, on_delete=models.PROTECT, related_name="+")
    workflow_state = models.OneToOneField(WorkflowState, on_delete=models.PROTECT, related_name="audit")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("课程审核")
        ordering = ["-opened_at", "-pk"]
        indexes = [models.Index(fields=["course", "digest"], name="audits_of_a_draft")]

    def __str__(self) -> str:
        return self.title


class AuditAssignment(models.Model):
    """Somebody who is to judge at a step: named by the office, or drawn from the experts."""

    append_only = True

    audit = models.ForeignKey(CourseAudit, on_delete=models.PROTECT, related_name="assignments")
    stage = models.CharField(_("环节"), max_length=10, choices=Stage)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    drawn = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "reviewer"], name="one_step_per_reviewer")]


class AuditOpinion(models.Model):
    """What a reviewer said: each criterion with a verdict and a remark ([{code, text, met, remark}]), and the whole."""

    append_only = True

    audit = models.ForeignKey(CourseAudit, on_delete=models.PROTECT, related_name="opinions")
    stage = models.CharField(_("环节"), max_length=10, choices=Stage)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()
    ticks = models.JSONField()
    reason = models.CharField(_("意见"), max_length=1000, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["audit", "reviewer"], name="one_opinion_per_reviewer"),
            models.CheckConstraint(name="refusal_has_a_reason", condition=Q(passed=True) | ~Q(reason="")),
        ]


class AuditOutcome(models.Model):
    """How the audit ended."""

    append_only = True

    class Verdict(models.TextChoices):
        PASSED = "passed", _("通过")
        REFUSED = "refused", _("退回修改")
        WITHDRAWN = "withdrawn", _("已撤回")

    audit = models.OneToOneField(CourseAudit, on_delete=models.PROTECT, related_name="outcome")
    verdict = models.CharField(_("结果"), max_length=10, choices=Verdict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="audit_verdict", condition=Q(verdict__in=["passed", "refused", "withdrawn"]))
        ]
