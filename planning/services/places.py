"""The places of a class: confirmed, kept waiting in order, given up again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import CohortState, Membership
from cohorts.permissions import is_office_of, require_office
from cohorts.presenters.figures import listed
from cohorts.services import admit_members, release_member, replace_member
from cohorts.services.locking import locked
from core import clock
from core.errors import DomainError
from people.models import User
from planning.call_notices import office_of, tell_cadres, tell_office_of_free_places, tell_senders
from planning.models import CallUp, Nomination, NominationStep, Quota
from planning.permissions.nominations import is_sender
from planning.reading.call_facts import classes_of
from planning.reading.filled import direct_members, places_left
from planning.rules.nominating import AT_OFFICE, CONFIRMED, WAITING, states_for
from planning.services import quotas
from planning.services.calls import locked_call_up
from planning.services.ending import already, end

State = Nomination.State
Decision = NominationStep.Decision


@dataclass
class Confirmed:
    """What came of confirming several: who has a place now, who had one before, who could not get one and why."""

    made: list[Nomination] = field(default_factory=list)
    known: list[Nomination] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def confirm_many(
    *, actor: User, call_up: CallUp, nominations: Iterable[Nomination], skip_refused: bool = False
) -> Confirmed:
    """Confirm nominations that have come to the office or wait; each becomes a member of the class.

    Who has a place already keeps it, so a second officer changes nothing. DomainError when places or a unit's quota
    do not suffice, out of the order of the waiting list, or for somebody in another class on these days; the last are
    left out with ``skip_refused``.
    """
    require_office(actor, call_up.cohort)
    held = locked_call_up(call_up)
    keys = [row.pk for row in nominations]
    rows = list(
        held.nominations.with_people().select_related("replaces").filter(pk__in=keys).order_by("queue_no", "pk")
    )
    known = [row for row in rows if row.state == CONFIRMED]
    fresh = [row for row in rows if row.state != CONFIRMED]
    _check(actor, held, fresh)
    refused = _in_other_classes(held, fresh) if skip_refused else {}
    made = [row for row in fresh if row.pk not in refused]
    give_places(actor, held, made)
    return Confirmed(made, known, refused)


def confirm(*, actor: User, nomination: Nomination) -> Confirmed:
    """Confirm one; Conflict where somebody decided otherwise."""
    return confirm_many(actor=actor, call_up=nomination.call_up, nominations=[nomination])


def _check(actor: User, held: CallUp, rows: list[Nomination]) -> None:
    if any(row.user_id == actor.pk for row in rows):
        raise DomainError(_("不能确认自己的报名，请由其他人办理。"), code="forbidden")
    for row in rows:
        if row.state not in (AT_OFFICE, WAITING):
            raise DomainError(already(row.pk), code="conflict")
    chosen = {row.pk for row in rows}
    last = max((row.queue_no for row in rows if row.state == WAITING and row.queue_no), default=0)
    ahead = held.nominations.waiting().exclude(pk__in=chosen).select_related("user")
    if held.basis != CallUp.Basis.OPEN or all(row.state == WAITING for row in rows):
        ahead = ahead.filter(queue_no__lt=last)
    if first := ahead.first():
        words = {"no": first.queue_no, "name": first.user.name}
        raise DomainError(_("候补第 %(no)s 位%(name)s排在前面，请先确认或办结。") % words, code="out_of_order")


def _in_other_classes(held: CallUp, rows: list[Nomination]) -> dict[int, str]:
    """Those who have meanwhile joined a class on the same days, by nomination."""
    classes = classes_of(held, [row.user_id for row in rows])
    busy = {row.pk: classes[row.user_id].same_days for row in rows if classes[row.user_id].same_days}
    return {pk: _("同期已在“%(title)s”") % {"title": spans[0].title} for pk, spans in busy.items()}


def give_places(actor: User, held: CallUp, rows: list[Nomination], *, office: User | None = None) -> None:
    """Places, quotas and memberships for these nominations of one call-up, all or none; called under its lock.

    ``office``: in whose name the class gives its new members their courses, exams and tasks, by default the actor's.
    """
    if not rows:
        return
    swapped = _swap_on_arrival(actor, held, rows)
    for row in rows:
        if takes_over(row) and row.pk not in swapped:
            _let_go(actor, held, row.replaces, _("由%(name)s替换") % {"name": row.user.name})
    _use_quotas(rows)
    _take_places(held, len(rows), joining=[row.user_id for row in rows])
    others = [row for row in rows if row.pk not in swapped]
    joining = [row.user for row in others]
    members = admit_members(actor=office or actor, cohort=held.cohort, users=joining) if joining else {}
    _write(actor, held, rows, {**{row.pk: members[row.user_id] for row in others}, **swapped})


def takes_over(row: Nomination) -> bool:
    """Whether the nomination is for the place of somebody who still has it."""
    return row.replaces is not None and row.replaces.state == CONFIRMED


def _swap_on_arrival(actor: User, held: CallUp, rows: list[Nomination]) -> dict[int, Membership]:
    """From the first day on a member is replaced by the class's own service, which keeps its trail."""
    if clock.today() < held.cohort.starts_on or held.cohort.state not in (CohortState.CONFIRMED, CohortState.RUNNING):
        return {}
    found = {}
    for row in rows:
        if takes_over(row):
            old = Nomination.objects.select_related("membership__cohort", "user").get(pk=row.replaces_id)
            why = row.reason or _("单位换人")
            found[row.pk] = replace_member(
                actor=actor, membership=old.membership, by=row.user, reason=why, outside=True
            )
            _free(held, old, _("由%(name)s替换") % {"name": row.user.name})
    return found


