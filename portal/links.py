"""Addresses that several pages of this app lead to."""

from __future__ import annotations

from typing import Any

from django.urls import reverse


def class_url(cohort: Any) -> str:
    """The cadre's page of a class."""
    return reverse("cohorts:class", args=[cohort.public_id])


def archive_url(user: Any = None, reader: Any = None) -> str:
    """One's own training archive, or somebody else's."""
    if user is None or (reader is not None and user.pk == reader.pk):
        return reverse("portal:archive")
    return reverse("portal:archive-of", args=[user.public_id])
