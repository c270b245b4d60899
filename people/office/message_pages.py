"""消息模板 and 发送规则: the words of messages that leave the house, and when they may go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from core.messaging import kinds, policy, templates
from core.messaging.channels import configured
from core.messaging.kinds import MessageKind
from core.messaging.segments import PART, WHOLE
from core.models import MessageTemplate
from people.models import Role
from people.office.message_forms import RulesForm, TemplateForm
from people.permissions import requires
from people.scopes import has_role

KEEPERS = (Role.TRAINING_OFFICE, Role.SYSTEM_ADMIN)
VERSIONS_SHOWN = 20

reading = requires(*KEEPERS, Role.AUDIT_ADMIN)


@reading
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Every kind with the version in force on each channel. One query."""
    names = list(configured())
    rows = MessageTemplate.objects.order_by("kind", "channel", "version")
    now = {(row.kind, row.channel): row for row in rows}
    listed = [_listed(kind, names, now) for kind in kinds.every()]
    return render(request, "people/office/message_templates.html", {"kinds": listed, "channels": configured().values()})


def _listed(kind: MessageKind, names: list[str], now: dict[tuple[str, str], MessageTemplate]) -> dict[str, Any]:
    return {
        "kind": kind,
        "about": _about(kind),
        "versions": [_version_words(kind, name, now.get((kind.name, name))) for name in names],
    }


def _about(kind: MessageKind) -> str:
    if kind.name == kinds.BUNDLE:
        return _("一小时内同一种消息有几条时，合成一条")
    said = [_("紧急，免打扰时段也发") if kind.urgent else "", _("必须送达") if kind.mandatory else ""]
    return "；".join(filter(None, said)) or _("免打扰时段等候")


def _version_words(kind: MessageKind, channel: str, row: MessageTemplate | None) -> str:
    if channel not in kind.channels:
        return _("不用这个渠道")
    return _("第 %(n)s 版") % {"n": row.version} if row and row.text else _("内置文字")


@reading
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: HttpRequest, kind: str) -> HttpResponse:
    """The words of one kind on every channel: what would be sent, how long it is, earlier versions, a new one."""
    sort = kinds.find(kind)
    if sort is None:
        raise Http404
    names = [name for name in configured() if name in sort.channels]
    form = TemplateForm(request.POST, auto_id="id_sent_%s") if request.method == "POST" else None
    if form is not None:
        done = _kept(request, sort, form, names)
        if done:
            return done
    parts = [_part(sort, name, form) for name in names]
    context = {"kind": sort, "about": _about(sort), "parts": parts, "may_change": has_role(request.user, *KEEPERS)}
    wrong = form is not None and bool(form.errors)
    return render(request, "people/office/message_template.html", context, status=422 if wrong else 200)


def _kept(request: HttpRequest, kind: MessageKind, form: TemplateForm, names: list[str]) -> HttpResponse | None:
    """Keep or reset what was sent; None where the form has to be shown again: refused, or a preview."""
    if not has_role(request.user, *KEEPERS):
        return _refused(request, _("您可以查看模板，不能修改。"))
    resets = "reset" in request.POST
    if resets:
        form.fields["text"].required = False
    valid = form.is_valid()
    if form.cleaned_data.get("channel") not in names or "version" in form.errors:
        return _refused(request, _("没有这个渠道，没有保存。请刷新页面后再试。"))
    if not valid or "preview" in request.POST:
        return None
    said = {"actor": request.user, "kind": kind, **form.cleaned_data}
    words = said.pop("text")
    act: Callable[[], Any] = (
        (lambda: templates.reset_template(**said)) if resets else lambda: templates.put_template(**said, text=words)
    )
    try:
        act()
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, _("已恢复内置文字。") if resets else _("新的一版已保存，之后发出的消息都用它。"))
    return redirect("office-messages:template", kind.name)


def _refused(request: HttpRequest, words: str) -> HttpResponse:
    messages.error(request, words)
    return redirect(request.path)


def _part(kind: MessageKind, channel: str, sent: TemplateForm | None) -> dict[str, Any]:
    """One channel: its form, bound where it was the one sent, and a preview of what stands in it."""
    row = templates.newest(kind.name, channel)
    mine = sent is not None and sent.data.get("channel") == channel
    text = templates.text_of(kind, channel, row)
    initial = {"text": text, "channel": channel, "version": row.version if row else 0}
    form = sent if mine and sent is not None else TemplateForm(initial=initial, auto_id=f"id_{channel}_%s")
    shown = str(form.data.get("text", "")) if mine else text
    versions = MessageTemplate.objects.filter(kind=kind.name, channel=channel).select_related("by").order_by("-version")
    return {
        "channel": channel,
        "title": configured()[channel].title,
        "form": form,
        "is_built_in": not (row and row.text),
        "previews": _previews(kind, channel, shown, form),
        "versions": versions[:VERSIONS_SHOWN],
    }


def _previews(kind: MessageKind, channel: str, text: str, form: TemplateForm) -> list[dict[str, Any]]:
    """Without a date and with one, where the words speak of it; none of words that cannot be used."""
    try:
        words = templates.checked(kind, channel, text)
    except DomainError as refusal:
        if form.is_bound and not form.errors:
            form.add_error("text", refusal.message)
        return []
    due = clock.today() + timedelta(days=3)
    plain, dated = (templates.preview(kind, channel, words, due=day) for day in (None, due))
    found = [plain] if plain == dated else [plain, dated]
    return [{"preview": one, "length": _length_words(channel, one)} for one in found]


def _length_words(channel: str, preview: templates.Preview) -> str:
    if channel != kinds.SMS:
        return _("%(n)s 字") % {"n": preview.units}
    words = _("%(n)s 字，按 %(parts)s 条短信计费（一条至多 %(whole)s 字，分条时每条 %(part)s 字，含签名）")
    return words % {"n": preview.units, "parts": preview.segments, "whole": WHOLE, "part": PART}


@reading
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Quiet hours, and what goes regardless of a person's choice."""
    now = policy.rules_now()
    form = RulesForm(request.POST) if request.method == "POST" else RulesForm.showing(now)
    may_change = has_role(request.user, *KEEPERS)
    if request.method == "POST" and not may_change:
        return _refused(request, _("您可以查看规则，不能修改。"))
    if request.method == "POST" and form.is_valid():
        try:
            policy.put_rules(actor=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("规则已保存。已经在等待的消息仍按原来的时间发出。"))
            return redirect("office-messages:rules")
    context = {"form": form, "rules": now, "may_change": may_change, "channels": configured().values()}
    return render(request, "people/office/message_rules.html", context, status=422 if form.errors else 200)
