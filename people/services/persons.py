"""Making and changing people; nobody is ever deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from core.fields import keyed_hash
from people.authority import require_reach, require_unit
from people.contact import ContactProblem, read_email, read_phone
from people.idcard import IdProblem, read_id
from people.models import Role, RoleGrant, Unit, User
from people.names import clean_name, initials, sort_key
from people.roles import mirror

IDENTITY = frozenset({"work_number", "id_number"})  # changed by nobody through the screens
CHANGEABLE = frozenset(
    {"name", "gender", "birth_date", "ethnicity", "political_status", "phone", "email", "managed_by", "is_active"}
)


@transaction.atomic
def create_person(
    *,
    actor: User,
    work_number: str,
    name: str,
    unit: Unit,
    managed_by: Unit | None = None,
    gender: str = "",
    birth_date: date | None = None,
    id_number: str = "",
    phone: str = "",
    email: str = "",
    ethnicity: str = "",
    political_status: str = "",
    synthetic: bool = False,
) -> User:
    """A person who cannot sign in until an activation code is used; DomainError when a value cannot be kept.

    Without a managing organisation the unit itself manages the person. Everybody is a trainee from the first day.
    """
    managed_by = managed_by or unit
    require_unit(actor, unit)
    require_unit(actor, managed_by)
    values = _read({"work_number": work_number, "name": name, "id_number": id_number, "phone": phone, "email": email})
    user = User(
        unit=unit,
        managed_by=managed_by,
        gender=gender,
        birth_date=birth_date,
        ethnicity=ethnicity.strip(),
        political_status=political_status.strip(),
        is_synthetic=synthetic,
        **values,
    )
    user.set_unusable_password()
    _save_new(user)
    RoleGrant.objects.create(user=user, role=Role.TRAINEE, starts_on=clock.today(), granted_by=actor)
    mirror(user)
    log(instance=user, action="people.created", user=actor, data={"work_number": user.work_number})
    return user


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise DomainError(_taken_sentence(user)) from taken


def _taken_sentence(user: User) -> str:
    """Which unique value belongs to somebody else already."""
    others = User.objects.exclude(pk=user.pk)
    if others.filter(work_number=user.work_number).exists():
        return _("工号 %(number)s 已经有人使用。") % {"number": user.work_number}
    if user.id_hash and others.filter(id_hash=user.id_hash).exists():
        return _("这个身份证号已登记在另一人名下。")
    return _("这个手机号已登记在另一人名下。")


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """Checked and normalised values with what is derived from them; DomainError with the first problem's sentence."""
    try:
        parts = [READERS.get(name, _as_is)(name, value) for name, value in values.items()]
    except (IdProblem, ContactProblem) as problem:
        raise DomainError(str(problem)) from problem
    return {key: value for part in parts for key, value in part.items()}


def _as_is(field: str, value: Any) -> dict[str, Any]:
    return {field: value.strip() if isinstance(value, str) else value}


def _read_name(field: str, value: str) -> dict[str, Any]:
    name = clean_name(value)
    return {"name": name, "sort_key": sort_key(name), "initials": initials(name)}


def _read_id(field: str, value: str) -> dict[str, Any]:
    number = read_id(value.strip(), today=clock.today()).number if value.strip() else ""
    return {"id_number": number, "id_hash": keyed_hash(number)}


def _read_phone(field: str, value: str) -> dict[str, Any]:
    number = read_phone(value.strip()) if value.strip() else ""
    return {"phone": number, "phone_hash": keyed_hash(number)}


def _read_email(field: str, value: str) -> dict[str, Any]:
    return {"email": read_email(value.strip()) if value.strip() else ""}


def _read_work_number(field: str, value: str) -> dict[str, Any]:
    return {"work_number": clean_work_number(value)}


def clean_work_number(value: str) -> str:
    """Letters, digits and dashes, at most 32; DomainError otherwise."""
    number = value.strip()
    if not number:
        raise DomainError(_("没有填写工号。"))
    if len(number) > 32:
        raise DomainError(_("工号超过 32 位，请检查这一列是否错位。"))
    if not (number.isascii() and number.replace("-", "").replace("_", "").isalnum()):
        raise DomainError(_("工号只能由半角字母、数字和横线组成。"))
    return number


READERS: dict[str, Any] = {
    "name": _read_name,
    "id_number": _read_id,
    "phone": _read_phone,
    "email": _read_email,
    "work_number": _read_work_number,
}


@transaction.atomic
def change_person(*, actor: User, user: User, **changes: Any) -> User:
    """Change what is not the person's identity; only the changed columns are written.

    DomainError for a field that may not be changed, a value that cannot be kept, or a person out of reach.
    """
    beyond = sorted(changes.keys() - CHANGEABLE)
    if beyond:
        raise DomainError(_("工号和身份证号是身份信息，不能在这里修改；单位随任职变动。"), code="identity")
    require_reach(actor, [user])
    if "managed_by" in changes:
        require_unit(actor, changes["managed_by"])
    if changes.get("is_active") is False and actor.pk == user.pk:
        raise DomainError(_("不能停用自己的账号。"))
    return _write(actor, user, _read(changes))


def _write(actor: User, user: User, values: dict[str, Any]) -> User:
    changed = {name: value for name, value in values.items() if getattr(user, name) != value}
    if not changed:
        return user
    for name, value in changed.items():
        setattr(user, name, value)
    try:
        with transaction.atomic():
            user.save(update_fields=list(changed))
    except IntegrityError as taken:
        raise DomainError(_taken_sentence(user)) from taken
    log(instance=user, action="people.changed", user=actor, data={"fields": labels_of(changed)})
    return user


def labels_of(names: Any) -> list[str]:
    """The fields' names for the log; never their values, which may have to be erased."""
    shown = (name for name in names if name not in {"sort_key", "initials", "id_hash", "phone_hash"})
    return sorted(str(User._meta.get_field(name).verbose_name) for name in shown)
