from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from competencies.services import load_framework
from core.calendar import load_calendar
from records.services import install_first_policies


class Command(BaseCommand):
    help = "Load the framework, the first hour rule, the first requirements and the calendar; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        load_framework()
        install_first_policies()
        load_calendar()
        self.stdout.write("已载入能力框架、学时规则、应训要求和节假日。")
