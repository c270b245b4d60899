"""Versions of the standard of cost: a new one from a day on, the earlier ones stay as they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import Conflict, DomainError
from people.authority import require_role
from people.models import Role, User
from planning.models import CostLine, CostStandard, FeeClass

# Figures of a national document that was not checked here: a sample, not the law of any place.
SAMPLE = {FeeClass.FIRST: Decimal(760), FeeClass.SECOND: Decimal(650), FeeClass.THIRD: Decimal(550)}
SAMPLE_NAME, SAMPLE_NOTE = "培训费综合定额（示例）", "示例，须按本地文件核对"


@transaction.atomic
def put_standard(
    *, actor: User | None, name: str, effective_from: date, amounts: Mapping[str, Decimal], note: str = ""
) -> CostStandard:
    """The next version; ``amounts`` are yuan per person and day by class of training, every class named.

    The very same version again is the one that stands. DomainError for a day before the newest version's.
    """
    if actor is not None:
        require_role(actor, Role.TRAINING_OFFICE)
    given = {fee_class: Decimal(amounts[fee_class]) for fee_class in FeeClass.values if amounts.get(fee_class)}
    if not name.strip() or len(given) < len(FeeClass) or min(given.values()) <= 0:
        raise DomainError(_("请填写名称和三类培训每人每天的标准，标准须大于 0。"))
    newest = CostStandard.objects.prefetch_related("lines").order_by("-version").first()
    if newest and _says_the_same(newest, name, effective_from, given, note):
        return newest
    if newest and effective_from <= newest.effective_from:
        words = {"day": newest.effective_from, "version": newest.version}
        raise DomainError(_("生效日期须晚于第%(version)s版的生效日期，已有的版本不改动。") % words)
    return _kept(actor, name.strip(), effective_from, given, note.strip())


def _says_the_same(
    newest: CostStandard, name: str, effective_from: date, given: Mapping[str, Decimal], note: str
) -> bool:
    lines = {line.fee_class: line.per_person_day for line in newest.lines.all()}
    there = (newest.name, newest.effective_from, newest.note, lines)
    return there == (name.strip(), effective_from, note.strip(), dict(given))


def _kept(actor: User | None, name: str, effective_from: date, given: Mapping[str, Decimal], note: str) -> CostStandard:
    version = (CostStandard.objects.aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            row = CostStandard.objects.create(
                version=version, name=name, effective_from=effective_from, note=note, made_by=actor,
                made_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as second:
        raise Conflict(_("刚刚已有新版标准，请刷新后核对。")) from second
    CostLine.objects.bulk_create(
        CostLine(standard=row, fee_class=fee_class, per_person_day=amount) for fee_class, amount in given.items()
    )
    log(row, "planning.standard.put", user=actor, data={"version": version})
    return row


def install_sample_standard(*, actor: User | None = None, effective_from: date = date(2023, 1, 1)) -> CostStandard:
    """The sample for a house without a standard; where there is one it stays as it is."""
    there = CostStandard.objects.order_by("-version").first()
    return there or put_standard(
        actor=actor, name=SAMPLE_NAME, effective_from=effective_from, amounts=SAMPLE, note=SAMPLE_NOTE
    )
