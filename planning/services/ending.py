"""The end of a nomination: its row, and the place of the unit that it used."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict
from planning.models import Nomination
from planning.rules.nominating import after, states_for
from planning.services.quotas import give_back


def end(nomination: Nomination, event: str, reason: str) -> None:
    """End a nomination by the event, from the states in which it may happen; Conflict where it is decided already.

    Called under the lock on the call-up.
    """
    rows = Nomination.objects.filter(pk=nomination.pk, state__in=states_for(event))
    counted = rows.filter(counted=True).exists()
    state = after(states_for(event)[0], event)
    if not rows.update(state=state, counted=False, end_reason=reason.strip()[:300], ended_at=clock.now()):
        raise Conflict(already(nomination.pk))
    if counted:
        give_back(nomination.quota_id)


def already(pk: int) -> str:
    """The sentence for whoever comes later."""
    now = Nomination.objects.select_related("user").get(pk=pk)
    words = {"name": now.user.name, "state": now.get_state_display()}
    return _("%(name)s的提名现在是“%(state)s”，不能再这样办理，请刷新后查看。") % words
