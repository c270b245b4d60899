"""Naming people for a class, applying oneself, taking back, replying to a refusal, naming another in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import CohortState
from cohorts.presenters.figures import day_words, listed
from cohorts.services import is_arrival_over
from cohorts.services.members import hold
from core import clock
from core.errors import Conflict, DomainError
from people.models import Unit, User
from people.scopes import grant_paths
from planning.call_notices import tell_office_of_reply
from planning.models import CallUp, Nomination, NominationStep, Quota
from planning.permissions.nominations import require_sender
from planning.querysets.calls import UNITS, paths_above
from planning.reading.call_facts import Verdict, verdicts
from planning.reading.desks import Desks, desks_for
from planning.reading.filled import places_left
from planning.rules.nominating import OPEN, STANDING, Way, way_of
from planning.services import passing, quotas
from planning.services.calls import locked_call_up
from planning.services.ending import end

State = Nomination.State


@dataclass
class Named:
    """What came of naming several people: who is named now, who was before, who could not be and why."""

    made: list[Nomination] = field(default_factory=list)
    known: list[Nomination] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sender:
    """The unit that names and the quota that it uses; no quota where somebody takes a confirmed one's place."""

    unit: str
    quota: Quota | None
    top: str


@transaction.atomic
def nominate_many(
    *, actor: User, call_up: CallUp, users: Iterable[User], reason: str = "", skip_refused: bool = False
) -> Named:
    """Name people of one's own for a class; who is named already stays so, which makes a second click harmless.

    Nobody is named where one of them cannot be (DomainError with a sentence each), unless ``skip_refused`` leaves
    those out. DomainError over quota, past the deadline or for people outside the actor's reach.
    """
    held = locked_call_up(call_up)
    _require_naming(held)
    wanted = sorted(set(users), key=lambda user: (user.sort_key, user.pk))
    hold(wanted)
    known = list(held.nominations.standing().filter(user__in=wanted).select_related("user"))
    there = {row.user_id for row in known}
    fresh = [user for user in wanted if user.pk not in there]
    senders = _senders(actor, held, fresh)
    found = verdicts(held, fresh)
    refused = {pk: "；".join(one.blocks) for pk, one in found.items() if one.blocks}
    if refused and not skip_refused:
        raise DomainError(_refusals(fresh, refused), code="refused_people")
    named = [user for user in fresh if user.pk not in refused]
    made = _name(actor, held, named, senders, found, reason)
    return Named(made, known, refused)


def nominate(*, actor: User, call_up: CallUp, user: User, reason: str = "") -> Nomination:
    """Name one person; the standing nomination where there is one already."""
    named = nominate_many(actor=actor, call_up=call_up, users=[user], reason=reason)
    return (named.made or named.known)[0]


def _refusals(users: list[User], refused: dict[int, str]) -> str:
    lines = [f"{user.name}：{refused[user.pk]}" for user in users if user.pk in refused]
    return "。".join(lines[:5]) + ("。" if len(lines) <= 5 else _("。等 %(n)s 人。") % {"n": len(lines)})


def _require_naming(held: CallUp, *, open_class: bool = False) -> None:
    """DomainError unless people may be named now."""
    if held.opened_at is None or held.cohort.state != CohortState.NOMINATING:
        state = CohortState(held.cohort.state).label
        raise DomainError(
            _("“%(title)s”目前是“%(state)s”，不能报名。") % {"title": held.cohort.full_title, "state": state}
        )
    if clock.today() > held.nominate_by:
        words = {"day": day_words(held.nominate_by)}
        raise DomainError(_("报名已于%(day)s截止；确需补报的，请联系培训处延长报名截止。") % words, code="late")
    if open_class != (held.basis == CallUp.Basis.OPEN):
        raise DomainError(
            _("这个班次按名额选派，由单位提名。")
            if open_class
            else _("这个班次为自主选学，由干部本人报名，单位不提名。")
        )


def _senders(actor: User, held: CallUp, users: list[User]) -> dict[int, Sender]:
    """For each person the unit that names and the deepest quota above; DomainError for people out of reach."""
    if any(user.pk == actor.pk for user in users):
        raise DomainError(_("不能为自己提名，请由本单位其他管理员或上级单位提名。"), code="forbidden")
    grants = grant_paths(actor, UNITS)
    fields = ("pk", "unit__path", "managed_by__path")
    rows = User.objects.active().filter(pk__in=[user.pk for user in users]).values_list(*fields)
    places = {pk: (home or "", managed or "") for pk, home, managed in rows}
    quotas_here = sorted(held.quotas.select_related("unit"), key=lambda quota: -len(quota.unit.path))
    found, beyond, without = {}, [], []
    for user in users:
        home, managed = places.get(user.pk, ("", ""))
        reach = [path for path in grants if home.startswith(path) and managed.startswith(path)]
        quota = next((one for one in quotas_here if home.startswith(one.unit.path)), None)
        if not reach:
            beyond.append(user.name)
        elif quota is None:
            without.append(user.name)
        else:
            found[user.pk] = Sender(max(reach[0], quota.unit.path, key=len), quota, quota.unit.path)
    if beyond:
        raise DomainError(_("%(names)s不在您的管理范围内。") % {"names": listed(beyond)}, code="out_of_scope")
    if without:
        raise DomainError(_("%(names)s所在单位在这个班次没有名额。") % {"names": listed(without)}, code="no_quota")
    return found


