"""A class as its papers see it: plain values, without the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cohorts.presenters.figures import plain
from cohorts.rules.halfdays import HalfDay

MARKER = "示范文稿：班次、单位、人员均为虚构，未加盖印章。"
NO_GROUP = "未分组"


@dataclass(frozen=True)
class ClassFacts:
    """What the papers say about the class itself; ``total_hours`` are 学时, none before the timetable is published.

    ``timetable`` says by which publication of the timetable the papers go.
    """

    title: str
    code: str
    host: str
    place: str
    starts_on: date
    ends_on: date
    total_hours: Decimal
    is_synthetic: bool
    closed_on: date | None = None
    timetable: str = ""

    @property
    def hours_words(self) -> str:
        """40 学时, or that the timetable is not there yet."""
        return f"{plain(self.total_hours)} 学时" if self.total_hours else "以课程安排为准"

    @property
    def marker(self) -> str:
        return MARKER if self.is_synthetic else ""


@dataclass(frozen=True)
class MemberLine:
    """A member as printed: name, unit and post of that day, group, duty in the class."""

    key: int
    user: int
    name: str
    unit: str
    post: str = ""
    group: str = ""
    group_number: int = 0
    duty: str = ""

    @property
    def group_words(self) -> str:
        return self.group or NO_GROUP


@dataclass(frozen=True)
class SessionLine:
    """An entry of the published timetable; ``tracks`` are the numbers of its groups, none for the whole class."""

    place: HalfDay
    time: str
    title: str
    kind: str
    lecturer: str
    room: str
    tracks: frozenset[int] = frozenset()


@dataclass(frozen=True)
class StaffLine:
    name: str
    duty: str
    unit: str


@dataclass(frozen=True)
class Attended:
    """A member's half days: ``statuses`` as recorded, ``due`` the ones owed."""

    statuses: dict[HalfDay, str]
    due: frozenset[HalfDay]

    def count(self, status: str) -> int:
        """How many of the half days owed have the status; empty is not recorded."""
        return sum(1 for place in self.due if self.statuses.get(place, "") == status)


@dataclass(frozen=True)
class Outcome:
    """How a member ended: graduated or not, why not, the hours credited (学时), honours."""

    word: str
    granted: bool
    hours: Decimal
    open_conditions: tuple[str, ...] = ()
    honours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Appraisal:
    """The texts of an appraisal, each empty until somebody wrote it."""

    own: str = ""
    group: str = ""
    teacher: str = ""
    host: str = ""


@dataclass(frozen=True)
class Rules:
    """The class's rules of leave in words."""

    ladder: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What of a paper is wanted: people of a unit or group, half days, and what the office adds by hand.

    ``slots`` is ``all``, ``week:2026-09-14`` or ``half:2026-09-14:am``; ``members`` narrows to these keys.
    """

    unit: int | None = None
    group: int | None = None
    slots: str = "all"
    number: str = ""
    reply_by: date | None = None
    phone: str = ""
    members: tuple[int, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "unit": self.unit, "group": self.group, "slots": self.slots, "number": self.number, "phone": self.phone,
            "reply_by": self.reply_by.isoformat() if self.reply_by else None, "members": list(self.members),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: dict[str, object]) -> Choice:
        day = data.pop("reply_by")
        members = data.pop("members")
        assert isinstance(members, list)
        reply_by = date.fromisoformat(day) if isinstance(day, str) else None
        return cls(**data, reply_by=reply_by, members=tuple(members))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Material:
    """Everything a paper may need of a class, read in a number of queries that does not grow with its members.

    ``sessions`` are what was published; ``half_days`` those in which attendance is owed, as the office has them.
    """

    facts: ClassFacts
    today: date
    members: tuple[MemberLine, ...] = ()
    sessions: tuple[SessionLine, ...] = ()
    staff: tuple[StaffLine, ...] = ()
    rules: Rules = field(default_factory=Rules)
    half_days: tuple[HalfDay, ...] = ()
    attended: dict[int, Attended] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    appraisals: dict[int, Appraisal] = field(default_factory=dict)
    photos: dict[int, bytes] = field(default_factory=dict)

    @property
    def places(self) -> list[HalfDay]:
        """The half days of the published timetable in order."""
        return sorted({session.place for session in self.sessions})

    def calls(self, member: MemberLine, place: HalfDay) -> bool:
        """Whether something is taught to the member in that half day; who has no group is called to everything."""
        tracks = [session.tracks for session in self.sessions if session.place == place]
        return not member.group_number or any(not groups or member.group_number in groups for groups in tracks)

    @property
    def contact(self) -> str:
        """Whom to ask: the class's teachers."""
        return "、".join(one.name for one in self.staff if one.duty == "班主任")


def by_unit(members: Iterable[MemberLine]) -> list[tuple[str, list[MemberLine]]]:
    """Members by unit, units in order of their first member's."""
    found: dict[str, list[MemberLine]] = {}
    for member in members:
        found.setdefault(member.unit, []).append(member)
    return sorted(found.items())


def by_group(members: Iterable[MemberLine]) -> list[tuple[str, list[MemberLine]]]:
    """Members by group, in order of the groups' numbers; those without a group last."""
    found: dict[tuple[int, str], list[MemberLine]] = {}
    for member in members:
        found.setdefault((member.group_number or 10_000, member.group_words), []).append(member)
    return [(words, rows) for (_, words), rows in sorted(found.items())]


def weeks(places: Sequence[HalfDay]) -> list[tuple[date, list[HalfDay]]]:
    """Half days by calendar week, named by its Monday."""
    found: dict[date, list[HalfDay]] = {}
    for place in places:
        monday = date.fromordinal(place.day.toordinal() - place.day.weekday())
        found.setdefault(monday, []).append(place)
    return sorted(found.items())
