"""How long the log of sending is kept."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from core import clock
from core.messaging.models import Delivery

AT_ONCE = 2000


def purge() -> int:
    """Delete what ended longer ago than the log is kept (``LINGHANG_MESSAGE_LOG_DAYS``); how many rows."""
    before = clock.now() - timedelta(days=settings.LINGHANG_MESSAGE_LOG_DAYS)
    old = Delivery.objects.filter(state__in=Delivery.ENDED, ended_at__lt=before, followers__isnull=True).order_by("pk")
    count = 0
    while keys := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        count += Delivery.objects.filter(pk__in=keys).delete()[0]
    return count
