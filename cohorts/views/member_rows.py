"""The members of a class in the order of its lists, and as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.models import Cohort, Membership
from cohorts.reading import classes as reading
from core import clock
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx


def members_in_order(cohort: Cohort) -> QuerySet[Membership]:
    rows = cohort.memberships.select_related("user", "unit", "group", "posting", "replaces__user", "replaced_by__user")
    return rows.order_by("user__sort_key", "pk")


def workbook(cohort: Cohort, members: Iterable[Membership]) -> HttpResponse:
    """These members as a workbook."""
    members = list(members)
    columns = [
        _("姓名"), ColumnSpec(_("工号"), code=True), _("单位"), _("职务"), _("小组"), _("班级职务"), _("状态"),
        _("报到日期"), _("累计请假学时"), _("请假是否超过七分之一"),
    ]  # fmt: skip
    titles = reading.duties_of([m.pk for m in members])
    rows = [
        [
            m.user.name, m.user.work_number, m.unit.name, m.posting.post if m.posting else "",
            str(m.group) if m.group else "", "、".join(titles.get(m.pk, [])), m.get_state_display(),
            timezone.localdate(m.registered_at) if m.registered_at else None, float(m.leave_hours),
            _("是") if m.over_leave_limit else _("否"),
        ]
        for m in members
    ]  # fmt: skip
    sheet = SheetSpec(_("学员名单"), columns, rows, note=f"{cohort.full_title}（{clock.today():%Y-%m-%d}）")
    return download_response(f"{cohort.code}-{_('学员名单')}.xlsx", write_xlsx([sheet]))
