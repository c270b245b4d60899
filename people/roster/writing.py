"""Writing a plan: a constant number of statements per 500 rows, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from people.logbook import log_people
from people.models import Posting, Role, RoleGrant, Unit, User
from people.names import initials, sort_key
from people.roles import group_of
from people.roster.plan import Step, hashed

BATCH = 500


def write(
    steps: Sequence[Step], *, actor: User, units: dict[str, int], today: date, file: str, synthetic: bool
) -> None:
    """Make the new people, change the known ones, put their postings right. ``units`` is code → key."""
    new = [step for step in steps if step.action == "created"]
    changed = [step for step in steps if step.action == "updated"]
    _create(new, units, synthetic)
    _make_trainees([step.user for step in new if step.user], actor, today)
    _change(changed, units)
    _write_postings([*new, *changed], units, today)
    for group, what in ((new, "建立"), (changed, "更新")):
        people = [step.user for step in group if step.user]
        log_people(people=people, action="people.imported", user=actor, data={"file": file, "what": what})


def _create(steps: Sequence[Step], units: dict[str, int], synthetic: bool) -> None:
    people = [_new_user(step, units, synthetic) for step in steps]
    User.objects.bulk_create(people, batch_size=BATCH)
    for step, user in zip(steps, people, strict=True):
        step.user = user


def _new_user(step: Step, units: dict[str, int], synthetic: bool) -> User:
    """Without a usable password, so that nothing is hashed: the way in is an activation code."""
    person, marks = step.person, hashed(step.person)
    assert person.unit is not None
    identity = person.get("id_number")
    return User(
        work_number=person.get("work_number"),
        name=person.get("name"),
        sort_key=sort_key(person.get("name")),
        initials=initials(person.get("name")),
        gender=person.get("gender") or "",
        birth_date=person.get("birth_date"),
        ethnicity=person.get("ethnicity") or "",
        political_status=person.get("political_status") or "",
        id_number=identity.number if identity else "",
        id_hash=marks["id_hash"],
        phone=person.get("phone") or "",
        phone_hash=marks["phone_hash"],
        email=person.get("email") or "",
        unit_id=units[person.unit.code],
        managed_by_id=units[step.manager_code],
        password=make_password(None),
        is_synthetic=synthetic,
    )


def _make_trainees(people: Sequence[User], actor: User, today: date) -> None:
    """Everybody on a roster is a trainee from the day of the import."""
    if not people:
        return
    grants = [RoleGrant(user=user, role=Role.TRAINEE, starts_on=today, granted_by=actor) for user in people]
    RoleGrant.objects.bulk_create(grants, batch_size=BATCH)
    group = group_of(Role.TRAINEE)
    through = User.groups.through
    through.objects.bulk_create([through(user_id=user.pk, group_id=group.pk) for user in people], batch_size=BATCH)


def _change(steps: Sequence[Step], units: dict[str, int]) -> None:
    """One statement per set of changed columns and 500 people; columns that did not change are not written."""
    groups: dict[tuple[str, ...], list[User]] = {}
    for step in steps:
        assert step.user is not None
        values = dict(step.changes)
        if "managed_by_code" in values:
            values["managed_by_id"] = units[values.pop("managed_by_code")]
        for key, value in values.items():
            setattr(step.user, key, value)
        if values:
            groups.setdefault(tuple(sorted(values)), []).append(step.user)
    for fields, people in groups.items():
        User.objects.bulk_update(people, [field.removesuffix("_id") for field in fields], batch_size=BATCH)


def _write_postings(steps: Sequence[Step], units: dict[str, int], today: date) -> None:
    plans = [step for step in steps if step.posting.new]
    closed = [step.posting.close for step in plans if step.posting.close]
    for step in plans:
        if step.posting.close:
            step.posting.close.ends_on = step.posting.new["starts_on"] - timedelta(days=1)  # type: ignore[index]
    Posting.objects.bulk_update(closed, ["ends_on"], batch_size=BATCH)
    _correct(plans, units)
    fresh = [_posting(step, units) for step in plans if not step.posting.correct]
    Posting.objects.bulk_create(fresh, batch_size=BATCH)
    _follow(plans, units)


def _posting(step: Step, units: dict[str, int]) -> Posting:
    values: dict[str, Any] = dict(step.posting.new or {})
    return Posting(user=step.user, unit_id=units[values.pop("unit_code")], **values)


def _correct(plans: Iterable[Step], units: dict[str, int]) -> None:
    rows = []
    for step in plans:
        posting = step.posting.correct
        if posting is None or step.posting.new is None:
            continue
        values = dict(step.posting.new)
        posting.unit_id = units[values.pop("unit_code")]
        for key, value in values.items():
            setattr(posting, key, value)
        rows.append(posting)
    Posting.objects.bulk_update(rows, ["unit", "post", "level", "rank"], batch_size=BATCH)


def _follow(plans: Iterable[Step], units: dict[str, int]) -> None:
    """A person's unit is that of the open posting."""
    moved = []
    for step in plans:
        assert step.user is not None and step.posting.new is not None
        here = units[step.posting.new["unit_code"]]
        if step.user.unit_id != here:
            step.user.unit_id = here
            moved.append(step.user)
    User.objects.bulk_update(moved, ["unit"], batch_size=BATCH)


def keys_of_units(codes: Iterable[str]) -> dict[str, int]:
    return dict(Unit.objects.filter(code__in=set(codes)).values_list("code", "pk"))
