"""Appraisals as ready rows and figures: how far the writing is, who comes before and after."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.models import Appraisal, Cohort, Membership

COLUMNS = [
    {"label": gettext_lazy("姓名")},
    {"label": gettext_lazy("自我鉴定")},
    {"label": gettext_lazy("小组意见")},
    {"label": gettext_lazy("班主任鉴定")},
    {"label": gettext_lazy("等次"), "short": True},
    {"label": gettext_lazy("签名")},
]


def progress(cohort: Cohort) -> dict[str, int]:
    """已写 12 / 50, 已签 10: written is what the class teacher wrote something in."""
    return cohort.memberships.in_class().aggregate(
        all=Count("pk"),
        written=Count("pk", filter=Q(appraisal__isnull=False) & ~Q(appraisal__teacher_opinion="")),
        signed=Count("pk", filter=Q(appraisal__signed_at__isnull=False)),
        summaries=Count("pk", filter=Q(appraisal__isnull=False) & ~Q(appraisal__summary="")),
    )


def way(cohort: Cohort, one: Membership) -> tuple[Membership | None, Membership | None, int]:
    """The member before and the one after in the order of the list, and the place of this one; two queries at most."""
    rows = cohort.memberships.in_class().order_by("user__sort_key", "pk")
    keys = list(rows.values_list("pk", flat=True))
    if one.pk not in keys:
        return None, None, 0
    at = keys.index(one.pk)
    beside = rows.select_related("user").in_bulk(keys[max(at - 1, 0) : at + 2])
    before = beside[keys[at - 1]] if at > 0 else None
    after = beside[keys[at + 1]] if at + 1 < len(keys) else None
    return before, after, at + 1


def appraisal_row(cohort: Cohort, member: Membership) -> list[Any]:
    held: Appraisal | None = getattr(member, "appraisal", None)
    address = reverse("cohorts:appraisal", args=[cohort.public_id, member.public_id])
    return [
        {"text": member.user.name, "url": address, "sub": member.unit.name},
        _written(bool(held and held.summary)),
        _written(bool(held and held.group_opinion)),
        _written(bool(held and held.teacher_opinion)),
        held.get_grade_display() if held and held.grade else "—",
        _signature(held),
    ]


def _written(there: bool) -> dict[str, str]:
    return {"text": "", "state": "done", "state_word": _("已写")} if there else {"text": _("未写")}


def _signature(held: Appraisal | None) -> dict[str, str]:
    if held is None or held.signed_at is None:
        return {"text": "", "state": "todo", "state_word": _("未签")}
    return {"text": "", "state": "done", "state_word": _("已签"), "sub": held.signed_name}
