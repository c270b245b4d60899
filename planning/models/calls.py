"""The call-up to a class: places per unit, who is named for them, the way of a nomination, who stands in."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models import Cohort, Membership
from core import clock
from courses.models import Track
from people.models import Posting, Unit
from people.ranks import Regime
from planning.querysets.calls import (
    CallUpQuerySet,
    NominationQuerySet,
    NominationStepQuerySet,
    QuotaQuerySet,
    StandInQuerySet,
)


class CallUp(models.Model):
    """How the places of a class are filled; ``taken`` counts confirmed places and is kept by the services."""

    class Basis(models.TextChoices):
        QUOTA = "quota", _("按名额选派")
        OPEN = "open", _("自主选学")

    class Route(models.TextChoices):
        STEPWISE = "stepwise", _("逐级审核")
        DIRECT = "direct", _("直报培训处")

    cohort = models.OneToOneField(Cohort, verbose_name=_("班次"), on_delete=models.PROTECT, related_name="call_up")
    basis = models.CharField(_("选派方式"), max_length=6, choices=Basis, default=Basis.QUOTA)
    theme = models.CharField(_("主题"), max_length=10, choices=Track)
    places = models.PositiveSmallIntegerField(_("人数"))
    taken = models.PositiveSmallIntegerField(_("已确认"), default=0, editable=False)
    nominate_by = models.DateField(_("报名截止"))
    route = models.CharField(_("审核方式"), max_length=8, choices=Route, default=Route.STEPWISE)
    unit_confirms = models.BooleanField(
        _("名额单位终审"), default=False, help_text=_("勾选后，名额单位审核同意即确认，不再经培训处。")
    )
    step_days = models.PositiveSmallIntegerField(_("每级审核期限（工作日）"), default=3)
    regime = models.CharField(_("对象范围"), max_length=10, choices=Regime, blank=True)
    levels = models.JSONField(_("职务层次和职级"), default=list, blank=True)
    keeps_waiting_list = models.BooleanField(_("名额满后继续候补"), default=True)
    document_no = models.CharField(_("通知文号"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = CallUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("调训安排")
        verbose_name_plural = _("调训安排")
        ordering = ["nominate_by", "pk"]
        constraints = [
            models.CheckConstraint(name="call_up_basis", condition=Q(basis__in=["quota", "open"])),
            models.CheckConstraint(name="call_up_route", condition=Q(route__in=["stepwise", "direct"])),
            models.CheckConstraint(name="call_up_theme", condition=Q(theme__in=Track.values)),
            models.CheckConstraint(name="call_up_places", condition=Q(places__gt=0, taken__lte=F("places"))),
            models.CheckConstraint(name="call_up_step_days", condition=Q(step_days__range=(1, 30))),
            models.CheckConstraint(
                name="call_up_opened_by_somebody",
                condition=Q(opened_at__isnull=True) | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.cohort)


class Quota(models.Model):
    """Places of one unit; ``used`` counts its nominations that are under way or confirmed, kept by the services."""

    call_up = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="quotas")
    unit = models.ForeignKey(Unit, verbose_name=_("单位"), on_delete=models.PROTECT, related_name="quotas")
    places = models.PositiveSmallIntegerField(_("名额"))
    used = models.PositiveSmallIntegerField(_("已用"), default=0, editable=False)

    objects = QuotaQuerySet.as_manager()

    class Meta:
        verbose_name = _("名额")
        verbose_name_plural = _("名额")
        ordering = ["unit__path"]
        constraints = [
            models.UniqueConstraint(fields=["call_up", "unit"], name="one_quota_per_unit"),
            models.CheckConstraint(name="quota_is_kept", condition=Q(places__gt=0, used__lte=F("places"))),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.places}"

    @property
    def left(self) -> int:
        """Places that nobody is named for."""
        return int(self.places - self.used)


class Nomination(models.Model):
    """Somebody named for a class, or who asked for it, on the way to a place.

    ``steps`` hold the way; ``step`` is the position of the one it waits at. ``queue_no`` is the order of the waiting
    list, given when the nomination joins it and never again. ``counted``: whether it is one of the quota's ``used``;
    who waits is not, nor who is to take the place of somebody confirmed until that is decided.
    """

    class State(models.TextChoices):
        REVIEWING = "reviewing", _("单位审核中")
        AT_OFFICE = "at_office", _("待培训处确认")
        WAITING = "waiting", _("候补")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("未通过")
        WITHDRAWN = "withdrawn", _("已撤回")

    UNDER_WAY = (State.REVIEWING, State.AT_OFFICE)
    OPEN = (*UNDER_WAY, State.WAITING)
    STANDING = (*OPEN, State.CONFIRMED)

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    call_up = models.ForeignKey(CallUp, on_delete=models.PROTECT, related_name="nominations")
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, null=True, blank=True, related_name="nominations")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("人选"), on_delete=models.PROTECT, related_name="nominations"
    )
    unit = models.ForeignKey(Unit, verbose_name=_("选派单位"), on_delete=models.PROTECT, related_name="+")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, null=True, related_name="+")
    own_application = models.BooleanField(_("本人申请"), default=False)
    reason = models.CharField(_("推荐理由"), max_length=300, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.REVIEWING)
    step = models.PositiveSmallIntegerField(default=0)
    counted = models.BooleanField(default=False, editable=False)
    queue_no = models.PositiveIntegerField(_("候补序号"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", verbose_name=_("替换"), on_delete=models.PROTECT, null=True, blank=True, related_name="replacements"
    )
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="nominations"
    )
    end_reason = models.CharField(_("未通过或撤回的理由"), max_length=300, blank=True)
    reply = models.CharField(_("单位回复"), max_length=300, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("提名")
        verbose_name_plural = _("提名")
        ordering = ["pk"]
        indexes = [models.Index(fields=["call_up", "state"], name="nominations_of_call_up")]
        constraints = [
            models.UniqueConstraint(
                fields=["call_up", "user"],
                condition=Q(state__in=["reviewing", "at_office", "waiting", "confirmed"]),
                name="named_once_per_class",
            ),
            models.UniqueConstraint(fields=["call_up", "queue_no"], name="one_place_in_the_queue"),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(state__in=["reviewing", "at_office", "waiting", "confirmed"]),
                name="one_standing_replacement",
            ),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(state="confirmed"), name="one_confirmed_nomination_per_membership"
            ),
            models.CheckConstraint(
                name="counted_while_it_uses_a_place",
                condition=Q(counted=False) | Q(state__in=["reviewing", "at_office", "confirmed"], quota__isnull=False),
            ),
            models.CheckConstraint(
                name="nomination_state",
                condition=Q(state__in=["reviewing", "at_office", "waiting", "confirmed", "refused", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="waiting_has_a_number", condition=~Q(state="waiting") | Q(queue_no__isnull=False)
            ),
            models.CheckConstraint(
                name="confirmed_has_a_place", condition=~Q(state="confirmed") | Q(membership__isnull=False)
            ),
            models.CheckConstraint(
                name="nomination_refused_with_reason", condition=~Q(state="refused") | ~Q(end_reason="")
            ),
            models.CheckConstraint(
                name="nomination_end_is_dated",
                condition=Q(state__in=["refused", "withdrawn"], ended_at__isnull=False)
                | Q(state__in=["reviewing", "at_office", "waiting", "confirmed"], ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.call_up}"


class NominationStep(models.Model):
    """One step of a nomination's way: a unit's review, or the office's (no unit). Decided at most once."""

    class Decision(models.TextChoices):
        AGREED = "agreed", _("同意")
        REFUSED = "refused", _("不同意")

    wagtail_reference_index_ignore = True

    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    came_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(_("办理期限"), null=True, blank=True)
    decision = models.CharField(_("意见"), max_length=8, choices=Decision, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    taken_over = models.BooleanField(_("上级代办"), default=False)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = NominationStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("在办提名")
        verbose_name_plural = _("在办提名")
        ordering = ["position"]
        indexes = [models.Index(fields=["due_on"], name="open_nomination_steps", condition=Q(decision=""))]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "position"], name="one_step_per_position"),
            models.CheckConstraint(name="nomination_decision", condition=Q(decision__in=["", "agreed", "refused"])),
            models.CheckConstraint(
                name="decided_by_somebody",
                condition=Q(decision="", decided_at__isnull=True)
                | Q(decision__in=["agreed", "refused"], decided_at__isnull=False),
            ),
            models.CheckConstraint(name="step_refused_with_reason", condition=~Q(decision="refused") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.nomination_id}/{self.position}"


