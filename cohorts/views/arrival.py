"""Arrival (报到): the desk at the door, on a phone or on a table, and the office's page of who is missing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import ReasonForm, ReplaceForm
from cohorts.models import Cohort, CohortState, Membership, MembershipState
from cohorts.permissions import is_office_of
from cohorts.presenters.members import member_state, member_url, trail
from cohorts.services.arrival import ARRIVING, late_sentence
from cohorts.views.loading import class_of_office, class_to_run, member_of, office, page, sent, tell, training_office
from core.errors import DomainError
from people.models import User
from people.search import find_people

HERE = ("registered", "graduated", "not_graduated", "withdrawn")


def _members(cohort: Cohort) -> Any:
    """Everybody with what the desk shows, in one query."""
    rows = cohort.memberships.select_related("user", "unit", "group", "photo", "replaces__user", "replaced_by__user")
    return rows.order_by("group__number", "unit__path", "user__sort_key", "pk")


@office
@require_safe
def desk(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list at the door: find somebody, tap once."""
    cohort = class_to_run(request, public_id)
    everybody = list(_members(cohort))
    query = request.GET.get("q", "").strip()[:50]
    found = set(find_people(cohort.memberships.all(), query).values_list("pk", flat=True)) if query else None
    waiting_only = request.GET.get("show") == "waiting"
    by = _order(request, cohort)
    shown = [
        m
        for m in everybody
        if (found is None or m.pk in found) and not (waiting_only and m.state != MembershipState.CONFIRMED)
    ]
    context = {
        "cohort": cohort,
        "sections": _sections(cohort, shown, by),
        "by": by,
        "query": query,
        "waiting_only": waiting_only,
        "is_filtered": bool(query) or waiting_only,
        "has_groups": any(m.group_id for m in everybody),
        "is_open": cohort.state in ARRIVING,
        "closed_to": _closed_to(cohort),
        "last_day": services.last_day_of_arrival(cohort),
        "late": _late_sentence(cohort, everybody),
        **_total(everybody),
    }
    return render(request, "cohorts/arrival.html", context)


def _order(request: HttpRequest, cohort: Cohort) -> str:
    asked = request.GET.get("by", "")
    if asked in ("group", "unit"):
        return asked
    return "group" if cohort.groups.exists() else "unit"


def _closed_to(cohort: Cohort) -> str:
    if cohort.state in ARRIVING:
        return ""
    return _("班次目前是“%(state)s”，只能查看。") % {"state": cohort.get_state_display()}


def _total(members: list[Membership]) -> dict[str, int]:
    """Who came, of those who are to come."""
    arrived = sum(m.state in HERE for m in members)
    waiting = sum(m.state == MembershipState.CONFIRMED for m in members)
    return {"arrived": arrived, "waiting": waiting, "all": arrived + waiting}


def _late_sentence(cohort: Cohort, members: list[Membership]) -> str:
    names = [m.user.name for m in members if m.state == MembershipState.CONFIRMED]
    if not names or cohort.state not in ARRIVING or not services.is_arrival_over(cohort):
        return ""
    return late_sentence(cohort, names)


def _sections(cohort: Cohort, members: list[Membership], by: str) -> list[dict[str, Any]]:
    sections: dict[str, list[dict[str, Any]]] = {}
    if by == "unit":
        members = sorted(members, key=lambda m: (m.unit.path, m.user.sort_key, m.pk))
    for member in sorted(members, key=lambda m: m.state == MembershipState.ABSENT):
        sections.setdefault(_section(member, by), []).append(_row(cohort, member, by))
    return [
        {"title": title, "rows": rows, "arrived": sum(r["is_here"] for r in rows), "all": len(rows)}
        for title, rows in sections.items()
    ]


def _section(member: Membership, by: str) -> str:
    """Who did not come stands at the end, whatever the order."""
    if member.state == MembershipState.ABSENT:
        return _("未报到和被替换")
    return member.unit.name if by == "unit" else str(member.group or _("未分组"))


def _row(cohort: Cohort, member: Membership, by: str) -> dict[str, Any]:
    is_open = cohort.state in ARRIVING
    is_waiting = member.state == MembershipState.CONFIRMED
    return {
        "member": member,
        "place": str(member.group or _("未分组")) if by == "unit" else member.unit.name,
        "state": member_state(member),
        "trail": trail(member),
        "is_here": member.state in HERE,
        "may_arrive": is_open and (is_waiting or _came_back(member)),
        "may_undo": is_open and member.state == MembershipState.REGISTERED,
        "may_replace": is_open and (is_waiting or _came_back(member)),
        "may_photograph": is_open and member.state in ("confirmed", "registered"),
        "has_photo": hasattr(member, "photo"),
    }


def _came_back(member: Membership) -> bool:
    """Noted as not arrived, and the place is still free."""
    return member.state == MembershipState.ABSENT and not hasattr(member, "replaced_by")


