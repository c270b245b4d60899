from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "公共部件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core import append_only, languages, lookups, safety  # noqa: F401 - lookups and checks register themselves

        post_migrate.connect(append_only.install_after_migrate, dispatch_uid="append-only")
        languages.gather_fallbacks()
        autodiscover_modules("jobs")  # each app registers its kinds of job there
        autodiscover_modules("message_kinds")  # and there its kinds of messages that leave the house
