"""What the demo leaves on the disk: the issued documents as they are stored, and the accounts to try."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from certificates.models import Certificate, CompetencyReport
from cohorts.models import Cohort
from people.roster import RosterReport, refused_workbook


def write_documents(cohort: Cohort, folder: Path) -> list[Path]:
    """Every certificate and newest report of a class, byte for byte."""
    written = []
    certificates = Certificate.objects.filter(membership__cohort=cohort).order_by("number")
    for certificate in certificates.iterator(chunk_size=20):
        written.append(_write(folder / "certificates", f"{certificate.number}.pdf", certificate.pdf))
    reports = CompetencyReport.objects.newest().filter(membership__cohort=cohort).select_related("membership__user")
    for report in reports.order_by("membership__user__work_number").iterator(chunk_size=20):
        name = f"{report.membership.user.work_number}-能力报告.pdf"
        written.append(_write(folder / "reports", name, report.pdf))
    return written


def write_refused(report: RosterReport | None, folder: Path) -> None:
    """The rows of the roster that were not imported, each with its reason."""
    if report:
        _write(folder, "未导入名单.xlsx", refused_workbook(report))


def _write(folder: Path, name: str, data: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(bytes(data))
    return path


def write_accounts(accounts: list[dict[str, Any]], path: Path) -> None:
    path.write_text(json.dumps(accounts, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
