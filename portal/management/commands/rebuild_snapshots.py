from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal.snapshots import rebuild_all


class Command(BaseCommand):
    help = "Rebuild the figures that leaders read, of all people and of every class; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        people, cohorts = rebuild_all()
        self.stdout.write(f"已更新 {people} 人、{cohorts} 个班次的汇总数据。")
