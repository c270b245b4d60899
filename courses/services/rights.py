"""Who is told that the right to use a lesson or a course is about to end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import clock, notices
from core.templatetags.linghang import day
from courses.models import Course, CourseMaterial, Lesson
from courses.querysets import CURRICULUM_ROLES
from courses.rules.rights import AHEAD, Licence
from people.models import User


def warn_editors() -> int:
    """The daily round: each editor gets each warning of a text once. How many warnings are due today."""
    today = clock.today()
    people = set().union(*(User.objects.holding(role).values_list("pk", flat=True) for role in CURRICULUM_ROLES))
    due = ending(today)
    for item in due:
        _warn(item, today, people)
    return len(due)


def ending(today: date) -> list[Any]:
    """Lessons, courses and files whose right of use ends within 60 days or is over, the earliest first."""
    near = {"copyright_until__lte": today + timedelta(days=AHEAD[0])}
    files = CourseMaterial.objects.filter(**near).select_related("course")
    rows = [*Lesson.objects.filter(**near), *Course.objects.filter(**near), *files]
    return sorted(rows, key=lambda row: (row.copyright_until, row.title))


def _named(item: Any) -> str:
    """The same text under the same name; a file by its bytes' row, since publishing a course writes its list anew."""
    if isinstance(item, CourseMaterial):
        return f"file:{item.course_id}:{item.document_id}"
    return f"{'course' if isinstance(item, Course) else 'lesson'}:{item.pk}"


def _warn(item: Any, today: date, people: Iterable[int]) -> None:
    licence = Licence(item.copyright_until, today)
    words = {"title": item.title, "day": day(item.copyright_until), "words": licence.words}
    notices.send(
        to=people,
        title=_("版权期限提醒：%(title)s") % words,
        text=_("“%(title)s”的使用授权到%(day)s为止，%(words)s。请续期并改写日期，或者更换内容。") % words,
        url=reverse("course_rights"),
        key=f"rights:{_named(item)}:{item.copyright_until}:{licence.threshold}",
        kind="course.rights",
    )
