"""Places that fall free in the class itself: members who did not come, were replaced at the desk, or left by order."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Membership, MembershipState
from cohorts.services import is_arrival_over
from core import clock
from planning.call_notices import tell_senders
from planning.models import CallUp, Nomination, Quota
from planning.rules.nominating import CONFIRMED, OPEN
from planning.services.calls import locked_call_up
from planning.services.ending import end
from planning.services.places import tell_of_free_places

LOST = (MembershipState.ABSENT, MembershipState.WITHDRAWN)
HELD = ("nominating", "confirmed", "running")


def settle_all() -> int:
    """Bring every call-up of a class that is being held in line with its members; how many nominations ended."""
    lost = Nomination.objects.filter(state=CONFIRMED, membership__state__in=LOST, call_up__cohort__state__in=HELD)
    keys = sorted(set(lost.values_list("call_up", flat=True)))
    return sum(settle(call_up=CallUp.objects.get(pk=key)) for key in keys)


@transaction.atomic
def settle(*, call_up: CallUp) -> int:
    """End the nominations of members who lost their place; a substitute taken at the desk gets one of its own.

    Somebody absent may still come until the days of arrival are over. How many nominations ended.
    """
    held = locked_call_up(call_up)
    rows = held.nominations.with_people().filter(state=CONFIRMED, membership__state__in=LOST)
    gone = rows.select_related("membership__replaced_by__user")
    if not is_arrival_over(held.cohort):
        gone = gone.filter(Q(membership__state=MembershipState.WITHDRAWN) | Q(membership__replaced_by__isnull=False))
    ended = list(gone.order_by("pk"))
    for row in ended:
        _settle_one(held, row)
    if any(not hasattr(row.membership, "replaced_by") for row in ended):
        tell_of_free_places(held)
    return len(ended)


def _settle_one(held: CallUp, row: Nomination) -> None:
    substitute: Membership | None = getattr(row.membership, "replaced_by", None)
    reason = row.membership.reason if row.membership else ""
    end(row, "give_up", reason or _("未报到，名额取消"))
    log(held, "planning.nomination.settle", data={"who": row.user.name, "reason": reason or "—"})
    if substitute is None:
        CallUp.objects.filter(pk=held.pk, taken__gt=0).update(taken=F("taken") - 1)
        tell_senders([row] if not row.own_application else [], held)
    else:
        _follow(held, row, substitute)


def _follow(held: CallUp, row: Nomination, substitute: Membership) -> None:
    """The substitute holds the same place of the class and of the unit, with the trail to whom they replace."""
    for other in held.nominations.filter(user=substitute.user, state__in=OPEN):
        end(other, "withdraw", _("已在报到时替换入班"))
    Quota.objects.filter(pk=row.quota_id, used__lt=F("places")).update(used=F("used") + 1)
    Nomination.objects.create(
        call_up=held, quota=row.quota, user=substitute.user, unit=row.unit, posting=substitute.posting,
        reason=_("报到时换人"), state=CONFIRMED, counted=row.quota_id is not None, replaces=row,
        membership=substitute, made_by=row.made_by, made_at=clock.now(),
    )  # fmt: skip
