"""Every change in the class space: notices, materials, discussion, the contact list."""

from __future__ import annotations

from cohorts.services.space.contacts import say_about_phone
from cohorts.services.space.discussion import edit_post, open_topic, reply
from cohorts.services.space.materials import change_material, upload_material, withdraw_material
from cohorts.services.space.moderation import hide_post, keep_post, report_post, show_post
from cohorts.services.space.notices import (
    announce_due,
    edit_notice,
    note_opening,
    was_told,
    withdraw_notice,
    write_notice,
)

__all__ = [
    "announce_due",
    "change_material",
    "edit_notice",
    "edit_post",
    "hide_post",
    "keep_post",
    "note_opening",
    "open_topic",
    "reply",
    "report_post",
    "say_about_phone",
    "show_post",
    "upload_material",
    "was_told",
    "withdraw_material",
    "withdraw_notice",
    "write_notice",
]
