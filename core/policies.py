"""Wagtail's permission policy with a row scope: nobody may do anything to a row that they cannot see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permission_policies import ModelPermissionPolicy


class ScopedPolicy(ModelPermissionPolicy):
    """Django's permissions on the model *and* ``visible_to`` on the row.

    Register it at the top of ``wagtail_hooks.py``: ``register_permission_policy(Model, ScopedPolicy(Model))``.
    It closes the editing-session ping, bulk actions, copy, and edit links shown in usage and search.
    """

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        if not self.user_has_any_permission(user, actions):
            return self.model._default_manager.none()
        return self.model._default_manager.visible_to(user)

    def user_has_any_permission_for_instance(self, user: Any, actions: Iterable[str], instance: Model) -> bool:
        return self.instances_user_has_any_permission_for(user, actions).filter(pk=instance.pk).exists()

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)
