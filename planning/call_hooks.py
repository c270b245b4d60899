"""What call-ups and nominations register with the Wagtail admin."""

from __future__ import annotations

from typing import Any

from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy

from core.policies import ScopedPolicy
from planning.call_registrations import places_pending
from planning.log_actions import calls as call_log_actions
from planning.models import CallUp, Nomination, NominationStep
from planning.viewsets.calls import CallGroup

for model in (CallUp, Nomination, NominationStep):
    register_permission_policy(model, ScopedPolicy(model))


@hooks.register("register_admin_viewset")
def register_call_viewsets() -> CallGroup:
    return CallGroup()


@hooks.register("register_log_actions")
def register_call_log_actions(actions: LogActionRegistry) -> None:
    call_log_actions.register(actions)


@hooks.register("register_office_pending")
def pending_places(user: Any) -> list[dict[str, Any]]:
    return places_pending(user)
