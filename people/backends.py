from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from people.models import User
from people.roles import permitted
from people.scopes import roles_of


class RoleBackend(ModelBackend):
    """Signs in by work number; permissions are those of the roles that the person holds today, and no others."""

    def get_group_permissions(self, user_obj: User, obj: Any = None) -> set[str]:
        """What the roles of today were declared to permit; read from the declarations, without a query."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        roles = roles_of(user_obj)
        known = getattr(user_obj, "_permitted_to", None)  # a page of the office asks a hundred times
        if known is None or known[0] != roles:
            known = (roles, {codename for role in roles for codename in permitted(role)})
            user_obj._permitted_to = known  # type: ignore[attr-defined]
        return known[1]

    def get_user_permissions(self, user_obj: User, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: User, obj: Any = None) -> set[str]:
        return self.get_group_permissions(user_obj, obj)
