"""Comparing good rows with what is kept already: who is new, what changes, what stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.fields import keyed_hash
from core.templatetags.linghang import day
from people.authority import OFFICE, is_installer
from people.models import Posting, User
from people.names import initials, sort_key
from people.roster.check import Person, default_manager
from people.roster.directory import Directory

PLAIN = ("gender", "birth_date", "ethnicity", "political_status", "email")
BATCH = 500


@dataclass
class PostingPlan:
    """What happens to a person's postings: ``close`` ends the open one, ``correct`` rewrites it, ``new`` follows."""

    new: dict[str, Any] | None = None
    close: Posting | None = None
    correct: Posting | None = None

    @property
    def changes(self) -> bool:
        return bool(self.new or self.correct)


@dataclass
class Step:
    """One good row with what will be done for it."""

    person: Person
    user: User | None
    action: Literal["created", "updated", "unchanged"]
    changes: dict[str, Any] = field(default_factory=dict)
    manager_code: str = ""
    posting: PostingPlan = field(default_factory=PostingPlan)


@dataclass
class Known:
    """What the database holds about the values of the file."""

    by_number: dict[str, User]
    owners: dict[str, dict[str, int]]
    within: set[int] | None


def known(people: Sequence[Person], actor: User, *, lock: bool = False) -> Known:
    """Five queries per 500 rows at most, whatever the rows say."""
    numbers = [person.get("work_number") for person in people]
    by_number: dict[str, User] = {}
    for part in _batches(numbers):
        for user in _users(part, lock):
            by_number[user.work_number] = user
    ids = [user.pk for user in by_number.values()]
    within = None if is_installer(actor) else {pk for part in _batches(ids) for pk in _reached(actor, part)}
    return Known(by_number, {key: _owners(people, key) for key in ("id_hash", "phone_hash", "email")}, within)


