"""Getting in: activation codes on paper, first passwords, resetting access. No mail is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.utils import reset as lift_lockout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from core.templatetags.linghang import day
from people.authority import require_reach
from people.codes import code_hash, new_code
from people.logbook import log_people
from people.models import ActivationCode, User

VALID_DAYS = 30
ISSUERS = ("unit_admin", "training_office")


@dataclass(frozen=True)
class IssuedCode:
    """A code in clear, to be printed once and then forgotten."""

    user: User
    code: str
    expires_at: datetime


@transaction.atomic
def issue_activation_codes(*, actor: User, users: Iterable[User], valid_days: int = VALID_DAYS) -> list[IssuedCode]:
    """A fresh one-time code for each person; codes issued before no longer work.

    DomainError when a person lies outside the actor's scope or is not in use; then nobody gets a code.
    """
    if not 1 <= valid_days <= 90:
        raise DomainError(_("激活码的有效期须在 1 天到 90 天之间。"))
    people = sorted(users, key=lambda user: user.pk)
    require_reach(actor, people, ISSUERS)
    idle = next((user for user in people if not user.is_active), None)
    if idle is not None:
        raise DomainError(_("%(name)s的账号已停用，不能发激活码。请先启用账号。") % {"name": idle.name})
    return _issue(actor, people, timedelta(days=valid_days))


def _issue(actor: User, people: Sequence[User], valid: timedelta) -> list[IssuedCode]:
    now = clock.now()
    list(User.objects.select_for_update().filter(pk__in=[u.pk for u in people]).order_by("pk").values("pk"))
    ActivationCode.objects.filter(user__in=people, used_at=None, voided_at=None).update(voided_at=now)
    issued = [IssuedCode(user, new_code(), now + valid) for user in people]
    ActivationCode.objects.bulk_create(
        ActivationCode(
            user=one.user,
            code_hash=code_hash(one.user.work_number, one.code),
            issued_by=actor,
            issued_at=now,
            expires_at=one.expires_at,
        )
        for one in issued
    )
    log_people(people=people, action="people.code_issued", user=actor, data={"until": day(now + valid)})
    return issued


WRONG = "工号或激活码不正确，或者激活码已经用过、已经过期。请核对纸条；仍不行，请联系单位管理员重新领取。"


def activate(*, work_number: str, code: str, password: str) -> User:
    """Set the first password with a code from a slip, once; DomainError says what to do otherwise."""
    user = User.objects.filter(work_number=work_number.strip(), is_active=True).first()
    found = user and ActivationCode.objects.filter(user=user, code_hash=code_hash(user.work_number, code)).first()
    if not user or not found or found.expires_at <= clock.now():
        raise DomainError(_(WRONG), code="wrong_code")
    check_password(password, user)
    with transaction.atomic():
        taken = ActivationCode.objects.filter(pk=found.pk, used_at=None, voided_at=None).update(used_at=clock.now())
        if not taken:
            raise DomainError(_(WRONG), code="wrong_code")
        _store_password(user, password)
        log(instance=user, action="people.activated", user=user)
    return user


def check_password(password: str, user: User) -> None:
    """DomainError with all that is wrong with a new password."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise DomainError("".join(weak.messages), code="weak_password") from weak


def _store_password(user: User, password: str) -> None:
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def change_password(*, user: User, password: str) -> None:
    """A new password chosen by the person."""
    check_password(password, user)
    _store_password(user, password)
    log(instance=user, action="people.password_changed", user=user)


@transaction.atomic
def reset_access(*, actor: User, user: User) -> IssuedCode:
    """Close the account's old password and lift a lock-out; the person gets in again with the code returned."""
    if actor.pk == user.pk:
        raise DomainError(_("不能重置自己的账号。请在“我的账号”里修改密码，或请上级管理员重置。"))
    issued = issue_activation_codes(actor=actor, users=[user])[0]
    user.set_unusable_password()
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    lift_lockout(username=user.work_number)
    log(instance=user, action="people.access_reset", user=actor)
    return issued
