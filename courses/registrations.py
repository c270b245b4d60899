"""What courses register with the parts they stand on, when the applications are ready."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from core import navigation
from core.middleware import register_content_door
from courses.receivers import course_done, file_about_to_be_saved
from courses.signals import course_completed
from people.roles import permit
from people.scopes import has_role

EDITED = ("lesson", "course")


def _permissions() -> None:
    """Editors write and hand in; the training office publishes, locks and looks after learners."""
    editing = [f"courses.{verb}_{model}" for model in EDITED for verb in ("add", "change", "view")]
    permit("content_editor", "wagtailadmin.access_admin", *editing)
    office = [f"courses.{verb}_{model}" for model in EDITED for verb in ("delete", "publish", "lock", "unlock")]
    permit("training_office", "wagtailadmin.access_admin", *editing, *office, "courses.view_enrolment")


def _menus() -> None:
    navigation.register("public", _("课程"), "courses:catalogue", order=30, icon="book", active_prefix="/courses/")
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


def _is_trainee(user: Any) -> bool:
    return has_role(user, "trainee")


def _is_lecturer(user: Any) -> bool:
    return has_role(user, "lecturer")


def _is_office(user: Any) -> bool:
    return has_role(user, "training_office")


def _sees_evaluations(user: Any) -> bool:
    return has_role(user, "training_office", "lecturer")


def _guards() -> None:
    for model in (get_image_model(), get_document_model()):
        pre_save.connect(file_about_to_be_saved, sender=model, dispatch_uid=f"pinned-{model._meta.label}")


def register_all() -> None:
    register_content_door("courses/checks/")
    _permissions()
    _menus()
    _guards()
    course_completed.connect(course_done, dispatch_uid="courses-evaluation")
