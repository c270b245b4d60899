"""What a role may do in Django's and Wagtail's words, and the groups that mirror roles.

``RoleBackend`` answers permissions from the grants of today. The groups mirror the grants and carry no permissions
of their own: a backend that reads groups (Axes') would otherwise let an expired grant open doors until the daily
task runs. Membership is kept for Wagtail's page and collection policies, which ask for groups only.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils import translation

from people.models import Role, RoleGrant, User
from people.scopes import roles_of

_permitted: dict[str, set[str]] = defaultdict(set)


def permit(role: str, *codenames: str) -> None:
    """Give a role permissions named ``app_label.codename``; called in an app's ``ready()``."""
    for codename in codenames:
        if codename.count(".") != 1:
            raise ValueError(f"{codename!r} must read app_label.codename")
    _permitted[Role(role).value].update(codenames)


def permitted(role: str) -> frozenset[str]:
    """The permissions that were declared for a role."""
    return frozenset(_permitted[role])


def group_name(role: str) -> str:
    """The name of a role's group: the role in Chinese, whatever language the page speaks."""
    with translation.override(None):
        return str(Role(role).label)


def group_of(role: str) -> Group:
    """The group of a role; made when it is missing."""
    return Group.objects.get_or_create(name=group_name(role))[0]


def _groups() -> dict[str, int]:
    """The key of each role's group, those that are missing made; one query where none is."""
    names = {role: group_name(role) for role in Role.values}
    there = dict(Group.objects.filter(name__in=names.values()).values_list("name", "pk"))
    return {role: there.get(name) or group_of(role).pk for role, name in names.items()}


def _known_permissions() -> dict[str, Permission]:
    rows = Permission.objects.select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}": row for row in rows}


def unknown_permissions() -> list[str]:
    """Declared permissions that the database does not know: a misspelt name or a missing migration."""
    known = _known_permissions()
    return sorted({name for names in _permitted.values() for name in names if name not in known})


def sync_groups() -> None:
    """Each role has its group, and none of these groups carries a permission: permissions are RoleBackend's."""
    for role in Role.values:
        group_of(role).permissions.clear()


def sync_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: acts once, after the last app's permissions were made."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is last and using == "default":
        sync_groups()


@transaction.atomic
def mirror(user: User) -> None:
    """Membership in the roles' groups follows the grants of today; groups that are no role's stay."""
    user.__dict__.pop("_open_grants", None)
    through, groups = User.groups.through, _groups()
    wanted = {groups[role] for role in roles_of(user)}
    rows = through.objects.filter(user=user, group_id__in=groups.values())
    there = set(rows.values_list("group_id", flat=True))
    if there - wanted:
        rows.filter(group_id__in=there - wanted).delete()
    through.objects.bulk_create(
        [through(user_id=user.pk, group_id=group) for group in sorted(wanted - there)], ignore_conflicts=True
    )


@transaction.atomic
def mirror_everybody() -> int:
    """Put every membership right in a constant number of queries; how many rows changed."""
    groups = _groups()
    open_grants = RoleGrant.objects.open().values_list("user_id", "role")
    wanted = {(user, groups[role]) for user, role in open_grants}
    through = User.groups.through
    rows = through.objects.filter(group_id__in=groups.values()).values_list("pk", "user_id", "group_id")
    there = {(user, group): pk for pk, user, group in rows}
    stale = [pk for pair, pk in there.items() if pair not in wanted]
    fresh = [through(user_id=user, group_id=group) for user, group in sorted(wanted - there.keys())]
    through.objects.filter(pk__in=stale).delete()
    through.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(stale) + len(fresh)
