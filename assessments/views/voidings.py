"""A learner's reply to a result that was taken away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments import services
from assessments.forms.answers import ReplyForm
from assessments.models import Voiding
from assessments.services.voiding import learner_url
from core.errors import DomainError
from people.permissions import requires_sign_in


@requires_sign_in
@require_POST
def reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Keep the reply and go back to the page of the result; others' are not there."""
    voiding = get_object_or_404(Voiding.objects.of(request.user), public_id=public_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有提交：请填写申述的内容，不超过 500 字。"))
        return redirect(learner_url(voiding))
    try:
        services.reply_to_voiding(user=request.user, voiding=voiding, text=form.cleaned_data["text"])
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("申述已提交，由作出决定的部门处理。"))
    return redirect(learner_url(voiding))
