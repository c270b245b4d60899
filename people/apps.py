from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from people import registrations, roles

        post_migrate.connect(roles.sync_after_migrate, dispatch_uid="role-groups")
        registrations.register_all()
