"""What call-ups and nominations add to roles, menus, the class's pages and its way."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cohorts.board import register_tab
from cohorts.models import Cohort, CohortState
from cohorts.services import register_check
from cohorts.services.limits import register_limit
from core import navigation
from people.models import Role
from people.roles import permit
from people.scopes import has_role
from planning.models import CallUp, Nomination, NominationStep
from planning.reading.filled import places_left

VIEWS = ("planning.view_callup", "planning.view_nomination", "planning.view_nominationstep")


def names_people(user: Any) -> bool:
    return has_role(user, Role.UNIT_ADMIN)


def is_trainee(user: Any) -> bool:
    return has_role(user, Role.TRAINEE)


def nominations_under_way(cohort: Cohort) -> str | None:
    """A class is confirmed when every nomination is decided; those on the waiting list may go on waiting."""
    rows = Nomination.objects.under_way().filter(call_up__cohort=cohort).order_by()
    found = dict(rows.values("state").annotate(n=Count("pk")).values_list("state", "n"))
    if not found:
        return None
    parts = [f"{Nomination.State(state).label} {found[state]}" for state in Nomination.UNDER_WAY if state in found]
    words = {"n": sum(found.values()), "parts": "，".join(parts)}
    return gettext("还有 %(n)s 份提名没有办结（%(parts)s），请先确认、列入候补或不予确认。") % words


def places_gone(cohort: Cohort, count: int) -> str | None:
    """Whom the office takes in directly uses a place of the call-up; the class is held by the caller."""
    call_up = CallUp.objects.filter(cohort=cohort).first()
    if call_up is None or count <= (left := places_left(call_up)):
        return None
    words = {"places": call_up.places, "left": left, "count": count}
    sentence = gettext("本班调训安排共 %(places)s 个名额，还剩 %(left)s 个，这次需要 %(count)s 个；")
    return sentence % words + gettext("请先在“调训”里增加人数，或者减少人选。")


def places_pending(user: Any) -> list[dict[str, Any]]:
    """What waits for the training office, and which steps of units are late; two queries."""
    if not has_role(user, Role.TRAINING_OFFICE):
        return []
    waiting = Nomination.objects.run_by(user).filter(state=Nomination.State.AT_OFFICE).not_over().count()
    late = NominationStep.objects.run_by(user).late().filter(unit__isnull=False).count()
    names, hanging = reverse("planning_nominations:index"), reverse("planning_hanging:index")
    return [
        {"label": gettext("待确认的提名"), "count": waiting, "url": f"{names}?state=at_office"},
        {"label": gettext("单位逾期未审核的提名"), "count": late, "url": f"{hanging}?late=late&desk=unit"},
    ]


def register_all() -> None:
    """Called once, when the apps are ready."""
    permit(Role.TRAINING_OFFICE, *VIEWS)
    register_check(CohortState.CONFIRMED, "planning.nominations", nominations_under_way)
    register_limit("planning.places", places_gone)
    register_tab("call-up", _("调训"), "planning:call-up", order=5)
    navigation.register_user_menu(_("选派"), "planning:nominations", order=6, icon="users", visible=names_people)
    navigation.register_user_menu(_("我的报名"), "planning:my-nominations", order=7, icon="users", visible=is_trainee)
    navigation.register_user_menu(_("自主选学"), "planning:open-classes", order=7, icon="school", visible=is_trainee)
