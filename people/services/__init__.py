"""Every change to people, units, postings, roles and access; other packages import from here."""

from __future__ import annotations

from people.services.access import (
    IssuedCode,
    activate,
    change_password,
    issue_activation_codes,
    reset_access,
)
from people.services.files import accept_notice, note_file_read

__all__ = [
    "IssuedCode",
    "accept_notice",
    "activate",
    "change_password",
    "issue_activation_codes",
    "note_file_read",
    "reset_access",
]
