from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from cohorts.models import Cohort, Membership
from core import clock
from people.models import User
from planning.models import Nomination
from portal.demo import documents
from portal.demo.calendar import running_week
from portal.demo.preparing import load_content
from portal.demo.stage import DATA, Stage
from portal.demo.year.story import Year, account_list, play
from portal.demo.year.town import PEOPLE
from portal.management.commands.demo import Command as Demo
from records.models import HourEntry


class Command(Demo):
    help = "Fill a database with the year of an office: 12 classes, 2,000 cadres, five years of hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=PEOPLE, help="how many cadres the city has")
        parser.add_argument("--seed", type=int, default=7, help="decides every chance of the story")

    def handle(self, *args: Any, people: int, seed: int, **options: Any) -> None:
        folder = Path(settings.DEMO_DIR)
        self._prepare()
        if not (folder / "accounts.json").exists():
            if User.objects.exists():
                raise CommandError(f"上次准备没有完成。请删除 {folder} 后重新运行 make demo-year。")
            today = clock.today()
            stage = Stage(seed, today, running_week(today), DATA / "roster.xlsx", DATA / "units.csv", self._bar)
            year = Year(stage, people)
            play(year)
            load_content(stage)
            documents.write_accounts(account_list(year), folder / "accounts.json")
        counts = (Cohort, User, Nomination, Membership, HourEntry)
        classes, people, named, members, lines = (model.objects.count() for model in counts)
        self.stdout.write(
            f"班次 {classes} 个，人员 {people} 人，提名 {named} 份，学员 {members} 人次，学时记录 {lines} 笔"
        )
        self._table_of_accounts(folder)
