from __future__ import annotations

import uuid
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certificates.forms import IssueForm, ReasonForm, TemplateForm
from certificates.models import Certificate, CertificateTemplate, CompetencyReport, Issuance
from certificates.services import candidates, confirm_issuance, create_template, publish_reports, reissue, revoke
from cohorts.board import head
from cohorts.models import Cohort
from core.drawing import draw_sample
from core.errors import DomainError
from people.permissions import requires
from people.scopes import has_role

office_only = requires("training_office")


def _cohort(request: HttpRequest, public_id: UUID) -> Cohort:
    """A class that the person's office runs."""
    return get_object_or_404(Cohort.objects.run_by(request.user).select_related("host"), public_id=public_id)


def _certificate(request: HttpRequest, public_id: UUID) -> Certificate:
    found = Certificate.objects.visible_to(request.user).without_file()
    return get_object_or_404(found.select_related("membership__cohort", "membership__user"), public_id=public_id)


def _templates() -> object:
    """The newest version of each template."""
    newest = {t.name: t.pk for t in CertificateTemplate.objects.order_by("version")}
    return CertificateTemplate.objects.filter(pk__in=newest.values()).order_by("name")


@requires("training_office", "class_teacher")
@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who is eligible and who is not and why; the office deselects, looks at the numbers once more, confirms."""
    cohort = _cohort(request, public_id)
    may_issue = has_role(request.user, "training_office")
    if request.method == "POST" and not may_issue:
        raise PermissionDenied
    people = candidates(cohort)
    ready = [c for c in people if c.ok]
    choices = [(c.membership.pk, c.membership.user.name) for c in ready]
    form = IssueForm(request.POST or None, templates=_templates(), members=choices)
    context = {
        **head(cohort, "certificates"),
        "may_issue": may_issue,
        "ready": ready,
        "refused": [c for c in people if not c.ok and not c.certificate_number],
        "issued": [c for c in people if c.certificate_number],
        "templates": _templates(),
        "client_key": uuid.uuid4(),
        "runs": Issuance.objects.filter(cohort=cohort).select_related("job", "confirmed_by").order_by("-confirmed_at"),
        "reports": CompetencyReport.objects.filter(membership__cohort=cohort).values("membership").distinct().count(),
        "form": form,
    }
    if request.method != "POST" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "certificates/office/issue.html", context, status=status)
    if "confirmed" not in request.POST:
        chosen = [c for c in ready if c.membership.pk in form.cleaned_data["members"]]
        return render(request, "certificates/office/confirm.html", {**context, "chosen": chosen})
    return _ordered(request, cohort, form)


def _ordered(request: HttpRequest, cohort: Cohort, form: IssueForm) -> HttpResponse:
    chosen = form.cleaned_data
    try:
        issuance = confirm_issuance(
            actor=request.user,
            cohort=cohort,
            template=chosen["template"],
            members=chosen["members"],
            client_key=chosen["client_key"],
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("certificates:issue", public_id=cohort.public_id)
    return redirect(issuance.job.get_absolute_url())


@office_only
@require_POST
def order_reports(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Order the competency reports of a closed class."""
    cohort = _cohort(request, public_id)
    try:
        return redirect(publish_reports(actor=request.user, cohort=cohort).get_absolute_url())
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("certificates:issue", public_id=cohort.public_id)


ENDINGS = {
    "revoke": (revoke, gettext_lazy("证书 %(number)s 已撤销。")),
    "reissue": (reissue, gettext_lazy("已补发新证书 %(number)s。")),
}


@office_only
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, public_id: UUID, action: str) -> HttpResponse:
    """Revoke or reissue: says what will happen, asks why, then does it."""
    certificate = _certificate(request, public_id)
    _cohort(request, certificate.membership.cohort.public_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service, sentence = ENDINGS[action]
        try:
            changed = service(actor=request.user, certificate=certificate, reason=form.cleaned_data["reason"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, sentence % {"number": changed.number})
        return redirect(reverse("office_certificates:index"))
    context = {"certificate": certificate, "form": form, "action": action}
    return render(request, "certificates/office/end.html", context, status=200 if not form.errors else 422)


@office_only
@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """The templates in their versions, and a form for the next one."""
    form = TemplateForm(request.POST or None, initial={"name": _("结业证书"), "issuer": settings.LINGHANG_ISSUER})
    if request.method == "POST" and form.is_valid():
        made = create_template(actor=request.user, **form.cleaned_data)
        messages.success(request, _("模板“%(template)s”可以使用了。") % {"template": made})
        return redirect("certificates:templates")
    rows = CertificateTemplate.objects.order_by("name", "-version").select_related("made_by")
    context = {"templates": rows, "form": form}
    return render(request, "certificates/office/templates.html", context, status=422 if form.errors else 200)


@office_only
@require_safe
def template_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """A template drawn with nobody's data."""
    template = get_object_or_404(CertificateTemplate, pk=pk)
    return HttpResponse(draw_sample(template.layout), content_type="application/pdf")
