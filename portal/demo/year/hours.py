"""Five years of hours that an older system kept, as the workbook that an office would import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from core.spreadsheets.writer import SheetSpec, write_xlsx
from people.models import User
from people.ranks import Regime
from portal.demo.stage import Stage
from records.importing.columns import LABELS

SOURCE = "云山市原干部培训管理系统（虚构）"
YEARS = 5
ONLINE, CENTRAL = "网络自学", "集中培训"
TITLES = ("春季主体班", "业务骨干培训班", "任职培训班", "秋季专题培训班")


def workbook_of(stage: Stage, year: int, people: list[User], regimes: dict[int, str]) -> bytes:
    """Everybody's lines of one year; the same seed gives the same lines."""
    rows = [row for person in people for row in _lines(stage, person, year, regimes.get(person.pk, ""))]
    return write_xlsx([SheetSpec("历年学时", list(LABELS.values()), rows)])


def _lines(stage: Stage, person: User, year: int, regime: str) -> Iterator[list[object]]:
    """A year of online study and, in most years, a class; seniors have longer ones, less often."""
    chance = stage.chance("old", person.work_number, year)
    last = min(date(year, 12, 20), stage.today - timedelta(days=60))
    ended = date(year, 1, 10) + timedelta(days=chance.randrange(0, max(1, (last - date(year, 1, 10)).days)))
    if chance.random() < 0.92:
        online = chance.choice((24, 36, 42, 50, 50, 54, 60, 72))
        yield _line(person, year, "W", "网络培训平台学习", ended, ended, ONLINE, 0, online, "")
    senior = regime == Regime.SENIOR
    if chance.random() < (0.55 if senior else 0.8):
        days = chance.choice((10, 15, 20, 30, 40) if senior else (5, 8, 10, 12, 12, 15))
        title = f"{year}年{chance.choice(TITLES)}"
        number = f"云结字〔{year}〕{person.work_number}"
        yield _line(person, year, "J", title, ended - timedelta(days=days - 1), ended, CENTRAL, days, days * 8, number)


def _line(
    person: User, year: int, kind: str, title: str, first: date, last: date, bucket: str, days: int, hours: int,
    number: str,
) -> list[object]:  # fmt: skip
    values: dict[str, object] = {
        "external_id": f"{year}-{kind}-{person.work_number}",
        "work_number": person.work_number,
        "name": person.name,
        "title": title,
        "organiser": "云山市领航干部学院（虚构）",
        "starts_on": f"{max(first, date(year, 1, 1)):%Y-%m-%d}",
        "ends_on": f"{last:%Y-%m-%d}",
        "bucket": bucket,
        "category": "在职培训",
        "mode": "网络培训" if bucket == ONLINE else "脱产培训",
        "days": days,
        "hours": hours,
        "certificate_no": number,
        "unit": "",
    }
    return [values[key] for key in LABELS]
