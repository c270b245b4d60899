"""The next intake of a class: say when and under which code, look at what is copied and what is not, copy."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cohorts import services
from cohorts.forms.classes import CloneForm
from cohorts.views.loading import class_of_office, page, sent, training_office
from core.errors import DomainError


@training_office
@require_http_methods(["GET", "POST"])
def clone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_of_office(request, public_id)
    form = CloneForm(sent(request)[0])
    plan = None
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            if "confirmed" in request.POST:
                made = services.clone_cohort(actor=request.user, cohort=cohort, **chosen)
                messages.success(request, _("已复制为“%(title)s”，请核对课表后继续。") % {"title": made.full_title})
                return redirect("cohorts:board", public_id=made.public_id)
            plan = services.plan_of_clone(cohort=cohort, starts_on=chosen["starts_on"])
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return page(
        request, "clone", cohort, "board", form=form, plan=plan if not form.errors else None,
        status=422 if form.errors else 200,
    )  # fmt: skip
