"""Who may act on a nomination as the one who named."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from people.scopes import grant_paths
from planning.models import Nomination
from planning.querysets.calls import UNITS


def is_sender(actor: Any, nomination: Nomination) -> bool:
    """Whether the nomination is the actor's own application, or one that a unit of theirs made of somebody else."""
    if nomination.own_application:
        return bool(nomination.user_id == actor.pk)
    mine = any(nomination.unit.path.startswith(path) for path in grant_paths(actor, UNITS))
    return mine and bool(nomination.user_id != actor.pk)


def require_sender(actor: Any, nomination: Nomination) -> None:
    if not is_sender(actor, nomination):
        raise DomainError(_("只有提名的单位（自主报名的为本人）可以办理。"), code="forbidden")
