"""Discipline: the class's matters in the office, and the member's own with the reply."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import ReasonForm
from cohorts.forms.leave import ConfirmDisciplineForm, NoteForm, ReplyForm, ReviewDisciplineForm
from cohorts.models import Cohort, DisciplineRecord
from cohorts.permissions import is_office_of
from cohorts.presenters.leave import discipline_item
from cohorts.presenters.members import member_url
from cohorts.reading.approvals import calendar
from cohorts.rules.ladder import due_on
from cohorts.rules.sanctions import REPLY_WORKDAYS, needs_office, next_level
from cohorts.views.leave_request import own_membership
from cohorts.views.loading import class_to_run, form_page, office, page
from core import clock
from core.errors import DomainError
from people.permissions import requires_sign_in
from people.search import find_people

PER_PAGE = 50
STATE = DisciplineRecord.State
FORM = require_http_methods(["GET", "POST"])


def _records(cohort: Cohort) -> Any:
    rows = DisciplineRecord.objects.filter(membership__cohort=cohort)
    return rows.select_related("membership__user", "membership__unit").prefetch_related("events__by")


@office
@require_safe
def listing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is open, then what is settled."""
    cohort = class_to_run(request, public_id)
    may_order = is_office_of(request.user, cohort)
    found = find_people(_records(cohort), request.GET.get("q", ""), "membership__user__")
    settled = Paginator(found.settled(), PER_PAGE)
    shown = settled.get_page(request.GET.get("page"))
    return page(
        request,
        "discipline",
        cohort,
        "discipline",
        open_items=[_item(cohort, row, may_order) for row in found.open()],
        settled=[_item(cohort, row, may_order) for row in shown],
        listing=shown,
    )


def _item(cohort: Cohort, row: DisciplineRecord, may_order: bool) -> dict[str, Any]:
    may = may_order or not needs_office(row.level or "talk")
    return {
        **discipline_item(row),
        "who": row.membership.user.name,
        "unit": row.membership.unit.name,
        "member_url": member_url(cohort, row.membership),
        "may_decide": row.state == STATE.DRAFT and cohort.state == "running",
        "may_close": row.state == STATE.CONFIRMED
        and not row.corrected_at
        and may
        and cohort.state in ("running", "closed"),
        "may_review": bool(row.corrected_at) and may and cohort.state == "running",
    }


def _record(cohort: Cohort, record_id: UUID) -> DisciplineRecord:
    row: DisciplineRecord = get_object_or_404(_records(cohort), public_id=record_id)
    row.membership.cohort = cohort
    return row


def _act(request: HttpRequest, cohort: Cohort, row: DisciplineRecord, **words: Any) -> HttpResponse:
    place = discipline_item(row)["title"]
    return form_page(
        request,
        cohort,
        "discipline",
        title=f"{words.pop('verb')}：{row.membership.user.name}",
        intro=f"{place}。{words.pop('more', '')}",
        back=reverse("cohorts:discipline", args=[cohort.public_id]),
        **words,
    )


@office
@FORM
def confirm(request: HttpRequest, public_id: UUID, record_id: UUID) -> HttpResponse:
    """A person decides on the draft: which level, why, by which document."""
    cohort = class_to_run(request, public_id)
    row = _record(cohort, record_id)
    before = DisciplineRecord.objects.standing().filter(membership=row.membership)
    start = {
        "level": next_level(before.values_list("level", flat=True)),
        "reply_until": due_on(clock.today(), REPLY_WORKDAYS, calendar()),
    }
    return _act(
        request,
        cohort,
        row,
        verb=_("作出处理"),
        more=_("此前已有 %(n)s 次处理；责令退学须经培训处决定，并且立即生效。") % {"n": before.count()},
        form=ConfirmDisciplineForm(request.POST or None, initial=start),
        submit=_("作出处理"),
        act=lambda f: services.confirm_discipline(actor=request.user, record=row, **f.cleaned_data),
        done=_("处理已记录，学员已收到通知。"),
    )


