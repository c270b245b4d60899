"""What a class needs to know of its members besides learning: photo, room and meals, offices they hold."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.models.cohort import Cohort, Membership
from core import clock
from core.storage import private_storage


class MemberPhoto(models.Model):
    """The portrait of a member, cut to 2.5 : 3.5; the certificate prints it where there is one."""

    wagtail_reference_index_ignore = True

    membership = models.OneToOneField(Membership, on_delete=models.PROTECT, related_name="photo")
    file = models.FileField(storage=private_storage, upload_to="member-photos/")
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("学员照片")


class PhotoBatch(models.Model):
    """A packed folder of photos named by work number, between its preview and its job."""

    wagtail_reference_index_ignore = True

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="photo_batches")
    name = models.CharField(_("文件名"), max_length=120)
    file = models.FileField(storage=private_storage, upload_to="photo-batches/", blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    ordered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("照片包")


class Lodging(models.Model):
    """Where a member sleeps and what they cannot eat; erased when the class is archived, never logged."""

    wagtail_reference_index_ignore = True

    class Meal(models.TextChoices):
        USUAL = "usual", _("无特殊要求")
        HALAL = "halal", _("清真")
        VEGETARIAN = "vegetarian", _("素食")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="lodgings")
    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="lodging")
    room = models.CharField(_("房间"), max_length=20, blank=True)
    bed = models.CharField(_("床位"), max_length=10, blank=True)
    meal = models.CharField(_("用餐"), max_length=12, choices=Meal, default=Meal.USUAL)
    allergy = models.CharField(_("忌口或过敏"), max_length=60, blank=True)
    note = models.CharField(_("备注"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("食宿安排")
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "room", "bed"], condition=~Q(room="") & ~Q(bed=""), name="one_member_per_bed"
            ),
            models.CheckConstraint(name="lodging_meal", condition=Q(meal__in=["usual", "halal", "vegetarian"])),
            models.CheckConstraint(name="bed_stands_in_a_room", condition=Q(bed="") | ~Q(room="")),
        ]


class Duty(models.Model):
    """An office (职务) that a member holds in the class, from one day to another; history, never overwritten."""

    wagtail_reference_index_ignore = True

    class Office(models.TextChoices):
        MONITOR = "monitor", _("班长")
        DEPUTY = "deputy", _("副班长")
        STUDY = "study", _("学习委员")
        LIFE = "life", _("生活委员")
        GROUP_LEADER = "group_leader", _("组长")
        BRANCH_SECRETARY = "branch_secretary", _("临时党支部书记")
        BRANCH_ORGANISER = "branch_organiser", _("临时党支部组织委员")
        BRANCH_PUBLICITY = "branch_publicity", _("临时党支部宣传委员")
        BRANCH_DISCIPLINE = "branch_discipline", _("临时党支部纪检委员")

    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="duties")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="duties")
    office = models.CharField(_("职务"), max_length=20, choices=Office)
    group_number = models.PositiveSmallIntegerField(_("组号"), null=True, blank=True)
    from_day = models.DateField(_("任职日期"))
    to_day = models.DateField(_("免职日期"), null=True, blank=True)
    appointed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("班级职务")
        ordering = ["from_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cohort", "office"],
                condition=Q(to_day__isnull=True, group_number__isnull=True),
                name="one_holder_per_office",
            ),
            models.UniqueConstraint(
                fields=["cohort", "group_number"],
                condition=Q(to_day__isnull=True, group_number__isnull=False),
                name="one_leader_per_group",
            ),
            models.CheckConstraint(
                name="leader_of_a_group",
                condition=Q(office="group_leader", group_number__isnull=False)
                | (~Q(office="group_leader") & Q(group_number__isnull=True)),
            ),
            models.CheckConstraint(
                name="duty_days_in_order", condition=Q(to_day__isnull=True) | Q(to_day__gte=F("from_day"))
            ),
        ]

    @property
    def title(self) -> str:
        """第2组组长, 班长: the office as it is read."""
        word = str(self.get_office_display())
        return f"第{self.group_number}组{word}" if self.group_number else word
