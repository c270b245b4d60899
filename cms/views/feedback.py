"""意见反馈: everybody may write; whoever has the number may read what became of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cms.forms import FeedbackForm, FindFeedbackForm
from cms.limits import within
from cms.models import FeedbackMessage
from cms.services import send_feedback
from core.errors import DomainError
from core.middleware import same_site_referer
from people.permissions import public

HOUR = 3600
MINE_SHOWN = 10


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest) -> HttpResponse:
    """The form; after sending, the page with the number."""
    came_from = request.GET.get("from", "") or _path_of(same_site_referer(request))
    if request.method != "POST":
        return _form_page(request, FeedbackForm(came_from=came_from))
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if not _may_send(request):
        form.add_error(None, _("您提交得太频繁了，请一小时以后再提交；已经提交的意见不会丢失。"))
        return _form_page(request, form, status=429)
    try:
        message = send_feedback(author=_author(request), **form.cleaned_data)
    except DomainError as refused:
        form.add_error("message" if refused.code == "message" else None, refused.message)
        return _form_page(request, form, status=422)
    return redirect(f"{reverse('cms:feedback-status', args=[message.code])}?sent=1")


def _path_of(referer: str) -> str:
    return "/" + referer.split("/", 3)[3] if referer.count("/") > 2 else ""


def _author(request: HttpRequest) -> Any:
    return request.user if request.user.is_authenticated else None


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _may_send(request: HttpRequest) -> bool:
    """Ten an hour for an account; for visitors thirty an hour from one address, which may be a whole office."""
    if request.user.is_authenticated:
        return within("feedback-user", str(request.user.pk), limit=10, seconds=HOUR)
    return within("feedback-address", _address(request), limit=30, seconds=HOUR)


def _form_page(request: HttpRequest, form: FeedbackForm, *, status: int = 200) -> HttpResponse:
    mine = FeedbackMessage.objects.filter(author=_author(request)) if _author(request) else ()
    context = {
        "title": _("意见反馈"),
        "lede": _("哪里不好用、写错了、增加了负担，请告诉我们。不登录也能提，每一条都有答复。"),
        "form": form,
        "find": FindFeedbackForm(auto_id="find_%s"),
        "mine": mine[:MINE_SHOWN],
        "crumbs": [(_("首页"), reverse("cms:home")), (_("意见反馈"), "")],
    }
    return render(request, "cms/feedback.html", context, status=status)


@public
@never_cache
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """From a typed number to its page."""
    form = FindFeedbackForm(request.GET or None, auto_id="find_%s")
    if form.is_valid():
        return redirect("cms:feedback-status", code=form.cleaned_data["code"])
    context = {
        "title": _("查询意见反馈"),
        "lede": _("填写提交时得到的查询编号，就能看到办理情况，不需要登录。"),
        "find": form,
        "crumbs": [(_("首页"), reverse("cms:home")), (_("意见反馈"), reverse("cms:feedback")), (_("查询"), "")],
    }
    return render(request, "cms/feedback_find.html", context)


@public
@never_cache
@require_safe
def status(request: HttpRequest, code: str) -> HttpResponse:
    """Where a message stands; wrong numbers look like missing ones and are limited."""
    if not within("feedback-status", _address(request), limit=60, seconds=600):
        return render(request, "429.html", status=429)
    message = FeedbackMessage.objects.filter(code=code.upper()).first()
    if message is None:
        raise Http404
    context = {
        "title": _("意见反馈 %s") % message.code,
        "message": message,
        "just_sent": request.GET.get("sent") == "1",
        "steps": _steps(message),
        "crumbs": [(_("首页"), reverse("cms:home")), (_("意见反馈"), reverse("cms:feedback")), (message.code, "")],
    }
    return render(request, "cms/feedback_status.html", context)


def _steps(message: FeedbackMessage) -> list[dict[str, Any]]:
    """What has happened and what is still to come, for the timeline."""
    sent = {"when": message.created_at, "title": _("已提交"), "kind": "done"}
    if message.answered_at:
        answered = {"when": message.answered_at, "title": _("培训处已答复"), "kind": "done"}
    else:
        answered = {"when_words": _("等待中"), "title": _("培训处答复"), "kind": "waiting"}
    steps = [sent, answered]
    if message.closed_at:
        steps.append({"when": message.closed_at, "title": _("已办结"), "kind": "done"})
    return steps
