"""Discipline: a record that absence without leave drafts and a person decides, and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Membership
from cohorts.models.timetable import Half
from core import clock


class DisciplineQuerySet(models.QuerySet):
    def open(self) -> DisciplineQuerySet:
        """Drafts that nobody decided, confirmed ones that are not closed, and those whose basis was corrected."""
        return self.filter(Q(state__in=DisciplineRecord.OPEN) | Q(corrected_at__isnull=False))

    def settled(self) -> DisciplineQuerySet:
        return self.exclude(state__in=DisciplineRecord.OPEN).filter(corrected_at__isnull=True)

    def standing(self) -> DisciplineQuerySet:
        """Confirmed, whether closed or not."""
        return self.filter(state__in=DisciplineRecord.STANDING)


class DisciplineRecord(models.Model):
    """A half day's absence without leave and what followed; the member's reply stands here, not in the events.

    ``corrected_at`` is when the absence was corrected under a decision that stands; until a person upholds or
    withdraws the decision, with ``review_reason``, the record is open.
    """

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        DRAFT = "draft", _("待核实")
        CONFIRMED = "confirmed", _("处理中")
        CLOSED = "closed", _("已办结")
        DROPPED = "dropped", _("不予处理")
        WITHDRAWN = "withdrawn", _("已撤销")

    class Level(models.TextChoices):
        TALK = "talk", _("约谈提醒")
        CRITICISM = "criticism", _("通报批评")
        DISMISSAL = "dismissal", _("责令退学")

    OPEN = (State.DRAFT, State.CONFIRMED)
    STANDING = (State.CONFIRMED, State.CLOSED)
    VOID = (State.DROPPED, State.WITHDRAWN)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="discipline")
    day = models.DateField(_("日期"))
    half = models.CharField(_("时段"), max_length=2, choices=Half)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    level = models.CharField(_("处理"), max_length=10, choices=Level, blank=True)
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    document_no = models.CharField(_("文号"), max_length=60, blank=True)
    reply_until = models.DateField(_("陈述申辩期限"), null=True, blank=True)
    reply = models.CharField(_("陈述申辩"), max_length=1000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(_("办结说明"), max_length=200, blank=True)
    drafted_at = models.DateTimeField(default=clock.now)
    corrected_at = models.DateTimeField(null=True, blank=True)
    review_reason = models.CharField(_("复核说明"), max_length=200, blank=True)

    objects = DisciplineQuerySet.as_manager()

    class Meta:
        verbose_name = _("纪律处理")
        ordering = ["-day", "-half", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "day", "half"],
                condition=~Q(state__in=["dropped", "withdrawn"]),
                name="one_record_per_absence",
            ),
            models.CheckConstraint(
                name="discipline_state",
                condition=Q(state__in=["draft", "confirmed", "closed", "dropped", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="withdrawn_discipline_was_reviewed", condition=~Q(state="withdrawn") | ~Q(review_reason="")
            ),
            models.CheckConstraint(
                name="only_decided_discipline_is_reviewed",
                condition=Q(corrected_at__isnull=True) | Q(state__in=["confirmed", "closed"]),
            ),
            models.CheckConstraint(
                name="confirmed_discipline_is_reasoned",
                condition=~Q(state__in=["confirmed", "closed"])
                | (Q(level__in=["talk", "criticism", "dismissal"], reply_until__isnull=False) & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="grave_discipline_has_a_document",
                condition=~Q(level__in=["criticism", "dismissal"]) | ~Q(document_no=""),
            ),
            models.CheckConstraint(
                name="ended_discipline_says_why", condition=~Q(state__in=["closed", "dropped"]) | ~Q(end_reason="")
            ),
            models.CheckConstraint(
                name="reply_has_its_time",
                condition=Q(reply="", replied_at__isnull=True) | (~Q(reply="") & Q(replied_at__isnull=False)),
            ),
        ]


class DisciplineEvent(models.Model):
    """Each step of a record: who, when, what; words that may have to be erased stand in the record."""

    append_only = True
    wagtail_reference_index_ignore = True

    class What(models.TextChoices):
        DRAFTED = "drafted", _("旷课登记，待核实")
        CONFIRMED = "confirmed", _("作出处理")
        REPLIED = "replied", _("学员陈述申辩")
        CLOSED = "closed", _("办结")
        DROPPED = "dropped", _("不予处理")
        CORRECTED = "corrected", _("考勤已更正，待复核")
        RESTORED = "restored", _("考勤恢复为旷课，不再复核")
        UPHELD = "upheld", _("复核：维持处理")
        WITHDRAWN = "withdrawn", _("复核：撤销处理")

    record = models.ForeignKey(DisciplineRecord, on_delete=models.PROTECT, related_name="events")
    what = models.CharField(max_length=10, choices=What)
    level = models.CharField(max_length=10, choices=DisciplineRecord.Level, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="discipline_event",
                condition=Q(
                    what__in=[
                        "drafted",
                        "confirmed",
                        "replied",
                        "closed",
                        "dropped",
                        "corrected",
                        "restored",
                        "upheld",
                        "withdrawn",
                    ]
                ),
            )
        ]
