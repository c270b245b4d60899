"""The vocabulary in which messages to the office are asked for."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, Value, When

from people.scopes import has_role

OFFICE_ROLES = ("training_office",)


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> FeedbackQuerySet:
        """Everything for the training office; to others what they wrote under their account."""
        if has_role(user, *OFFICE_ROLES):
            return self.all()
        return self.filter(author=user.pk) if user.is_authenticated else self.none()

    def open(self) -> FeedbackQuerySet:
        """Messages that wait for an answer."""
        return self.filter(state="new")

    def waiting_first(self) -> FeedbackQuerySet:
        """Those without an answer, the oldest of them first; then the others, newest first."""
        rank = Case(When(state="new", then=Value(0)), default=Value(1))
        return self.order_by(rank, "-created_at", "-pk")
