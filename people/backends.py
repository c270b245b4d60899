from __future__ import annotations

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import QuerySet

from people.models import User
from people.roles import group_name
from people.scopes import roles_of


class RoleBackend(ModelBackend):
    """Signs in by work number; permissions are those of the roles that the person holds today, and no others."""

    def _get_group_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.filter(group__name__in=[group_name(role) for role in roles_of(user_obj)])

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return Permission.objects.none()
