from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "考核"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from assessments import registrations

        registrations.register_all()
