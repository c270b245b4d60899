"""Giving and ending roles; membership in the roles' groups follows at once."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from people.authority import is_installer, require_role
from people.models import Role, RoleGrant, Unit, User
from people.roles import mirror

# Three administrators keep an eye on one another; no person holds two of these roles.
SEPARATED = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
NEED_UNIT = frozenset({Role.UNIT_ADMIN, Role.TRAINING_OFFICE, Role.LEADER})


@transaction.atomic
def grant_role(
    *, actor: User, user: User, role: str, unit: Unit | None = None, starts_on: date | None = None
) -> RoleGrant:
    """The role on the unit's subtree from a day on (today); DomainError when it may not be given."""
    require_role(actor, Role.SECURITY_ADMIN)
    User.objects.select_for_update().get(pk=user.pk)
    _refuse(actor, user, role, unit)
    try:
        with transaction.atomic():
            grant = RoleGrant.objects.create(
                user=user, role=role, unit=unit, starts_on=starts_on or clock.today(), granted_by=actor
            )
    except IntegrityError as twice:
        raise DomainError(_("%(name)s已经有这个角色，不必重复授权。") % {"name": user.name}, code="twice") from twice
    mirror(user)
    log(instance=user, action="people.role_granted", user=actor, data=_words(grant))
    return grant


def _refuse(actor: User, user: User, role: str, unit: Unit | None) -> None:
    if role not in Role.values:
        raise DomainError(_("没有这个角色，请从列表中选择。"))
    if actor.pk == user.pk and not is_installer(actor):
        raise DomainError(_("不能给自己授权，请由另一位安全管理员办理。"), code="own_grant")
    if role in NEED_UNIT and unit is None:
        raise DomainError(_("“%(role)s”须指定单位范围。") % {"role": Role(role).label})
    if not user.is_active:
        raise DomainError(_("%(name)s的账号已停用，不能授权。") % {"name": user.name})
    held = set(RoleGrant.objects.filter(user=user, ends_on=None).values_list("role", flat=True))
    other = (held & SEPARATED) - {role}
    if role in SEPARATED and other:
        names = {"name": user.name, "role": Role(other.pop()).label}
        raise DomainError(_("%(name)s已是%(role)s。系统、安全、审计三类管理员须由不同的人担任。") % names)


@transaction.atomic
def end_grant(*, actor: User, grant: RoleGrant) -> None:
    """End a grant: today is no longer covered. DomainError when it has ended or is one's own."""
    require_role(actor, Role.SECURITY_ADMIN)
    if actor.pk == grant.user_id and not is_installer(actor):
        raise DomainError(_("不能收回自己的角色，请由另一位安全管理员办理。"), code="own_grant")
    if not _close(grant):
        raise Conflict(_("这项授权已经收回。"))
    mirror(grant.user)
    log(instance=grant.user, action="people.role_ended", user=actor, data=_words(grant))


def _close(grant: RoleGrant) -> int:
    """A grant that begins today or later never took effect on a whole day: its row goes, the log keeps it."""
    row = RoleGrant.objects.filter(pk=grant.pk, ends_on=None)
    if grant.starts_on >= clock.today():
        return row.delete()[0]
    return row.update(ends_on=clock.today() - timedelta(days=1))


def _words(grant: RoleGrant) -> dict[str, str]:
    return {"role": str(Role(grant.role).label), "unit": grant.unit.name if grant.unit else ""}
