from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from cms.curriculum.loading import Report, load
from cms.curriculum.reading import HERE, read
from core.errors import DomainError

NAMES = {
    "laws": "法规目录",
    "questions": "试题",
    "lessons": "课时",
    "courses": "课程",
    "editions": "课程版次",
    "pages": "页面",
}


class Command(BaseCommand):
    help = "Load laws, questions, lessons, courses and the public site from the curriculum's files; safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as", dest="work_number", required=True, help="work number of a content editor")
        parser.add_argument("--publish-as", required=True, help="work number of somebody of the training office")
        parser.add_argument("--from", dest="folder", type=Path, default=HERE, help="folder of the files")
        parser.add_argument("--update", action="store_true", help="bring texts that stand to what the files say")

    def handle(self, *args: Any, **options: Any) -> None:
        actor, publisher = _person(options["work_number"]), _person(options["publish_as"])
        try:
            with override("zh-hans"):
                files = read(options["folder"])
                report = load(files, actor=actor, publisher=publisher, update=options["update"])
        except DomainError as refused:
            raise CommandError(refused.message) from refused
        self._print(report)

    def _print(self, report: Report) -> None:
        for key, name in NAMES.items():
            made, changed, kept = report.made[key], report.changed[key], report.kept[key]
            self.stdout.write(f"{name}：新增 {made}，更新 {changed}，未变 {kept}")


def _person(work_number: str) -> Any:
    person = get_user_model().objects.filter(work_number=work_number, is_active=True).first()
    if person is None:
        raise CommandError(f"没有工号为 {work_number} 的在用账号。")
    return person