def _name(
    actor: User,
    held: CallUp,
    users: list[User],
    senders: dict[int, Sender],
    found: dict[int, Verdict],
    reason: str,
    **more: Any,
) -> list[Nomination]:
    """The rows with their way; places are taken per unit, and the first desks learn of it."""
    _take(users, senders, counted=more.get("counted", True))
    units = {unit.path: unit for unit in Unit.objects.filter(path__in={senders[u.pk].unit for u in users})}
    now = clock.now()
    rows = Nomination.objects.bulk_create(
        Nomination(
            **{
                "call_up": held, "user": user, "quota": senders[user.pk].quota, "unit": units[senders[user.pk].unit],
                "posting": found[user.pk].posting, "warnings": list(found[user.pk].warnings), "made_by": actor,
                "made_at": now, "reason": reason.strip()[:300], "counted": senders[user.pk].quota is not None, **more,
            }
        )
        for user in users
    )  # fmt: skip
    if not rows:
        return []
    _say(actor, held, rows)
    _set_out(actor, held, rows, senders)
    return list(held.nominations.with_people().filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def _take(users: list[User], senders: dict[int, Sender], *, counted: bool) -> None:
    needed: dict[Quota, int] = defaultdict(int)
    for user in users:
        quota = senders[user.pk].quota
        if quota is not None and counted:
            needed[quota] += 1
    for quota in sorted(needed, key=lambda one: one.pk):
        quotas.take(quota, needed[quota])


def _say(actor: User, held: CallUp, rows: list[Nomination]) -> None:
    by_unit: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit.name].append(row.user.name)
    for unit, names in by_unit.items():
        if rows[0].own_application:
            log(held, "planning.nomination.apply", user=actor, data={"who": names[0]})
        else:
            log(held, "planning.nomination.make", user=actor, data={"unit": unit, "names": "、".join(names)[:500]})


def _set_out(actor: User, held: CallUp, rows: list[Nomination], senders: dict[int, Sender]) -> None:
    """Write the steps of the way; the naming is the first unit's agreement, except for an own application."""
    paths = {above for s in senders.values() for above in paths_above(s.unit) if above.startswith(s.top)}
    desks = desks_for(held, paths)
    units = {unit.path: unit for unit in Unit.objects.filter(path__in=paths)}
    steps = []
    for row in rows:
        for place, unit in enumerate(_stops(_way(held, senders[row.user_id], desks), units)):
            steps.append(NominationStep(nomination=row, position=place, unit=unit))
    NominationStep.objects.bulk_create(steps)
    passing.begin(actor=actor, call_up=held, nominations=rows, agreed=not rows[0].own_application)


def _way(held: CallUp, sender: Sender, desks: Desks) -> Way:
    staffed = [path for path in paths_above(sender.unit) if desks.has_own(path)]
    stepwise = held.route == CallUp.Route.STEPWISE
    return way_of(sender.unit, sender.top, staffed, stepwise=stepwise, unit_confirms=held.unit_confirms)


def _stops(way: Way, units: dict[str, Unit]) -> list[Unit | None]:
    return [*(units[path] for path in way.units), *([None] if way.to_office else [])]


@transaction.atomic
def apply_for_class(*, actor: User, call_up: CallUp, reason: str) -> Nomination:
    """A cadre asks for a place in an open class; a second click finds the first application."""
    held = locked_call_up(call_up)
    _require_naming(held, open_class=True)
    if not reason.strip():
        raise DomainError(_("请写明报名理由。"))
    home, managed = actor.unit, actor.managed_by
    if home is None or managed is None or not home.path.startswith(held.cohort.host.path):
        raise DomainError(_("您所在的单位不在这个班次的范围内。"), code="out_of_scope")
    hold([actor])
    if known := held.nominations.standing().filter(user=actor).first():
        return known  # type: ignore[no-any-return]
    found = verdicts(held, [actor])
    if found[actor.pk].blocks:
        raise DomainError("；".join(found[actor.pk].blocks) + _("，不能报名。"), code="refused_people")
    _require_room(held)
    at = max(set(paths_above(home.path)) & set(paths_above(managed.path)), key=len)
    sender = Sender(at, None, at)
    return _name(actor, held, [actor], {actor.pk: sender}, found, reason, own_application=True)[0]


