"""Reading personal files, and the notice on personal data."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from people.models import NoticeAcceptance, PersonalFileRead, User

PART = PersonalFileRead._meta.get_field("part").max_length


def note_file_read(*, reader: User, subject: User, part: str) -> PersonalFileRead | None:
    """A row for every read of a personal file: who, whose, which part, when; None for one's own file."""
    if reader.pk == subject.pk:
        return None
    return PersonalFileRead.objects.create(reader=reader, subject=subject, part=part[:PART])


def note_file_reads(*, reader: User, subjects: Iterable[int], part: str) -> None:
    """The same for many people at once, by their keys, as when a list of results is printed; one query."""
    rows = [PersonalFileRead(reader=reader, subject_id=key, part=part[:PART]) for key in subjects if key != reader.pk]
    PersonalFileRead.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def accept_notice(*, user: User) -> None:
    """Record that the person read the present version of the notice; a second time changes nothing."""
    version = settings.LINGHANG_NOTICE_VERSION
    _, new = NoticeAcceptance.objects.get_or_create(user=user, version=version)
    user.notice_version = version
    user.save(update_fields=["notice_version"])
    if new:
        log(instance=user, action="people.notice_accepted", user=user, data={"version": version})
