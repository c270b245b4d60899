"""The cadre's own hours: what is required and how it stands, each figure opened, claims of hours earned elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from core.uploads import checked_upload
from people.permissions import requires_sign_in
from records import services
from records.forms.claims import CONTENT, ClaimForm
from records.models import HourClaim
from records.presenters.claims import claim_facts, claim_state, history, own_item
from records.reading.tracing import overview, trace_of, trace_page
from records.services.claims import BIGGEST_FILE
from records.views.shared import tell

PER_PAGE = 20


def own_claim(request: HttpRequest, public_id: UUID) -> HourClaim:
    """One's own; others' are not there."""
    found: HourClaim = get_object_or_404(
        HourClaim.objects.of(request.user).select_related("follows", "entry"), public_id=public_id
    )
    return found


def crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("我的学时"), reverse("records_own:hours")), *more]


@requires_sign_in
@never_cache
@require_safe
def hours(request: HttpRequest) -> HttpResponse:
    """Every requirement that stands for oneself, with what would close it; and the newest claims."""
    today = clock.today()
    claims = HourClaim.objects.of(request.user)
    context = {
        "needs": overview(request.user, today),
        "claims": [own_item(claim) for claim in claims[:3]],
        "today": today,
    }
    return render(request, "records/own/hours.html", context)


@requires_sign_in
@never_cache
@require_safe
def requirement(request: HttpRequest, key: str) -> HttpResponse:
    """One of one's figures, opened."""
    today = clock.today()
    found = trace_of(request.user, key, today)
    if found is None:
        raise Http404
    context = {**trace_page(request.user, found, today), "crumbs": crumbs()}
    return render(request, "records/own/requirement.html", context)


@requires_sign_in
@never_cache
@require_safe
def claims(request: HttpRequest) -> HttpResponse:
    page = Paginator(HourClaim.objects.of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "items": [own_item(claim) for claim in page.object_list], "crumbs": crumbs()}
    return render(request, "records/own/claims.html", context)


@requires_sign_in
@never_cache
@require_http_methods(["GET", "POST"])
def new_claim(request: HttpRequest) -> HttpResponse:
    """A new claim, or one more after a refusal with what the refused one said."""
    return _claim_form(request, None)


@requires_sign_in
@never_cache
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand in once more what was refused or withdrawn."""
    before = own_claim(request, public_id)
    if before.state not in HourClaim.AGAIN or hasattr(before, "followed_by"):
        messages.error(request, _("只有不予认定或已撤回、尚未重新提交的申报可以重新提交。"))
        return redirect("records_own:claim", public_id)
    return _claim_form(request, before)


def _claim_form(request: HttpRequest, before: HourClaim | None) -> HttpResponse:
    start = {name: getattr(before, name) for name in CONTENT} if before else {}
    form = ClaimForm(request.POST or None, request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        made = _handed_in(request, form, before)
        if made is not None:
            messages.success(request, _("已提交，认定后会通知您。"))
            return redirect("records_own:claim", made.public_id)
    back = (_("学时申报"), reverse("records_own:claims"))
    context = {"form": form, "before": before, "crumbs": crumbs(back), "cancel_url": back[1]}
    return render(request, "records/own/claim_form.html", context, status=422 if form.errors else 200)


def _handed_in(request: HttpRequest, form: ClaimForm, before: HourClaim | None) -> HourClaim | None:
    data: dict[str, Any] = {**form.cleaned_data}
    for name in ("days", "hours"):
        data[name] = data[name] or 0
    try:
        data["file"] = checked_upload(data["file"], kinds={"image", "pdf"}, max_bytes=BIGGEST_FILE)
    except DomainError as refusal:
        form.add_error("file", refusal.message)
        return None
    try:
        return services.hand_in_claim(actor=request.user, follows=before, **data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None


@requires_sign_in
@never_cache
@require_safe
def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Where one's claim stands and what was said."""
    found = own_claim(request, public_id)
    ended = found.state in HourClaim.AGAIN
    following = getattr(found, "followed_by", None)
    context = {
        "claim": found,
        "state": claim_state(found),
        "facts": claim_facts(found),
        "history": history(found),
        "following": following,
        "may_again": ended and following is None,
        "crumbs": crumbs((_("学时申报"), reverse("records_own:claims"))),
    }
    return render(request, "records/own/claim.html", context)


@requires_sign_in
@require_POST
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    found = own_claim(request, public_id)
    tell(request, lambda: services.withdraw_claim(actor=request.user, claim=found), _("申报已撤回。"))
    return redirect("records_own:claim", public_id)


@requires_sign_in
@never_cache
@require_safe
def claim_file(request: HttpRequest, public_id: UUID) -> FileResponse:
    found = own_claim(request, public_id)
    return FileResponse(found.file.open("rb"), filename=found.file_name, content_type=found.content_type)
