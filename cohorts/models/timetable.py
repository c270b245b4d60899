"""The timetable: what happens in which half day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort


class Half(models.TextChoices):
    MORNING = "am", _("上午")
    AFTERNOON = "pm", _("下午")


class Session(models.Model):
    """An entry of the timetable within one half day; ``hours`` are 学时 by the class's hour rule."""

    class Kind(models.TextChoices):
        LECTURE = "lecture", _("讲授")
        DISCUSSION = "discussion", _("研讨")
        FIELD = "field", _("现场教学")
        CASE = "case", _("案例教学")
        EXAM = "exam", _("考试")
        SELF_STUDY = "self_study", _("自学")
        CEREMONY = "ceremony", _("开班结业")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("内容"), max_length=120)
    kind = models.CharField(_("形式"), max_length=12, choices=Kind, default=Kind.LECTURE)
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    starts_at = models.TimeField(_("开始"))
    ends_at = models.TimeField(_("结束"))
    room = models.CharField(_("教室"), max_length=60, blank=True)
    lecturer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("授课教师"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sessions_taught",
    )
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=2)

    class Meta:
        verbose_name = _("课表")
        verbose_name_plural = _("课表")
        ordering = ["day", "starts_at"]
        constraints = [
            models.CheckConstraint(name="session_times_in_order", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="session_hours", condition=Q(hours__gte=0)),
            models.CheckConstraint(name="session_half", condition=Q(half__in=["am", "pm"])),
        ]

    def __str__(self) -> str:
        return self.title
