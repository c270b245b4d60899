"""Who is told of what waits for a decision and of what was decided."""

from __future__ import annotations

from collections.abc import Iterable

from core import notices
from people.models import Role, RoleGrant, Unit


def leaders_of(unit: Unit) -> set[int]:
    """Those whose grant as leader reaches the unit today."""
    grants = RoleGrant.objects.open().filter(role=Role.LEADER, unit__isnull=False).select_related("unit")
    return {grant.user_id for grant in grants if grant.unit and unit.path.startswith(grant.unit.path)}


def tell_leaders(unit: Unit, *, but: int | None, title: str, text: str, url: str, key: str) -> None:
    """A notice to every leader of the unit, except who asks."""
    notices.send(to=sorted(leaders_of(unit) - {but}), title=title, text=text, url=url, key=key, kind="plan.decision")


def tell(people: Iterable[int | None], *, title: str, text: str, url: str, key: str) -> None:
    notices.send(to=sorted({pk for pk in people if pk}), title=title, text=text, url=url, key=key, kind="plan.decision")
