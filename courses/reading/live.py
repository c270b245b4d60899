"""When and where a live session is: as its edition says, or as it was arranged since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from courses.models import EditionLesson, LessonKind, LiveArrangement

ARRANGED = ("starts_at", "ends_at", "place", "address")


def as_arranged(lessons: Iterable[EditionLesson]) -> list[EditionLesson]:
    """The sessions with their time and place of today; one query for all."""
    rows = list(lessons)
    newest = {found.lesson_id: found for found in LiveArrangement.objects.filter(lesson__in=rows).order_by("pk")}
    for lesson in rows:
        if found := newest.get(lesson.pk):
            for name in ARRANGED:
                setattr(lesson, name, getattr(found, name))
    return rows


def ended(now: datetime) -> QuerySet[EditionLesson]:
    """Live sessions that are asked for and over, as arranged."""
    newest = LiveArrangement.objects.filter(lesson=OuterRef("pk")).order_by("-pk").values("ends_at")[:1]
    live = EditionLesson.objects.filter(kind=LessonKind.LIVE, required=True)
    return live.alias(over_at=Coalesce(Subquery(newest), F("ends_at"))).filter(over_at__lte=now)


def arrangements_of(lesson: EditionLesson) -> QuerySet[LiveArrangement]:
    """What was arranged since the edition, the newest first."""
    return lesson.arrangements.select_related("made_by").order_by("-pk")