@office
@FORM
def drop(request: HttpRequest, public_id: UUID, record_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    row = _record(cohort, record_id)
    return _act(
        request,
        cohort,
        row,
        verb=_("不予处理"),
        more=_("旷课的考勤记录不变；如属误记，请更正考勤，草稿会随之撤销。"),
        form=ReasonForm(request.POST or None),
        submit=_("不予处理"),
        act=lambda f: services.drop_discipline(actor=request.user, record=row, **f.cleaned_data),
        done=_("已记录不予处理。"),
    )


@office
@FORM
def close(request: HttpRequest, public_id: UUID, record_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    row = _record(cohort, record_id)
    _require_level(request, cohort, row)
    reply = _("学员的陈述申辩：%(text)s") % {"text": row.reply} if row.reply else _("学员没有提交陈述申辩。")
    return _act(
        request,
        cohort,
        row,
        verb=_("办结"),
        more=reply,
        form=NoteForm(request.POST or None),
        submit=_("办结"),
        act=lambda f: services.close_discipline(actor=request.user, record=row, **f.cleaned_data),
        done=_("已办结。"),
    )


def _require_level(request: HttpRequest, cohort: Cohort, row: DisciplineRecord) -> None:
    if row.level and needs_office(row.level) and not is_office_of(request.user, cohort):
        raise PermissionDenied


@office
@FORM
def review(request: HttpRequest, public_id: UUID, record_id: UUID) -> HttpResponse:
    """The absence was corrected after the decision: a person upholds or withdraws it."""
    cohort = class_to_run(request, public_id)
    row = _record(cohort, record_id)
    _require_level(request, cohort, row)
    before = _("这半天的考勤已更正，不再是旷课。此前的处理：%(level)s，理由：%(reason)s。") % {
        "level": row.get_level_display(),
        "reason": row.reason,
    }
    return _act(
        request,
        cohort,
        row,
        verb=_("复核"),
        more=before if row.corrected_at else _("这项处理的依据没有更正，不需要复核。"),
        form=ReviewDisciplineForm(request.POST or None),
        submit=_("提交复核结论"),
        act=lambda f: services.review_discipline(
            actor=request.user,
            record=row,
            uphold=f.cleaned_data["outcome"] == "uphold",
            reason=f.cleaned_data["reason"],
        ),
        done=_("复核结论已记录，学员已收到通知。"),
    )


@requires_sign_in
@require_safe
def mine(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One's own matters of discipline, with the reply where it is still to be given."""
    one = own_membership(request, public_id)
    rows = one.discipline.prefetch_related("events__by")
    return _own_page(request, one, rows, ReplyForm())


def _own_page(request: HttpRequest, one: Any, rows: Any, form: ReplyForm, failed: UUID | None = None) -> HttpResponse:
    today = clock.today()
    items = [
        {
            **discipline_item(row),
            "may_reply": _may_reply(row, today),
            "form": form if row.public_id == failed else ReplyForm(auto_id=f"reply-{row.pk}-%s"),
        }
        for row in rows
    ]
    context = {
        "one": one,
        "cohort": one.cohort,
        "items": items,
        "crumbs": [(one.cohort.full_title, reverse("cohorts:class", args=[one.cohort.public_id]))],
    }
    return render(request, "cohorts/discipline.html", context, status=422 if failed else 200)


def _may_reply(row: DisciplineRecord, today: Any) -> bool:
    return row.state == STATE.CONFIRMED and not row.reply and row.reply_until is not None and today <= row.reply_until


@requires_sign_in
@require_POST
def reply(request: HttpRequest, public_id: UUID, record_id: UUID) -> HttpResponse:
    one, form = own_membership(request, public_id), ReplyForm(request.POST)
    row = get_object_or_404(one.discipline, public_id=record_id)
    row.membership = one
    if form.is_valid():
        try:
            services.reply_to_discipline(actor=request.user, record=row, text=form.cleaned_data["text"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("陈述申辩已提交。"))
            return redirect("cohorts:my-discipline", public_id=public_id)
    return _own_page(request, one, one.discipline.prefetch_related("events__by"), form, failed=row.public_id)
