"""How content is edited and approved: what the editors' group may do in the page tree, and the review workflow."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from people.roles import group_of

EDITOR, APPROVER = "content_editor", "training_office"
PAGE_ACTIONS = {EDITOR: ("add_page", "change_page"), APPROVER: ("publish_page", "lock_page", "unlock_page")}
FILE_ACTIONS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "change_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "change_document"),
    ("wagtaildocs", "choose_document"),
)
WORKFLOW = "内容审核"
TASK = "培训处审核"


def install_page_permissions() -> None:
    """Editors write pages, the training office publishes them; Wagtail keeps these rights outside the role."""
    root = Page.get_first_root_node()
    for role, codenames in PAGE_ACTIONS.items():
        for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=codenames):
            GroupPagePermission.objects.get_or_create(group=group_of(role), page=root, permission=permission)


def install_file_permissions() -> None:
    """Editors add and use images and documents."""
    editors, root = group_of(EDITOR), Collection.get_first_root_node()
    for app_label, codename in FILE_ACTIONS:
        for permission in Permission.objects.filter(content_type__app_label=app_label, codename=codename):
            GroupCollectionPermission.objects.get_or_create(group=editors, collection=root, permission=permission)


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: acts once, after the last app's permissions were made."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender is last and using == "default":
        with transaction.atomic():
            install_page_permissions()
            install_file_permissions()
            speak_chinese()


def speak_chinese() -> None:
    """Wagtail's first workflow, its task and the root of the collections are born with English names."""
    Workflow.objects.filter(name="Moderators approval").update(name="编辑审批（未启用）", active=False)
    Task.objects.filter(name="Moderators approval").update(name="编辑审批（未启用）", active=False)
    Collection.objects.filter(depth=1, name="Root").update(name="全部文件")


def install_workflow(home: Page) -> Workflow:
    """Pages that are submitted wait for the training office; made once, found by name. Courses have their audit."""
    workflow, made = Workflow.objects.get_or_create(name=WORKFLOW, defaults={"active": True})
    if made:
        task = GroupApprovalTask.objects.create(name=TASK, active=True)
        task.groups.add(group_of(APPROVER))
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.update_or_create(page=home, defaults={"workflow": workflow})
    return workflow