def _let_go(actor: User, held: CallUp, old: Nomination, reason: str) -> None:
    member = Membership.objects.select_related("cohort", "user").get(pk=old.membership_id)
    release_member(actor=actor, membership=member, reason=reason)
    _free(held, old, reason)


def _free(held: CallUp, old: Nomination, reason: str) -> None:
    """A confirmed nomination ends and its place is free."""
    end(old, "give_up", reason)
    CallUp.objects.filter(pk=held.pk, taken__gt=0).update(taken=F("taken") - 1)


def _use_quotas(rows: list[Nomination]) -> None:
    """Those who waited, or came in somebody's place, use a place of their unit from now on."""
    needed: dict[int, int] = defaultdict(int)
    for row in rows:
        if row.quota_id is not None and not row.counted:
            needed[row.quota_id] += 1
    for quota in Quota.objects.filter(pk__in=needed).order_by("pk"):
        quotas.take(quota, needed[quota.pk])


def _take_places(held: CallUp, count: int, *, joining: Iterable[int] = ()) -> None:
    """The last place is given once: a conditional update under the lock, and a constraint below it.

    The class is held too: whom its office takes in directly has a place like everybody else.
    """
    locked(held.cohort)
    direct = direct_members(held, but=joining)
    room = CallUp.objects.filter(pk=held.pk, taken__lte=F("places") - count - direct)
    if room.update(taken=F("taken") + count):
        return
    now = CallUp.objects.get(pk=held.pk)
    left = max(now.places - now.taken - direct, 0)
    words = {"places": now.places, "taken": now.taken + direct, "left": left, "count": count}
    raise DomainError(
        _("本班共 %(places)s 个名额，已确认 %(taken)s 人，还剩 %(left)s 个，这次需要 %(count)s 个；可以先列入候补。")
        % words,
        code="full",
    )


def _write(actor: User, held: CallUp, rows: list[Nomination], members: dict[int, Membership]) -> None:
    for row in rows:
        row.state, row.membership, row.counted = State.CONFIRMED, members[row.pk], row.quota_id is not None
        row.end_reason = ""
    Nomination.objects.filter(membership__in=members.values()).exclude(state=CONFIRMED).update(membership=None)
    Nomination.objects.bulk_update(rows, ["state", "membership", "counted", "end_reason"], batch_size=200)
    _close_office_steps(actor, rows, Decision.AGREED)
    names = [row.user.name for row in rows]
    log(held, "planning.nomination.confirm", user=actor, data={"count": len(rows), "names": listed(names, most=20)})
    tell_cadres(rows, held)
    tell_senders([row for row in rows if not row.own_application], held)


def _close_office_steps(actor: User, rows: list[Nomination], decision: str, reason: str = "") -> None:
    steps = NominationStep.objects.filter(nomination__in=rows, unit__isnull=True, decision="")
    steps.update(decision=decision, decided_by=actor, decided_at=clock.now(), reason=reason[:300])


def place_by_unit(*, actor: User, call_up: CallUp, nominations: list[Nomination]) -> list[Nomination]:
    """The quota unit's word is final: places while there are any, then the waiting list; the rest is the office's.

    Who is to take a confirmed one's place is always the office's. Returns those for the office.
    """
    own = [row for row in nominations if not takes_over(row)]
    room = places_left(CallUp.objects.get(pk=call_up.pk))
    give_places(actor, call_up, own[:room], office=_class_office(call_up))
    rest = own[room:]
    if rest and call_up.keeps_waiting_list:
        put_in_queue(actor, call_up, rest)
        rest = []
    return [*rest, *(row for row in nominations if takes_over(row))]


