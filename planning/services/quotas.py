"""Places per unit: set, shared out in proportion, taken by nominations and given back."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.permissions import require_office
from core.errors import DomainError
from people.authority import reaches
from people.models import Posting, Role, Unit, User
from planning.models import CallUp, Quota
from planning.querysets.calls import OFFICE
from planning.reading.call_facts import audience_of, eligible_people
from planning.rules.quotas import shares
from planning.services.calls import locked_call_up

MOST = 999


@transaction.atomic
def set_quotas(*, actor: User, call_up: CallUp, places: Mapping[Unit, int]) -> int:
    """Give these units these places; 0 takes the unit off the list, units that are not named keep theirs.

    How many units changed. DomainError where the sum exceeds the places of the class or a unit has used more.
    """
    require_office(actor, call_up.cohort)
    held = locked_call_up(call_up)
    if held.basis != CallUp.Basis.QUOTA:
        raise DomainError(_("自主选学的班次不按单位分配名额。"))
    there = {quota.unit_id: quota for quota in held.quotas.select_related("unit")}
    changes = {u: n for u, n in places.items() if n != (there[u.pk].places if u.pk in there else 0)}
    _check(actor, held, there, changes)
    for unit, count in changes.items():
        _write(held, there.get(unit.pk), unit, count)
    if changes:
        said = "、".join(f"{unit.name} {count}" for unit, count in changes.items())
        log(held, "planning.quota.set", user=actor, data={"changes": said[:500]})
    return len(changes)


def _check(actor: User, held: CallUp, there: dict[int, Quota], changes: Mapping[Unit, int]) -> None:
    for unit, count in changes.items():
        if not reaches(actor, unit, OFFICE):
            raise DomainError(_("“%(unit)s”不在您的管理范围内。") % {"unit": unit.name}, code="out_of_scope")
        if not 0 <= count <= MOST:
            raise DomainError(_("“%(unit)s”的名额须在 0 到 999 之间。") % {"unit": unit.name})
        used = there[unit.pk].used if unit.pk in there else 0
        if count < used:
            words = {"unit": unit.name, "used": used, "count": count}
            raise DomainError(_("“%(unit)s”已用 %(used)s 个名额，不能减为 %(count)s。") % words, code="below_used")
        if count == 0 and unit.pk in there and there[unit.pk].nominations.exists():
            raise DomainError(_("“%(unit)s”已有提名记录，名额不能取消，可以减到已用数。") % {"unit": unit.name})
    changed = {unit.pk for unit in changes}
    total = sum(changes.values()) + sum(q.places for pk, q in there.items() if pk not in changed)
    if total > held.places:
        words = {"total": total, "places": held.places, "over": total - held.places}
        raise DomainError(
            _("各单位名额共 %(total)s 个，超过本班人数 %(places)s 人，多 %(over)s 个；请调减名额或增加人数。") % words,
            code="over_places",
        )


def _write(held: CallUp, quota: Quota | None, unit: Unit, count: int) -> None:
    if quota is None:
        Quota.objects.create(call_up=held, unit=unit, places=count)
    elif count == 0:
        quota.delete()
    elif not Quota.objects.filter(pk=quota.pk, used__lte=count).update(places=count):
        raise DomainError(_("“%(unit)s”的名额刚被用去，请刷新后再调整。") % {"unit": unit.name})


def proposal(*, call_up: CallUp) -> dict[Unit, int]:
    """Places in proportion to the eligible people of each unit: those that hold places, else the host's children.

    Never fewer than a unit has used. Three queries.
    """
    quotas = list(call_up.quotas.select_related("unit"))
    units = [quota.unit for quota in quotas] or list(call_up.cohort.host.get_children())
    used = {quota.unit_id: quota.used for quota in quotas}
    eligible = eligible_below(call_up, units)
    spare = call_up.places - sum(used.values())
    more = shares(max(spare, 0), {pk: max(count - used.get(pk, 0), 0) for pk, count in eligible.items()})
    found = {unit: used.get(unit.pk, 0) + more[unit.pk] for unit in units}
    return {unit: count for unit, count in found.items() if count}


def eligible_below(call_up: CallUp, units: list[Unit]) -> dict[int, int]:
    """How many cadres of each unit and those below it the class is for; each counts for the deepest unit. One query."""
    cadres = User.objects.active().filter(unit__path__startswith=call_up.cohort.host.path).holding(Role.TRAINEE)
    people = eligible_people(cadres, audience_of(call_up))
    rows = Posting.objects.open().filter(user__in=people.values("pk")).values_list("user__unit__path", flat=True)
    deepest = sorted(units, key=lambda unit: -len(unit.path))
    counts = {unit.pk: 0 for unit in units}
    for path in rows:
        home = next((unit for unit in deepest if path.startswith(unit.path)), None)
        if home is not None:
            counts[home.pk] += 1
    return counts


def take(quota: Quota, count: int) -> None:
    """Use places of a unit; DomainError says how many of how many are used. One conditional update."""
    if Quota.objects.filter(pk=quota.pk, used__lte=F("places") - count).update(used=F("used") + count):
        return
    now = Quota.objects.select_related("unit").get(pk=quota.pk)
    words = {"unit": now.unit.name, "places": now.places, "used": now.used, "left": now.left, "count": count}
    raise DomainError(
        _(
            "“%(unit)s”的名额为 %(places)s 人，已用 %(used)s 人，还剩 %(left)s 人，这次需要 %(count)s 人。"
            "请减少人选，或先撤回尚未确认的提名，或请培训处增加名额。"
        )
        % words,
        code="over_quota",
    )


def give_back(quota_id: int | None, count: int = 1) -> None:
    """Places of a unit are free again."""
    if quota_id is not None and count:
        Quota.objects.filter(pk=quota_id, used__gte=count).update(used=F("used") - count)
