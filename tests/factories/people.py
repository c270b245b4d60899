"""Synthetic people on a small tree of units; the same every time."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from core.fields import keyed_hash
from people.idcard import check_sign
from people.models import Posting, Role, RoleGrant, Unit, User
from people.names import initials, sort_key
from people.ranks import Level, Rank
from people.roles import mirror, mirror_everybody
from people.scopes import roles_of

PASSWORD = "Yunshan-2026-shifan"
BEGIN = date(2020, 1, 1)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华"
GIVEN = ("建国", "敏", "文静", "海涛", "丽华", "志强", "雨桐", "晓东", "秀英", "明远", "思源")
PARTS = ("综合处", "法规处", "业务处", "监督处", "信息处")
_password_hash: list[str] = []


def password_hash() -> str:
    """The hash of PASSWORD, made once."""
    if not _password_hash:
        _password_hash.append(make_password(PASSWORD))
    return _password_hash[0]


def synthetic_name(number: int) -> str:
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number // len(SURNAMES) + number) % len(GIVEN)]


def synthetic_id(number: int, *, born: date = date(1985, 6, 1), county: str = "110101") -> str:
    """A number that is well-formed and belongs to nobody: the order numbers 900 and up are for the centenarians."""
    first = f"{county}{born:%Y%m%d}{number % 1000:03d}"
    return first + check_sign(first)


def synthetic_phone(number: int) -> str:
    """In the block 199 0000 0000 to 199 0099 9999."""
    return f"1990{number % 10_000_000:07d}"


class UnitFactory(DjangoModelFactory):
    """``UnitFactory(parent=unit)`` hangs it below; without a parent it is a root."""

    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"D{n:05d}")
    name = factory.Sequence(lambda n: f"示范单位{n}")
    valid_from = BEGIN

    @classmethod
    def _create(cls, model_class: type[Unit], *args: Any, **kwargs: Any) -> Unit:
        parent = kwargs.pop("parent", None)
        return parent.add_child(**kwargs) if parent else Unit.add_root(**kwargs)


class UserFactory(DjangoModelFactory):
    """``UserFactory(role="unit_admin", unit=unit)``; ``grant_unit`` where the grant reaches elsewhere than the unit.

    Traits: ``new`` (never signed in: no password, notice unread), ``full`` (ID and phone).
    """

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        new = factory.Trait(password="!", notice_version="")
        full = factory.Trait(
            gender="M",
            birth_date=date(1985, 6, 1),
            id_number=factory.Sequence(lambda n: synthetic_id(2 * n + 1)),
            phone=factory.Sequence(synthetic_phone),
        )

    work_number = factory.Sequence(lambda n: f"P{n:06d}")
    name = factory.Sequence(synthetic_name)
    unit = factory.SubFactory(UnitFactory)
    managed_by = factory.SelfAttribute("unit")
    sort_key = factory.LazyAttribute(lambda user: sort_key(user.name))
    initials = factory.LazyAttribute(lambda user: initials(user.name))
    id_hash = factory.LazyAttribute(lambda user: keyed_hash(getattr(user, "id_number", "")))
    phone_hash = factory.LazyAttribute(lambda user: keyed_hash(getattr(user, "phone", "")))
    password = factory.LazyFunction(password_hash)
    notice_version = factory.LazyFunction(lambda: settings.LINGHANG_NOTICE_VERSION)
    is_synthetic = True

    @factory.post_generation
    def role(self: User, create: bool, role: str | None, **kwargs: Any) -> None:
        for held in [role] if isinstance(role, str) else role or []:
            grant(self, held)


def grant(user: User, role: str, unit: Unit | None = None, *, starts_on: date = BEGIN) -> RoleGrant:
    """A role from 2020 on; unit administrators, training office and leaders get their own unit by default."""
    made = _granted(user, role, unit, starts_on)
    mirror(user)
    return made


def _granted(user: User, role: str, unit: Unit | None, starts_on: date = BEGIN) -> RoleGrant:
    scoped = role in (Role.UNIT_ADMIN, Role.TRAINING_OFFICE, Role.LEADER)
    reach = unit or (user.unit if scoped else None)
    user.__dict__.pop("_open_grants", None)
    return RoleGrant.objects.create(user=user, role=role, unit=reach, starts_on=starts_on)


class PostingFactory(DjangoModelFactory):
    """An open posting from 2020 on as a county-level deputy; ``user.unit`` is not touched."""

    class Meta:
        model = Posting

    user = factory.SubFactory(UserFactory)
    unit = factory.SelfAttribute("user.unit")
    post = "副处长"
    level = Level.COUNTY_DEPUTY
    rank = Rank.RESEARCHER_3
    starts_on = BEGIN


def make_units() -> dict[str, Unit]:
    """云山市 with five bureaus, one of which has two divisions."""
    units = {"city": UnitFactory(code="YS", name="云山市", short_name="云山")}
    for key, code, name in (
        ("organisation", "YS-ZZ", "市委组织部"),
        ("data", "YS-SJ", "市数据局"),
        ("justice", "YS-SF", "市司法局"),
        ("school", "YS-DX", "市委党校"),
        ("health", "YS-WJ", "市卫生健康委员会"),
    ):
        units[key] = UnitFactory(code=code, name=name, parent=units["city"])
    units["data_office"] = UnitFactory(code="YS-SJ-01", name="市数据局综合处", parent=units["data"])
    units["data_rules"] = UnitFactory(code="YS-SJ-02", name="市数据局法规处", parent=units["data"])
    return units


# key, work number, name, home unit, role, unit of the grant
PERSONAS = (
    ("trainee", "T0001", "王敏", "data_office", Role.TRAINEE, None),
    ("other_trainee", "T0002", "单雄", "justice", Role.TRAINEE, None),
    ("class_teacher", "B0001", "李静", "school", Role.CLASS_TEACHER, None),
    ("other_teacher", "B0002", "周海", "school", Role.CLASS_TEACHER, None),
    ("unit_admin", "U0001", "陈洁", "data", Role.UNIT_ADMIN, "data"),
    ("training_office", "X0001", "赵培", "organisation", Role.TRAINING_OFFICE, "city"),
    ("lecturer", "J0001", "欧阳文静", "school", Role.LECTURER, None),
    ("leader", "L0001", "曾伟", "data", Role.LEADER, "data"),
    ("other_leader", "L0002", "区明", "justice", Role.LEADER, "justice"),
    ("content_editor", "N0001", "吴编", "school", Role.CONTENT_EDITOR, None),
    ("system_admin", "S0001", "郑维", "school", Role.SYSTEM_ADMIN, None),
    ("security_admin", "S0002", "冯安", "school", Role.SECURITY_ADMIN, None),
    ("audit_admin", "S0003", "褚审", "school", Role.AUDIT_ADMIN, None),
)
# Their personal files are managed by the city's organisation, not by their own bureau.
MANAGED_ABOVE = frozenset({"leader", "other_leader"})


def make_personas() -> dict[str, User]:
    """The people of the URL table by role; everybody signs in with PASSWORD."""
    units = make_units()
    people = {}
    for key, number, name, home, role, reach in PERSONAS:
        unit = units[home]
        manager = units["city"] if key in MANAGED_ABOVE else unit
        person = UserFactory(work_number=number, name=name, unit=unit, managed_by=manager, full=True)
        PostingFactory(user=person, level=Level.COUNTY_HEAD if key in MANAGED_ABOVE else Level.TOWNSHIP_HEAD)
        if role != Role.TRAINEE:
            _granted(person, role, units[reach] if reach else None)
        _granted(person, Role.TRAINEE, None)
        people[key] = person
    mirror_everybody()
    for person in people.values():
        roles_of(person)  # read by now, as by a person who has signed in
    return people
