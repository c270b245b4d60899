"""Freezing the statistics of a year."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from core import clock
from core.errors import DomainError
from people.authority import reaches, require_role
from people.models import Role, Unit, User
from portal.models import StatisticsLine, StatisticsReport
from portal.statistics.counting import Line, count, last_day
from records.reading.hours import policy_on

FIRST_YEAR = 2000


def freeze_statistics(*, actor: User, root: Unit, year: int, client_key: UUID) -> StatisticsReport:
    """Count the year below the unit and keep the lines as they stand; the same key again gives the same report.

    DomainError for a year that has not begun and for a unit outside the office's reach.
    """
    require_role(actor, Role.TRAINING_OFFICE)
    if not reaches(actor, root, (Role.TRAINING_OFFICE.value,)):
        raise DomainError(_("“%(unit)s”不在您的管理范围内。") % {"unit": root.name}, code="out_of_scope")
    today = clock.today()
    if not FIRST_YEAR <= year <= today.year:
        raise DomainError(_("请选择%(last)s年或以前的年度。") % {"last": today.year})
    known = StatisticsReport.objects.filter(client_key=client_key).first()
    if known:
        return known
    policy, lines = policy_on(last_day(year, today)), count(root, year, today)
    report = StatisticsReport(
        root=root, year=year, as_of=last_day(year, today), policy_version=policy.version, client_key=client_key,
        made_by=actor,
    )  # fmt: skip
    return _kept(report, lines)


def _kept(report: StatisticsReport, lines: list[Line]) -> StatisticsReport:
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            rows = [StatisticsLine(report=report, **vars(line)) for line in lines]
            StatisticsLine.objects.bulk_create(rows, batch_size=500)
            data = {"year": report.year, "lines": len(rows)}
            log(report, "portal.statistics.freeze", user=report.made_by, data=data)
    except IntegrityError:
        return StatisticsReport.objects.get(client_key=report.client_key)  # the other half of a double click
    return report
