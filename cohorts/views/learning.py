"""The online courses of a class: how far its members are, and the way to each course's learners."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cohorts.models import Cohort
from cohorts.views.loading import class_to_run, office, page
from core import clock
from courses.learner_filters import days_asked
from courses.reading.learners import courses_of_context


@office
@require_safe
def learning(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One line per course; a course opens its learners narrowed to this class."""
    cohort = class_to_run(request, public_id)
    days = days_asked("")
    found = courses_of_context(cohort.context_key, clock.now(), days)
    columns = [{"label": label} for label in (_("课程"), _("学习人数"), _("已完成"), _("停滞"), _("等待确认"))]
    rows = [_row(cohort, row) for row in found]
    return page(request, "learning", cohort, "learning", columns=columns, rows=rows, days=days)


def _row(cohort: Cohort, row: dict[str, Any]) -> list[Any]:
    def narrowed(**more: str) -> str:
        query = urlencode({"context": cohort.context_key, **more})
        return f"{reverse('courses:learners', args=[row['key']])}?{query}"

    stuck = {"text": row["stuck"], "url": narrowed(stuck="any")} if row["stuck"] else "0"
    waiting = {"text": row["confirming"], "url": narrowed(stuck="confirming")} if row["confirming"] else "0"
    return [{"text": row["title"], "url": narrowed()}, row["everybody"], row["completed"], stuck, waiting]
