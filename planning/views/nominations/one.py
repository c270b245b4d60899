"""One nomination: its facts, its way, and what the reader may do with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.permissions import is_office_of
from core.errors import DomainError
from core.posted import short_text
from people.models import User
from people.permissions import requires_sign_in
from people.services import note_file_read
from planning.forms.calls import EndForm, ReplaceForm, ReplyForm, ReviewForm
from planning.models import Nomination
from planning.permissions.nominations import is_sender
from planning.presenters.nominations import KINDS, dates_words, post_words, state_words, timeline
from planning.reading.nominations import opened, waits_at, way_of
from planning.reading.nominee_facts import facts_of
from planning.services.nominations import replace_nominee, reply_to_refusal, withdraw_nomination
from planning.services.places import give_up_place
from planning.services.reviewing import review
from planning.views.nominations.loading import seen_nomination, tell


@requires_sign_in
@require_safe
def nomination(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = seen_nomination(request, public_id)
    if row.user_id == request.user.pk:
        return redirect("planning:my-nominations")
    note_file_read(reader=request.user, subject=row.user, part=_("提名情况"))
    return one_page(request, row)


def one_page(request: HttpRequest, row: Nomination, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page of a nomination for whoever named, reviews or sees to it."""
    steps = way_of(row)
    desk = waits_at(row, steps)
    sender = is_sender(request.user, row)
    right = desk.right_of(request.user) if desk and desk.step.unit else None
    review_form = forms.get("review") or (ReviewForm(initial={"position": row.step}) if right else None)
    context = {
        "row": row,
        "state": {"kind": KINDS[row.state], "word": state_words(row, desk.step if desk else None)},
        "facts": facts_of_nomination(row),
        "weighed": _weighed(row),
        "timeline": timeline(steps, row, opened(desk) if desk else None),
        "review": review_form,
        "right": right,
        "may_withdraw": sender and row.state in Nomination.OPEN,
        "may_give_up": sender and row.state == Nomination.State.CONFIRMED and not row.own_application,
        "may_reply": sender and row.state == Nomination.State.REFUSED and not row.reply,
        "may_replace": sender and not row.own_application and row.state in (*Nomination.STANDING, "refused"),
        "end_form": EndForm(),
        "reply_form": forms.get("reply") or ReplyForm(),
        "is_office": is_office_of(request.user, row.call_up.cohort),
        "refusal": forms.get("refusal", ""),
    }
    return render(request, "planning/nominations/one.html", context, status=status)


def facts_of_nomination(row: Nomination) -> list[tuple[str, str]]:
    """Class, unit, post and reason as label and words."""
    call_up = row.call_up
    found = [
        (_("班次"), f"{call_up.cohort.full_title}（{dates_words(call_up)}）"),
        (_("选派单位"), row.unit.name),
        (_("职务职级"), post_words(row)),
        (_("报名理由") if row.own_application else _("推荐理由"), row.reason or "—"),
    ]
    if row.replaces:
        found.append((_("替换"), row.replaces.user.name))
    return found


def _weighed(row: Nomination) -> list[tuple[str, str]]:
    """What a reviewer weighs while it is open; nothing of it is shown afterwards."""
    if row.state not in Nomination.OPEN:
        return []
    facts = facts_of(row.call_up, [row.user])[row.user_id]
    return [
        (_("应训缺口"), "；".join(facts.hours) or _("没有")),
        (_("能力差距"), facts.competency or _("没有，或证据不足")),
        (_("最近班次"), "；".join(facts.classes) or _("没有记录")),
    ]


@requires_sign_in
@require_POST
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A unit's word; whoever comes later reads what happened."""
    row = seen_nomination(request, public_id)
    if row.user_id == request.user.pk:
        raise PermissionDenied
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return one_page(request, row, status=422, review=form)
    data = form.cleaned_data
    try:
        review(
            actor=request.user, nomination=row, position=data["position"], agree=data["agree"] == "yes",
            reason=data["reason"],
        )  # fmt: skip
    except DomainError as refusal:
        status = 403 if refusal.code == "forbidden" else 409 if refusal.code == "conflict" else 422
        return one_page(request, seen_nomination(request, public_id), status=status, refusal=refusal.message)
    tell(request, lambda: None, _("意见已记录。"))
    return redirect("planning:nominations")


@requires_sign_in
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back what is open, or give a confirmed place up."""
    row = seen_nomination(request, public_id)
    if not (is_sender(request.user, row) or is_office_of(request.user, row.call_up.cohort)):
        raise PermissionDenied
    reason = short_text(request, "reason", 200)
    if row.state == Nomination.State.CONFIRMED:
        act = lambda: give_up_place(actor=request.user, nomination=row, reason=reason)  # noqa: E731
        tell(request, act, _("名额已退出，培训处会看到空出的名额。"))
    else:
        act = lambda: withdraw_nomination(actor=request.user, nomination=row, reason=reason)  # noqa: E731
        tell(request, act, _("提名已撤回，名额已空出。"))
    own = row.user_id == request.user.pk
    return redirect("planning:my-nominations") if own else redirect("planning:nomination", public_id=public_id)


def _own_nomination(request: HttpRequest, public_id: UUID) -> Nomination:
    """A nomination of the person's units, or the own application; 403 for others who see it."""
    row = seen_nomination(request, public_id)
    if not is_sender(request.user, row):
        raise PermissionDenied
    return row


@requires_sign_in
@require_POST
def reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _own_nomination(request, public_id)
    text = short_text(request, "text", 300)
    act = lambda: reply_to_refusal(actor=request.user, nomination=row, text=text)  # noqa: E731
    tell(request, act, _("回复已提交，培训处会看到。"))
    own = row.user_id == request.user.pk
    return redirect("planning:my-nominations") if own else redirect("planning:nomination", public_id=public_id)


@requires_sign_in
@require_http_methods(["GET", "POST"])
def replace(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Name another in place of this one."""
    row = _own_nomination(request, public_id)
    form = ReplaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            new = _replace(request, row, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            tell(request, lambda: None, _("已提名替换人选。"))
            return redirect("planning:nomination", public_id=new.public_id)
    context = {"row": row, "form": form, "is_confirmed": row.state == Nomination.State.CONFIRMED}
    return render(request, "planning/nominations/replace.html", context, status=422 if form.errors else 200)


def _replace(request: HttpRequest, row: Nomination, data: dict[str, Any]) -> Nomination:
    by = User.objects.active().select_related("unit").filter(work_number=data["work_number"].strip()).first()
    if by is None:
        raise DomainError(_("没有这个工号的在职人员，请核对工号。"))
    return replace_nominee(actor=request.user, nomination=row, by=by, reason=data["reason"])
