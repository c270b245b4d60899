"""Deciding on a value that another system changed: the new one is credited and the old one reversed, or it stays."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from people.models import User
from records.importing.staging import source_key
from records.models import HourChange, HourEntry, ImportedHours
from records.permissions import office_reaches
from records.services.crediting import HourLine, credit, reverse

State = HourChange.State
LINE = ("bucket", "category", "mode", "days", "hours", "earned_on", "label", "evidence_no", "unit_id")


@transaction.atomic
def decide_change(*, actor: User, change: HourChange, approved: bool, reason: str = "") -> HourChange:
    """Approve the new value or keep the old one with a reason; both stay readable. Conflict when it is decided."""
    words = reason.strip()
    if not approved and not words:
        raise DomainError(_("请写明维持原值的理由。"))
    if len(words) > 200:
        raise DomainError(_("理由不能超过 200 个字。"))
    imported = ImportedHours.objects.select_for_update().get(pk=change.imported_id)
    entry = HourEntry.objects.select_related("user").get(pk=imported.entry_id)
    if not office_reaches(actor, entry.user):
        raise DomainError(_("这名学员不在您的办理范围内。"), code="forbidden")
    if not HourChange.objects.filter(pk=change.pk, state=State.WAITING).exists():
        raise Conflict(_("这项更改刚由他人办理，请刷新后查看。"))
    after = _replaced(actor, imported, entry, change) if approved else None
    HourChange.objects.filter(pk=change.pk, state=State.WAITING).update(
        state=State.APPROVED if approved else State.REFUSED, after=after, reason=words, decided_by=actor,
        decided_at=clock.now(),
    )  # fmt: skip
    change.refresh_from_db()
    log(change, "records.change.approve" if approved else "records.change.refuse", user=actor, data=_said(imported))
    return change


def _replaced(actor: User, imported: ImportedHours, entry: HourEntry, change: HourChange) -> HourEntry:
    """Take the old line back and credit the new one under the next version of its number."""
    if not reverse(actor=actor, source_keys=[entry.source_key], reason=_("外部系统更改，已审批")):
        raise Conflict(_("原来的一笔已经冲销，请刷新后查看。"))
    key = source_key(imported.source, imported.external_id, imported.version + 1)
    values: dict[str, Any] = {name: getattr(change, name) for name in LINE}
    credit(actor=actor, lines=[HourLine(user_id=entry.user_id, source_key=key, rule_id=None, **values)])
    new = HourEntry.objects.get(source_key=key)
    ImportedHours.objects.filter(pk=imported.pk).update(entry=new, version=F("version") + 1)
    return new


def _said(imported: ImportedHours) -> dict[str, str]:
    return {"source": imported.source, "external_id": imported.external_id}
