"""A roster waiting between the page that shows its preview and the button that imports it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import Conflict, DomainError
from people.models import RosterImport, User
from people.roster.importing import commit, preview
from people.roster.report import RosterReport


def stage(
    *,
    actor: User,
    name: str,
    data: bytes,
    mapping: Mapping[str, int] | None = None,
    context_key: str = "",
) -> tuple[RosterImport, RosterReport]:
    """Keep the file privately with what its preview found; the same file again gives the same waiting row."""
    report = preview(actor=actor, name=name, data=data, mapping=mapping)
    values: dict[str, Any] = {
        "file_name": name[-200:],
        "mapping": dict(mapping or {}),
        "report": report.as_kept(),
        "created_at": clock.now(),
    }
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        waiting = RosterImport.objects.filter(
            owner=actor, context_key=context_key, sha256=digest, state=RosterImport.State.PREVIEWED
        ).first()
        if waiting is None:
            waiting = RosterImport(owner=actor, context_key=context_key, sha256=digest)
            waiting.file.save(f"{waiting.pk}.bin", ContentFile(data), save=False)
        for key, value in values.items():
            setattr(waiting, key, value)
        waiting.save()
    return waiting, report


def staged_report(*, actor: User, staged: RosterImport) -> RosterReport:
    """The preview of a waiting file as it looks now; for its owner only."""
    _refuse_strangers(actor, staged)
    with staged.file.open("rb") as file:
        return preview(actor=actor, name=staged.file_name, data=file.read(), mapping=staged.mapping or None)


def commit_staged(*, actor: User, staged: RosterImport) -> RosterReport:
    """Import a waiting file once; the stored file goes, its checksum and figures stay. Conflict the second time."""
    report = staged_report(actor=actor, staged=staged)
    with transaction.atomic():
        taken = RosterImport.objects.filter(pk=staged.pk, state=RosterImport.State.PREVIEWED).update(
            state=RosterImport.State.COMMITTED, committed_at=clock.now()
        )
        if not taken:
            raise Conflict(_("这份名单已经导入过了。"))
        done = commit(actor=actor, report=report)
        RosterImport.objects.filter(pk=staged.pk).update(report=done.as_kept(), file="")
        transaction.on_commit(lambda: staged.file.storage.delete(staged.file.name))
    staged.refresh_from_db(fields=["state", "committed_at", "report"])
    return done


def discard_staged(*, actor: User, staged: RosterImport) -> None:
    """Give a waiting file up; the stored file goes."""
    _refuse_strangers(actor, staged)
    RosterImport.objects.filter(pk=staged.pk).update(state=RosterImport.State.DISCARDED, file="")
    staged.file.storage.delete(staged.file.name)


def _refuse_strangers(actor: User, staged: RosterImport) -> None:
    if staged.owner_id != actor.pk:
        raise DomainError(_("这份名单由另一人上传，请自己重新上传。"), code="forbidden")
    if staged.state != RosterImport.State.PREVIEWED:
        raise Conflict(_("这份名单已经导入或放弃，请重新上传。"))
