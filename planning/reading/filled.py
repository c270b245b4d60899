"""How many places of a class are filled: by confirmed nominations, and by members whom the office took in itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cohorts.models import Membership, MembershipState
from planning.models import CallUp, Nomination

GONE = (MembershipState.ABSENT, MembershipState.WITHDRAWN)


def _direct() -> QuerySet[Membership]:
    """Members without a confirmed nomination; a substitute at the desk has the place of whom they replace."""
    confirmed = Nomination.objects.filter(state=Nomination.State.CONFIRMED)
    own = Exists(confirmed.filter(membership=OuterRef("pk")))
    followed = Exists(confirmed.filter(membership=OuterRef("replaces")))
    return Membership.objects.exclude(state__in=GONE).filter(~own, ~followed)


def direct_members(call_up: CallUp, *, but: Iterable[int] = ()) -> int:
    """Members of the class whom no nomination brought, ``but`` these people; one query."""
    return _direct().filter(cohort=call_up.cohort_id).exclude(user__in=list(but)).count()


def with_filled(call_ups: QuerySet[CallUp]) -> Any:
    """The call-ups with ``direct``, members taken in directly, and ``filled``, every place that is gone."""
    rows = _direct().filter(cohort=OuterRef("cohort")).order_by().values("cohort")
    counted = rows.annotate(n=Count("pk")).values("n")
    return call_ups.annotate(direct=Coalesce(Subquery(counted), 0)).annotate(filled=F("taken") + F("direct"))


def places_left(call_up: CallUp) -> int:
    """Places that nobody has; never below zero."""
    direct = getattr(call_up, "direct", None)
    return max(call_up.places - call_up.taken - (direct_members(call_up) if direct is None else direct), 0)
