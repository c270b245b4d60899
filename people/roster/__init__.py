"""Importing people from a workbook: preview, commit, and the workbooks that go with them."""

from __future__ import annotations

from people.roster.importing import Headings, commit, headings, preview
from people.roster.report import Finding, RosterReport
from people.roster.staging import commit_staged, discard_staged, stage, staged_report
from people.roster.workbooks import refused_workbook, template_workbook

__all__ = [
    "Finding",
    "Headings",
    "RosterReport",
    "commit",
    "commit_staged",
    "discard_staged",
    "headings",
    "preview",
    "refused_workbook",
    "stage",
    "staged_report",
    "template_workbook",
]
