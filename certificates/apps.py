from __future__ import annotations

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "certificates"
    verbose_name = "证书"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from certificates import registrations

        registrations.register_all()
