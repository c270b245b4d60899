"""Synthetic call-ups with their units, administrators and people; the same every time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cohorts.models import Cohort, CohortState
from people.models import Posting, Role, Unit, User
from people.ranks import Level, Rank
from planning.models import CallUp, Nomination
from planning.services.calls import make_call_up, open_call_up
from planning.services.nominations import nominate_many
from planning.services.quotas import set_quotas
from tests.factories.cohorts import CohortFactory, host, office
from tests.factories.people import BEGIN, UnitFactory, UserFactory, grant

STARTS = date(2026, 10, 12)
ENDS = date(2026, 10, 16)
DEADLINE = date(2026, 9, 25)


@dataclass
class Scene:
    """A city, a bureau with a division, a subdivision, and who administers each; the office and a class."""

    city: Unit
    bureau: Unit
    division: Unit
    section: Unit
    office: User
    admins: dict[str, User] = field(default_factory=dict)

    @property
    def clerk(self) -> User:
        """The administrator of the bureau."""
        return self.admins["bureau"]


def scene() -> Scene:
    """Three levels of units with an administrator each, below the city of the training office."""
    city = host()
    bureau = UnitFactory(parent=city, code="CS-1", name="云山市交通运输局")
    division = UnitFactory(parent=bureau, code="CS-1-1", name="公路管理处")
    section = UnitFactory(parent=division, code="CS-1-1-1", name="养护科")
    made = Scene(city, bureau, division, section, office())
    for key, unit in (("bureau", bureau), ("division", division), ("section", section)):
        made.admins[key] = UserFactory(unit=unit, role=Role.UNIT_ADMIN, name=f"管{unit.name[:2]}")
    return made


def planned(**kwargs: Any) -> Cohort:
    """A class that is planned for October, with a teacher and without a timetable."""
    given = {"starts_on": STARTS, "ends_on": ENDS, "days": 0, "state": CohortState.PLANNED}
    return CohortFactory(**{**given, **kwargs})


def call_up(where: Scene, *, quotas: dict[Unit, int] | None = None, opened: bool = True, **kwargs: Any) -> CallUp:
    """A call-up with places, by default three for the bureau of thirty; open unless said otherwise."""
    cohort = kwargs.pop("cohort", None) or planned(made_by=where.office, host=where.city)
    given = {"theme": "digital", "places": 30, "nominate_by": DEADLINE}
    row = make_call_up(actor=where.office, cohort=cohort, **{**given, **kwargs})
    if row.basis == CallUp.Basis.QUOTA:
        set_quotas(actor=where.office, call_up=row, places=quotas or {where.bureau: 3})
    return open_call_up(actor=where.office, call_up=row) if opened else row


def cadres(unit: Unit, count: int, *, level: str = Level.TOWNSHIP_HEAD, rank: str = Rank.PRINCIPAL_1) -> list[User]:
    """People of a unit, managed by it, each with a post and the role of a trainee; in few queries."""
    users = User.objects.bulk_create(UserFactory.build(unit=unit, managed_by=unit) for _ in range(count))
    Posting.objects.bulk_create(
        Posting(user=user, unit=unit, post="科长", level=level, rank=rank, starts_on=BEGIN) for user in users
    )
    trainee = Role.TRAINEE
    grants = users[0].grants.model if users else None
    if grants is not None:
        grants.objects.bulk_create(grants(user=user, role=trainee, starts_on=BEGIN) for user in users)
    return users


def named(where: Scene, row: CallUp, users: list[User], *, by: User | None = None) -> list[Nomination]:
    """Nominations of these people by the bureau's administrator or whom is said."""
    nominate_many(actor=by or where.clerk, call_up=row, users=users, reason="工作需要")
    return list(row.nominations.standing().filter(user__in=users).order_by("pk"))


__all__ = ["DEADLINE", "ENDS", "STARTS", "Scene", "cadres", "call_up", "grant", "named", "planned", "scene"]