@office
@require_POST
def arrive(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """One tap: the member is here; tapped twice it is once."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    act = lambda: services.register_members(actor=request.user, cohort=cohort, members=[one])  # noqa: E731
    return _answer(request, cohort, one, act)


@office
@require_POST
def undo(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """Take back a tap on the wrong name."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    return _answer(request, cohort, one, lambda: services.undo_arrival(actor=request.user, membership=one))


def _answer(request: HttpRequest, cohort: Cohort, one: Membership, act: Any) -> HttpResponse:
    """The row as it stands now with the running total; without a script the list again, at that row."""
    sent, refusal = request.POST, ""  # read first: a body that is no form changes nothing
    try:
        act()
    except DomainError as refused:
        refusal = refused.message
    if request.headers.get("HX-Request") != "true":
        if refusal:
            messages.error(request, refusal)
        return redirect(desk_url(cohort, sent) + f"#m{one.pk}")
    members, by = list(_members(cohort)), sent.get("by", "")
    row = next(_row(cohort, m, by) for m in members if m.pk == one.pk)
    context = {"cohort": cohort, "row": row, "refusal": refusal, "by": by, **_total(members)}
    return render(request, "cohorts/arrival_answer.html", context, status=422 if refusal else 200)


def desk_url(cohort: Cohort, kept: Any) -> str:
    """The list with the search and the order in which it stood."""
    query = {key: kept[key][:50] for key in ("q", "by", "show") if kept.get(key)}
    address = reverse("cohorts:arrival-desk", args=[cohort.public_id])
    return f"{address}?{urlencode(query)}" if query else address


@office
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """换人: the substitute by work number, then a look at who takes whose place, then the change."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    form = ReplaceForm(sent(request)[0], is_office=is_office_of(request.user, cohort))
    by: User | None = None
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        number, outside = chosen["work_number"], chosen.get("outside", False)
        try:
            by = services.find_substitute(actor=request.user, membership=one, work_number=number, outside=outside)
            services.check_replacement(cohort=cohort, membership=one, by=by)
            if "confirmed" in request.POST:
                services.replace_member(
                    actor=request.user, membership=one, by=by, reason=chosen["reason"], outside=outside
                )
                words = {"by": by.name, "name": one.user.name}
                messages.success(request, _("%(by)s已替换%(name)s，请为%(by)s登记报到。") % words)
                return redirect(desk_url(cohort, {}))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
            by = None
    context = {
        "cohort": cohort,
        "one": one,
        "form": form,
        "by": by,
        "last_day": services.last_day_of_arrival(cohort),
        "back": desk_url(cohort, {}),
    }
    return render(request, "cohorts/replace.html", context, status=422 if form.errors else 200)


# The office's page.


@office
@require_safe
def overview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """How many came, who did not, what is proposed; who took whose place."""
    cohort = class_to_run(request, public_id)
    members = list(_members(cohort))
    waiting = [m for m in members if m.state == MembershipState.CONFIRMED]
    over = services.is_arrival_over(cohort)
    may_cancel = is_office_of(request.user, cohort) and cohort.state in ARRIVING and over
    return page(
        request,
        "arrival",
        cohort,
        "arrival",
        **_total(members),
        rows=[{"member": m, "url": member_url(cohort, m)} for m in waiting],
        gone=[{"member": m, "state": member_state(m), "trail": trail(m)} for m in members if m.state == "no_show"],
        photos=sum(hasattr(m, "photo") for m in members if m.state in ("confirmed", "registered")),
        last_day=services.last_day_of_arrival(cohort),
        is_open=cohort.state in ARRIVING,
        is_early=cohort.state in (CohortState.PLANNED, CohortState.NOMINATING),
        late=_late_sentence(cohort, members),
        may_cancel=may_cancel,
    )


@training_office
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The places of those who did not come in time: named, with a reason, then cancelled."""
    cohort = class_of_office(request, public_id)
    chosen = _chosen(cohort, request)
    back = reverse("cohorts:arrival", args=[public_id])
    form = ReasonForm(sent(request)[0])
    if not chosen:
        messages.error(request, _("没有选中未报到的学员。"))
        return redirect(back)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        act = lambda: services.cancel_places(actor=request.user, cohort=cohort, members=chosen, reason=reason)  # noqa: E731
        tell(request, act, lambda n: _("已取消 %(n)s 个名额。") % {"n": n})
        return redirect(back)
    return page(
        request, "confirm", cohort, "arrival", title=_("取消名额"),
        what=_("这些学员在报到期限内没有报到，取消名额后不再列入点名和结业。"),
        count=len(chosen), unit=_("名学员"), items=[f"{m.user.name}（{m.unit.name}）" for m in chosen],
        items_label=_("名单"), consequences=[_("本人会收到名额变动的通知；确有原因后来报到的，仍可以登记报到。")],
        form=form, hidden=[("members", m.pk) for m in chosen], submit=_("取消 %(n)s 个名额") % {"n": len(chosen)},
        back=back, status=422 if form.errors else 200,
    )  # fmt: skip


def _chosen(cohort: Cohort, request: HttpRequest) -> list[Membership]:
    """The awaited members that were ticked; keys that cannot be read count for nothing."""
    data = request.POST if request.method == "POST" else request.GET
    keys = [int(key) for key in data.getlist("members") if key.isdecimal() and len(key) < 18]
    rows = cohort.memberships.filter(pk__in=keys, state=MembershipState.CONFIRMED)
    return list(rows.select_related("user", "unit", "cohort"))
