"""The competency framework in versions, and the append-only evidence that profiles are computed from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core import clock
from people.ranks import Regime
from people.scopes import people_condition


class Kind(models.TextChoices):
    """Kinds of evidence; the self-rating is shown apart and never weighs."""

    TEST = "test", _("前后测试题")
    TASK = "task", _("任务评分")
    OBSERVATION = "observation", _("观察评价")
    SUPERVISOR = "supervisor", _("单位跟踪评价")
    SELF = "self", _("自评")


class Phase(models.TextChoices):
    PRE = "pre", _("训前")
    DURING = "during", _("训中")
    POST = "post", _("训后")
    FOLLOW_UP = "follow_up", _("跟踪")


class Framework(models.Model):
    """One version of the six dimensions; a published version does not change."""

    version = models.PositiveIntegerField(_("版本"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    effective_from = models.DateField(_("生效日期"))

    class Meta:
        verbose_name = _("能力框架")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.name} 第{self.version}版"


class Dimension(models.Model):
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="dimensions")
    code = models.CharField(_("编号"), max_length=2)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(max_length=60)
    path = models.CharField(_("办班路径"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("能力维度")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="dimension_code_in_framework")]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """A behaviour that can be observed; ``scored`` is off where it is taught but never scored per person (A1)."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(_("编号"), max_length=4)
    name = models.CharField(_("名称"), max_length=40)
    scored = models.BooleanField(_("计入个人画像"), default=True)

    class Meta:
        verbose_name = _("能力指标")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="indicator_code_in_dimension")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class LevelAnchor(models.Model):
    """What a level looks like in behaviour; levels 1 知晓 to 5 示范."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="anchors")
    level = models.PositiveSmallIntegerField(_("等级"))
    text = models.CharField(_("行为描述"), max_length=200)

    class Meta:
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "level"], name="one_anchor_per_level"),
            models.CheckConstraint(name="anchor_level", condition=Q(level__gte=1, level__lte=5)),
        ]


class Expectation(models.Model):
    """The level a regime of ranks is expected to reach in an indicator."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="expectations")
    regime = models.CharField(_("对象"), max_length=10, choices=Regime)
    level = models.DecimalField(_("期望等级"), max_digits=3, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "regime"], name="one_expectation_per_regime"),
            models.CheckConstraint(name="expectation_level", condition=Q(level__gte=1, level__lte=5)),
        ]


class EvidenceWeight(models.Model):
    """How much a kind of evidence counts under a framework version; weights of present kinds are rescaled to one."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="weights")
    kind = models.CharField(_("证据类型"), max_length=12, choices=Kind)
    weight = models.DecimalField(_("权重"), max_digits=3, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["framework", "kind"], name="one_weight_per_kind"),
            models.CheckConstraint(name="evidence_weight", condition=Q(weight__gte=0, weight__lte=1)),
        ]


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user: object) -> EvidenceQuerySet:
        """Evidence on people whose personal file the user may open."""
        people = self.model._meta.get_field("user").related_model.objects.filter(people_condition(user))
        return self.filter(user__in=people.values("pk"))

    def standing(self) -> EvidenceQuerySet:
        """Evidence that is neither withdrawn nor itself a withdrawal."""
        return self.filter(reverses__isnull=True, reversed_by__isnull=True)


class Evidence(models.Model):
    """One observation of a cadre on an indicator, scored 1–5; a correction reverses it and adds another."""

    append_only = True
    wagtail_reference_index_ignore = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evidence")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(_("证据类型"), max_length=12, choices=Kind)
    phase = models.CharField(_("阶段"), max_length=10, choices=Phase)
    score = models.DecimalField(_("得分"), max_digits=3, decimal_places=2)
    items = models.PositiveSmallIntegerField(_("题数或评价数"), default=1)
    source_label = models.CharField(_("来源"), max_length=120)
    source_ref = models.CharField(_("来源编号"), max_length=120)
    context_key = models.CharField(_("班次"), max_length=60, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    observed_on = models.DateField(_("日期"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("能力证据")
        ordering = ["observed_on", "pk"]
        indexes = [
            models.Index(fields=["user", "context_key", "indicator"], name="evidence_of_user"),
            models.Index(fields=["context_key", "indicator"], name="evidence_of_context"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_ref", "user", "indicator", "phase"],
                condition=Q(reverses__isnull=True),
                name="one_evidence_per_source",
            ),
            models.CheckConstraint(name="evidence_score", condition=Q(score__gte=1, score__lte=5)),
            models.CheckConstraint(name="evidence_kind", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="evidence_phase", condition=Q(phase__in=Phase.values)),
            models.CheckConstraint(name="evidence_not_its_own_reversal", condition=~Q(reverses=F("id"))),
        ]
