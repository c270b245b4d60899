"""What courses hear from the parts they stand on, and from themselves."""

from __future__ import annotations

from typing import Any

from courses.models import Enrolment
from courses.services.evaluations import ask_to_evaluate
from courses.services.files import refuse_replacement


def file_about_to_be_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of images and documents."""
    if not raw:
        refuse_replacement(file=instance, update_fields=kwargs.get("update_fields"))


def course_done(sender: Any, enrolment_id: int, **kwargs: Any) -> None:
    """``course_completed``: who finished a course may say what they think of it."""
    done = Enrolment.objects.filter(pk=enrolment_id, state=Enrolment.State.COMPLETED)
    for enrolment in done.select_related("edition__made_by", "user"):
        ask_to_evaluate(enrolment=enrolment)
