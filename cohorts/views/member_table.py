"""The member table: filter it, keep the filters under a name, add people, take it away as a workbook."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.filters import MemberFilter
from cohorts.models import Membership, MembershipState
from cohorts.permissions import is_office_of
from cohorts.reading import classes as reading
from cohorts.rules.states import OPEN
from cohorts.tables import MEMBER_VALUES, member_rows
from cohorts.views.bulk import acts_for
from cohorts.views.loading import class_of_office, class_to_run, office, page, tell, training_office
from cohorts.views.member_rows import members_in_order, workbook
from core.saved_views import parameters_of, views_of
from people.models import User
from people.search import find_people

PER_PAGE = 50


@office
@require_safe
def member_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The heart of the board: filter, tick, act; a name opens everything about the person."""
    cohort = class_to_run(request, public_id)
    found = MemberFilter(request.GET, queryset=members_in_order(cohort), cohort=cohort)
    listed = found.qs.select_related(None).values_list(*MEMBER_VALUES, named=True)
    shown = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    place = f"cohorts:members:{cohort.pk}"
    return page(
        request,
        "members",
        cohort,
        "members",
        rows=member_rows(cohort, shown, reading.timetable_of(cohort), reading.this_half_day()),
        listing=shown,
        filters=found.form,
        views=views_of(request.user, place, request.GET),
        place=place,
        query=parameters_of(request.GET),
        acts=acts_for(cohort),
        may_add=is_office_of(request.user, cohort) and cohort.state in OPEN,
        may_register=cohort.state in ("confirmed", "running"),
        awaited=cohort.memberships.filter(state=MembershipState.CONFIRMED).count(),
    )


@training_office
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Find people of one's scope and take them into the class."""
    cohort = class_of_office(request, public_id)
    if request.method == "POST":
        keys = [int(k) for k in request.POST.getlist("people") if k.isdecimal() and len(k) < 18]
        people = User.objects.visible_to(request.user).active().filter(pk__in=keys)
        words = lambda n: _("添加了 %(n)s 名学员。") % {"n": n}  # noqa: E731
        tell(request, lambda: services.add_members(actor=request.user, cohort=cohort, users=people), words)
        return redirect("cohorts:members", public_id=public_id)
    query = request.GET.get("q", "")
    people = User.objects.visible_to(request.user).active().exclude(memberships__cohort=cohort).select_related("unit")
    found = find_people(people, query, "").order_by("sort_key")[:PER_PAGE] if query.strip() else []
    return page(request, "members_add", cohort, "members", people=found, query=query, most=PER_PAGE)


@office
@require_POST
def register(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Registration of everybody who is still awaited; the button says how many."""
    cohort = class_to_run(request, public_id)
    awaited = list(cohort.memberships.filter(state=MembershipState.CONFIRMED))
    words = lambda n: _("登记了 %(n)s 名学员报到。") % {"n": n}  # noqa: E731
    tell(request, lambda: services.register_members(actor=request.user, cohort=cohort, members=awaited), words)
    return redirect("cohorts:members", public_id=public_id)


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The members as a workbook, in the order of the list and with its filters."""
    cohort = class_to_run(request, public_id)
    rows: QuerySet[Membership] = MemberFilter(request.GET, queryset=members_in_order(cohort), cohort=cohort).qs
    return workbook(cohort, rows)
