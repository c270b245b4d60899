"""The end of a membership by order: the row, what was still under way, and who is told."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cohorts.models import LeaveRequest, Membership, MembershipState
from cohorts.notifying import tell_about_withdrawal
from cohorts.services.duties import lay_down
from core import clock


def withdraw_member(member: Membership, reason: str) -> None:
    """Make the member withdrawn as of today; duties and open requests for leave end with it."""
    lay_down([member.pk], on=clock.today())
    Membership.objects.filter(pk=member.pk).update(
        state=MembershipState.WITHDRAWN, ended_on=clock.today(), reason=reason
    )
    LeaveRequest.objects.open().filter(membership=member).update(
        state=LeaveRequest.State.CANCELLED, ended_at=clock.now(), end_reason=_("学员已退学"), due_on=None
    )
    tell_about_withdrawal(member)
