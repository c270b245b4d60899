"""A cadre's task: read what is asked, hand in, read the grade."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments import services
from assessments.forms.answers import HandInForm
from assessments.models import HandIn, Submission, Task
from assessments.permissions import may_decide, may_mark
from assessments.presenters import seats as presenters
from assessments.presenters.voiding import learner_cards
from assessments.reading.marking import last_marks
from assessments.services.handing_in import is_marked
from assessments.views.arrival import noting_arrival
from core.errors import DomainError
from people.permissions import requires_sign_in
from people.services import note_file_read


@noting_arrival
@requires_sign_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """GET shows the task, one's text and its grade; POST hands in."""
    submission = own_submission(request.user, public_id)
    sent = request.method == "POST"
    form = HandInForm(request.POST if sent else None, request.FILES or None, initial={"text": submission.text})
    if request.method == "POST" and form.is_valid() and _handed_in(request, submission, form):
        return redirect("assessments:task", public_id)
    closed = submission.voided_at or is_marked(submission) or request.arrived_at > submission.due_at
    state, word = presenters.task_state(submission, request.arrived_at)
    context = {
        "task": submission.task,
        "submission": submission,
        "form": None if closed else form,
        "marks": last_marks(submission),
        "versions": list(submission.versions.order_by("-number")),
        "state": state,
        "state_word": word,
        "voidings": learner_cards(submission.voidings.all()),
        **presenters.closed_task(submission, request.arrived_at),
    }
    return render(request, "assessments/task.html", context, status=422 if form.errors else 200)


def _handed_in(request: HttpRequest, submission: Submission, form: HandInForm) -> bool:
    try:
        services.hand_in(user=request.user, task=submission.task, arrived_at=request.arrived_at, **form.cleaned_data)
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("已提交。截止前可以修改后再次提交。"))
    return True


def own_submission(user: Any, public_id: UUID) -> Submission:
    """The person's own work; 404 for a task that is not theirs to see, 403 for one that they only oversee."""
    own = Submission.objects.filter(user=user, task__public_id=public_id).select_related("task__rubric")
    submission = own.first()
    if submission is None:
        get_object_or_404(Task.objects.visible_to(user), public_id=public_id)
        raise PermissionDenied
    return submission


@requires_sign_in
@never_cache
@require_safe
def work_file(request: HttpRequest, public_id: UUID, version_id: UUID) -> FileResponse:
    """A file that was handed in, for its author and the task's markers, whose reading is noted."""
    works = Submission.objects.visible_to(request.user).filter(task__public_id=public_id)
    rows = HandIn.objects.filter(submission__in=works.values("pk")).exclude(file="")
    version = get_object_or_404(rows.select_related("submission__task", "submission__user"), public_id=version_id)
    work = version.submission
    if work.user_id != request.user.pk and not may_mark(request.user, work.task) and not _decides(request.user, work):
        raise PermissionDenied
    part = _("作业：%(title)s") % {"title": version.submission.task.title}
    note_file_read(reader=request.user, subject=version.submission.user, part=part)
    return FileResponse(
        version.file.open("rb"), as_attachment=True, filename=version.file_name, content_type=version.content_type
    )


def _decides(user: Any, work: Submission) -> bool:
    return work.disputed_at is not None and may_decide(user, work)
