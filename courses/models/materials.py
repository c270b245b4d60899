"""Files that go with a course: as attached by its editor, and as frozen into an edition."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.models import Orderable

from courses.models.curriculum import Course
from courses.models.editions import CourseEdition


class CourseMaterial(Orderable):
    course = ParentalKey(Course, on_delete=models.CASCADE, related_name="materials")
    title = models.CharField(_("资料名称"), max_length=120)
    document = models.ForeignKey(
        "wagtaildocs.Document", verbose_name=_("文件"), on_delete=models.PROTECT, related_name="+"
    )
    copyright_until = models.DateField(
        _("使用授权至"), null=True, blank=True, help_text=_("授权使用的最后一天；不限期的留空。到期前 60 天起提醒。")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("课程资料")
        verbose_name_plural = _("课程资料")

    def __str__(self) -> str:
        return self.title


class EditionMaterial(models.Model):
    """A file as taught; its bytes are held by an EditionAsset."""

    append_only = True
    wagtail_reference_index_ignore = True

    edition = models.ForeignKey(CourseEdition, on_delete=models.PROTECT, related_name="materials")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("资料名称"), max_length=120)
    document = models.ForeignKey("wagtaildocs.Document", on_delete=models.PROTECT, related_name="+")
    extension = models.CharField(_("类型"), max_length=20)
    size = models.PositiveBigIntegerField(_("大小（字节）"))

    class Meta:
        verbose_name = _("课程资料")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="edition_material_position_once")]
