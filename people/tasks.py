from __future__ import annotations

from celery import shared_task

from people import roles


@shared_task(name="people.mirror_roles", soft_time_limit=60, time_limit=90)
def mirror_roles() -> None:
    """Every day after midnight: grants that ended yesterday leave their groups, those that begin today join."""
    roles.mirror_everybody()
