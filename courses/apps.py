from __future__ import annotations

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "课程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses import registrations

        registrations.register_all()
