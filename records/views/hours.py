"""The office's pages of hours, inside the Wagtail admin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import clock
from core.errors import DomainError
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx
from core.templatetags.linghang import day
from people.models import User
from people.permissions import requires
from people.search import LONGEST, find_people
from records.filters import ComplianceFilter
from records.forms.hours import EarlierHoursForm
from records.models import Bucket, Category, HourRule, HourRuleDraft, Mode, PolicyDraft, RequirementPolicy
from records.permissions import keeps_rules
from records.presenters.hours import online_words, state_labels
from records.reading import screens
from records.reading.hours import hour_rule_on, online_rule, policy_on
from records.reading.tracing import cap_words
from records.services import register_earlier_hours
from records.services.outlooks import freshen
from records.vectors import examples, online_examples
from records.views.shared import tabs


@requires("training_office")
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Write down the proof, look at the name and the figures once more, confirm."""
    form = EarlierHoursForm(request.POST or None, actor=request.user)
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        if "confirmed" in request.POST:
            return _registered(request, form)
        return render(request, "records/office/confirm.html", {"form": form, "facts": _facts(form.cleaned_data)})
    context = {"form": form, "tabs": tabs(request, "records:register")}
    return render(request, "records/office/register.html", context, status=422 if form.errors else 200)


def _facts(data: dict[str, Any]) -> list[tuple[str, str]]:
    person: User = data["work_number"]
    return [
        (_("学员"), f"{person.name}（{person.unit.name if person.unit else _('未登记单位')}）"),
        (_("学时类别"), str(Bucket(data["bucket"]).label)),
        (_("培训类别"), str(Category(data["category"]).label)),
        (_("培训方式"), str(Mode(data["mode"]).label)),
        (_("天数和学时"), _("%(d)s 天，%(h)s 学时") % {"d": f"{data['days']:g}", "h": f"{data['hours']:g}"}),
        (_("取得日期"), day(data["earned_on"])),
        (_("培训名称"), data["label"]),
        (_("证明材料编号"), data["evidence_no"]),
    ]


def _registered(request: HttpRequest, form: EarlierHoursForm) -> HttpResponse:
    data = {name: value for name, value in form.cleaned_data.items() if name != "work_number"}
    person: User = form.cleaned_data["work_number"]
    sentence = _("已为%(name)s登记 %(h)s 学时。") % {"name": person.name, "h": f"{data['hours']:g}"}
    try:
        register_earlier_hours(actor=request.user, user=person, **data)
    except DomainError as refusal:
        if not screens.is_credited(request.user, person, data):
            form.add_error("evidence_no", refusal.message)
            context = {"form": form, "tabs": tabs(request, "records:register")}
            return render(request, "records/office/register.html", context, status=422)
    messages.success(request, sentence)
    return redirect("records_hours:index")


@requires("training_office", "unit_admin")
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Every version of the hour rule and of the requirements, with worked examples under the one in force."""
    today = clock.today()
    policy, rule = policy_on(today), hour_rule_on(today)
    keeper = keeps_rules(request.user)
    context = {
        "tabs": tabs(request, "records:rules"),
        "today": today,
        "hour_rules": [(rule, online_words(rule)) for rule in HourRule.objects.all()],
        "policies": [
            (version, [cap_words(cap) for cap in version.caps.all()])
            for version in RequirementPolicy.objects.prefetch_related("lines", "caps")
        ],
        "rule_in_force": rule,
        "keeper": keeper,
        "hour_draft": HourRuleDraft.objects.first() if keeper else None,
        "policy_draft": PolicyDraft.objects.first() if keeper else None,
        "policy": policy,
        "examples": examples(policy, today),
        "online_examples": online_examples(online_rule(rule)) if rule else [],
    }
    return render(request, "records/office/rules.html", context)


@requires("training_office", "unit_admin")
@require_safe
def compliance(request: HttpRequest) -> HttpResponse:
    """Cadres of one's grants with what each has reached and what is short; as a page or as a workbook."""
    today = clock.today()
    people, words = screens.cadres_of(request.user), request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    found = ComplianceFilter(request.GET, queryset=people, units=screens.units_of(request.user))
    rows = found.qs if found.is_valid() else people
    rows = find_people(rows, words, "")
    chosen = found.form.cleaned_data if found.is_valid() else {}
    job = None
    if chosen.get("state") or chosen.get("regime"):
        job = freshen(actor=request.user, people=people)
        rows = screens.wanted(rows, chosen)
    if request.GET.get("export") == "xlsx":
        return _workbook(rows, today)
    page, lines = screens.compliance_page(rows, request.GET.get("page"), today)
    context = {"tabs": tabs(request, "records:compliance"), "filters": found, "page": page, "rows": lines}
    context |= {"today": today, "q": words, "states": state_labels(), "job": job}
    return render(request, "records/office/compliance.html", context)


def _workbook(rows: Any, today: Any) -> HttpResponse:
    columns = [
        ColumnSpec(_("工号"), code=True), _("姓名"), _("单位"), _("对象"), _("学时类别"), _("期限"), _("已取得"),
        _("状态"), _("差额"),
    ]  # fmt: skip
    sheet = SheetSpec(_("达标情况"), columns, screens.export_rows(rows, today), note=_note(today))
    return download_response(f"达标情况-{today:%Y%m%d}.xlsx", write_xlsx([sheet]))


def _note(today: Any) -> str:
    return _("截至%(day)s；集中培训、网络自学和基本培训分别计算，不相加。") % {"day": day(today)}
