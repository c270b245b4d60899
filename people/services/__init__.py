"""Every change to people, units, postings, roles and access; other packages import from here."""

from __future__ import annotations

from people.services.access import (
    IssuedCode,
    activate,
    change_password,
    issue_activation_codes,
    reset_access,
)
from people.services.contact import change_own_email
from people.services.files import accept_notice, note_file_read, note_file_reads
from people.services.grants import end_grant, grant_role
from people.services.persons import change_person, create_person
from people.services.postings import add_posting
from people.services.slips import order_slips
from people.services.units import correct_unit, create_unit, merge_units, rename_unit, split_unit

__all__ = [
    "IssuedCode",
    "accept_notice",
    "activate",
    "add_posting",
    "change_own_email",
    "change_password",
    "change_person",
    "correct_unit",
    "create_person",
    "create_unit",
    "end_grant",
    "grant_role",
    "issue_activation_codes",
    "merge_units",
    "note_file_read",
    "note_file_reads",
    "order_slips",
    "rename_unit",
    "reset_access",
    "split_unit",
]
