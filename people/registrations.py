"""What this app adds to menus, start pages and roles."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core import navigation
from core.messaging import addresses
from people import start
from people.addresses import PersonalFiles
from people.models import Role
from people.roles import permit

# Roles that work in the office (Wagtail's admin); trainees, lecturers and leaders have pages of their own.
OFFICE_ROLES = (
    Role.UNIT_ADMIN,
    Role.TRAINING_OFFICE,
    Role.CLASS_TEACHER,
    Role.CONTENT_EDITOR,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
)
PERMISSIONS = {
    Role.TRAINING_OFFICE: ("view_user", "add_user", "change_user", "view_unit", "add_unit", "change_unit"),
    Role.UNIT_ADMIN: ("view_user", "add_user", "change_user", "view_unit"),
    Role.CLASS_TEACHER: ("view_user",),
    Role.SECURITY_ADMIN: ("view_rolegrant", "add_rolegrant", "change_rolegrant"),
    Role.AUDIT_ADMIN: ("view_rolegrant", "view_personalfileread"),
}
LAST = 900  # an app above that registers a start page of its own comes before


def register_all() -> None:
    """Called once, when the apps are ready."""
    _register_permissions()
    _register_pages()
    addresses.register(PersonalFiles())


def _register_permissions() -> None:
    for role in OFFICE_ROLES:
        permit(role, "wagtailadmin.access_admin")
    for role, codenames in PERMISSIONS.items():
        permit(role, *(f"people.{codename}" for codename in codenames))
    permit(Role.AUDIT_ADMIN, "core.view_site_history")
    permit(Role.TRAINING_OFFICE, "core.view_delivery", "core.change_delivery")
    permit(Role.SYSTEM_ADMIN, "core.view_delivery", "core.change_delivery", "core.view_every_delivery")
    permit(Role.AUDIT_ADMIN, "core.view_delivery", "core.view_every_delivery")


def _register_pages() -> None:
    navigation.register_sign_in(_("登录"), "people:sign-in")
    navigation.register_user_menu(_("我的账号"), "people:account", order=10, icon="user-circle")
    navigation.register_user_menu(_("修改密码"), "people:password", order=20, icon="lock")
    navigation.register_user_menu(_("退出登录"), "people:sign-out", order=90, icon="logout", method="post")
    for role in OFFICE_ROLES:
        start.register(role, "wagtailadmin_home", LAST)
