"""The timetable: what happens in which half day, what of it was published, and who subscribed to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort, Group, Membership
from cohorts.querysets import FeedQuerySet, SessionQuerySet
from core import clock


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
    groups = models.ManyToManyField(
        Group, verbose_name=_("小组"), through="SessionGroup", blank=True, related_name="sessions"
    )

    objects = SessionQuerySet.as_manager()

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

    @property
    def tracks(self) -> frozenset[int]:
        """The numbers of the groups it is for; empty for the whole class. Read ``with_groups`` before."""
        return frozenset(group.number for group in self.groups.all())

    @property
    def group_keys(self) -> frozenset[int]:
        """The keys of the groups it is for; empty for the whole class. Read ``with_groups`` before."""
        return frozenset(group.pk for group in self.groups.all())


class SessionGroup(models.Model):
    """A group for which a session is held; a session without groups is for the whole class."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("分组课")
        constraints = [models.UniqueConstraint(fields=["session", "group"], name="group_in_session_once")]


class TimetablePublication(models.Model):
    """The timetable as the members were told: its rows, and what differs from the publication before, as sentences.

    A row names its lecturer by key alone; people's names stand elsewhere.
    """

    append_only = True
    wagtail_reference_index_ignore = True

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveSmallIntegerField(_("次数"))
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField()
    changes = models.JSONField(default=list)

    class Meta:
        verbose_name = _("课表发布")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["cohort", "number"], name="publication_number_once")]


class CalendarFeed(models.Model):
    """A member's subscription to the timetable; its address is known to whoever was shown it, here lies its hash."""

    wagtail_reference_index_ignore = True

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("日历订阅")
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(revoked_at__isnull=True), name="one_standing_feed"
            )
        ]
