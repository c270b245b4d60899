"""The office draws up ladders, gives seats, and reads the requests of a class."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import ReasonForm
from cohorts.forms.leave import LadderForm, SeatForm, ladder_initial
from cohorts.models import Approver, Cohort, LeaveLadder, LeaveRequest
from cohorts.permissions import OFFICE, may_plan_for
from cohorts.presenters.leave import request_item
from cohorts.reading import approvals
from cohorts.rules.ladder import CLASS_TEACHER, Ladder, is_overdue
from cohorts.views.loading import class_to_run, form_page, office, page, tell, training_office
from core import clock
from core.errors import DomainError
from people.models import Unit
from people.scopes import grant_paths, subtree_condition
from people.search import find_people

PER_PAGE = 50


@training_office
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """The units whose ladder the person may draw up: those of the grants and those that hold classes below."""
    used = Q(pk__in=Cohort.objects.values("host")) | Q(pk__in=LeaveLadder.objects.values("host"))
    wanted = used | Q(path__in=grant_paths(request.user, OFFICE))
    rows = Unit.objects.filter(subtree_condition(request.user, "path", OFFICE)).filter(wanted).order_by("path")
    shown = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    seats = approvals.seats_for(list(shown))
    ladders = _ladders(list(shown))
    items = [_settings_row(unit, ladders[unit.pk], seats) for unit in shown]
    return render(request, "cohorts/office/leave_settings.html", {"items": items, "listing": shown})


def _ladders(units: list[Unit]) -> dict[int, LeaveLadder | None]:
    """The ladder in force for each unit. Two queries for all."""
    paths = {path for unit in units for path in approvals.paths_up(unit)}
    rows = LeaveLadder.objects.filter(host__path__in=paths).select_related("host").prefetch_related("steps")
    by_path = {row.host.path: row for row in rows}
    return {
        unit.pk: next((by_path[p] for p in reversed(approvals.paths_up(unit)) if p in by_path), None) for unit in units
    }


def _settings_row(unit: Unit, row: LeaveLadder | None, seats: list[Any]) -> dict[str, Any]:
    ladder = approvals.as_rule(row)
    empty = [step.title for step in ladder.steps if not _is_seated(step.key, unit, seats)]
    gaps = _("还没有审批人：%(steps)s") % {"steps": "、".join(empty)}
    return {
        "title": unit.name,
        "url": reverse("cohorts:leave-ladder", args=[unit.code]),
        "sub": f"{source_words(unit, row)}；{ladder_words(ladder)}",
        "state": "risk" if empty else "done",
        "state_word": gaps if empty else _("审批人齐备"),
    }


def _is_seated(key: str, unit: Unit, seats: list[Any]) -> bool:
    return key == CLASS_TEACHER or any(s.step == key and unit.path.startswith(s.host) for s in seats)


def source_words(unit: Unit, row: LeaveLadder | None) -> str:
    """Where the ladder in force comes from."""
    if row is None:
        return _("采用通用规则")
    if row.host_id == unit.pk:
        return _("本单位规则，第 %(n)s 版") % {"n": row.version}
    return _("沿用%(unit)s的规则") % {"unit": row.host.name}


def ladder_words(ladder: Ladder) -> str:
    """班主任（每次）→ 教务处（超过半天）→ …"""
    return " → ".join(f"{step.title}（{_over_words(step.over)}）" for step in ladder.steps)


def _over_words(half_days: int) -> str:
    if half_days == 0:
        return _("每次")
    if half_days == 1:
        return _("超过半天")
    return _("超过 %(n)s 天") % {"n": f"{half_days / 2:g}"}


def _host(request: HttpRequest, code: str) -> Unit:
    """A unit under the person's grants of the training office."""
    found = Unit.objects.filter(subtree_condition(request.user, "path", OFFICE))
    unit: Unit = get_object_or_404(found, code=code.replace("\x00", ""))
    return unit


@training_office
@require_http_methods(["GET", "POST"])
def ladder(request: HttpRequest, code: str) -> HttpResponse:
    """The ladder of one unit, and who sits on it."""
    host = _host(request, code)
    row = approvals.own_ladder(host)
    version = row.version if row and row.host_id == host.pk else 0
    form = LadderForm(request.POST or None, initial=ladder_initial(approvals.as_rule(row), version))
    if request.method == "POST" and form.is_valid():
        try:
            drawn, version = form.ladder(), form.cleaned_data["version"]
            services.save_ladder(actor=request.user, host=host, version=version, ladder=drawn)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("请假审批规则已保存，此后提交的申请按新规则办理。"))
            return redirect("cohorts:leave-ladder", code=code)
    return _ladder_page(request, host, row, form, SeatForm())


