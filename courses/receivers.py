"""What courses hear from the parts they stand on, and from themselves."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from courses.models import AuditTask, Enrolment, Stage
from courses.services.auditing import install_audit, note_withdrawal, open_audit
from courses.services.evaluations import ask_to_evaluate
from courses.services.files import refuse_replacement


def file_about_to_be_saved(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of images and documents."""
    if not raw:
        refuse_replacement(file=instance, update_fields=kwargs.get("update_fields"))


def audit_step_begun(sender: Any, instance: Any, user: Any = None, **kwargs: Any) -> None:
    """``task_submitted``: with the first step the audit's record is opened, whoever started the workflow."""
    task = instance.task.specific
    if isinstance(task, AuditTask) and task.stage == Stage.INTERNAL:
        open_audit(instance.workflow_state, user)


def audit_cancelled(sender: Any, instance: Any, user: Any = None, **kwargs: Any) -> None:
    """``workflow_cancelled``."""
    note_withdrawal(instance, user)


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """``post_migrate``: acts once, after the last app's tables were made."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is last and using == "default":
        install_audit()


def course_done(sender: Any, enrolment_id: int, **kwargs: Any) -> None:
    """``course_completed``: who finished a course may say what they think of it."""
    done = Enrolment.objects.filter(pk=enrolment_id, state=Enrolment.State.COMPLETED)
    for enrolment in done.select_related("edition__made_by", "user"):
        ask_to_evaluate(enrolment=enrolment)
