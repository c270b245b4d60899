"""Every credited line, reversal and policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from people.models import User
from people.ranks import Regime
from records.models import (
    Bucket,
    HourEntry,
    HourRule,
    RequirementLine,
    RequirementPolicy,
    Window,
)
from records.services.outlooks import outdate


@dataclass(frozen=True)
class HourLine:
    """A line to be credited; ``source_key`` names its cause and is credited once."""

    user_id: int
    unit_id: int | None
    bucket: str
    category: str
    mode: str
    days: Decimal
    hours: Decimal
    earned_on: date
    label: str
    source_key: str
    rule_id: int | None
    evidence_no: str = ""


@transaction.atomic
def credit(*, actor: Any, lines: list[HourLine]) -> int:
    """Add the lines whose source is not credited yet; the number of new lines."""
    known = set(
        HourEntry.objects.filter(source_key__in=[x.source_key for x in lines]).values_list("source_key", flat=True)
    )
    new = [line for line in lines if line.source_key not in known]
    now = clock.now()
    HourEntry.objects.bulk_create(
        (HourEntry(**x.__dict__, recorded_by=actor, recorded_at=now) for x in new), batch_size=500
    )
    outdate(line.user_id for line in new)
    return len(new)


@transaction.atomic
def reverse(*, actor: Any, source_keys: list[str], reason: str) -> int:
    """Take lines back by lines of the opposite amount; what is already taken back stays as it is."""
    if not reason.strip():
        raise DomainError("请写明冲销学时的理由。")
    standing = HourEntry.objects.standing().filter(source_key__in=source_keys)
    lines = [
        HourEntry(
            user_id=e.user_id, unit_id=e.unit_id, bucket=e.bucket, category=e.category, mode=e.mode, days=-e.days,
            hours=-e.hours, earned_on=e.earned_on, label=f"冲销：{reason}"[:120], source_key=f"reverse:{e.pk}",
            rule_id=e.rule_id, reverses=e, recorded_by=actor, recorded_at=clock.now(),
        )
        for e in standing
    ]  # fmt: skip
    HourEntry.objects.bulk_create(lines)
    outdate(line.user_id for line in lines)
    return len(lines)


def _check_earlier(days: Decimal, hours: Decimal, earned_on: date, evidence_no: str) -> None:
    if days < 0 or hours < 0 or not (days or hours):
        raise DomainError("天数和学时不能为负，且至少填写一项。")
    if earned_on > clock.today():
        raise DomainError("取得日期不能晚于今天，请核对证明材料。")
    if not evidence_no.strip():
        raise DomainError("请填写证明材料编号，例如结业证书编号或文件号。")


@transaction.atomic
def register_earlier_hours(
    *, actor: Any, user: User, bucket: str, category: str, mode: str, days: Decimal, hours: Decimal,
    earned_on: date, label: str, evidence_no: str,
) -> HourEntry:  # fmt: skip
    """Credit hours that were earned before this system, on the office's word and with the number of their proof.

    The same proof for the same person is credited once; a second time it is refused.
    """
    _check_earlier(days, hours, earned_on, evidence_no)
    key = f"earlier:{user.pk}:{evidence_no.strip()}"
    if HourEntry.objects.filter(source_key=key).exists():
        raise DomainError(f"{user.name}的证明材料“{evidence_no.strip()}”已经登记过学时，请勿重复登记。")
    line = HourLine(
        user.pk, user.unit_id, bucket, category, mode, days, hours, earned_on, label.strip(), key, None,
        evidence_no.strip(),
    )  # fmt: skip
    credit(actor=actor, lines=[line])
    entry = HourEntry.objects.get(source_key=key)
    log(entry, "records.hours.register", user=actor, data={"days": str(days), "hours": str(hours)})
    return entry


# The required-training table as first installed. V: read at its source; V2: safe for design, not quoted as law.
FIRST_LINES: list[dict[str, Any]] = [
    {"regime": Regime.SENIOR, "bucket": Bucket.CENTRAL, "window": Window.ROLLING_5, "min_hours": 550, "min_months": 3},
    {
        "regime": Regime.SENIOR,
        "bucket": Bucket.CENTRAL,
        "window": Window.FROM_PROMOTION,
        "min_hours": 550,
        "min_months": 3,
    },
    {"regime": Regime.JUNIOR, "bucket": Bucket.CENTRAL, "window": Window.YEAR, "min_hours": 90, "min_days": 12},
    {"regime": Regime.SENIOR, "bucket": Bucket.ONLINE, "window": Window.YEAR, "min_hours": 50, "certainty": "V2"},
    {"regime": Regime.JUNIOR, "bucket": Bucket.ONLINE, "window": Window.YEAR, "min_hours": 50, "certainty": "V2"},
]


@transaction.atomic
def install_first_policies(*, actor: Any = None) -> tuple[HourRule, RequirementPolicy]:
    """Hour rule 1 (8 a day, 4 a half day) and requirement policy 1; installed before, they stay as they are."""
    rule, _ = HourRule.objects.get_or_create(
        version=1,
        defaults={
            "name": "半天四学时", "hours_per_day": 8, "hours_per_half_day": 4, "effective_from": date(2023, 1, 1),
            "note": "办班单位自行确定的折算标准",
        },
    )  # fmt: skip
    policy, created = RequirementPolicy.objects.get_or_create(
        version=1,
        defaults={"name": "干部应训学时要求", "effective_from": date(2023, 1, 1),
                  "plan_from": date(2023, 1, 1), "plan_to": date(2027, 12, 31)},
    )  # fmt: skip
    if created:
        RequirementLine.objects.bulk_create(RequirementLine(policy=policy, **line) for line in FIRST_LINES)
        log(policy, "records.policy.install", user=actor, data={"version": 1})
    return rule, policy
