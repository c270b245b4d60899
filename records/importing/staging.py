"""A file waiting between the page that shows its preview and the button that imports it; and the import itself."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock, jobs
from core.errors import Conflict, DomainError
from core.models import Job
from people.authority import require_role
from people.models import User
from records.importing.planning import CHANGED, NEW, Plan, plan
from records.importing.rows import Row
from records.models import HourChange, HourEntry, HourImport, ImportedHours
from records.services.crediting import HourLine, credit

KIND = "records.hour_import"
LONG = 500  # rows; a longer file is imported by a job
State = HourImport.State


def stage_import(*, actor: User, source: str, name: str, data: bytes) -> tuple[HourImport, Plan]:
    """Keep the file privately with what its preview found; the same file again gives the same waiting row."""
    require_role(actor, "training_office")
    found = plan(actor=actor, source=source, name=name, data=data)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        mine = HourImport.objects.filter(owner=actor, source=found.source, sha256=digest, state=State.PREVIEWED)
        waiting = mine.first() or HourImport(owner=actor, source=found.source, sha256=digest, created_at=clock.now())
        if waiting.pk is None:
            waiting.file.save(f"{waiting.public_id}.bin", ContentFile(data), save=False)
        waiting.file_name, waiting.report = name[-200:], found.as_kept()
        waiting.save()
    return waiting, found


def staged_plan(*, actor: User, staged: HourImport) -> Plan:
    """The preview of a waiting file as it looks now; for its owner only."""
    _refuse_strangers(actor, staged)
    try:
        with staged.file.open("rb") as file:
            data = file.read()
    except FileNotFoundError as gone:
        raise DomainError(_("上传的文件已经不在了，请重新上传。"), code="gone") from gone
    return plan(actor=actor, source=staged.source, name=staged.file_name, data=data)


def _refuse_strangers(actor: User, staged: HourImport) -> None:
    if staged.owner_id != actor.pk:
        raise DomainError(_("这份文件由另一人上传，请自己重新上传。"), code="forbidden")
    if staged.state != State.PREVIEWED:
        raise Conflict(_("这份文件已经导入或放弃，请重新上传。"))


def order_import(*, actor: User, staged: HourImport) -> Job | None:
    """Import a short file at once; a long one as a job, which is returned."""
    _refuse_strangers(actor, staged)
    if staged.report.get("rows", 0) <= LONG:
        commit_import(actor=actor, staged=staged)
        return None
    title = _("导入学时：%(name)s") % {"name": staged.file_name}
    job = jobs.enqueue(
        kind=KIND, owner=actor, params={"import": staged.pk}, title=title, dedupe_key=f"{KIND}:{staged.pk}"
    )
    HourImport.objects.filter(pk=staged.pk).update(job=job)
    return job


def commit_import(*, actor: User, staged: HourImport) -> Plan:
    """Credit the new lines and note the changed values, once, in one transaction; the stored file goes.

    Conflict the second time, or when somebody imported the same numbers in between.
    """
    require_role(actor, "training_office")
    found = staged_plan(actor=actor, staged=staged)
    try:
        with transaction.atomic():
            _claim(staged)
            _write_new(actor, found)
            _write_changed(actor, found)
            HourImport.objects.filter(pk=staged.pk).update(report=found.as_kept(), file="")
            log(staged, "records.hours.import", user=actor, data=_said(staged, found))
    except IntegrityError as taken:
        raise Conflict(_("导入时有人同时导入了同一批数据，什么都没有写入。请重新预览。")) from taken
    _drop_file(staged)
    staged.refresh_from_db()
    return found


def _drop_file(staged: HourImport) -> None:
    """The file goes once the change of its row is certain."""
    storage, kept = staged.file.storage, staged.file.name
    transaction.on_commit(lambda: storage.delete(kept))


def _claim(staged: HourImport) -> None:
    waiting = HourImport.objects.filter(pk=staged.pk, state=State.PREVIEWED)
    if not waiting.update(state=State.COMMITTED, committed_at=clock.now()):
        raise Conflict(_("这份文件已经导入过了。"))


def _said(staged: HourImport, found: Plan) -> dict[str, Any]:
    counts = found.counts()
    return {"file": staged.file_name, "source": staged.source, "new": counts[NEW], "changed": counts[CHANGED]}


def source_key(source: str, external_id: str, version: int) -> str:
    """Names the cause of an imported line; a changed value that was approved is a version of its own."""
    return f"import:{source}:{external_id}:{version}"


def _write_new(actor: User, found: Plan) -> None:
    rows = found.of(NEW)
    lines = [_line(row, source_key(found.source, row.external_id, 1)) for row in rows]
    credit(actor=actor, lines=lines)
    keys = [line.source_key for line in lines]
    entries = dict(HourEntry.objects.filter(source_key__in=keys).values_list("source_key", "pk"))
    ImportedHours.objects.bulk_create(
        (
            ImportedHours(source=found.source, external_id=row.external_id, entry_id=entries[line.source_key])
            for row, line in zip(rows, lines, strict=True)
        ),
        batch_size=500,
    )


def _line(row: Row, key: str) -> HourLine:
    assert row.user_id is not None
    return HourLine(user_id=row.user_id, unit_id=row.unit_id, source_key=key, rule_id=None, **row.line())


def _write_changed(actor: User, found: Plan) -> None:
    """Another value waits for approval; one that waited before it is replaced, and stays readable."""
    rows, now = found.of(CHANGED), clock.now()
    known = [row.known.pk for row in rows]
    waiting = HourChange.objects.filter(imported__in=known, state=HourChange.State.WAITING)
    waiting.update(state=HourChange.State.REPLACED)
    HourChange.objects.bulk_create(
        (
            HourChange(
                imported=row.known, before=row.known.entry, unit_id=row.unit_id, brought_by=actor, brought_at=now,
                **row.line(),
            )
            for row in rows
        ),
        batch_size=500,
    )  # fmt: skip


def discard_import(*, actor: User, staged: HourImport) -> None:
    """Give a waiting file up; the stored file goes."""
    _refuse_strangers(actor, staged)
    if HourImport.objects.filter(pk=staged.pk, state=State.PREVIEWED).update(state=State.DISCARDED, file=""):
        _drop_file(staged)


def _one(job: Job) -> int:
    """The import is one transaction: all of it or nothing."""
    return 1


def _import(job: Job, number: int) -> str:
    staged = HourImport.objects.get(pk=job.params["import"])
    found = commit_import(actor=job.owner, staged=staged)
    return _("新增 %(new)s 笔，待审批 %(changed)s 笔") % found.counts()


def _finish(job: Job) -> dict[str, str]:
    public_id = HourImport.objects.values_list("public_id", flat=True).get(pk=job.params["import"])
    return {"url": reverse("records:import-done", args=[public_id])}


JOB = jobs.JobKind(name=KIND, title=_("导入学时"), total=_one, step=_import, finish=_finish, stop_on_refusal=True)
