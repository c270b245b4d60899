"""What a person confirms: proof of a course taken elsewhere, presence in a live session."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock
from core.storage import private_storage
from courses.models.editions import EditionLesson
from courses.models.learning import Enrolment


class LessonProof(models.Model):
    """What a learner hands in to show that a course on another platform is done, and what a person decided on it."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        WAITING = "waiting", _("待确认")
        CONFIRMED = "confirmed", _("已确认")
        REFUSED = "refused", _("未通过")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="proofs")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    certificate_no = models.CharField(_("证书编号"), max_length=80, blank=True)
    file = models.FileField(storage=private_storage, upload_to="proofs", max_length=200, blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=60, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    handed_in_at = models.DateTimeField(default=clock.now)
    reason = models.CharField(_("未通过的原因"), max_length=200, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("学习证明")
        verbose_name_plural = _("学习证明")
        ordering = ["handed_in_at", "pk"]
        constraints = [
            models.CheckConstraint(name="proof_state", condition=Q(state__in=["waiting", "confirmed", "refused"])),
            models.CheckConstraint(name="proof_shows_something", condition=~Q(certificate_no="") | ~Q(file="")),
            models.CheckConstraint(name="refused_proof_has_a_reason", condition=~Q(state="refused") | ~Q(reason="")),
            models.CheckConstraint(
                name="decided_proof_names_who",
                condition=Q(state="waiting", decided_by__isnull=True)
                | Q(state__in=["confirmed", "refused"], decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_proof_waits_or_stands",
                fields=["enrolment", "lesson"],
                condition=Q(state__in=["waiting", "confirmed"]),
            ),
        ]

    def __str__(self) -> str:
        return self.lesson.title


class LiveAttendance(models.Model):
    """Whether a learner was in a live session, as the list of those who held it says."""

    wagtail_reference_index_ignore = True

    class Status(models.TextChoices):
        PRESENT = "present", _("到课")
        ABSENT = "absent", _("缺席")
        MADE_UP = "made_up", _("已补课")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="live_attendance")
    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("出席情况"), max_length=8, choices=Status)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="one_live_attendance"),
            models.CheckConstraint(name="live_status", condition=Q(status__in=["present", "absent", "made_up"])),
        ]


ATTENDED = (LiveAttendance.Status.PRESENT, LiveAttendance.Status.MADE_UP)


class LiveArrangement(models.Model):
    """A live session at another time or place than its edition says: the newest one counts, each is kept."""

    append_only = True
    wagtail_reference_index_ignore = True

    lesson = models.ForeignKey(EditionLesson, on_delete=models.PROTECT, related_name="arrangements")
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    address = models.CharField(_("网址"), max_length=500, blank=True)
    reason = models.CharField(_("原因"), max_length=200)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("直播安排")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="live_ends_after_start", condition=Q(ends_at__gt=models.F("starts_at"))),
            models.CheckConstraint(name="live_is_somewhere", condition=~Q(place="") | ~Q(address="")),
        ]
