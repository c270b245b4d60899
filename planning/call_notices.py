"""Notices about call-ups and nominations: who gets one and where it leads; never a name, a reason or a result."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from cohorts.presenters.figures import day_words
from core import notices
from people.models import Role, RoleGrant, Unit
from planning.models import CallUp, Nomination, NominationStep
from planning.querysets.calls import paths_above


def tell_units_of_opening(call_up: CallUp, units: Iterable[Unit]) -> int:
    """The administrators of the units that hold places and of those below them; how many."""
    people = administrators_below([unit.path for unit in units])
    words = {"title": call_up.cohort.full_title, "day": day_words(call_up.nominate_by)}
    notices.send(
        to=people,
        title=_("有一个班次请您单位选派学员"),
        text=_("%(title)s，请在%(day)s前提名。") % words,
        url=reverse("planning:nominations-call", args=[call_up.cohort.public_id]),
        key=f"call-up:{call_up.cohort.public_id}",
        kind="call.opened",
        due=call_up.nominate_by,
    )
    return len(people)


def administrators_below(paths: Iterable[str]) -> set[int]:
    """The administrators at or below these paths; of the nearest unit above a path that has none."""
    wanted = list(paths)
    every = {above for path in wanted for above in paths_above(path)}
    rows = RoleGrant.objects.open().filter(role=Role.UNIT_ADMIN, user__is_active=True)
    found = list(rows.values_list("unit__path", "user"))
    people: set[int] = set()
    for path in wanted:
        own = {user for at, user in found if at.startswith(path)}
        holds_it = any(at == path for at, _user in found)
        people |= own if holds_it else own | _nearest(path, found, every)
    return people


def _nearest(path: str, found: list[tuple[str, int]], every: set[str]) -> set[int]:
    above = [(at, user) for at, user in found if at in every and path.startswith(at)]
    longest = max((len(at) for at, _user in above), default=0)
    return {user for at, user in above if len(at) == longest}


def tell_desk(step: NominationStep, people: Iterable[int], count: int = 1) -> None:
    """Nominations have come to a desk."""
    day = step.due_on
    words = {
        "title": step.nomination.call_up.cohort.full_title,
        "n": count,
        "day": f"{day.month}月{day.day}日" if day else "",
    }
    notices.send(
        to=people,
        title=_("有提名待您审核"),
        text=_("%(title)s，共 %(n)s 人，请在%(day)s前办理。") % words,
        url=reverse("planning:nominations"),
        kind="call.desk",
        due=day,
    )


def tell_of_overdue(step: NominationStep, people: set[int]) -> None:
    notices.send(
        to=people,
        title=_("有一份提名已超过办理期限"),
        text=_("%(title)s，请尽快办理。") % {"title": step.nomination.call_up.cohort.full_title},
        url=reverse("planning:nominations"),
        kind="call.desk",
        due=step.due_on,
    )


def tell_of_stuck(step: NominationStep, people: set[int]) -> None:
    """Those who may take the step over."""
    notices.send(
        to=people,
        title=_("有一份提名逾期多日未审核"),
        text=_("%(title)s，请催办，也可以由您代为办理。") % {"title": step.nomination.call_up.cohort.full_title},
        url=reverse("planning:nomination", args=[step.nomination.public_id]),
        kind="call.stuck",
        due=step.due_on,
    )


def tell_cadres(nominations: Iterable[Nomination], call_up: CallUp) -> None:
    """Something was decided about one's own nomination; what, stands on its page."""
    notices.send(
        to=[row.user_id for row in nominations],
        title=_("您的调训报名有新的办理情况"),
        text=call_up.cohort.full_title,
        url=reverse("planning:my-nominations"),
        kind="call.own",
    )


def tell_senders(nominations: Iterable[Nomination], call_up: CallUp) -> None:
    """The administrators of the units that named them."""
    people = administrators_at({row.unit.path for row in nominations})
    notices.send(
        to=people,
        title=_("您单位的提名有新的办理情况"),
        text=call_up.cohort.full_title,
        url=reverse("planning:nominations-call", args=[call_up.cohort.public_id]),
        kind="call.unit",
    )


def administrators_at(paths: Iterable[str]) -> set[int]:
    """The administrators of each of these units, else of the nearest above it."""
    wanted = set(paths)
    every = {above for path in wanted for above in paths_above(path)}
    rows = RoleGrant.objects.open().filter(role=Role.UNIT_ADMIN, unit__path__in=every, user__is_active=True)
    found = list(rows.values_list("unit__path", "user"))
    return {user for path in wanted for user in _nearest(path, found, every)}


def office_of(call_up: CallUp) -> set[int]:
    """The training office of the host, else of the nearest unit above it."""
    path = call_up.cohort.host.path
    every = set(paths_above(path))
    rows = RoleGrant.objects.open().filter(role=Role.TRAINING_OFFICE, unit__path__in=every, user__is_active=True)
    return _nearest(path, list(rows.values_list("unit__path", "user")), every)


def tell_office(call_up: CallUp, title: str) -> None:
    """The office has something to look at on the class's page of places."""
    notices.send(
        to=office_of(call_up),
        title=title,
        text=call_up.cohort.full_title,
        url=reverse("planning:call-up", args=[call_up.cohort.public_id]),
        kind="call.office",
    )


def tell_office_of_free_places(call_up: CallUp) -> None:
    tell_office(call_up, _("有名额空出，候补名单里有人等候"))


def tell_office_of_reply(call_up: CallUp) -> None:
    tell_office(call_up, _("单位对未通过的提名作了回复"))
