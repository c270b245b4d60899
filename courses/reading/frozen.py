"""What an edition says never changes: read or drawn once by a process, and then at hand for every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.utils.translation import get_language

if TYPE_CHECKING:
    from courses.models import CourseEdition

T = TypeVar("T")
MOST = 600  # things kept by a process; the largest is a text of some pages

_kept: dict[tuple[Any, ...], Any] = {}


def remembered(edition: CourseEdition, what: str, which: int, make: Callable[[], T]) -> T:
    """What ``make`` answers about the edition, in the language of the page; asked once while it is kept."""
    key = (edition.pk, edition.made_at, get_language(), what, which)
    if (made := _kept.get(key)) is None:
        if len(_kept) >= MOST:
            _kept.clear()
        made = _kept[key] = make()
    return cast(T, made)


def forget() -> None:
    """Begin anew, as a process does that has just started."""
    _kept.clear()
