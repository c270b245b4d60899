"""A workbook of classes into a draft: all of its rows or none."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from people.models import User
from planning.models import PlannedClass, TrainingPlan
from planning.plan_workbook import read_classes
from planning.services.plans import add_class


@transaction.atomic
def import_classes(*, actor: User, plan: TrainingPlan, name: str, data: bytes) -> list[PlannedClass]:
    """Add every row; DomainError naming the row that does not fit, and nothing is written."""
    made = []
    for number, facts in enumerate(read_classes(name, data), 1):
        try:
            made.append(add_class(actor=actor, plan=plan, **facts))
        except DomainError as refusal:
            words = {"n": number, "title": facts["title"], "why": refusal.message}
            raise DomainError(_("第 %(n)s 个班次“%(title)s”：%(why)s") % words, code=refusal.code) from refusal
    return made
