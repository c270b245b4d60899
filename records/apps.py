from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = "学时"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from records import registrations

        registrations.register_all()
