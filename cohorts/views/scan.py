"""The cadre's phone: the code is seen, one button confirms, and whatever happens is said in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import services
from cohorts.models import Attendance, CheckIn, Scan, ScanOutcome
from cohorts.models.check_in import RECORDED
from cohorts.presenters.members import scan_words
from cohorts.rules import rotating
from cohorts.rules.halfdays import HalfDay
from cohorts.services.check_in import check_in_of, check_not_too_often, outcome_for, trusted
from core import clock
from core.errors import DomainError
from people.permissions import requires_sign_in

SEEN = "check-in-seen"
View = Callable[..., HttpResponse]


def remembers_the_code(view: View) -> View:
    """A scanned code that is fresh now stays good in this browser while its owner signs in."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        code = rotating.plain(request.GET.get("c", ""))
        if not request.user.is_authenticated and rotating.key_of(code):
            _remember(request, code, clock.now())
        return view(request, *args, **kwargs)

    return kept


@remembers_the_code
@requires_sign_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Type a code; with a code: class, half day, name and one button; sent: the attempt with its outcome."""
    try:
        if request.method == "POST":
            return _attempt(request, request.POST.get("c", ""), _nonce(request.POST.get("nonce", "")))
        return _seen(request, request.GET["c"]) if request.GET.get("c") else _page(request)
    except DomainError as refusal:
        return _page(request, refusal=refusal.message, status=429)


@requires_sign_in
@never_cache
@require_safe
def result(request: HttpRequest, scan_id: UUID) -> HttpResponse:
    """What became of one's own attempt; others' attempts are not there."""
    rows = Scan.objects.filter(user=request.user).select_related("check_in__cohort", "user")
    one = get_object_or_404(rows, public_id=scan_id)
    return render(request, "cohorts/scan.html", {"scan": one, **scan_words(one, _recorded(one))})


def _seen(request: HttpRequest, typed: str) -> HttpResponse:
    """A code that can be confirmed asks for it; one that cannot leads to the reason at once."""
    check_not_too_often(request.user)
    code = rotating.plain(typed)
    at = trusted(_seen_at(request, code))
    found = check_in_of(user=request.user, code=code, at=at)
    if found is None or outcome_for(user=request.user, check_in=found, at=at) not in RECORDED:
        return _attempt(request, typed, uuid4())
    _remember(request, code, at)
    return _page(request, check_in=found, code=code, nonce=uuid4())


def _attempt(request: HttpRequest, typed: str, nonce: UUID) -> HttpResponse:
    seen_at = _seen_at(request, rotating.plain(typed))
    made = services.scan(actor=request.user, code=typed, nonce=nonce, seen_at=seen_at)
    return redirect("cohorts:scan", made.public_id)


def _page(request: HttpRequest, *, check_in: CheckIn | None = None, **more: Any) -> HttpResponse:
    status = more.pop("status", 200)
    place = HalfDay(check_in.day, check_in.half) if check_in else None
    context = {"check_in": check_in, "place": place, "length": rotating.SHORT, **more}
    return render(request, "cohorts/check_in.html", context, status=status)


def _nonce(text: str) -> UUID:
    """The form's own; a request without a readable one counts as an attempt of its own."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _remember(request: HttpRequest, code: str, at: datetime) -> None:
    """Only a code that is valid at that moment is kept, and only the last one."""
    if check_in_of(user=request.user, code=code, at=at) is not None:
        request.session[SEEN] = [code, at.timestamp()]


def _seen_at(request: HttpRequest, code: str) -> datetime | None:
    kept, moment = request.session.get(SEEN) or ("", 0)
    return datetime.fromtimestamp(moment, clock.now().tzinfo) if code and kept == code else None


def _recorded(one: Scan) -> Attendance | None:
    """What is on record for the half day of the attempt, for the answer to somebody who is in already."""
    if one.check_in is None or one.outcome not in (*RECORDED, ScanOutcome.ALREADY):
        return None
    rows = Attendance.objects.filter(membership__user=one.user_id, membership__cohort=one.check_in.cohort_id)
    return rows.filter(day=one.check_in.day, half=one.check_in.half).first()