def _class_office(held: CallUp) -> User | None:
    """Who opened the call-up, while they are the office of the class, else somebody who is; None without anybody."""
    there = office_of(held)
    key = held.opened_by_id if held.opened_by_id in there else min(there, default=None)
    return User.objects.filter(pk=key).first()


@transaction.atomic
def refuse(*, actor: User, nomination: Nomination, reason: str) -> None:
    """The office does not take somebody; unit and cadre are told and may reply."""
    require_office(actor, nomination.call_up.cohort)
    if not reason.strip():
        raise DomainError(_("请写明不能确认的理由，单位和本人会看到。"))
    held = locked_call_up(nomination.call_up)
    now = held.nominations.with_people().get(pk=nomination.pk)
    if now.state not in (AT_OFFICE, WAITING):
        raise DomainError(already(now.pk), code="conflict")
    _close_office_steps(actor, [now], Decision.REFUSED, reason.strip())
    end(now, "refuse", reason)
    outcome = {"step": _("培训处"), "who": now.user.name, "outcome": _("不同意")}
    log(held, "planning.nomination.review", user=actor, data=outcome)
    tell_cadres([now], held)
    tell_senders([now], held)


@transaction.atomic
def queue_many(*, actor: User, call_up: CallUp, nominations: Iterable[Nomination]) -> int:
    """Put nominations that have come to the office on the waiting list, in the order in which they were made."""
    require_office(actor, call_up.cohort)
    held = locked_call_up(call_up)
    if not held.keeps_waiting_list:
        raise DomainError(_("这个班次不设候补；需要候补的，请先在调训安排里改为“名额满后继续候补”。"))
    rows = list(held.nominations.with_people().filter(pk__in=[row.pk for row in nominations]).order_by("pk"))
    fresh = [row for row in rows if row.state != WAITING]
    for row in fresh:
        if row.state != AT_OFFICE:
            raise DomainError(already(row.pk), code="conflict")
        if takes_over(Nomination.objects.select_related("replaces").get(pk=row.pk)):
            raise DomainError(_("%(name)s是替换人选，不能候补。") % {"name": row.user.name})
    put_in_queue(actor, held, fresh)
    return len(fresh)


def put_in_queue(actor: User, held: CallUp, rows: list[Nomination]) -> None:
    """Numbers in the order of commit, under the lock on the call-up; a number is never given again."""
    if not rows:
        return
    last = held.nominations.aggregate(last=Max("queue_no"))["last"] or 0
    for number, row in enumerate(rows, last + 1):
        if row.state in states_for("queue"):
            row.state, row.counted = State.WAITING, False
            row.queue_no = row.queue_no or number
    freed: dict[int, int] = defaultdict(int)
    for key in Nomination.objects.filter(pk__in=[r.pk for r in rows], counted=True).values_list("quota", flat=True):
        freed[key] += 1
    Nomination.objects.bulk_update(rows, ["state", "counted", "queue_no"], batch_size=200)
    for key, count in sorted(freed.items()):
        quotas.give_back(key, count)
    _close_office_steps(actor, rows, Decision.AGREED, _("列入候补"))
    names = [row.user.name for row in rows]
    log(held, "planning.nomination.queue", user=actor, data={"names": listed(names, most=20)})
    tell_cadres(rows, held)
    tell_senders([row for row in rows if not row.own_application], held)


@transaction.atomic
def give_up_place(*, actor: User, nomination: Nomination, reason: str) -> None:
    """A confirmed place is given up before arrival; the office learns who is next.

    By the office, the unit that named, or the cadre who applied.
    """
    held = locked_call_up(nomination.call_up)
    now = held.nominations.with_people().get(pk=nomination.pk)
    if not (is_sender(actor, now) or is_office_of(actor, held.cohort)):
        raise DomainError(_("只有提名的单位（自主报名的为本人）或培训处可以办理。"), code="forbidden")
    if not reason.strip():
        raise DomainError(_("请写明退出名额的原因。"))
    if now.state != CONFIRMED:
        raise DomainError(already(now.pk), code="conflict")
    _let_go(actor, held, now, reason)
    log(held, "planning.nomination.give_up", user=actor, data={"who": now.user.name, "reason": reason.strip()[:300]})
    tell_cadres([now], held)
    tell_of_free_places(held)


def tell_of_free_places(held: CallUp) -> None:
    """Nothing happens by itself: the office is told that somebody waits for a free place."""
    if held.nominations.waiting().exists():
        tell_office_of_free_places(held)


def next_in_queue(call_up: CallUp) -> list[Nomination]:
    """Those of the waiting list for whom there is a place now, in order; two queries."""
    return list(call_up.nominations.waiting().with_people()[: places_left(call_up)])
