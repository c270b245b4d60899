"""Materials of a class: uploaded, replaced by a newer version, withdrawn."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort, Material, MaterialFile, Session
from cohorts.permissions import require_runs
from cohorts.services.space.opening import held_open, reason_of, title_of
from core import clock
from core.errors import Conflict, DomainError
from core.uploads import CheckedFile
from people.models import User


@transaction.atomic
def upload_material(
    *,
    actor: User,
    cohort: Cohort,
    client_key: UUID,
    title: str,
    file: CheckedFile,
    session: Session | None = None,
    visible_from: datetime | None = None,
) -> Material:
    """Keep a material as its first version; the same ``client_key`` again gives the first one back."""
    require_runs(actor, cohort)
    held = held_open(cohort)
    known = Material.objects.filter(made_by=actor, client_key=client_key).select_related("cohort").first()
    if known:
        return known
    now = clock.now()
    material = Material.objects.create(
        cohort=held, title=title_of(title), session=_of_class(held, session), visible_from=visible_from or now,
        client_key=client_key, made_by=actor, made_at=now,
    )  # fmt: skip
    _add_version(material, actor, file, number=1)
    log(held, "cohorts.space.material.upload", user=actor, data={"title": material.title})
    return material


def _of_class(cohort: Cohort, session: Session | None) -> Session | None:
    if session and session.cohort_id != cohort.pk:
        raise DomainError(_("这节课不在本班课表里，请刷新后重选。"))
    return session


def _add_version(material: Material, actor: User, file: CheckedFile, *, number: int) -> None:
    row = MaterialFile(
        material=material, number=number, name=file.original_name, content_type=file.content_type,
        size=len(file.data), sha256=file.sha256, added_by=actor, added_at=clock.now(),
    )  # fmt: skip
    row.file.save(f"{material.cohort.public_id}/{file.name}", ContentFile(file.data), save=False)
    row.save(force_insert=True)


@transaction.atomic
def change_material(
    *,
    actor: User,
    material: Material,
    version: int,
    title: str,
    session: Session | None = None,
    visible_from: datetime | None = None,
    file: CheckedFile | None = None,
) -> Material:
    """Change the facts of a material or put a newer file in its place; earlier versions are kept.

    Conflict when somebody changed it since ``version`` was read; the very same file again makes no new version.
    """
    require_runs(actor, material.cohort)
    held = held_open(material.cohort)
    values = {
        "title": title_of(title),
        "session": _of_class(held, session),
        "visible_from": visible_from or material.visible_from,
    }
    rows = Material.objects.standing().filter(pk=material.pk, version=version)
    if not rows.update(**values, version=F("version") + 1):
        raise Conflict(_("保存期间这份资料已被他人修改或撤下，您的修改没有写入。请对照最新内容后再保存。"))
    newest = material.files.first()
    if file and newest and file.sha256 != newest.sha256:
        _add_version(material, actor, file, number=newest.number + 1)
    log(held, "cohorts.space.material.change", user=actor, data={"title": values["title"]})
    material.refresh_from_db()
    return material


@transaction.atomic
def withdraw_material(*, actor: User, material: Material, reason: str) -> Material:
    """Take a material back, also after the closing; members no longer get it, those who run the class do."""
    require_runs(actor, material.cohort)
    values = {"withdrawn_at": clock.now(), "withdrawn_by": actor, "withdraw_reason": reason_of(reason)}
    if not Material.objects.standing().filter(pk=material.pk).update(**values, version=F("version") + 1):
        raise Conflict(_("这份资料已经撤下，无需重复办理。"))
    data = {"title": material.title, "reason": values["withdraw_reason"]}
    log(material.cohort, "cohorts.space.material.withdraw", user=actor, data=data)
    material.refresh_from_db()
    return material
