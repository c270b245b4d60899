from __future__ import annotations

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "planning"
    verbose_name = "计划与调训"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from planning import registrations

        registrations.register_all()
