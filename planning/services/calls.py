"""The call-up to a class: for whom it is, how many places, until when people may be named, and its opening."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, CohortState
from cohorts.permissions import require_office
from cohorts.presenters.figures import day_words
from cohorts.services import advance
from cohorts.services.locking import locked
from core import clock
from core.errors import Conflict, DomainError
from people.models import Unit, User
from planning.call_notices import tell_units_of_opening
from planning.models import CallUp
from planning.reading.filled import direct_members
from planning.rules.nominating import known_levels

BEFORE_CONFIRMED = (CohortState.PLANNED, CohortState.NOMINATING)
EDITABLE = (
    "basis",
    "theme",
    "places",
    "nominate_by",
    "route",
    "unit_confirms",
    "step_days",
    "regime",
    "levels",
    "keeps_waiting_list",
    "document_no",
)


def locked_call_up(call_up: CallUp) -> CallUp:
    """The call-up as it stands now, held until the transaction ends; everything that moves places begins here."""
    held = CallUp.objects.select_for_update(of=("self",)).select_related("cohort__host")
    found: CallUp = held.get(pk=call_up.pk)
    return found


@transaction.atomic
def make_call_up(*, actor: User, cohort: Cohort, theme: str, places: int, nominate_by: date, **more: Any) -> CallUp:
    """Arrange how the places of a class are filled; DomainError for a class that has a call-up or is under way."""
    require_office(actor, cohort)
    locked(cohort, *BEFORE_CONFIRMED)
    if CallUp.objects.filter(cohort=cohort).exists():
        raise Conflict(_("这个班次已经安排了调训，请刷新后查看。"))
    return _arranged(actor, cohort, {"theme": theme, "places": places, "nominate_by": nominate_by, **more}, dated=True)


def arrange_planned(*, actor: User, cohort: Cohort, nominate_by: date, **planned: Any) -> CallUp:
    """The call-up of a class that was just set up from its plan; the office settles the deadline of one that is near.

    Called in the transaction that made the class.
    """
    require_office(actor, cohort)
    return _arranged(actor, cohort, {"nominate_by": nominate_by, **planned}, dated=False)


def _arranged(actor: User, cohort: Cohort, given: dict[str, Any], *, dated: bool) -> CallUp:
    _refuse_unknown(given)
    row = CallUp(cohort=cohort, made_by=actor, made_at=clock.now(), **_cleaned(given))
    _check(row, cohort, dated=dated)
    row.save(force_insert=True)
    log(row, "planning.call_up.make", user=actor, data={"places": row.places})
    return row


def _refuse_unknown(given: dict[str, Any]) -> None:
    if unknown := set(given) - set(EDITABLE):
        raise ValueError(f"not editable: {sorted(unknown)}")


def _cleaned(given: dict[str, Any]) -> dict[str, Any]:
    levels = {"levels": known_levels(given["levels"])} if "levels" in given else {}
    return {**given, **levels}


def _check(row: CallUp, cohort: Cohort, *, dated: bool) -> None:
    if row.places < 1:
        raise DomainError(_("人数至少为 1 人。"))
    if not 1 <= row.step_days <= 30:
        raise DomainError(_("每级审核期限须在 1 到 30 个工作日之间。"))
    if row.unit_confirms and row.route == CallUp.Route.DIRECT:
        raise DomainError(_("“直报培训处”时由培训处确认，不能同时由名额单位终审。"))
    if dated and row.nominate_by >= cohort.starts_on:
        raise DomainError(_("报名截止须早于开班日期%(day)s。") % {"day": day_words(cohort.starts_on)})
    if dated and row.nominate_by < clock.today():
        raise DomainError(_("报名截止不能早于今天。"))


@transaction.atomic
def change_call_up(*, actor: User, call_up: CallUp, version: int, **changes: Any) -> CallUp:
    """Change the arrangement, the deadline included; Conflict when somebody changed it since ``version`` was read.

    Once it is open the basis stays. Places may not fall below what is confirmed or shared out.
    """
    require_office(actor, call_up.cohort)
    _refuse_unknown(changes)
    held = locked_call_up(call_up)
    if held.version != version:
        raise Conflict(_("保存期间调训安排已被他人修改，您的修改没有写入。请对照最新内容后再保存。"))
    changed = {name: value for name, value in _cleaned(changes).items() if getattr(held, name) != value}
    if not changed:
        return held
    _check_change(held, changed)
    for name, value in changed.items():
        setattr(held, name, value)
    _check(held, held.cohort, dated="nominate_by" in changed)
    CallUp.objects.filter(pk=held.pk).update(**changed, version=F("version") + 1)
    held.refresh_from_db()
    labels = [str(CallUp._meta.get_field(name).verbose_name) for name in sorted(changed)]
    log(held, "planning.call_up.change", user=actor, data={"fields": "、".join(labels)})
    return held


def _check_change(held: CallUp, changed: dict[str, Any]) -> None:
    if held.opened_at and "basis" in changed:
        raise DomainError(_("已经开放报名，不能再改变选派方式。"))
    places = changed.get("places", held.places)
    if places < (taken := held.taken + direct_members(held)):
        raise DomainError(_("已确认 %(taken)s 人，人数不能少于 %(taken)s。") % {"taken": taken})
    shared = shared_out(held)
    if places < shared:
        words = {"shared": shared, "places": places}
        raise DomainError(_("已向单位分配 %(shared)s 个名额，人数不能改为 %(places)s；请先调减单位名额。") % words)


def shared_out(call_up: CallUp) -> int:
    """Places that units hold; one query."""
    return int(call_up.quotas.aggregate(sum=Sum("places"))["sum"] or 0)


@transaction.atomic
def open_call_up(*, actor: User, call_up: CallUp) -> CallUp:
    """Open the naming: the class moves on to nominating and the administrators of the units are told. Once."""
    require_office(actor, call_up.cohort)
    held = locked_call_up(call_up)
    if held.opened_at:
        return held
    _check_opening(held)
    if held.cohort.state == CohortState.PLANNED:
        advance(actor=actor, cohort=held.cohort, to=CohortState.NOMINATING)
    CallUp.objects.filter(pk=held.pk).update(opened_at=clock.now(), opened_by=actor, version=F("version") + 1)
    held.refresh_from_db()
    units = list(Unit.objects.filter(quotas__call_up=held)) or [held.cohort.host]
    tell_units_of_opening(held, units)
    quotas = held.quotas.count()
    log(held, "planning.call_up.open", user=actor, data={"units": quotas, "places": held.places})
    return held


def _check_opening(held: CallUp) -> None:
    if held.cohort.state not in BEFORE_CONFIRMED:
        state = CohortState(held.cohort.state).label
        raise DomainError(_("班次目前是“%(state)s”，不能开放报名。") % {"state": state})
    if held.nominate_by < clock.today():
        raise DomainError(_("报名截止日期已过，请先延长报名截止。"))
    if held.basis == CallUp.Basis.QUOTA and not held.quotas.exists():
        raise DomainError(_("还没有给任何单位分配名额，请先分配名额。"))
