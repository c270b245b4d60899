"""Publishing the timetable: what members are about to be told, and the confirmation."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts import services
from cohorts.presenters.timetable import entry_days
from cohorts.reading.published import pending
from cohorts.views.loading import class_to_run, office, page, tell


@office
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sentences first; what is published is what was shown."""
    cohort, back = class_to_run(request, public_id), reverse("cohorts:timetable", args=[public_id])
    if request.method == "POST":
        seen = request.POST.get("mark", "")[:64]
        act = lambda: services.publish_timetable(actor=request.user, cohort=cohort, seen=seen)  # noqa: E731
        published = tell(request, act, _("课表已发布，已通知学员。"))
        return redirect(back if published else request.path)
    news = pending(cohort)
    members = cohort.memberships.filter(state__in=("confirmed", "registered")).count()
    return page(
        request, "publish", cohort, "timetable", news=news, members=members, back=back,
        days=entry_days(news.entries) if news.last is None else [],
    )  # fmt: skip
