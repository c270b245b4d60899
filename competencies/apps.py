from __future__ import annotations

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    name = "competencies"
    verbose_name = "能力"
    default_auto_field = "django.db.models.BigAutoField"
