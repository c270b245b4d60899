"""Honours: titles with their places and the chosen, choosing by ticking, taking one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts import services
from cohorts.forms.classes import ReasonForm
from cohorts.forms.graduation import HonourForm, QuotaForm
from cohorts.models import Cohort, CohortState, Honour, HonourQuota, MembershipState
from cohorts.permissions import is_office_of
from cohorts.reading.classes import this_half_day
from cohorts.reading.tally import tally
from cohorts.rules.states import OPEN
from cohorts.services.honours import places_of
from cohorts.views.loading import (
    class_of_office,
    class_to_run,
    form_page,
    office,
    page,
    picked_members,
    training_office,
)
from core.errors import DomainError
from people.search import find_people

PER_PAGE = 50
FORM = require_http_methods(["GET", "POST"])


@office
@require_http_methods(["GET"])
def honours(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every title with its arithmetic and those who have it."""
    cohort = class_to_run(request, public_id)
    may_set = is_office_of(request.user, cohort) and cohort.state in OPEN
    return page(
        request, "honours", cohort, "graduation", groups=groups_of(cohort), quota_form=QuotaForm(), may_set=may_set
    )


def groups_of(cohort: Cohort) -> list[dict[str, Any]]:
    """The titles with their rows, in a number of queries that grows with the titles only."""
    is_running = cohort.state == CohortState.RUNNING
    given: dict[int, list[Honour]] = {}
    rows = Honour.objects.filter(quota__cohort=cohort).select_related(
        "membership__user", "membership__unit", "by", "withdrawn_by"
    )
    for row in rows.order_by("membership__user__sort_key", "pk"):
        given.setdefault(row.quota_id, []).append(row)
    return [_group(cohort, quota, given.get(quota.pk, []), is_running) for quota in cohort.honour_quotas.all()]


def _group(cohort: Cohort, quota: HonourQuota, rows: list[Honour], is_running: bool) -> dict[str, Any]:
    quota.cohort = cohort
    address = [cohort.public_id, quota.pk]
    return {
        "quota": quota,
        "sum": places_of(quota).sum_words,
        "taken": sum(row.withdrawn_at is None for row in rows),
        "rows": [_row(cohort, row, is_running) for row in rows],
        "give_url": reverse("cohorts:honour-give", args=address) if is_running else "",
    }


def _row(cohort: Cohort, honour: Honour, is_running: bool) -> dict[str, Any]:
    stands = honour.withdrawn_at is None
    address = reverse("cohorts:honour-withdraw", args=[cohort.public_id, honour.public_id])
    return {
        "honour": honour,
        "name": honour.membership.user.name,
        "stands": stands,
        "withdraw_url": address if stands and is_running else "",
    }


@training_office
@FORM
def quota(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A title and how many may receive it."""
    cohort = class_of_office(request, public_id)
    return form_page(
        request,
        cohort,
        "graduation",
        form=QuotaForm(request.POST or None),
        title=_("设定评优名额"),
        intro=_("名额和比例只填一项；按比例时以在班人数计算，舍去小数。"),
        submit=_("保存名额"),
        act=lambda f: services.set_quota(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("名额已保存。"),
        back=reverse("cohorts:honours", args=[public_id]),
    )


@office
@FORM
def give(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Tick those who can graduate; over the quota nothing is given and the sum is shown."""
    cohort = class_to_run(request, public_id)
    one = get_object_or_404(cohort.honour_quotas, pk=pk)
    one.cohort = cohort
    form, picked = HonourForm(request.POST or None), picked_members(cohort, request)
    if request.method == "POST" and form.is_valid() and _given(request, form, one, picked):
        return redirect("cohorts:honours", public_id=public_id)
    query = request.GET.get("q", "")
    return page(
        request,
        "honour_give",
        cohort,
        "graduation",
        quota=one,
        sum=places_of(one).sum_words,
        taken=one.honours.filter(withdrawn_at__isnull=True).count(),
        candidates=Paginator(_candidates(cohort, one, query), PER_PAGE).get_page(request.GET.get("page")),
        picked={m.pk for m in picked},
        query=query,
        form=form,
        status=422 if form.errors else 200,
    )


def _given(request: HttpRequest, form: HonourForm, one: HonourQuota, picked: list[Any]) -> bool:
    if not picked:
        form.add_error(None, _("请先勾选学员。"))
        return False
    try:
        made = services.honour(actor=request.user, quota=one, members=picked, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    words = {"n": len(made), "title": one.title}
    messages.success(request, _("%(n)s 名学员评为“%(title)s”。") % words)
    return True


def _candidates(cohort: Cohort, one: HonourQuota, query: str) -> Any:
    """Those who can graduate and do not hold the title."""
    can = tally(cohort, this_half_day()).picked("can")
    holding = one.honours.filter(withdrawn_at__isnull=True).values("membership")
    rows = cohort.memberships.filter(pk__in=can, state=MembershipState.REGISTERED).exclude(pk__in=holding)
    return find_people(rows.select_related("user", "unit"), query).order_by("user__sort_key", "pk")


@office
@FORM
def withdraw(request: HttpRequest, public_id: UUID, honour_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    rows = Honour.objects.filter(quota__cohort=cohort).select_related("quota__cohort", "membership__user")
    one = get_object_or_404(rows, public_id=honour_id)
    return form_page(
        request,
        cohort,
        "graduation",
        form=ReasonForm(request.POST or None),
        title=_("撤销“%(title)s”：%(name)s") % {"title": one.quota.title, "name": one.membership.user.name},
        intro=_("撤销后名额空出，可以另评；评选和撤销都留有记录。"),
        submit=_("撤销"),
        act=lambda f: services.withdraw_honour(actor=request.user, honour=one, **f.cleaned_data),
        done=_("已撤销。"),
        back=reverse("cohorts:honours", args=[public_id]),
    )
