"""Honours: how many a class may give, who receives one, and taking one back before the closing."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortState, Honour, HonourQuota, Membership, MembershipState
from cohorts.permissions import require_office, require_runs
from cohorts.presenters.figures import listed
from cohorts.reading.classes import this_half_day
from cohorts.reading.tally import tally
from cohorts.rules import states
from cohorts.rules.honours import Places, over_quota
from cohorts.services.locking import locked
from core import clock
from core.errors import Conflict, DomainError
from people.models import User


def places_of(quota: HonourQuota) -> Places:
    """The places that a title has today; the share is taken of those in class."""
    in_class = quota.cohort.memberships.in_class().count()
    return Places(quota.title, in_class, quota.number, quota.share)


@transaction.atomic
def set_quota(
    *, actor: User, cohort: Cohort, title: str, number: int | None = None, share: Decimal | None = None
) -> HonourQuota:
    """Give a title its places, a number or a share; the same title again changes them, never below those given."""
    require_office(actor, cohort)
    held = locked(cohort, *states.OPEN)
    if not title.strip():
        raise DomainError(_("请填写称号，例如：优秀学员。"))
    if (number is None) == (share is None):
        raise DomainError(_("名额和比例请只填一项。"))
    quota = held.honour_quotas.filter(title=title.strip()).first() or HonourQuota(cohort=held, title=title.strip())
    quota.number, quota.share = number, share
    taken = quota.honours.filter(withdrawn_at__isnull=True).count() if quota.pk else 0
    places = places_of(quota)
    if taken > places.count:
        raise DomainError(
            _("“%(title)s”%(sum)s，但已评 %(taken)s 名，请先撤销多出的人选。")
            % {"title": quota.title, "sum": places.sum_words, "taken": taken}
        )
    quota.save()
    log(held, "cohorts.honours.quota", user=actor, data={"title": quota.title, "sum": places.sum_words})
    return quota


@transaction.atomic
def honour(*, actor: User, quota: HonourQuota, members: Iterable[Membership], reason: str) -> list[Honour]:
    """Give a title to members who can graduate: all of them or, with the arithmetic in the sentence, none."""
    require_runs(actor, quota.cohort)
    held = locked(quota.cohort, CohortState.RUNNING)
    quota = held.honour_quotas.get(pk=quota.pk)
    quota.cohort = held
    if not reason.strip():
        raise DomainError(_("请写明评优理由。"))
    new = _new_ones(held, quota, members)
    _check_can_graduate(held, new)
    if too_many := over_quota(places_of(quota), _taken(quota), len(new)):
        raise DomainError(too_many, code="over_quota")
    now = clock.now()
    rows = [Honour(quota=quota, membership=m, reason=reason.strip()[:200], by=actor, at=now) for m in new]
    made = Honour.objects.bulk_create(rows)
    if made:
        names = listed([m.user.name for m in new])
        log(held, "cohorts.honours.give", user=actor, data={"title": quota.title, "who": names})
    return made


def _taken(quota: HonourQuota) -> int:
    return quota.honours.filter(withdrawn_at__isnull=True).count()


def _new_ones(cohort: Cohort, quota: HonourQuota, members: Iterable[Membership]) -> list[Membership]:
    """Those of the class who do not hold the title yet."""
    there = quota.honours.filter(withdrawn_at__isnull=True).values("membership")
    rows = cohort.memberships.filter(pk__in=[m.pk for m in members]).exclude(pk__in=there)
    return list(rows.select_related("user").order_by("user__sort_key", "pk"))


def _check_can_graduate(cohort: Cohort, members: list[Membership]) -> None:
    found = tally(cohort, this_half_day()).verdicts
    cannot = [m.user.name for m in members if m.state != MembershipState.REGISTERED or not found[m.pk].granted]
    if cannot:
        raise DomainError(_("%(names)s目前还不能结业，不能评优。") % {"names": listed(cannot)})


@transaction.atomic
def withdraw_honour(*, actor: User, honour: Honour, reason: str) -> None:
    """Take a title back before the class is closed; of two who do so, the later learns of the first."""
    cohort = honour.quota.cohort
    require_runs(actor, cohort)
    locked(cohort, CohortState.RUNNING)
    if not reason.strip():
        raise DomainError(_("请写明撤销的原因。"))
    standing = Honour.objects.filter(pk=honour.pk, withdrawn_at__isnull=True)
    if not standing.update(withdrawn_at=clock.now(), withdrawn_by=actor, withdraw_reason=reason.strip()[:200]):
        raise Conflict(_("这项评优已经撤销，可能刚由他人办理。"))
    data = {"title": honour.quota.title, "who": honour.membership.user.name, "reason": reason.strip()}
    log(cohort, "cohorts.honours.withdraw", user=actor, data=data)
