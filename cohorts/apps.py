from __future__ import annotations

from django.apps import AppConfig


class CohortsConfig(AppConfig):
    name = "cohorts"
    verbose_name = "班次"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cohorts import receivers, registrations

        receivers.connect()
        registrations.register_all()
