"""The book of addresses: mail and telephone of the personal file, the work number as the account in WeCom."""

from __future__ import annotations

from collections.abc import Collection

from core.messaging.kinds import MAIL, SMS, WECOM
from people.models import User


class PersonalFiles:
    """Those who may sign in and have what the channel needs."""

    def reachable(self, people: Collection[int], channel: str) -> set[int]:
        rows = User.objects.active().filter(pk__in=people)
        if channel == MAIL:
            rows = rows.exclude(email="")
        elif channel == SMS:
            rows = rows.exclude(phone_hash=None)
        return set(rows.order_by().values_list("pk", flat=True))

    def address(self, person: int, channel: str) -> str:
        field = {MAIL: "email", SMS: "phone", WECOM: "work_number"}[channel]
        found: str | None = User.objects.active().filter(pk=person).values_list(field, flat=True).first()
        return found or ""
