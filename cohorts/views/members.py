"""The member table, its acts, and everything about one person in this class."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import leave, reading, services
from cohorts.filters import MemberFilter, find_people
from cohorts.forms import GroupsForm, ReasonForm
from cohorts.graduation import decide
from cohorts.models import AttendanceEvent, Cohort, Membership, MembershipState
from cohorts.permissions import is_office_of
from cohorts.presenters import (
    attendance_words,
    condition_cell,
    decision_words,
    leave_cell,
    leave_row,
    mark,
    member_state,
    member_url,
)
from cohorts.states import OPEN
from cohorts.views.loading import (
    class_of_office,
    class_to_run,
    member_of,
    office,
    page,
    picked_members,
    tell,
    training_office,
)
from core import clock
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx
from people.models import User
from people.services import note_file_read

PER_PAGE = 50


def _members(cohort: Cohort) -> Any:
    return cohort.memberships.select_related("user", "unit", "group", "posting").order_by("user__sort_key", "pk")


@office
@require_safe
def member_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The heart of the board: filter, tick, act; a name opens everything about the person."""
    cohort = class_to_run(request, public_id)
    found = MemberFilter(request.GET, queryset=_members(cohort), cohort=cohort)
    shown = Paginator(found.qs, PER_PAGE).get_page(request.GET.get("page"))
    keys = [m.pk for m in shown]
    statuses, table, now = reading.statuses_of(keys), reading.timetable_of(cohort), reading.this_half_day()
    rows = [
        {
            "member": m,
            "url": member_url(cohort, m),
            "state": member_state(m),
            "leave": leave_cell(m, cohort.total_hours),
            "attendance": attendance_words(statuses[m.pk], reading.due(table, m, now)),
        }
        for m in shown
    ]
    return page(
        request,
        "members",
        cohort,
        "members",
        rows=rows,
        listing=shown,
        filters=found.form,
        groups_form=GroupsForm(),
        is_open=cohort.state in OPEN,
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
    """Registration of those ticked, or of everybody who is still awaited."""
    cohort = class_to_run(request, public_id)
    everybody = "all" in request.POST
    chosen = (
        list(cohort.memberships.filter(state=MembershipState.CONFIRMED))
        if everybody
        else picked_members(cohort, request)
    )
    words = lambda n: _("登记了 %(n)s 名学员报到。") % {"n": n}  # noqa: E731
    if chosen:
        tell(request, lambda: services.register_members(actor=request.user, cohort=cohort, members=chosen), words)
    else:
        messages.error(request, _("请先勾选学员。"))
    return redirect("cohorts:members", public_id=public_id)


@office
@require_POST
def no_show(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    form, chosen = ReasonForm(request.POST), picked_members(cohort, request)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    words = lambda n: _("记录了 %(n)s 名学员未报到。") % {"n": n}  # noqa: E731
    if chosen:
        act = lambda: services.mark_no_show(actor=request.user, cohort=cohort, members=chosen, reason=reason)  # noqa: E731
        tell(request, act, words)
    else:
        messages.error(request, _("请先勾选学员。"))
    return redirect("cohorts:members", public_id=public_id)


@office
@require_POST
def groups(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    form = GroupsForm(request.POST)
    if form.is_valid():
        size = form.cleaned_data["size"]
        words = lambda n: _("已分为 %(n)s 个小组，各单位学员均匀分布。") % {"n": n}  # noqa: E731
        tell(request, lambda: services.form_groups(actor=request.user, cohort=cohort, size=size), words)
    else:
        messages.error(request, _("每组人数请填 2 到 50。"))
    return redirect("cohorts:members", public_id=public_id)


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The members as a workbook, in the order of the list and with its filters."""
    cohort = class_to_run(request, public_id)
    found = MemberFilter(request.GET, queryset=_members(cohort), cohort=cohort).qs
    columns = [
        _("姓名"), ColumnSpec(_("工号"), code=True), _("单位"), _("职务"), _("小组"), _("状态"), _("报到日期"),
        _("累计请假学时"), _("请假是否超过七分之一"),
    ]  # fmt: skip
    rows = [
        [
            m.user.name, m.user.work_number, m.unit.name, m.posting.post if m.posting else "",
            str(m.group) if m.group else "", m.get_state_display(),
            m.registered_at.date() if m.registered_at else None, float(m.leave_hours),
            _("是") if m.over_leave_limit else _("否"),
        ]
        for m in found
    ]  # fmt: skip
    sheet = SheetSpec(_("学员名单"), columns, rows, note=f"{cohort.full_title}（{clock.today():%Y-%m-%d}）")
    return download_response(f"{cohort.code}-{_('学员名单')}.xlsx", write_xlsx([sheet]))


@office
@require_safe
def member(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """Everything about one person in this class: attendance, leave with its sum, conditions, corrections."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    note_file_read(reader=request.user, subject=one.user, part=_("班次档案：%(title)s") % {"title": cohort.full_title})
    return page(request, "member", cohort, "members", **_about(cohort, one, request.user))


def _about(cohort: Cohort, one: Membership, reader: Any) -> dict[str, Any]:
    statuses, table = reading.statuses_of([one.pk])[one.pk], reading.timetable_of(cohort)
    conditions = decide(reading.standings(cohort, [one], reading.this_half_day())[one.pk])
    decision = reading.last_decisions([one.pk]).get(one.pk)
    decided = reading.is_decided(one, decision, cohort.total_hours)
    awaits = one.over_leave_limit and one.state == MembershipState.REGISTERED and not decided
    return {
        "one": one,
        "state": member_state(one),
        "half_days": [{"place": place, **mark(statuses, place)} for place in table],
        "attendance": attendance_words(statuses, reading.due(table, one, reading.this_half_day())),
        "arithmetic": leave.arithmetic(one.leave_hours, cohort.total_hours),
        "left": leave.left(one.leave_hours, cohort.total_hours),
        "draft": leave.withdrawal_draft(one.user.name, one.leave_hours, cohort.total_hours) if awaits else "",
        "may_decide": awaits and is_office_of(reader, cohort),
        "decision": decision_words(decision) if decision else "",
        "decision_row": decision,
        "leaves": [leave_row(record) for record in one.leaves.all()],
        "conditions": [{"label": c.label, **condition_cell(c)} for c in conditions],
        "corrections": _corrections(one),
        "groups": cohort.groups.all(),
        "is_open": cohort.state in OPEN,
        "may_leave": cohort.state in ("confirmed", "running") and one.state in ("confirmed", "registered"),
    }


def _corrections(one: Membership) -> list[dict[str, Any]]:
    """Statuses that were changed after they had been recorded, the newest first."""
    events = AttendanceEvent.objects.filter(membership=one).exclude(before="").select_related("recorded_by")
    labels = {**dict(reading.AttendanceStatus.choices), "": _("未登记")}
    return [
        {
            "when": event.at,
            "title": _("%(when)s由“%(before)s”改为“%(after)s”") % {
                "when": reading.HalfDay(event.day, event.half).label,
                "before": labels[event.before],
                "after": labels[event.after],
            },
            "text": f"{event.recorded_by.name}{'：' + event.reason if event.reason else ''}",
            "kind": "risk",
        }
        for event in events.order_by("-at", "-pk")[:50]
    ]  # fmt: skip


@office
@require_POST
def move(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    number = request.POST.get("group", "")
    group = get_object_or_404(cohort.groups, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
    tell(request, lambda: services.move_to_group(actor=request.user, membership=one, group=group), _("已调整小组。"))
    return redirect(reverse("cohorts:member", args=[public_id, member_id]))
