"""What graduation asks for, the papers of a closing, and the decision about each member."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessments.models import Exam, Survey, Task
from cohorts.models.cohort import Cohort, Membership
from core import clock
from core.storage import private_storage
from courses.models import CourseEdition

TARGETS = ("edition", "exam", "task", "survey")


def points_only_at(*kinds: str, at: str = "") -> Q:
    """Requirements of these kinds name the thing ``at`` and nothing else."""
    return Q(kind__in=kinds, **{f"{target}__isnull": target != at for target in TARGETS})


class Requirement(models.Model):
    """A condition of graduation: a node that asks for all or n of its children, or a leaf that points at one thing."""

    class Kind(models.TextChoices):
        ALL = "all", _("全部满足")
        N_OF = "n_of", _("满足其中若干项")
        COURSE = "course", _("课程")
        EXAM = "exam", _("考试")
        TASK = "task", _("任务")
        SURVEY = "survey", _("教学评估")
        ATTENDANCE = "attendance", _("出勤率")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="requirements")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(_("类型"), max_length=12, choices=Kind)
    need = models.PositiveSmallIntegerField(_("至少满足"), null=True, blank=True)
    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    exam = models.ForeignKey(Exam, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    share = models.DecimalField(_("出勤率不低于（%）"), max_digits=5, decimal_places=2, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("结业条件")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort"], condition=Q(parent__isnull=True), name="one_root_requirement"),
            models.CheckConstraint(
                name="requirement_points_at_its_kind",
                condition=points_only_at("all", "n_of", "attendance")
                | points_only_at("course", at="edition")
                | points_only_at("exam", at="exam")
                | points_only_at("task", at="task")
                | points_only_at("survey", at="survey"),
            ),
            models.CheckConstraint(
                name="only_n_of_needs_a_number",
                condition=Q(kind="n_of", need__isnull=False, need__gte=1) | (~Q(kind="n_of") & Q(need__isnull=True)),
            ),
            models.CheckConstraint(
                name="leaf_has_a_parent", condition=Q(kind__in=["all", "n_of"]) | Q(parent__isnull=False)
            ),
            models.CheckConstraint(
                name="only_attendance_has_a_share",
                condition=Q(kind="attendance", share__isnull=False, share__gt=0, share__lte=100)
                | (~Q(kind="attendance") & Q(share__isnull=True)),
            ),
            models.CheckConstraint(
                name="requirement_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(kind="attendance"), name="one_attendance_requirement"
            ),
            models.UniqueConstraint(fields=["cohort", "edition"], name="course_required_once"),
            models.UniqueConstraint(fields=["cohort", "exam"], name="exam_required_once"),
            models.UniqueConstraint(fields=["cohort", "task"], name="task_required_once"),
            models.UniqueConstraint(fields=["cohort", "survey"], name="survey_required_once"),
        ]


class RequirementResult(models.Model):
    """Where a member stands on a leaf; kept by the receivers of what lower apps announce."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        MET = "met", _("已满足")
        MISSING = "missing", _("未满足")

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="results")
    requirement = models.ForeignKey(Requirement, on_delete=models.PROTECT, related_name="results")
    state = models.CharField(_("状态"), max_length=8, choices=State)
    detail = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "requirement"], name="one_result_per_requirement"),
            models.CheckConstraint(name="requirement_result_state", condition=Q(state__in=["met", "missing"])),
        ]


class ClosingPaper(models.Model):
    """A paper that has to be attached before a class can be closed."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("培训方案")
        TIMETABLE = "timetable", _("最终课表")
        SIGN_IN = "sign_in", _("签到表")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="closing_papers")
    kind = models.CharField(_("材料"), max_length=10, choices=Kind)
    name = models.CharField(_("文件名"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="closing-papers/")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("结班材料")
        constraints = [models.UniqueConstraint(fields=["cohort", "sha256", "kind"], name="paper_once_per_cohort")]


class Closing(models.Model):
    """A closing of a class; undone and done again it gets the next number."""

    wagtail_reference_index_ignore = True

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="closings")
    number = models.PositiveSmallIntegerField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undo_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "number"], name="closing_number_once"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(undone_at__isnull=True), name="one_standing_closing"
            ),
        ]


class GraduationDecision(models.Model):
    """Graduated or not at a closing, with every condition as it stood: a list of {key, label, met, detail}."""

    append_only = True
    wagtail_reference_index_ignore = True

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="decisions")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="decisions")
    granted = models.BooleanField()
    conditions = models.JSONField()
    days = models.DecimalField(max_digits=6, decimal_places=2)
    hours = models.DecimalField(max_digits=7, decimal_places=2)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["closing", "membership"], name="one_decision_per_closing")]
