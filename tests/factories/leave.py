"""Seats on the ladder, requests for leave, and a proof to go with them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cohorts import services
from cohorts.models import Approver, Cohort, LeaveRequest, Membership, StepKey
from people.models import Unit, User
from tests.factories.cohorts import MONDAY
from tests.factories.people import UserFactory

TUESDAY = date(2026, 9, 15)
WEDNESDAY = date(2026, 9, 16)


def seat(host: Unit, step: str, user: User | None = None, **more: Any) -> Approver:
    holder = user or UserFactory(
        unit=host, name={"academic": "贺教", "vice_head": "尚校", "organisation": "祖部"}[step]
    )
    return Approver.objects.create(host=host, step=step, user=holder, title=f"{StepKey(step).label}负责人", **more)


def seats(cohort: Cohort) -> dict[str, User]:
    """One holder for each step above the class teacher's."""
    return {key: seat(cohort.host, key).user for key in ("academic", "vice_head", "organisation")}


def ask(member: Membership, **changes: Any) -> LeaveRequest:
    """By default Tuesday morning, private."""
    values = {
        "membership": member,
        "category": "private",
        "from_day": TUESDAY,
        "from_half": "am",
        "to_day": TUESDAY,
        "to_half": "am",
        "reason": "家中有事",
        "knows_limit": True,
    }
    return services.submit_request(actor=member.user, **{**values, **changes})


def photo(name: str = "诊断证明.png") -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), content_type="image/png")


__all__ = ["MONDAY", "TUESDAY", "WEDNESDAY", "ask", "photo", "seat", "seats"]
