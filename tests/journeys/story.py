"""Plays the demo's story into the database of the settings: ``python -m tests.journeys.story FOLDER``."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

# Wednesday of the running class's week; the finished class was held from 9 to 13 November.
TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def play(folder: Path) -> None:
    """The whole story; its files go below ``folder``, its accounts into ``accounts.json`` there."""
    from django.conf import settings
    from django.test.utils import override_settings

    from core import clock
    from portal.demo import accounts, ahead, storyline
    from portal.demo.calendar import finished_week
    from portal.demo.stage import DATA, Stage

    folder.mkdir(parents=True, exist_ok=True)
    with override_settings(MEDIA_ROOT=folder / "media"), clock.freeze(NOW):
        stage = Stage(7, TODAY, finished_week(TODAY), DATA / "roster.xlsx", DATA / "units.csv", lambda *_: None)
        storyline.play(stage)
        accounts.open_unit_accounts(stage)
        ahead.look_ahead(stage)
        rows = accounts.account_list(stage)
    shutil.copytree(settings.PRIVATE_ROOT, folder / "private")
    (folder / "accounts.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    import django

    django.setup()
    play(Path(sys.argv[1]))
