"""Writing the next version of the hour rule or of the requirements: draft, preview, in force."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import clock
from core.errors import DomainError
from core.templatetags.linghang import day
from records import services
from records.affected import affected_from
from records.forms.versions import HourDraftForm, PolicyForms
from records.models import HourRuleDraft, PolicyDraft, PolicyPreview
from records.permissions import keeps_rules
from records.presenters.hours import GRACE, MET, SHORT, state_labels
from records.reading.hours import draft_policy, hour_rule_on, online_rule, policy_on
from records.reading.previewed import moved_people, moves
from records.services.previewing import order_preview
from records.services.versions import HOUR_TERMS
from records.vectors import compared_hours, compared_policies, online_examples
from records.views.shared import office, page, tell

SHOWN = 20
PER_PAGE = 50
STATES = (MET, GRACE, SHORT, "")


def _keeper(request: HttpRequest) -> None:
    """The office of a top unit; another office reads the rules and does not write them."""
    if not keeps_rules(request.user):
        raise PermissionDenied


def _draft(model: Any) -> Any:
    found = model.objects.select_related("changed_by").first()
    if found is None:
        raise Http404
    return found


@office
@require_POST
def start_hours(request: HttpRequest) -> HttpResponse:
    _keeper(request)
    if not tell(request, lambda: services.start_hour_draft(actor=request.user), _("已建立学时规则草稿。")):
        return redirect("records:rules")
    return redirect("records:hour-draft")


@office
@require_POST
def start_policy(request: HttpRequest) -> HttpResponse:
    _keeper(request)
    if not tell(request, lambda: services.start_policy_draft(actor=request.user), _("已建立应训要求草稿。")):
        return redirect("records:rules")
    return redirect("records:policy-draft")


@office
@require_http_methods(["GET", "POST"])
def hour_draft(request: HttpRequest) -> HttpResponse:
    """The draft of the hour rule beside its worked examples, and what it would touch."""
    _keeper(request)
    draft = _draft(HourRuleDraft)
    initial = {name: getattr(draft, name) for name in HOUR_TERMS}
    form = HourDraftForm(request.POST or None, initial={**initial, "revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_hour_draft(actor=request.user, revision=form.cleaned_data["revision"], **form.terms())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("草稿已保存，右侧算例已按草稿重算。"))
            return redirect("records:hour-draft")
    return _hour_page(request, draft, form)


def _hour_page(request: HttpRequest, draft: HourRuleDraft, form: HourDraftForm) -> HttpResponse:
    today = clock.today()
    rule, touched = hour_rule_on(today), affected_from(request.user, draft.effective_from)
    context = {
        "draft": draft,
        "form": form,
        "rule": rule,
        "today": today,
        "compared": compared_hours(rule, draft, draft.effective_from) if rule else [],
        "online_examples": online_examples(online_rule(draft)),
        "touched": touched[:SHOWN],
        "touched_count": len(touched),
    }
    return page(request, "hour_draft", "records:rules", context, status=422 if form.errors else 200)


@office
@require_http_methods(["GET", "POST"])
def policy_draft(request: HttpRequest) -> HttpResponse:
    """The draft of the requirements beside its worked examples, and who would be met or short."""
    _keeper(request)
    draft = _draft(PolicyDraft)
    forms = PolicyForms(draft, request.POST or None)
    if request.method == "POST" and forms.is_valid():
        try:
            services.save_policy_draft(actor=request.user, **forms.values())
        except DomainError as refusal:
            forms.head.add_error(None, refusal.message)
        else:
            messages.success(request, _("草稿已保存，算例已按草稿重算。可以预览对干部的影响。"))
            return redirect("records:policy-draft")
    return _policy_page(request, draft, forms)


def _policy_page(request: HttpRequest, draft: PolicyDraft, forms: PolicyForms) -> HttpResponse:
    today = clock.today()
    in_force = policy_on(today)
    preview = PolicyPreview.objects.visible_to(request.user).filter(draft_key=draft.pk).select_related("job").first()
    context = {
        "draft": draft,
        "forms": forms,
        "version": in_force.version,
        "today": today,
        "compared": compared_policies(in_force, draft_policy(draft, in_force.version + 1), today),
        "preview": preview,
        "is_stale": preview is not None and preview.revision != draft.revision,
        "moves": moves(preview) if preview and preview.done_at else [],
    }
    return page(request, "policy_draft", "records:rules", context, status=422 if forms.has_errors else 200)


@office
@require_POST
def preview_policy(request: HttpRequest) -> HttpResponse:
    """Reckon everybody of one's scope under the draft; many people as a job with a bar."""
    _keeper(request)
    draft = _draft(PolicyDraft)
    try:
        made = order_preview(actor=request.user, draft=draft)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("records:policy-draft")
    return redirect(made.job) if made.job else redirect(reverse("records:policy-draft") + "#moves")


@office
@require_safe
def previewed(request: HttpRequest, public_id: Any) -> HttpResponse:
    """The people behind a figure of the preview."""
    found = get_object_or_404(PolicyPreview.objects.visible_to(request.user), public_id=public_id)
    chosen = {name: request.GET.get(name, "") for name in ("regime", "bucket", "before", "after")}
    listing = Paginator(moved_people(found, chosen), PER_PAGE).get_page(request.GET.get("page"))
    labels = {**state_labels(), "": _("没有要求")}
    context = {
        "preview": found,
        "page": listing,
        "rows": [(row, labels.get(row.before, ""), labels.get(row.after, "")) for row in listing.object_list],
    }
    return page(request, "previewed", "records:rules", context)


@office
@require_http_methods(["GET", "POST"])
def put_hours(request: HttpRequest) -> HttpResponse:
    """Ask once more, then put the draft in force."""
    _keeper(request)
    draft = _draft(HourRuleDraft)
    consequences = [
        _("%(day)s（含）以后建立并开班的班次、学完的网络课程按新版计算。") % {"day": day(draft.effective_from)},
        _("已经计入的学时和已建立班次所用的版本不变。"),
        _("施行后不能修改，只能再修订一版。"),
    ]
    return _put(request, draft, services.put_hour_rule_in_force, consequences, "records:hour-draft")


@office
@require_http_methods(["GET", "POST"])
def put_policy(request: HttpRequest) -> HttpResponse:
    _keeper(request)
    draft = _draft(PolicyDraft)
    consequences = [
        _("自%(day)s起，全体干部按新版判断是否达标。") % {"day": day(draft.effective_from)},
        _("已经计入的学时不变；此前各日仍按当日的版本判断。"),
        _("施行后不能修改，只能再修订一版。"),
    ]
    return _put(request, draft, services.put_policy_in_force, consequences, "records:policy-draft")


def _put(request: HttpRequest, draft: Any, act: Any, consequences: list[str], back: str) -> HttpResponse:
    if request.method == "POST":
        shown = request.POST.get("revision", "")
        revision = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 10 else 0
        if tell(request, lambda: act(actor=request.user, revision=revision), _("新版已登记，自生效日期起施行。")):
            return redirect("records:rules")
        return redirect(back)
    context = {"draft": draft, "consequences": consequences, "back": reverse(back)}
    return page(request, "put_in_force", "records:rules", context)


@office
@require_POST
def drop(request: HttpRequest, kind: str) -> HttpResponse:
    """Give a draft up."""
    _keeper(request)
    draft = _draft({"hours": HourRuleDraft, "policy": PolicyDraft}[kind])
    tell(request, lambda: services.drop_draft(actor=request.user, draft=draft), _("草稿已放弃，施行中的版本不变。"))
    return redirect("records:rules")
