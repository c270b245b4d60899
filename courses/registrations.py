"""What courses register with the parts they stand on, when the applications are ready."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_migrate, pre_save
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.signals import task_submitted, workflow_cancelled

from core import navigation
from core.middleware import register_content_door
from courses import guards, receivers
from courses.scopes import LOOKING_AFTER
from courses.services.auditing import before_publication
from courses.signals import course_completed
from people.models import Role
from people.roles import permit
from people.scopes import has_role

EDITED = ("lesson", "course")
LOOKED_AT = ("courses.view_playbackanomaly", "courses.change_playbackanomaly")


def _permissions() -> None:
    """Editors write and hand in; the training office publishes, locks and looks after learners."""
    editing = [f"courses.{verb}_{model}" for model in EDITED for verb in ("add", "change", "view")]
    permit("content_editor", "wagtailadmin.access_admin", *editing)
    office = [f"courses.{verb}_{model}" for model in EDITED for verb in ("delete", "publish", "lock", "unlock")]
    permit("training_office", "wagtailadmin.access_admin", *editing, *office, "courses.view_enrolment", *LOOKED_AT)


def _menus() -> None:
    navigation.register("public", _("课程"), "courses:catalogue", order=30, icon="book", active_prefix="/courses/")
    navigation.register_user_menu(_("课程学员"), "courses:teaching", order=7, icon="users-group", visible=looks_after)
    navigation.register("cadre", _("学习"), "courses:mine", order=20, icon="book", active_prefix="/learn/courses/")
    navigation.register(
        "cadre", _("提问"), "courses:teach-questions", order=8, icon="message", visible=_is_lecturer,
        active_prefix="/teach/questions/",
    )  # fmt: skip
    navigation.register_user_menu(_("我的笔记"), "courses:notes", order=6, icon="writing", visible=_is_trainee)
    navigation.register_user_menu(
        _("课程评价结果"), "courses:teach-evaluations", order=9, icon="clipboard-check", visible=_sees_evaluations
    )
    navigation.register_user_menu(_("学员提问"), "courses:teach-questions", order=7, icon="message", visible=_is_office)
    navigation.register_user_menu(_("课程审核"), "courses:audits", order=7, icon="clipboard-check", visible=_reviews)


def _is_trainee(user: Any) -> bool:
    return has_role(user, "trainee")


def _is_lecturer(user: Any) -> bool:
    return has_role(user, "lecturer")


def _is_office(user: Any) -> bool:
    return has_role(user, "training_office")


def _sees_evaluations(user: Any) -> bool:
    return has_role(user, "training_office", "lecturer")


def _reviews(user: Any) -> bool:
    return has_role(user, Role.LECTURER, Role.TRAINING_OFFICE)


def looks_after(user: Any) -> bool:
    return has_role(user, *LOOKING_AFTER)


def _guards() -> None:
    for model in (get_image_model(), get_document_model()):
        pre_save.connect(receivers.file_about_to_be_saved, sender=model, dispatch_uid=f"pinned-{model._meta.label}")


def _audit() -> None:
    """Nothing is published that was not judged."""
    guards.register("audit", before_publication)
    task_submitted.connect(receivers.audit_step_begun, dispatch_uid="courses.audit_step_begun")
    workflow_cancelled.connect(receivers.audit_cancelled, dispatch_uid="courses.audit_cancelled")
    post_migrate.connect(receivers.install_after_migrate, dispatch_uid="courses.audit")


def register_all() -> None:
    register_content_door("courses/checks/")
    register_content_door("courses/questions/")
    _permissions()
    _menus()
    _guards()
    _audit()
    course_completed.connect(receivers.course_done, dispatch_uid="courses-evaluation")
