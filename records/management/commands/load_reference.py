from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from competencies.services import load_framework
from records.services import install_first_policies


class Command(BaseCommand):
    help = "Load the competency framework, the first hour rule and the first requirement policy; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        load_framework()
        install_first_policies()
        self.stdout.write("已载入能力框架、学时规则和应训要求。")
