from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from certificates.models import Certificate, CompetencyReport
from cohorts.models import Cohort
from core import clock
from core.errors import DomainError
from portal.demo import accounts, ahead, documents, storyline
from portal.demo.calendar import finished_week
from portal.demo.stage import DATA, Stage

BAR = 24


def width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def padded(text: str, columns: int) -> str:
    return text + " " * max(0, columns - width(text))


class Command(BaseCommand):
    help = "Run a whole class from roster to certificate; a database that holds one already is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--roster", default=str(DATA / "roster.xlsx"), help="workbook of the members")
        parser.add_argument("--units", default=str(DATA / "units.csv"), help="CSV of the units that the workbook names")
        parser.add_argument("--seed", type=int, default=7, help="decides every chance of the story")

    def handle(self, *args: Any, roster: str, units: str, seed: int, **options: Any) -> None:
        folder = Path(settings.DEMO_DIR)
        self._prepare()
        if (folder / "accounts.json").exists() and Cohort.objects.exists():
            self.stdout.write("示范数据已经就绪，保持原样。")
            self._table_of_accounts(folder)
            return
        if Cohort.objects.exists():
            raise CommandError(f"上次准备没有完成。请删除 {folder} 后重新运行 make demo。")
        self._play(folder, Path(roster), Path(units), seed)

    def _prepare(self) -> None:
        """Tables and static files, brought up to date in this one process."""
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)

    def _play(self, folder: Path, roster: Path, units: Path, seed: int) -> None:
        today = clock.today()
        stage = Stage(seed, today, finished_week(today), roster, units, self._bar)
        try:
            storyline.play(stage)
            accounts.open_unit_accounts(stage)
            ahead.look_ahead(stage)
        except DomainError as refused:
            raise CommandError(refused.message) from refused
        assert stage.cohort
        documents.write_documents(stage.cohort, folder / "documents")
        documents.write_refused(stage.refused, folder / "documents")
        documents.write_accounts(accounts.account_list(stage), folder / "accounts.json")
        if stage.refused:
            self.stdout.write(f"名册有 {len(stage.refused.errors)} 处错误，未导入的行见 documents/未导入名单.xlsx")
        self._summary(stage)
        self._table_of_accounts(folder)

    def _bar(self, title: str, done: int, total: int) -> None:
        filled = BAR * done // max(1, total)
        line = f"\r{padded(title, 28)} {'█' * filled}{'░' * (BAR - filled)} {done} / {total} "
        self.stdout.write(line, ending="\n" if done == total else "")
        self.stdout.flush()

    def _summary(self, stage: Stage) -> None:
        assert stage.cohort
        stage.cohort.refresh_from_db()
        certificates = Certificate.objects.filter(membership__cohort=stage.cohort)
        reports = CompetencyReport.objects.filter(membership__cohort=stage.cohort)
        self.stdout.write(f"\n{stage.cohort.full_title}：{storyline.ending(stage)}")
        self.stdout.write(
            f"证书 {certificates.count()} 张，能力报告 {reports.count()} 份，均在 {settings.DEMO_DIR / 'documents'}"
        )
        self.stdout.write(f"\n{padded('编号', 34)}{padded('姓名', 30)}文件")
        for number, name in certificates.order_by("number").values_list("number", "printed__name"):
            self.stdout.write(f"{padded(number, 34)}{padded(name, 30)}certificates/{number}.pdf")

    def _table_of_accounts(self, folder: Path) -> None:
        self.stdout.write(f"\n{padded('角色', 16)}{padded('工号', 12)}{padded('密码', 22)}起始页")
        for row in json.loads((folder / "accounts.json").read_text(encoding="utf-8")):
            cells = padded(row["role"], 16) + padded(row["login"], 12) + padded(row["password"], 22)
            self.stdout.write(cells + row["start"])
