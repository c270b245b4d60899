"""Unit and office decide on claims, beside the evidence, possible duplicates and what it would change."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from people.services import note_file_read
from records import services
from records.forms.claims import ClaimDecisionForm, ClaimReversalForm
from records.models import HourClaim
from records.permissions import office_reaches
from records.presenters.claims import claim_facts, claim_state, history
from records.reading.claims import before_and_after, duplicates_of
from records.services.claims import require_decider
from records.views.shared import office, page, readers


def claim_in_reach(request: HttpRequest, public_id: UUID) -> HourClaim:
    """Of people whom the reader's grant reaches; others' claims are not there."""
    rows = HourClaim.objects.visible_to(request.user).select_related(
        "user__unit", "user__managed_by", "follows", "entry__reversed_by"
    )
    found: HourClaim = get_object_or_404(rows, public_id=public_id)
    return found


@readers
@never_cache
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One claim: its facts, file, duplicates, compliance before and after; and the decision of one's step."""
    found = claim_in_reach(request, public_id)
    why_not = _why_not(request.user, found)
    form = None if why_not else ClaimDecisionForm(request.POST or None, claim=found)
    if request.method == "POST":
        if form is None:
            messages.error(request, why_not)
            return redirect("records:claim", public_id)
        if form.is_valid() and _decided(request, found, form):
            return redirect("records_claims:index")
        found.refresh_from_db()
    else:
        note_file_read(reader=request.user, subject=found.user, part=_("学时申报"))
    context = _context(found, form, why_not)
    if found.state == HourClaim.State.CREDITED and office_reaches(request.user, found.user):
        context["reversal"] = ClaimReversalForm()
    return page(
        request, "claim", "records_claims:index", context,
        status=422 if form and form.errors else 200,
    )  # fmt: skip


@office
@require_POST
def reverse(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was credited by mistake is taken back, with a reason."""
    found = claim_in_reach(request, public_id)
    if found.state != HourClaim.State.CREDITED:
        messages.error(request, _("这份申报没有计入学时，不需要冲销。"))
        return redirect("records:claim", public_id)
    form = ClaimReversalForm(request.POST)
    if form.is_valid():
        try:
            services.reverse_claim(actor=request.user, claim=found, reason=form.cleaned_data["reason"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已冲销，学员会收到通知，各项数字随之更新。"))
            return redirect("records:claim", public_id)
    found.refresh_from_db()
    context = {**_context(found, None, _why_not(request.user, found)), "reversal": form}
    return page(request, "claim", "records_claims:index", context, status=422)


def _why_not(user: Any, claim: HourClaim) -> str:
    """Why the reader has nothing to decide here; empty when they have."""
    if not claim.is_open:
        return _("这份申报已经办结。")
    try:
        require_decider(user, claim, claim.state)
    except DomainError as refusal:
        return refusal.message
    return ""


def _decided(request: HttpRequest, claim: HourClaim, form: ClaimDecisionForm) -> bool:
    said = form.cleaned_data
    try:
        services.decide_claim(
            actor=request.user, claim=claim, step=said["step"], accepted=said["decision"] == "accept",
            reason=said["reason"], days=said.get("days"), hours=said.get("hours"),
        )  # fmt: skip
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    words = {
        "office": _("单位已同意，转培训处认定。"),
        "credited": _("已认定，学时已计入。"),
        "refused": _("已告知本人不予认定。"),
    }
    messages.success(request, words[claim.state])
    return True


def _context(claim: HourClaim, form: ClaimDecisionForm | None, why_not: str) -> dict[str, Any]:
    return {
        "claim": claim,
        "state": claim_state(claim),
        "facts": claim_facts(claim),
        "form": form,
        "why_not": why_not,
        "duplicates": duplicates_of(claim),
        "changes": before_and_after(claim, clock.today()) if claim.is_open else [],
        "history": history(claim),
        "today": clock.today(),
    }


@readers
@never_cache
@require_safe
def claim_file(request: HttpRequest, public_id: UUID) -> FileResponse:
    """The evidence; each reading is noted."""
    found = claim_in_reach(request, public_id)
    note_file_read(reader=request.user, subject=found.user, part=_("学时申报证明材料"))
    return FileResponse(found.file.open("rb"), filename=found.file_name, content_type=found.content_type)
