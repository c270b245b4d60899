"""Proof of leave: deleted a set number of days after its class is over."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from cohorts.models import CohortState, LeaveRequest
from core import clock


def delete_expired_proofs() -> int:
    """Delete every file whose days are over; the row stays and says when. How many were deleted."""
    rows = LeaveRequest.objects.exclude(proof="").filter(
        membership__cohort__state__in=[CohortState.CLOSED, CohortState.ARCHIVED, CohortState.CANCELLED]
    )
    expired = [row for row in rows.select_related("membership__cohort") if is_expired(row)]
    for row in expired:
        row.proof.delete(save=False)
        LeaveRequest.objects.filter(pk=row.pk).update(
            proof="", proof_name="", proof_type="", proof_deleted_at=clock.now()
        )
    return len(expired)


def is_expired(request: LeaveRequest) -> bool:
    """Whether the days after the class was closed, or was to end where it was cancelled, are over."""
    cohort = request.membership.cohort
    over = timezone.localdate(cohort.closed_at) if cohort.closed_at else cohort.ends_on
    return clock.today() > over + timedelta(days=request.keep_proof_days)
