"""The words in which hours are sorted: bucket, category, mode, window."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bucket(models.TextChoices):
    """Three buckets that are never summed into one another."""

    CENTRAL = "central", _("集中培训")
    ONLINE = "online", _("网络自学")
    BASIC = "basic", _("基本培训")


class Category(models.TextChoices):
    """What the training is for (公务员法 Arts 66–68); independent of the mode."""

    INITIAL = "initial", _("初任培训")
    APPOINTMENT = "appointment", _("任职培训")
    SPECIAL = "special", _("专门业务培训")
    IN_SERVICE = "in_service", _("在职培训")
    OTHER = "other", _("其他培训")


class Mode(models.TextChoices):
    """How it is held; independent of the category."""

    OFF_JOB = "off_job", _("脱产培训")
    CENTRE_GROUP = "centre_group", _("中心组学习")
    ONLINE = "online", _("网络培训")
    SELF_STUDY = "self_study", _("自学")
    OTHER_CENTRAL = "other_central", _("其他集中培训")


class Window(models.TextChoices):
    """The span of time in which a requirement has to be met."""

    YEAR = "year", _("自然年度")
    ROLLING_5 = "rolling_5", _("近五年")
    PLAN = "plan", _("规划周期")
    FROM_PROMOTION = "from_promotion", _("提任一年内")


class OnlineUnit(models.TextChoices):
    """What the brackets of online hours are applied to."""

    LESSON = "lesson", _("按课时逐个计算")
    COURSE = "course", _("按整门课程计算")
