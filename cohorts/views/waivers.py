"""A condition waived for one member: the form with what may be waived, the record, and taking a waiver back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts import services
from cohorts.forms.classes import ReasonForm
from cohorts.forms.graduation import WaiverForm
from cohorts.models import MembershipState
from cohorts.presenters.board import waiver_row, waivers_url
from cohorts.presenters.members import condition_cell
from cohorts.rules.graduation import Condition, why_not_waivable
from cohorts.services.waivers import WAIVE_STATES, conditions_of
from cohorts.views.loading import class_of_office, form_page, member_of, page, training_office
from core.errors import DomainError


@training_office
@require_http_methods(["GET", "POST"])
def waivers(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """Every condition of a member with whether it may be waived; the office waives one with reason and document."""
    cohort = class_of_office(request, public_id)
    one = member_of(cohort, member_id)
    conditions = conditions_of(one)
    missing = [(c.key, c.label) for c in conditions if not c.met and not why_not_waivable(c.key)]
    form = WaiverForm(request.POST or None, choices=missing)
    if request.method == "POST" and form.is_valid():
        try:
            services.waive(actor=request.user, membership=one, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已豁免，学员会收到通知。"))
            return redirect(waivers_url(cohort, one))
    may_change = cohort.state in WAIVE_STATES
    rows = one.condition_waivers.select_related("membership__user", "granted_by", "revoked_by")
    return page(
        request,
        "waivers",
        cohort,
        "graduation",
        one=one,
        form=form,
        may_waive=bool(missing) and may_change and one.state == MembershipState.REGISTERED,
        conditions=[_condition(c) for c in conditions],
        rows=[waiver_row(row, cohort, may_revoke=may_change) for row in rows],
        status=422 if form.errors else 200,
    )


def _condition(condition: Condition) -> dict[str, str]:
    why = "" if condition.met else why_not_waivable(condition.key)
    return {"label": condition.label, "why_not": why, **condition_cell(condition, decided=False)}


@training_office
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, public_id: UUID, member_id: UUID, waiver_id: UUID) -> HttpResponse:
    cohort = class_of_office(request, public_id)
    one = member_of(cohort, member_id)
    waiver = get_object_or_404(one.condition_waivers, public_id=waiver_id)
    waiver.membership = one
    return form_page(
        request,
        cohort,
        "graduation",
        form=ReasonForm(request.POST or None),
        title=_("撤销豁免：%(name)s，%(what)s") % {"name": one.user.name, "what": waiver.label},
        intro=_("撤销后，这项条件重新按实际情况计算。豁免和撤销都留有记录，学员会收到通知。"),
        submit=_("撤销豁免"),
        act=lambda f: services.revoke_waiver(actor=request.user, waiver=waiver, **f.cleaned_data),
        done=_("已撤销豁免。"),
        back=reverse("cohorts:member-waivers", args=[public_id, member_id]),
    )
