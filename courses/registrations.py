"""What courses register with the parts they stand on, when the applications are ready."""

from __future__ import annotations

from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from core import navigation
from core.middleware import register_content_door
from courses.receivers import file_about_to_be_saved
from people.roles import permit

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
    navigation.register("cadre", _("学习"), "courses:mine", order=20, icon="book", active_prefix="/learn/courses/")


def _guards() -> None:
    for model in (get_image_model(), get_document_model()):
        pre_save.connect(file_about_to_be_saved, sender=model, dispatch_uid=f"pinned-{model._meta.label}")


def register_all() -> None:
    register_content_door("courses/checks/")
    register_content_door("courses/questions/")
    _permissions()
    _menus()
    _guards()
