"""Hours of nobody in particular: credited lines, claims with a file, workbooks of another system."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from core.uploads import CheckedFile, checked_upload
from people.models import User
from records.importing import commit_import, stage_import
from records.models import HourChange, HourClaim, HourImport
from records.services import HourLine, credit, hand_in_claim
from tests.factories import leave

HEAD = (
    "外部编号", "工号", "姓名", "培训名称", "主办单位", "开始日期", "结束日期", "学时类别", "天数", "学时",
    "结业证书编号",
)  # fmt: skip


def line(user: User, label: str = "进修班", **changes: Any) -> None:
    """A credited line of five days and forty hours."""
    values = {
        "bucket": "central", "category": "in_service", "mode": "off_job", "days": Decimal(5), "hours": Decimal(40),
        "earned_on": date(2026, 3, 6), "source_key": f"trial:{user.pk}:{label}", "rule_id": None, "evidence_no": "",
    }  # fmt: skip
    credit(actor=user, lines=[HourLine(user_id=user.pk, unit_id=user.unit_id, label=label, **(values | changes))])


def evidence() -> CheckedFile:
    """A small picture, as a phone would send it."""
    return checked_upload(leave.photo(), kinds={"image"}, max_bytes=1_000_000)


def claim(user: User, **changes: Any) -> HourClaim:
    """24 hours of three days in May 2026, claimed with a picture."""
    values: dict[str, Any] = {
        "bucket": "central", "category": "in_service", "mode": "off_job", "days": Decimal(3), "hours": Decimal(24),
        "starts_on": date(2026, 5, 12), "ends_on": date(2026, 5, 14), "title": "数字政府专题研讨班",
        "organiser": "省委党校", "certificate_no": "", "declared": True,
    }  # fmt: skip
    return hand_in_claim(actor=user, file=evidence(), **(values | changes))


def row(user: User, external_id: str, **changes: Any) -> dict[str, Any]:
    """One row of the other system's file, by its headings."""
    values = dict(
        zip(
            HEAD,
            (external_id, user.work_number, user.name, "春季进修班", "省委党校", "2024-03-04", "2024-03-08", "集中培训",
             "5", "40", f"证{external_id}"),
            strict=True,
        )
    )  # fmt: skip
    return values | changes


def csv_of(rows: list[dict[str, Any]]) -> bytes:
    heads = list(dict.fromkeys(name for one in rows for name in one))
    lines = [",".join(heads), *(",".join(str(one.get(name, "")) for name in heads) for one in rows)]
    return ("\n".join(lines) + "\n").encode()


def waiting_import(office: User, user: User, source: str, external_id: str) -> HourImport:
    data = csv_of([row(user, external_id), row(user, f"{external_id}x", 工号="NOBODY")])
    return stage_import(actor=office, source=source, name="既往学时.csv", data=data)[0]


def take_in(office: User, source: str, rows: list[dict[str, Any]]) -> HourImport:
    staged, _found = stage_import(actor=office, source=source, name="既往学时.csv", data=csv_of(rows))
    commit_import(actor=office, staged=staged)
    return staged


def changed(office: User, user: User, source: str) -> HourChange:
    """A line that was imported, and another value for it that waits."""
    take_in(office, source, [row(user, "C1")])
    take_in(office, source, [row(user, "C1", 学时="48")])
    return HourChange.objects.get(imported__source=source)
