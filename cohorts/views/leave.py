"""Recording leave, coming back, and the decision about too much of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts import services
from cohorts.forms.classes import DecisionForm, LeaveForm, ReturnForm
from cohorts.presenters.members import leave_row
from cohorts.reading.classes import this_half_day
from cohorts.rules import leave as rule
from cohorts.views.loading import class_of_office, class_to_run, form_page, member_of, office, training_office

FORM = require_http_methods(["GET", "POST"])


@office
@FORM
def record(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    now = this_half_day()
    day = min(max(now.day, cohort.starts_on), cohort.ends_on)
    start = {"from_day": day, "to_day": day, "from_half": now.half, "to_half": now.half}
    form = LeaveForm(request.POST or None, initial={**start, "approved_by_name": request.user.name})
    return form_page(
        request,
        cohort,
        "members",
        form=form,
        title=_("登记请假：%(name)s") % {"name": one.user.name},
        intro=rule.arithmetic(one.leave_hours, cohort.total_hours) + _("。请假按半天计，学时取自课表。"),
        submit=_("登记请假"),
        act=lambda f: services.record_leave(actor=request.user, membership=one, **f.cleaned_data),
        done=_("已登记请假。"),
        back=reverse("cohorts:member", args=[public_id, member_id]),
    )


@office
@FORM
def come_back(request: HttpRequest, public_id: UUID, member_id: UUID, leave_id: UUID) -> HttpResponse:
    """销假: the whole leave, or the rest of it."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    leave = get_object_or_404(one.leaves.filter(cancelled_at__isnull=True), public_id=leave_id)
    leave.membership = one

    def act(form: ReturnForm) -> object:
        data = form.cleaned_data
        if data["how"] == "whole":
            return services.cancel_leave(actor=request.user, leave=leave, reason=data["reason"])
        return services.return_early(
            actor=request.user,
            leave=leave,
            last_day=data["last_day"],
            last_half=data["last_half"] or "pm",
            reason=data["reason"],
        )

    row = leave_row(leave)
    return form_page(
        request,
        cohort,
        "members",
        form=ReturnForm(request.POST or None, initial={"last_day": leave.from_day, "last_half": leave.from_half}),
        title=_("销假：%(name)s") % {"name": one.user.name},
        intro=_("请假%(span)s，%(hours)s 学时。销假后学时退回，相应半天恢复为未登记。")
        % {"span": row["span"], "hours": row["hours"]},
        submit=_("销假"),
        act=act,
        done=_("已销假，请假学时已重新计算。"),
        back=reverse("cohorts:member", args=[public_id, member_id]),
    )


@training_office
@FORM
def decide(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """A person decides: withdrawal or waiver, with reason and document number."""
    cohort = class_of_office(request, public_id)
    one = member_of(cohort, member_id)
    return form_page(
        request,
        cohort,
        "members",
        form=DecisionForm(request.POST or None),
        title=_("请假超限决定：%(name)s") % {"name": one.user.name},
        intro=rule.withdrawal_draft(one.user.name, one.leave_hours, cohort.total_hours),
        submit=_("作出决定"),
        act=lambda f: services.decide_on_leave(actor=request.user, membership=one, **f.cleaned_data),
        done=_("决定已记录，超限标记保留。"),
        back=reverse("cohorts:member", args=[public_id, member_id]),
    )
