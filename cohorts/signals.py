"""News from classes; both are sent on commit."""

from __future__ import annotations

from django.dispatch import Signal

cohort_graduated = Signal()  # cohort_id, closing_id: a class was closed and every member decided
cohort_reopened = Signal()  # cohort_id, closing_id: a closing was undone