class StepReminder(models.Model):
    """That somebody was told of a step that is overdue: once for each stage of it."""

    append_only = True
    wagtail_reference_index_ignore = True

    class Stage(models.TextChoices):
        OVERDUE = "overdue", _("逾期提醒")
        ESCALATED = "escalated", _("逾期升级")

    step = models.ForeignKey(NominationStep, on_delete=models.PROTECT, related_name="reminders")
    stage = models.CharField(max_length=10, choices=Stage)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["step", "stage", "user"], name="one_reminder_of_a_step"),
            models.CheckConstraint(name="step_reminder_stage", condition=Q(stage__in=["overdue", "escalated"])),
        ]


class StandIn(models.Model):
    """Who reviews nominations in somebody's place, from day to day, beside the holder."""

    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("由谁委托"), on_delete=models.PROTECT, related_name="+"
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("代办人"),
        on_delete=models.PROTECT,
        related_name="nomination_stand_ins",
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    objects = StandInQuerySet.as_manager()

    class Meta:
        verbose_name = _("代办安排")
        verbose_name_plural = _("代办安排")
        ordering = ["-starts_on", "pk"]
        constraints = [
            models.CheckConstraint(name="stand_in_dates_in_order", condition=Q(ends_on__gte=F("starts_on"))),
            models.CheckConstraint(name="stand_in_is_somebody_else", condition=~Q(holder=F("delegate"))),
        ]

    def __str__(self) -> str:
        return f"{self.holder} → {self.delegate}"
