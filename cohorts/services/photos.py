"""Portraits of members: one at a time from a phone, or a packed folder named by work number as a job."""

from __future__ import annotations

import hashlib
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, MemberPhoto, Membership, PhotoBatch
from cohorts.permissions import require_runs
from cohorts.photo_zip import MOST_PHOTO_BYTES, Entry, read_entries, read_photo
from cohorts.rules import states
from cohorts.services.locking import locked
from core import clock, jobs
from core.drawing.photo import PhotoError, cut_portrait
from core.errors import Conflict, DomainError
from core.models import Job
from core.uploads import checked_upload, refuse_marked, shown_name
from people.models import User

KIND = "cohorts.photos"
PHOTOGRAPHED = ("confirmed", "registered")


@transaction.atomic
def put_photo(*, actor: User, membership: Membership, file: UploadedFile) -> MemberPhoto:
    """Keep a member's portrait, cut to size; the same picture again changes nothing."""
    require_runs(actor, membership.cohort)
    held = locked(membership.cohort, *states.OPEN)
    member = held.memberships.select_related("user").get(pk=membership.pk)
    _check_member(member)
    checked = checked_upload(file, kinds={"image"}, max_bytes=MOST_PHOTO_BYTES)
    photo = _keep(actor, member, _cut(checked.data))
    log(held, "cohorts.photos.put", user=actor, data={"count": 1})
    return photo


def _check_member(member: Membership) -> None:
    if member.state not in PHOTOGRAPHED:
        raise DomainError(_("%(name)s已不在班，不接收照片。") % {"name": member.user.name})


def _cut(data: bytes) -> bytes:
    try:
        return cut_portrait(data)
    except PhotoError as trouble:
        raise DomainError(str(trouble), code="photo") from trouble


def _keep(actor: User, member: Membership, data: bytes) -> MemberPhoto:
    digest = hashlib.sha256(data).hexdigest()
    photo = MemberPhoto.objects.filter(membership=member).first() or MemberPhoto(membership=member)
    if photo.sha256 == digest:
        return photo
    _forget_file(photo)
    photo.sha256, photo.added_by, photo.added_at = digest, actor, clock.now()
    photo.file.save(f"{member.public_id}-{digest[:16]}.jpg", ContentFile(data), save=False)
    photo.save()
    return photo


def _forget_file(row: Any) -> None:
    """The file goes when the transaction stands: an undone act leaves it where it is."""
    if row.file:
        storage, name = row.file.storage, row.file.name
        transaction.on_commit(lambda: storage.delete(name))


@transaction.atomic
def remove_photo(*, actor: User, membership: Membership) -> None:
    """Delete a member's portrait, the file included."""
    require_runs(actor, membership.cohort)
    held = locked(membership.cohort, *states.OPEN)
    photo = MemberPhoto.objects.filter(membership=membership).first()
    if photo:
        _forget_file(photo)
        photo.delete()
        log(held, "cohorts.photos.remove", user=actor, data={"who": membership.user.name})


def photo_bytes(membership: Membership) -> bytes | None:
    """The portrait as it is printed, or None."""
    photo = MemberPhoto.objects.filter(membership=membership).first()
    if photo is None:
        return None
    with photo.file.open("rb") as file:
        content: bytes = file.read()
    return content


# A folder of photos: staged, looked at, ordered as a job.


@transaction.atomic
def stage_batch(*, actor: User, cohort: Cohort, file: UploadedFile) -> PhotoBatch:
    """Keep a packed folder until it was looked at; an earlier one that nobody ordered is dropped."""
    require_runs(actor, cohort)
    held = locked(cohort, *states.OPEN)
    name = shown_name(file.name or "")
    refuse_marked(name)
    read_entries(file, set())
    for old in held.photo_batches.filter(ordered_at__isnull=True):
        _forget_file(old)
        old.delete()
    batch = PhotoBatch(cohort=held, name=name, made_by=actor, made_at=clock.now())
    batch.file.save(f"{batch.public_id}.zip", file, save=False)
    batch.save(force_insert=True)
    return batch


def entries_of(batch: PhotoBatch) -> list[Entry]:
    """What the folder holds, as it would be taken now; nothing is written."""
    with _folder(batch) as folder:
        return _entries(batch, folder)


def _entries(batch: PhotoBatch, folder: BinaryIO) -> list[Entry]:
    rows = batch.cohort.memberships.values_list("user__work_number", "state")
    known = {number.upper() for number, state in rows if state in PHOTOGRAPHED}
    gone = {number.upper() for number, state in rows if state not in PHOTOGRAPHED}
    return read_entries(folder, known, strangers=gone)


def _folder(batch: PhotoBatch) -> BinaryIO:
    if not batch.file:
        raise DomainError(_("这个压缩包已经处理完毕，请重新上传。"))
    return batch.file.storage.open(batch.file.name, "rb")  # type: ignore[no-any-return]


@transaction.atomic
def order_batch(*, actor: User, batch: PhotoBatch) -> Job:
    """Take the photos of a folder as a job; ordered again it is the same job."""
    require_runs(actor, batch.cohort)
    held = locked(batch.cohort, *states.OPEN)
    if not any(not entry.refusal for entry in entries_of(batch)):
        raise DomainError(_("压缩包里没有可以使用的照片，请按退回原因改正后重新上传。"))
    if not PhotoBatch.objects.filter(pk=batch.pk, ordered_at__isnull=True).update(ordered_at=clock.now()):
        raise Conflict(_("这批照片已经在处理，请在任务页查看进度。"))
    return jobs.enqueue(
        kind=KIND,
        owner=actor,
        params={"batch": str(batch.public_id)},
        title=_("导入照片：%(title)s") % {"title": held.full_title},
        dedupe_key=f"photos-{batch.public_id}",
    )


def _batch(job: Job) -> PhotoBatch:
    return PhotoBatch.objects.select_related("cohort").get(public_id=UUID(job.params["batch"]))


def _total(job: Job) -> int:
    return len(entries_of(_batch(job)))


def _step(job: Job, n: int) -> str:
    """One file of the folder; a refusal names the file."""
    batch = _batch(job)
    require_runs(job.owner, batch.cohort)
    held = locked(batch.cohort, *states.OPEN)
    with _folder(batch) as folder:
        entry = _entries(batch, folder)[n]
        try:
            return _take(job.owner, held, folder, entry)
        except DomainError as refusal:
            raise DomainError(f"{entry.name}：{refusal.message}") from refusal


def _take(actor: User, cohort: Cohort, folder: BinaryIO, entry: Entry) -> str:
    if entry.refusal:
        raise DomainError(entry.refusal)
    member = cohort.memberships.select_related("user").get(user__work_number__iexact=entry.work_number)
    file = SimpleUploadedFile(entry.name, read_photo(folder, entry.place))
    checked = checked_upload(file, kinds={"image"}, max_bytes=MOST_PHOTO_BYTES)
    _keep(actor, member, _cut(checked.data))
    return member.user.name


def _finish(job: Job) -> dict[str, Any]:
    """The packed folder goes; what it gave is counted in the class's history."""
    batch = _batch(job)
    _forget_file(batch)
    PhotoBatch.objects.filter(pk=batch.pk).update(file="")
    log(batch.cohort, "cohorts.photos.put", user=job.owner, data={"count": job.done - job.refusals.count()})
    return {}


JOB = jobs.JobKind(name=KIND, title=_("导入照片"), total=_total, step=_step, finish=_finish)
