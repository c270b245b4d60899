"""The first page of a class in the office: where it stands, what comes next, who runs it; and its history."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.models import ModelLogEntry

from cohorts import services
from cohorts.board import next_step
from cohorts.forms.classes import StaffForm
from cohorts.log_actions import ACTIONS, sentence
from cohorts.models import Cohort, CohortState, MembershipState
from cohorts.permissions import is_office_of
from cohorts.reading.classes import this_half_day, timetable_of
from cohorts.rules.states import FORMING
from cohorts.services.checklist import not_recorded
from cohorts.views.loading import class_of_office, class_to_run, office, page, tell, training_office


@office
@require_safe
def board(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The one question first: what comes next, and what stands in its way."""
    cohort = class_to_run(request, public_id)
    members = list(cohort.memberships.select_related("user"))
    gaps = not_recorded(cohort, members) if cohort.state == CohortState.RUNNING else {}
    return page(
        request,
        "board",
        cohort,
        "board",
        step=next_step(cohort),
        figures=_figures(cohort, members),
        gaps=[(place, len(who)) for place, who in gaps.items()],
        staff=cohort.staff.select_related("user__unit").order_by("duty", "user__sort_key"),
        today=cohort.sessions.filter(day=this_half_day().day).select_related("lecturer"),
        staff_form=StaffForm() if is_office_of(request.user, cohort) and cohort.state not in ("archived",) else None,
        officers=cohort.duties.filter(to_day__isnull=True).select_related("membership__user").order_by("pk"),
        may_clone=is_office_of(request.user, cohort),
        may_cancel=is_office_of(request.user, cohort) and cohort.state in FORMING,
    )


def _figures(cohort: Cohort, members: list) -> list[dict[str, object]]:
    here = [m for m in members if m.state != MembershipState.ABSENT]
    arrived = [m for m in members if m.registered_at]
    half_days = len(timetable_of(cohort))
    flagged = [m for m in members if m.over_leave_limit]
    members_url = reverse("cohorts:members", args=[cohort.public_id])
    return [
        {"label": _("学员"), "value": len(here), "unit": _("人"), "url": members_url, "url_label": _("查看名单")},
        {"label": _("已报到"), "value": len(arrived), "unit": _("人"), "window": _("共 %(n)s 人") % {"n": len(here)}},
        {
            "label": _("总学时"),
            "value": f"{cohort.total_hours.normalize():f}",
            "unit": _("学时"),
            "window": _("课表 %(n)s 个半天，按学时规则第 %(v)s 版") % {"n": half_days, "v": cohort.hour_rule.version},
        },
        {
            "label": _("请假超过七分之一"),
            "value": len(flagged),
            "unit": _("人"),
            "url": f"{members_url}?flag=over" if flagged else "",
            "url_label": _("查看名单"),
        },
    ]


@office
@require_POST
def step(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the class one step on."""
    cohort = class_to_run(request, public_id)
    to = request.POST.get("to", "")
    if to in CohortState.values and to != CohortState.CANCELLED:
        words = _("班次状态已变为“%(state)s”。") % {"state": CohortState(to).label}
        tell(request, lambda: services.advance(actor=request.user, cohort=cohort, to=to), words)
    return redirect("cohorts:board", public_id=public_id)


@training_office
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give a planned class up, after a look at what that means."""
    cohort = class_of_office(request, public_id)
    back = reverse("cohorts:board", args=[public_id])
    if request.method == "POST":
        act = lambda: services.advance(actor=request.user, cohort=cohort, to=CohortState.CANCELLED)  # noqa: E731
        tell(request, act, _("班次已取消。"))
        return redirect(back)
    what = _("取消“%(title)s”，学员名单和课表保留，但不能再办理。") % {"title": cohort.full_title}
    return page(
        request, "confirm", cohort, "board", title=_("取消班次"), what=what,
        count=cohort.memberships.count(), unit=_("名学员"), submit=_("取消这个班次"), back=back, irreversible=True,
        blocked_by=services.check_advance(cohort, CohortState.CANCELLED),
    )  # fmt: skip


@training_office
@require_POST
def add_staff(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_of_office(request, public_id)
    form = StaffForm(request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        tell(
            request,
            lambda: services.appoint(actor=request.user, cohort=cohort, user=chosen["user"], duty=chosen["duty"]),
            _("已指定办班人员。"),
        )
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    return redirect("cohorts:board", public_id=public_id)


@training_office
@require_POST
def dismiss_staff(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_of_office(request, public_id)
    staff = get_object_or_404(cohort.staff.select_related("user", "cohort"), pk=pk)
    tell(request, lambda: services.dismiss(actor=request.user, staff=staff), _("已免去职责。"))
    return redirect("cohorts:board", public_id=public_id)


@office
@require_safe
def history(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everything that was done in the class, the newest first."""
    cohort = class_to_run(request, public_id)
    rows = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Cohort), object_id=str(cohort.pk), action__in=list(ACTIONS)
    )
    shown = Paginator(rows.select_related("user").order_by("-timestamp", "-pk"), 50).get_page(request.GET.get("page"))
    items = [
        {
            "when": entry.timestamp,
            "title": sentence(entry.action, entry.data or {}),
            "text": entry.user.name if entry.user else "",
            "kind": "info",
        }
        for entry in shown
    ]
    return page(request, "history", cohort, "history", items=items, listing=shown)
