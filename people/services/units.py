"""Units over time: a unit that changes gets successors, and past figures stay with the unit of their day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from people.authority import is_installer, require_unit
from people.models import Posting, Role, RoleGrant, Unit, UnitSuccession, User
from people.roles import mirror_everybody
from people.uscc import UsccProblem, read_uscc

KEEPERS = (Role.TRAINING_OFFICE.value,)
CORRECTABLE = frozenset({"name", "short_name", "uscc", "valid_from"})


@transaction.atomic
def create_unit(
    *,
    actor: User,
    code: str,
    name: str,
    parent: Unit | None = None,
    short_name: str = "",
    uscc: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Unit:
    """A unit under ``parent``; a new root comes from the installation only. DomainError when a code is taken."""
    _require_keeper(actor, parent)
    values = {
        "code": clean_code(code),
        "name": clean_unit_name(name),
        "short_name": short_name.strip()[:40],
        "uscc": clean_uscc(uscc),
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    if valid_from and valid_to and valid_to < valid_from:
        raise DomainError(_("撤销日期早于设立日期，请检查。"))
    unit = _added(parent, values)
    log(instance=unit, action="people.unit_created", user=actor, data={"code": unit.code})
    return unit


def _require_keeper(actor: User, parent: Unit | None) -> None:
    if parent is not None:
        require_unit(actor, parent, KEEPERS)
    elif not is_installer(actor):
        raise DomainError(_("请选择上级单位。最上级单位在安装系统时建立。"))


def _added(parent: Unit | None, values: dict[str, Any]) -> Unit:
    _refuse_taken(values, None)
    try:
        with transaction.atomic():
            if parent is None:
                return Unit.add_root(**values)  # type: ignore[no-any-return]
            return Unit.objects.get(pk=parent.pk).add_child(**values)  # type: ignore[no-any-return]
    except IntegrityError as taken:
        raise Conflict(_("单位刚刚被他人改动，请刷新后再试。")) from taken


def _refuse_taken(values: Mapping[str, Any], unit: Unit | None) -> None:
    others = Unit.objects.exclude(pk=unit.pk) if unit else Unit.objects.all()
    if "code" in values and others.filter(code=values["code"]).exists():
        raise DomainError(_("单位代码 %(code)s 已经使用，请换一个。") % {"code": values["code"]})
    if values.get("uscc") and others.filter(uscc=values["uscc"]).exists():
        raise DomainError(_("这个统一社会信用代码已登记在另一单位名下。"))


def clean_code(code: str) -> str:
    """Letters, digits, dots and dashes, at most 32; DomainError otherwise."""
    code = code.strip()
    plain = code.replace("-", "").replace("_", "").replace(".", "")
    if not code or len(code) > 32 or not (code.isascii() and plain.isalnum()):
        raise DomainError(_("单位代码须为 1 至 32 位的半角字母、数字、点或横线。"))
    return code


def clean_unit_name(name: str) -> str:
    """At most 100 characters in one line; DomainError otherwise."""
    name = " ".join(name.split())
    if not name or len(name) > 100 or not name.isprintable():
        raise DomainError(_("单位名称须为 1 至 100 个字，不含控制字符。"))
    return name


def clean_uscc(uscc: str | None) -> str | None:
    """The identifier, None for nothing; DomainError when it cannot be right."""
    if not uscc or not uscc.strip():
        return None
    try:
        return read_uscc(uscc)
    except UsccProblem as problem:
        raise DomainError(str(problem)) from problem


@transaction.atomic
def correct_unit(*, actor: User, unit: Unit, **changes: Any) -> Unit:
    """Put a slip of the pen right; a real change of name is ``rename_unit``, which keeps the past."""
    require_unit(actor, unit, KEEPERS)
    if changes.keys() - CORRECTABLE:
        raise DomainError(_("单位代码和上级单位不能在这里修改。"))
    readers = {"name": clean_unit_name, "uscc": clean_uscc, "short_name": lambda text: text.strip()[:40]}
    values = {key: readers[key](value) if key in readers else value for key, value in changes.items()}
    _refuse_taken(values, unit)
    changed = [key for key, value in values.items() if getattr(unit, key) != value]
    for key in changed:
        setattr(unit, key, values[key])
    if changed:
        unit.save(update_fields=changed)
        fields = [str(Unit._meta.get_field(key).verbose_name) for key in changed]
        log(instance=unit, action="people.unit_corrected", user=actor, data={"fields": fields})
    return unit


def rename_unit(*, actor: User, unit: Unit, code: str, name: str, on: date, document_no: str = "") -> Unit:
    """A successor with the new name takes over people, grants, lower units and the credit identifier."""
    with transaction.atomic():
        successor = _successor(actor, unit, code, name, on)
        _take_over(actor, unit, successor, UnitSuccession.Kind.RENAME, on, document_no)
        uscc, unit.uscc = unit.uscc, None
        unit.save(update_fields=["uscc"])
        successor.uscc = uscc
        successor.save(update_fields=["uscc"])
        mirror_everybody()
    return successor


def merge_units(*, actor: User, units: Sequence[Unit], code: str, name: str, on: date, document_no: str = "") -> Unit:
    """Two or more units become one new unit beside the first of them."""
    if len({unit.pk for unit in units}) < 2:
        raise DomainError(_("合并至少需要两个单位。"))
    with transaction.atomic():
        successor = _successor(actor, units[0], code, name, on)
        for unit in units:
            _take_over(actor, unit, successor, UnitSuccession.Kind.MERGE, on, document_no)
        mirror_everybody()
    return successor


def split_unit(
    *,
    actor: User,
    unit: Unit,
    parts: Sequence[tuple[str, str]],
    people: Mapping[int, int],
    on: date,
    document_no: str = "",
) -> list[Unit]:
    """One unit becomes several (code and name each); ``people`` says by user id which part each person joins.

    Lower units and grants go with the first part. DomainError when somebody is left without a place.
    """
    if len(parts) < 2:
        raise DomainError(_("拆分至少需要两个新单位。"))
    staff = list(User.objects.filter(unit=unit).order_by("pk"))
    lost = [person.name for person in staff if people.get(person.pk) not in range(len(parts))]
    if lost:
        raise DomainError(_("还没有安排去向的人员：%(names)s。") % {"names": "、".join(lost[:10])})
    with transaction.atomic():
        successors = [_successor(actor, unit, code, name, on) for code, name in parts]
        for place, successor in enumerate(successors):
            theirs = [person for person in staff if people[person.pk] == place]
            _move_people(theirs, successor, on)
            _record(unit, successor, UnitSuccession.Kind.SPLIT, on, document_no)
        _move_rest(actor, unit, successors[0], on)
        mirror_everybody()
    return successors


def _successor(actor: User, unit: Unit, code: str, name: str, on: date) -> Unit:
    require_unit(actor, unit, KEEPERS)
    if on > clock.today():
        raise DomainError(_("机构变更请在生效当天或之后办理，生效日期不能晚于今天。"))
    parent = Unit.objects.get(pk=unit.pk).get_parent()
    values = {"code": clean_code(code), "name": clean_unit_name(name), "valid_from": on}
    successor = _added(parent, values)
    log(instance=successor, action="people.unit_created", user=actor, data={"code": successor.code})
    return successor


def _take_over(actor: User, unit: Unit, successor: Unit, kind: str, on: date, document_no: str) -> None:
    require_unit(actor, unit, KEEPERS)
    _move_people(list(User.objects.filter(unit=unit)), successor, on)
    _record(unit, successor, kind, on, document_no)
    _move_rest(actor, unit, successor, on)


def _record(unit: Unit, successor: Unit, kind: str, on: date, document_no: str) -> None:
    UnitSuccession.objects.create(
        predecessor=unit, successor=successor, kind=kind, on=on, document_no=document_no.strip()[:60]
    )


def _move_rest(actor: User, unit: Unit, successor: Unit, on: date) -> None:
    """Management, grants and lower units follow; the unit ends the day before."""
    User.objects.filter(managed_by=unit).update(managed_by=successor)
    _move_grants(actor, unit, successor, on)
    for child in Unit.objects.get(pk=unit.pk).get_children():
        Unit.objects.get(pk=child.pk).move(Unit.objects.get(pk=successor.pk), "last-child")
    unit.refresh_from_db()
    if unit.valid_to is not None:
        raise DomainError(_("“%(unit)s”已经撤销，不能再变更。") % {"unit": unit.name})
    if unit.valid_from and unit.valid_from >= on:
        raise DomainError(_("变更日期须晚于“%(unit)s”的设立日期。") % {"unit": unit.name})
    unit.valid_to = on - timedelta(days=1)
    unit.save(update_fields=["valid_to"])
    log(instance=unit, action="people.unit_ended", user=actor, data={"successor": successor.name})


def _move_people(people: Sequence[User], successor: Unit, on: date) -> None:
    """Each open posting ends the day before and goes on, with the same post and rank, at the successor."""
    open_ones = list(Posting.objects.filter(user__in=people, ends_on=None).select_related("user"))
    late = next((posting for posting in open_ones if posting.starts_on >= on), None)
    if late is not None:
        words = {"name": late.user.name}
        raise DomainError(_("%(name)s现任职务的任职日期不早于变更日期，请先核对任职记录。") % words)
    Posting.objects.filter(pk__in=[posting.pk for posting in open_ones]).update(ends_on=on - timedelta(days=1))
    Posting.objects.bulk_create(
        Posting(user=p.user, unit=successor, post=p.post, level=p.level, rank=p.rank, starts_on=on) for p in open_ones
    )
    User.objects.filter(pk__in=[person.pk for person in people]).update(unit=successor)


def _move_grants(actor: User, unit: Unit, successor: Unit, on: date) -> None:
    today = clock.today()
    for grant in RoleGrant.objects.filter(unit=unit, ends_on=None):
        RoleGrant.objects.get_or_create(
            user=grant.user,
            role=grant.role,
            unit=successor,
            ends_on=None,
            defaults={"starts_on": today, "granted_by": actor},
        )
        grant.ends_on = max(grant.starts_on, today - timedelta(days=1))
        grant.save(update_fields=["ends_on"])
