"""Import a roster of people, and into a class, from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from cohorts.models import Cohort
from cohorts.services import enter_roster
from core.errors import DomainError
from people import roster
from people.models import Role, User

NO_ACTOR = "请用 --actor 指定办理人的工号；没有培训处人员时，先建立并授权一名。"


class Command(BaseCommand):
    help = "导入人员名册（xlsx、xls、csv）；加 --cohort 时名册上的人同时进入该班次。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="名册文件")
        parser.add_argument("--cohort", metavar="CODE", help="班次编号")
        parser.add_argument("--units", metavar="FILE", help="单位文件，先于人员导入")
        parser.add_argument("--actor", metavar="NUMBER", help="办理人的工号；默认为第一名培训处人员")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="结果以 JSON 输出")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report, joined = self._run(options)
        except DomainError as refusal:
            raise CommandError(refusal.message) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
        else:
            self._tell(report, joined, options)
        if report.errors:
            raise SystemExit(1)

    def _run(self, options: dict[str, Any]) -> tuple[roster.RosterReport, int]:
        actor, path = _actor(options["actor"]), Path(options["file"])
        units = _read(Path(options["units"])) if options["units"] else None
        cohort = _cohort(options["cohort"]) if options["cohort"] else None
        report = roster.preview(actor=actor, name=path.name, data=_read(path), units=units)
        if options["dry_run"]:
            return report, 0
        if cohort is None:
            return roster.commit(actor=actor, report=report), 0
        with transaction.atomic():
            return enter_roster(actor=actor, cohort=cohort, report=report)

    def _tell(self, report: roster.RosterReport, joined: int, options: dict[str, Any]) -> None:
        head = "检查结果（未写入）" if options["dry_run"] else "导入结果"
        self.stdout.write(
            f"{head}：共 {report.rows} 行，新增 {report.created}，更新 {report.updated}，无变化 {report.unchanged}，"
            f"退回 {len(report.errors)}，提醒 {len(report.warnings)}"
        )
        if options["cohort"] and not options["dry_run"]:
            self.stdout.write(f"进入班次 {options['cohort']}：{joined} 人")
        for kind, findings in (("退回", report.errors), ("提醒", report.warnings)):
            for f in findings:
                line = f.masked()
                words = f"{line['sheet']} 第{f.row}行 {f.column}“{line['value']}”：{f.reason}"
                self.stdout.write(f"[{kind}] {words}")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as trouble:
        raise CommandError(f"打不开文件 {path}，请检查路径和权限。") from trouble


def _actor(number: str | None) -> User:
    """The person in whose name the import is done."""
    if number:
        actor = User.objects.filter(work_number=number, is_active=True).first()
        if actor is None:
            raise CommandError(f"没有工号为 {number} 的在用人员。")
        return actor
    actor = User.objects.active().filter(is_superuser=True).order_by("pk").first()
    actor = actor or User.objects.active().holding(Role.TRAINING_OFFICE).order_by("pk").first()
    if actor is None:
        raise CommandError(NO_ACTOR)
    return actor


def _cohort(code: str) -> Cohort:
    try:
        return Cohort.objects.get(code=code)
    except Cohort.DoesNotExist as missing:
        raise CommandError(f"没有编号为 {code} 的班次。") from missing
