"""Portraits: one from a phone, many in a packed folder, and the picture itself for those who may see it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import PhotoForm, PhotosForm
from cohorts.models import MemberPhoto, Membership
from cohorts.permissions import runs
from cohorts.rules.states import OPEN
from cohorts.services.photos import entries_of
from cohorts.views.arrival import desk_url
from cohorts.views.loading import class_to_run, member_of, office, page, sent, tell
from core.errors import DomainError
from people.permissions import requires_sign_in

SHOWN = 200


@requires_sign_in
@require_safe
def picture(request: HttpRequest, member_id: UUID) -> FileResponse:
    """A member's portrait, for the member and for those who run the class."""
    seen = Membership.objects.visible_to(request.user).select_related("cohort")
    one = get_object_or_404(seen, public_id=member_id)
    if one.user_id != request.user.pk and not runs(request.user, one.cohort):
        raise PermissionDenied
    photo = get_object_or_404(MemberPhoto, membership=one)
    answer = FileResponse(photo.file.open("rb"), content_type="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@office
@require_http_methods(["GET", "POST"])
def photograph(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """Take or choose one picture; the camera of a phone opens by itself."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    form = PhotoForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.put_photo(actor=request.user, membership=one, file=form.cleaned_data["file"])
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("%(name)s的照片已保存。") % {"name": one.user.name})
            return redirect("cohorts:member-photo", public_id=public_id, member_id=member_id)
    context = {
        "cohort": cohort,
        "one": one,
        "form": form,
        "photo": MemberPhoto.objects.filter(membership=one).first(),
        "is_open": cohort.state in OPEN and one.state in ("confirmed", "registered"),
        "back": desk_url(cohort, {}),
    }
    return render(request, "cohorts/photo.html", context, status=422 if form.errors else 200)


@office
@require_POST
def remove(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    tell(request, lambda: services.remove_photo(actor=request.user, membership=one), _("照片已删除。"))
    return redirect("cohorts:member-photo", public_id=public_id, member_id=member_id)


@office
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Everybody's portrait, who has none, and the door for a packed folder."""
    cohort = class_to_run(request, public_id)
    form = PhotosForm(*sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            batch = services.stage_batch(actor=request.user, cohort=cohort, file=form.cleaned_data["file"])
        except DomainError as refusal:
            form.add_error("file", refusal.message)
        else:
            return redirect("cohorts:photos-preview", public_id, batch.public_id)
    members = list(cohort.memberships.expected().select_related("user", "unit", "photo").order_by("user__sort_key"))
    return page(
        request,
        "photos",
        cohort,
        "arrival",
        form=form,
        members=[{"member": m, "has_photo": hasattr(m, "photo")} for m in members],
        missing=[m.user.name for m in members if not hasattr(m, "photo")],
        is_open=cohort.state in OPEN,
        status=422 if form.errors else 200,
    )


@office
@require_safe
def preview(request: HttpRequest, public_id: UUID, batch_id: UUID) -> HttpResponse:
    """What the folder would give: whose photos, and each refused file with its reason; nothing is written."""
    cohort = class_to_run(request, public_id)
    batch = get_object_or_404(cohort.photo_batches, public_id=batch_id)
    if batch.ordered_at:
        messages.info(request, _("这批照片已经交付处理，结果请在任务页查看。"))
        return redirect("cohorts:photos", public_id=public_id)
    batch.cohort = cohort
    entries = entries_of(batch)
    names = dict(cohort.memberships.values_list("user__work_number", "user__name"))
    by_number = {number.upper(): name for number, name in names.items()}
    good = [entry for entry in entries if not entry.refusal]
    return page(
        request,
        "photos_preview",
        cohort,
        "arrival",
        batch=batch,
        good=[[entry.name, by_number.get(entry.work_number, "")] for entry in good[:SHOWN]],
        bad=[[entry.name, entry.refusal] for entry in entries if entry.refusal][:SHOWN],
        good_count=len(good),
        bad_count=len(entries) - len(good),
        good_columns=[{"label": _("文件")}, {"label": _("学员")}],
        bad_columns=[{"label": _("文件")}, {"label": _("原因")}],
        shown=SHOWN,
    )


@office
@require_POST
def take(request: HttpRequest, public_id: UUID, batch_id: UUID) -> HttpResponse:
    """Take the photos as a job; its page shows the bar and each refused file."""
    cohort = class_to_run(request, public_id)
    batch = get_object_or_404(cohort.photo_batches, public_id=batch_id)
    try:
        job = services.order_batch(actor=request.user, batch=batch)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(reverse("cohorts:photos", args=[public_id]))
    return redirect(job)