def _batches(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (values[at : at + BATCH] for at in range(0, len(values), BATCH))


def _users(numbers: Sequence[str], lock: bool) -> Iterable[User]:
    postings = Prefetch("postings", Posting.objects.order_by("starts_on", "pk"), to_attr="history")
    users = User.objects.filter(work_number__in=numbers).defer("id_number", "phone").order_by("pk")
    return (users.select_for_update(of=("self",)) if lock else users).prefetch_related(postings)


def _reached(actor: User, ids: Sequence[int]) -> Iterable[int]:
    return User.objects.managed_by_grants(actor, OFFICE).filter(pk__in=ids).values_list("pk", flat=True)


def hashed(person: Person) -> dict[str, str | None]:
    """The keyed hashes and the address by which others are recognised."""
    identity = person.get("id_number")
    return {
        "id_hash": keyed_hash(identity.number) if identity else None,
        "phone_hash": keyed_hash(person.get("phone") or ""),
        "email": person.get("email"),
    }


def _owners(people: Sequence[Person], key: str) -> dict[str, int]:
    """Value → the person in the database who has it."""
    wanted = [value for person in people if (value := hashed(person)[key])]
    found: dict[str, int] = {}
    for part in _batches(wanted):
        found.update(User.objects.filter(**{f"{key}__in": part}).values_list(key, "pk"))
    return found


OWNED = (
    ("id_hash", "id_number", "这个身份证号已登记在另一人名下，请核对工号和身份证号。"),
    ("phone_hash", "phone", "这个手机号已登记在另一人名下，请核对。"),
    ("email", "email", "这个邮箱已登记在另一人名下，请核对。"),
)


def plan(people: Sequence[Person], book: Directory, actor: User, today: date, *, lock: bool = False) -> list[Step]:
    """A step for each row that stays good; rows that meet somebody else's data become bad here."""
    good = [person for person in people if person.good]
    facts = known(good, actor, lock=lock)
    steps = [_step(person, facts, book, today) for person in good]
    return [step for step in steps if step.person.good]


def _step(person: Person, facts: Known, book: Directory, today: date) -> Step:
    user = facts.by_number.get(person.get("work_number"))
    _refuse_others(person, user, facts)
    manager = _manager(person, user, book)
    step = Step(person, user, "created", manager_code=manager)
    if user is None:
        step.posting = PostingPlan(new=_posting_values(person, person.get("starts_on") or today))
    elif person.good:
        _compare(step, user, book, today)
    return step


def _refuse_others(person: Person, user: User | None, facts: Known) -> None:
    """The row's number, identity, telephone or address belongs to somebody else, or the person is out of reach."""
    if user is not None and _another(person, user):
        person.wrong("work_number", _("这个工号已登记在另一人（%(name)s）名下，请核对。") % {"name": _first(user.name)})
        return
    mine = user.pk if user else None
    for key, column, sentence in OWNED:
        owner = facts.owners[key].get(hashed(person)[key] or "")
        if owner is not None and owner != mine:
            person.wrong(column, _(sentence))
    if user is not None and facts.within is not None and user.pk not in facts.within:
        person.wrong("work_number", _("这个人不在您的管理范围内，请由其管理单位或培训处办理。"))


def _first(name: str) -> str:
    return name[:1] + "某" * (len(name) > 1)


def _another(person: Person, user: User) -> bool:
    """The number is the same, the person is not: another identity number, or without one another name."""
    identity = person.get("id_number")
    if identity is not None and user.id_hash:
        return keyed_hash(identity.number) != user.id_hash
    return person.get("name") != user.name


def _manager(person: Person, user: User | None, book: Directory) -> str:
    """The code of the managing organisation that the row asks for or that a new person gets; "" leaves it alone."""
    assert person.unit is not None
    chosen = person.manager
    if chosen is None and user is None:
        chosen = default_manager(person.unit, book, person.get("level") or "", person.get("rank") or "")
    if chosen is None:
        return ""
    if not book.reaches(chosen):
        where = "managed_by" if person.manager else "unit"
        reason = _("按干部管理权限，此人由“%(unit)s”管理，不在您的管理范围内，请由培训处导入。")
        person.wrong(where, reason % {"unit": chosen.name})
    return chosen.code


def _posting_values(person: Person, starts_on: date) -> dict[str, Any]:
    return {
        "unit_code": person.unit.code if person.unit else "",
        "post": person.get("post") or "",
        "level": person.get("level") or "",
        "rank": person.get("rank") or "",
        "starts_on": starts_on,
    }


def _compare(step: Step, user: User, book: Directory, today: date) -> None:
    step.changes = _changes(step, user, book)
    step.posting = _plan_posting(step.person, user, book, today)
    step.action = "updated" if step.changes or step.posting.changes else "unchanged"


def _changes(step: Step, user: User, book: Directory) -> dict[str, Any]:
    """Only what the file says and what differs; an empty cell changes nothing."""
    person, found = step.person, {}
    for key in PLAIN:
        value = person.get(key)
        if value and value != getattr(user, key):
            found[key] = value
    if person.get("name") != user.name:
        found |= {"name": person.get("name"), "sort_key": sort_key(person.get("name"))}
        found["initials"] = initials(person.get("name"))
    marks = hashed(person)
    if marks["id_hash"] and marks["id_hash"] != user.id_hash:
        found |= {"id_number": person.get("id_number").number, "id_hash": marks["id_hash"]}
    if marks["phone_hash"] and marks["phone_hash"] != user.phone_hash:
        found |= {"phone": person.get("phone"), "phone_hash": marks["phone_hash"]}
    if step.manager_code and book.entries[step.manager_code].pk != user.managed_by_id:
        found["managed_by_code"] = step.manager_code
    return found


def _plan_posting(person: Person, user: User, book: Directory, today: date) -> PostingPlan:
    """A later date is a new posting, the same date a correction, no date with other words a new one from today."""
    history: list[Posting] = user.history  # type: ignore[attr-defined]
    current = next((posting for posting in history if posting.ends_on is None), None)
    begins = person.get("starts_on")
    if current is not None and _same(person, current, begins):
        return PostingPlan()
    if current is None:
        return _after_the_last(person, history, begins or today)
    if begins is None:
        begins = today
    if begins > current.starts_on:
        return PostingPlan(new=_merged(person, current, begins), close=current)
    if begins == current.starts_on:
        return PostingPlan(correct=current, new=_merged(person, current, begins))
    if not any(_same(person, posting, begins) for posting in history):
        words = {"day": day(current.starts_on)}
        person.wrong("starts_on", _("早于现任职务的任职日期（%(day)s），请核对，或在人员页面补登任职经历。") % words)
    return PostingPlan()


def _after_the_last(person: Person, history: Sequence[Posting], begins: date) -> PostingPlan:
    last = max((posting.ends_on for posting in history if posting.ends_on), default=None)
    if last is not None and begins <= last:
        begins = last + timedelta(days=1)
    return PostingPlan(new=_posting_values(person, begins))


def _same(person: Person, posting: Posting, begins: date | None) -> bool:
    """The posting says already what the row says; empty cells agree with everything."""
    said = {key: person.get(key) for key in ("post", "level", "rank") if person.get(key)}
    return (
        person.unit is not None
        and person.unit.pk == posting.unit_id
        and all(getattr(posting, key) == value for key, value in said.items())
        and begins in (None, posting.starts_on)
    )


def _merged(person: Person, current: Posting, begins: date) -> dict[str, Any]:
    """The row's words, and where it says nothing the words of the open posting at the same unit."""
    values = _posting_values(person, begins)
    if person.unit is not None and person.unit.pk == current.unit_id:
        for key in ("post", "level", "rank"):
            values[key] = values[key] or getattr(current, key)
    return values
