"""Who teaches which course: the one place that knows how the two are joined."""

from __future__ import annotations

from typing import Any


def taught_by(user: Any) -> Any:
    """Ids of the courses that a person teaches, as a queryset of one column."""
    return user.taught_courses.values("pk")


def lecturers_of(course: Any) -> list[int]:
    """Ids of the people who teach a course."""
    return list(course.lecturers.values_list("pk", flat=True))
