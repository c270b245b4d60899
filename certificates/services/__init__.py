from __future__ import annotations

from certificates.services.eligibility import Candidate, candidates
from certificates.services.issuing import confirm_issuance, create_template, issue_one
from certificates.services.reports import publish_report, publish_reports
from certificates.services.status import reissue, revoke

__all__ = [
    "Candidate",
    "candidates",
    "confirm_issuance",
    "create_template",
    "issue_one",
    "publish_report",
    "publish_reports",
    "reissue",
    "revoke",
]
