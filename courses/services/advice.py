"""Whether somebody wants courses suggested: their own wish, shown to nobody and so not logged."""

from __future__ import annotations

from typing import Any

from courses.models import AdviceDeclined


def decline_advice(*, user: Any) -> None:
    """No suggestions from now on; safe to repeat."""
    AdviceDeclined.objects.get_or_create(user=user)


def ask_for_advice(*, user: Any) -> None:
    """Suggestions again."""
    AdviceDeclined.objects.filter(user=user).delete()
