"""Lessons and courses that were taught stay."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from courses.models import Course, CourseAudit, CourseEdition, EditionLesson, Lesson, ModuleItem


def why_not_deletable(instances: Iterable[Any]) -> str:
    """A sentence about the first that cannot go; empty when all can, or when they are something else."""
    return next(filter(None, map(_reason, instances)), "")


def _reason(instance: Any) -> str:
    if isinstance(instance, Course) and CourseEdition.objects.filter(course=instance).exists():
        return _("课程“%s”已有发布的版次，不能删除；可以取消发布，课程目录中就不再出现。") % instance.title
    if isinstance(instance, Course) and CourseAudit.objects.filter(course=instance).exists():
        return _("课程“%s”已有审核记录，不能删除；可以取消发布，课程目录中就不再出现。") % instance.title
    if isinstance(instance, Lesson) and EditionLesson.objects.filter(lesson=instance).exists():
        return _("课时“%s”已用于课程版次，不能删除；可以把它从课程提纲中去掉。") % instance.title
    if isinstance(instance, Lesson) and ModuleItem.objects.filter(lesson=instance).exists():
        return _("课时“%s”还在课程提纲中，请先从提纲中去掉再删除。") % instance.title
    return ""
