"""Who teaches and where: the library of faculty and the rooms, kept by the training offices in common."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cohorts.querysets import OfficeQuerySet


class FeeClass(models.Model):
    """A class of teaching fees as the office's own rules name it; the amount is the office's to enter."""

    name = models.CharField(_("名称"), max_length=40, unique=True)
    amount = models.DecimalField(_("每学时金额（元）"), max_digits=8, decimal_places=2, null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=120, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("讲课费类别")
        verbose_name_plural = _("讲课费类别")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="fee_not_negative", condition=Q(amount__isnull=True) | Q(amount__gte=0))
        ]

    def __str__(self) -> str:
        return self.name


class FacultyMember(models.Model):
    """A person of the faculty library: what kind of teacher, from where, and what they can teach."""

    class Kind(models.TextChoices):
        SCHOOL = "school", _("党校教师")
        UNIVERSITY = "university", _("高校专家")
        OFFICIAL = "official", _("领导干部")
        PRACTICE = "practice", _("实务专家")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("人员"), on_delete=models.PROTECT, related_name="faculty"
    )
    kind = models.CharField(_("师资类别"), max_length=12, choices=Kind)
    fee_class = models.ForeignKey(
        FeeClass,
        verbose_name=_("讲课费类别"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
    )
    organisation = models.CharField(_("工作单位"), max_length=80, blank=True)
    title = models.CharField(_("职务职称"), max_length=60, blank=True)
    in_use = models.BooleanField(_("可以排课"), default=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("师资")
        verbose_name_plural = _("师资")
        ordering = ["user__sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                name="faculty_kind", condition=Q(kind__in=["school", "university", "official", "practice"])
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class FacultyTopic(models.Model):
    """A topic that the person can teach."""

    member = models.ForeignKey(FacultyMember, on_delete=models.CASCADE, related_name="topics")
    title = models.CharField(_("专题"), max_length=80)

    class Meta:
        verbose_name = _("可讲专题")
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["member", "title"], name="topic_once_per_member")]

    def __str__(self) -> str:
        return self.title


class FacultyAbsence(models.Model):
    """Days on which the person cannot teach, with the reason."""

    member = models.ForeignKey(FacultyMember, on_delete=models.CASCADE, related_name="absences")
    from_day = models.DateField(_("开始日期"))
    to_day = models.DateField(_("结束日期"))
    reason = models.CharField(_("原因"), max_length=60)

    class Meta:
        verbose_name = _("不可排课时间")
        ordering = ["from_day"]
        constraints = [
            models.CheckConstraint(name="absence_days_in_order", condition=Q(to_day__gte=F("from_day"))),
            models.CheckConstraint(name="absence_with_reason", condition=~Q(reason="")),
        ]


class Room(models.Model):
    """A room in which classes are held; a session names it by its words."""

    name = models.CharField(_("教室"), max_length=60, unique=True)
    place = models.CharField(_("位置"), max_length=80, blank=True)
    seats = models.PositiveSmallIntegerField(_("座位数"))
    in_use = models.BooleanField(_("可以使用"), default=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("教室")
        verbose_name_plural = _("教室")
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="room_has_seats", condition=Q(seats__gte=1))]

    def __str__(self) -> str:
        return self.name