def _ladder_page(
    request: HttpRequest, host: Unit, row: LeaveLadder | None, form: LadderForm, seat_form: SeatForm
) -> HttpResponse:
    seats = Approver.objects.filter(host__path__in=approvals.paths_up(host))
    context = {
        "host": host,
        "source": source_words(host, row),
        "words": ladder_words(approvals.as_rule(row)),
        "form": form,
        "rows": form.rows(),
        "seats": [_seat_row(host, seat) for seat in seats.select_related("host", "user", "delegate").order_by("step")],
        "seat_form": seat_form,
    }
    failed = form.errors or seat_form.errors
    return render(request, "cohorts/office/leave_ladder.html", context, status=422 if failed else 200)


def _seat_row(host: Unit, seat: Approver) -> dict[str, Any]:
    first, last = seat.delegate_from, seat.delegate_to
    stands_in = ""
    if seat.delegate and first and last:
        days = f"{first.year}年{first.month}月{first.day}日—{last.month}月{last.day}日"
        stands_in = _("%(days)s由%(who)s代办") % {"days": days, "who": seat.delegate.name}
    return {"seat": seat, "is_own": seat.host_id == host.pk, "stands_in": stands_in}


@training_office
@require_POST
def add_seat(request: HttpRequest, code: str) -> HttpResponse:
    host, form = _host(request, code), SeatForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            services.seat_approver(
                actor=request.user, host=host, step=data["step"], user=data["work_number"], title=data["title"]
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已指定审批人。"))
            return redirect("cohorts:leave-ladder", code=code)
    row = approvals.own_ladder(host)
    version = row.version if row and row.host_id == host.pk else 0
    return _ladder_page(request, host, row, LadderForm(initial=ladder_initial(approvals.as_rule(row), version)), form)


@training_office
@require_POST
def remove_seat(request: HttpRequest, pk: int) -> HttpResponse:
    seat = get_object_or_404(Approver.objects.select_related("host", "user"), pk=pk)
    host = _host(request, seat.host.code)
    if not may_plan_for(request.user, host):
        raise PermissionDenied
    tell(request, lambda: services.unseat_approver(actor=request.user, seat=seat), _("已免去审批人。"))
    return redirect("cohorts:leave-ladder", code=host.code)


@office
@require_safe
def class_requests(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every request of the class; those that are overdue stand on top."""
    cohort = class_to_run(request, public_id)
    rows = LeaveRequest.objects.filter(membership__cohort=cohort).with_people()
    waiting = list(rows.open().order_by("due_on", "pk"))
    late = [row for row in waiting if is_overdue(row.due_on, clock.today())]
    if words := request.GET.get("q", "").strip():
        rows = find_people(rows, words, "membership__user__")
        waiting = list(rows.open().order_by("due_on", "pk"))
    ended = Paginator(rows.exclude(state="submitted"), PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "leave_requests",
        cohort,
        "leave-requests",
        overdue=len(late),
        waiting=[_line(row) for row in waiting],
        ended=[_line(row) for row in ended],
        listing=ended,
        ladder=ladder_words(approvals.ladder_of(cohort.host)),
    )


def _line(row: LeaveRequest) -> dict[str, Any]:
    return request_item(row, reverse("cohorts:leave-approval", args=[row.public_id]), name=True)


@office
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: UUID, request_id: UUID) -> HttpResponse:
    """End an open request that has become void."""
    cohort = class_to_run(request, public_id)
    row = get_object_or_404(LeaveRequest.objects.with_people(), public_id=request_id, membership__cohort=cohort)
    return form_page(
        request,
        cohort,
        "leave-requests",
        form=ReasonForm(request.POST or None),
        title=_("取消请假申请：%(name)s") % {"name": row.membership.user.name},
        intro=request_item(row, "", name=False)["title"],
        submit=_("取消申请"),
        act=lambda f: services.cancel_request(actor=request.user, request=row, **f.cleaned_data),
        done=_("申请已取消，学员会收到通知。"),
        back=reverse("cohorts:leave-requests", args=[public_id]),
    )