def _require_room(held: CallUp) -> None:
    """Without a waiting list nobody applies for a class that is full."""
    if not held.keeps_waiting_list and not places_left(held):
        words = {"places": held.places}
        raise DomainError(_("本班 %(places)s 个名额已全部确认，也不设候补，不能再报名。") % words, code="full")


@transaction.atomic
def withdraw_nomination(*, actor: User, nomination: Nomination, reason: str = "") -> None:
    """Take back what is not confirmed: the unit its nomination, the cadre the own application."""
    held = locked_call_up(nomination.call_up)
    now = held.nominations.select_related("user", "unit").get(pk=nomination.pk)
    require_sender(actor, now)
    end(now, "withdraw", reason.strip() or _("提名方撤回"))
    data = {"who": now.user.name, "reason": reason.strip()[:300] or "—"}
    log(held, "planning.nomination.withdraw", user=actor, data=data)


@transaction.atomic
def reply_to_refusal(*, actor: User, nomination: Nomination, text: str) -> None:
    """The unit (or the cadre) answers a refusal, once; the office is told and may take the nomination up again."""
    now = Nomination.objects.select_related("unit", "user", "call_up__cohort__host").get(pk=nomination.pk)
    require_sender(actor, now)
    if not text.strip():
        raise DomainError(_("请写明回复内容。"))
    refused = Nomination.objects.filter(pk=now.pk, state=State.REFUSED, reply="")
    if not refused.update(reply=text.strip()[:300], replied_at=clock.now()):
        raise Conflict(_("只能就未通过的提名回复一次。"))
    log(now.call_up, "planning.nomination.reply", user=actor, data={"unit": now.unit.name, "who": now.user.name})
    tell_office_of_reply(now.call_up)


@transaction.atomic
def replace_nominee(*, actor: User, nomination: Nomination, by: User, reason: str) -> Nomination:
    """Name another in place of somebody: at once where that one is not confirmed, else for the office to decide.

    A confirmed one keeps the place until the office has confirmed the other.
    """
    held = locked_call_up(nomination.call_up)
    old = held.nominations.select_related("user", "unit", "quota__unit").get(pk=nomination.pk)
    require_sender(actor, old)
    if not reason.strip():
        raise DomainError(_("请写明换人的原因。"))
    if old.own_application:
        raise DomainError(_("自主报名的名额由候补人员递补，不能换人。"))
    _check_replaceable(held, old)
    hold([by])
    if known := held.nominations.standing().filter(user=by).first():
        return _same_or_refuse(known, old, by)
    senders = _senders(actor, held, [by])
    found = verdicts(held, [by])
    if found[by.pk].blocks:
        raise DomainError(_refusals([by], {by.pk: "；".join(found[by.pk].blocks)}), code="refused_people")
    return _put_in_place(actor, held, old, by, senders, found, reason)


def _put_in_place(
    actor: User,
    held: CallUp,
    old: Nomination,
    by: User,
    senders: dict[int, Sender],
    found: dict[int, Verdict],
    why: str,
) -> Nomination:
    if other := old.replacements.filter(state__in=STANDING).select_related("user").first():
        raise DomainError(_("已提名%(name)s替换，请先撤回那份提名。") % {"name": other.user.name})
    counted = old.state != State.CONFIRMED
    if old.state in OPEN:
        end(old, "withdraw", _("换人：%(reason)s") % {"reason": why.strip()})
    return _name(actor, held, [by], senders, found, why, replaces=old, counted=counted)[0]


def _same_or_refuse(known: Nomination, old: Nomination, by: User) -> Nomination:
    if known.replaces_id == old.pk:
        return known
    raise DomainError(_("%(name)s已被提名参加本班，请另选一人。") % {"name": by.name})


def _check_replaceable(held: CallUp, old: Nomination) -> None:
    if old.state == State.WITHDRAWN:
        raise DomainError(_("这份提名已撤回，请直接提名其他人。"))
    if old.state != State.CONFIRMED:
        return _require_naming(held)
    if held.cohort.state not in (CohortState.NOMINATING, CohortState.CONFIRMED, CohortState.RUNNING):
        raise DomainError(_("班次已结束，不能换人。"))
    if is_arrival_over(held.cohort):
        raise DomainError(_("报到期限已过，不能换人；名额取消后由候补人员递补。"), code="late")
    return None
