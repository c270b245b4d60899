"""What the cadres need: surveys, one survey beside the planned seats, the people behind a figure, draft classes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.log_actions import log

from core.errors import DomainError
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx
from courses.models import Track
from people.ranks import Regime
from people.search import find_people
from planning.forms.plans import DraftForm, SurveyForm
from planning.models import NeedLine, NeedPerson, NeedSurvey, TrainingPlan
from planning.models.needs import LEVELS
from planning.services.needs import draft_classes, missing_for, seats_for, seats_planned, survey_needs, whole_of
from planning.views.plan_loading import office, sent

MOST_LISTED = 30
PER_PAGE = 50


def _surveys(request: HttpRequest) -> Any:
    return NeedSurvey.objects.visible_to(request.user).select_related("unit", "made_by", "job")


def _survey(request: HttpRequest, public_id: UUID) -> NeedSurvey:
    found: NeedSurvey = get_object_or_404(_surveys(request), public_id=public_id)
    return found


@office
@require_http_methods(["GET", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The surveys of one's office, and the form for another."""
    form = SurveyForm(sent(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            survey = survey_needs(actor=request.user, **form.cleaned_data)
            return redirect(survey.job or reverse("planning:need", args=[survey.public_id]))
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    context = {"items": [_item(row) for row in _surveys(request)[:MOST_LISTED]], "form": form}
    return render(request, "planning/plans/needs.html", context, status=422 if form.errors else 200)


def _item(row: NeedSurvey) -> dict[str, Any]:
    done = row.finished_at is not None
    return {
        "title": str(row), "url": reverse("planning:need", args=[row.public_id]),
        "sub": _("%(who)s，干部 %(n)s 人") % {"who": row.made_by.name, "n": row.people} if done else row.made_by.name,
        "state": "done" if done else "waiting", "state_word": _("已测算") if done else _("测算中"),
    }  # fmt: skip


@office
@require_safe
def need(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Need, planned seats and the difference by regime and theme, each figure open to what it rests on."""
    survey = _survey(request, public_id)
    planned, lines = seats_planned(survey), list(survey.lines.select_related("drafted_into"))
    context = {
        "survey": survey,
        "columns": [{"label": _("主题")}, *({"label": word, "number": True} for word in
                    (_("需要培训"), _("已计划名额"), _("差额"))), {"label": _("计划班次")}],
        "tables": [_table(survey, regime, lines, planned) for regime in Regime],
        "level_columns": _level_columns(),
        "has_levels": any(line.level for line in lines),
        "for_all": sum(places for (regime, *_kind), places in planned.items() if not regime),
    }  # fmt: skip
    return render(request, "planning/plans/need.html", context)


def _table(survey: NeedSurvey, regime: Regime, lines: list[NeedLine], planned: Any) -> dict[str, Any]:
    own = [line for line in lines if line.regime == regime]
    whole = sorted((line for line in own if not line.level), key=_order)
    return {
        "regime": regime.label,
        "rows": [_row(survey, line, planned) for line in whole],
        "level_rows": _level_rows(survey, own, planned),
    }


def _level_columns() -> list[dict[str, Any]]:
    """Post or rank, its people, those short of the statute, and each theme."""
    heads = [_("干部"), _("应训学时未达标"), *(str(label) for label in Track.labels)]
    return [{"label": _("职务层次或职级")}, *({"label": head, "number": True} for head in heads)]


def _level_rows(survey: NeedSurvey, own: list[NeedLine], planned: Any) -> list[list[Any]]:
    """One row for each post and rank that somebody holds, in the order of the tables."""
    wholes = {line.theme: line for line in own if not line.level}
    found = {(line.level, line.theme): line for line in own if line.level}
    return [
        [
            {"text": str(label)},
            found[code, ""].known,
            _people_cell(survey, found[code, ""]),
            *(_theme_cell(survey, found.get((code, theme)), wholes.get(theme), planned) for theme in Track.values),
        ]
        for code, label in LEVELS
        if (code, "") in found
    ]


def _theme_cell(survey: NeedSurvey, line: NeedLine | None, whole: NeedLine | None, planned: Any) -> Any:
    """People in need of one post or rank in one theme; leads on to classes for them where seats are missing."""
    if line is None or line.suppressed:
        return "—"
    if line.drafted_into:
        plan = line.drafted_into
        return {"text": line.people, "url": reverse("planning:plan", args=[plan.public_id]), "sub": _("已生成")}
    missing = missing_for(line, planned, whole)
    if not missing:
        return line.people
    url = reverse("planning:need-draft", args=[survey.public_id, line.pk])
    return {"text": line.people, "url": url, "sub": _("缺 %(n)s") % {"n": missing}}


def _order(line: NeedLine) -> int:
    return [*Track.values].index(line.theme) if line.theme else -1


def _row(survey: NeedSurvey, line: NeedLine, planned: Any) -> list[Any]:
    seats = seats_for(line, planned)
    label = {"text": line.get_theme_display(), "sub": _("能力差距")} if line.theme else {
        "text": _("应训学时未达标"), "sub": _("不限主题")}  # fmt: skip
    if line.suppressed:
        return [label, _("不足 5 人，不显示"), seats, "—", "—"]
    short = _difference(line.people - seats)
    return [label, _people_cell(survey, line), seats, short, _draft_cell(survey, line, seats)]


def _people_cell(survey: NeedSurvey, line: NeedLine) -> dict[str, Any]:
    """The statutory figure opens to the people, the other to its definition."""
    if line.level and not line.people:
        return 0
    sub = (_("可以判断的 %(n)s 人中") if line.theme else _("共 %(n)s 人")) % {"n": line.known}
    if line.theme:
        return {"text": _("%(n)s 人") % {"n": line.people}, "url": "#definition", "sub": sub}
    url = f"{reverse('planning:need-people', args=[survey.public_id])}?regime={line.regime}"
    if line.level:
        return {"text": line.people, "url": f"{url}&level={line.level}"}
    return {"text": _("%(n)s 人") % {"n": line.people}, "url": url, "sub": sub}


def _difference(short: int) -> str:
    if short > 0:
        return _("缺 %(n)s") % {"n": short}
    return _("富余 %(n)s") % {"n": -short} if short else _("正好")


def _draft_cell(survey: NeedSurvey, line: NeedLine, seats: int) -> Any:
    if line.drafted_into:
        plan = line.drafted_into
        return {"text": _("已生成到计划"), "url": reverse("planning:plan", args=[plan.public_id]), "sub": plan.title}
    if line.people <= seats:
        return "—"
    return {"text": _("生成计划班次"), "url": reverse("planning:need-draft", args=[survey.public_id, line.pk])}


@office
@require_safe
def people(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The cadres whom a statutory figure counts, as far as one's grants still reach; as a page or a workbook."""
    survey = _survey(request, public_id)
    regime = request.GET.get("regime", "")
    level = request.GET.get("level", "")
    counted = survey.persons.filter(regime=regime) if regime in Regime.values else survey.persons.all()
    counted = counted.filter(level=level) if level in dict(LEVELS) else counted
    seen = NeedPerson.objects.visible_to(request.user).filter(pk__in=counted.values("pk"))
    rows = seen.select_related("user__unit").order_by("user__sort_key", "pk")
    log(survey, "planning.needs.people", user=request.user)
    if request.GET.get("export") == "xlsx":
        return _workbook(survey, rows)
    found = find_people(rows, request.GET.get("q", "")[:100], "user__")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": survey, "listing": shown, "regime": Regime(regime).label if regime in Regime.values else "",
        "level": dict(LEVELS).get(level, ""),
        "gone": counted.count() - seen.count(),
        "columns": [{"label": label} for label in (_("姓名"), _("单位"), _("职务层次或职级"), _("还差"))],
        "rows": [_person(row) for row in shown],
    }  # fmt: skip
    return render(request, "planning/plans/need_people.html", context)


def _person(row: NeedPerson) -> list[Any]:
    unit = row.user.unit.name if row.user.unit else ""
    return [{"text": row.user.name, "sub": row.user.work_number}, unit, _level_words(row), "；".join(row.short)]


def _level_words(row: NeedPerson) -> str:
    """Post or rank; of an older reckoning the regime."""
    return str(row.get_level_display() or row.get_regime_display())


def _workbook(survey: NeedSurvey, rows: Any) -> HttpResponse:
    columns = [ColumnSpec(_("工号"), code=True), _("姓名"), _("单位"), _("对象"), _("职务层次或职级"), _("还差")]
    lines = [[r.user.work_number, r.user.name, r.user.unit.name if r.user.unit else "", r.get_regime_display(),
              r.get_level_display(), "；".join(r.short)] for r in rows]  # fmt: skip
    note = _("%(what)s，测算日期 %(on)s") % {"what": survey, "on": survey.on}
    sheet = SheetSpec(_("应训学时未达标"), columns, lines, note=note)
    return download_response(f"{survey}-{survey.on:%Y%m%d}.xlsx", write_xlsx([sheet]))


@office
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, public_id: UUID, line: int) -> HttpResponse:
    """As many draft classes as close the gap, in a draft plan."""
    survey = _survey(request, public_id)
    row: NeedLine = get_object_or_404(survey.lines.select_related("survey__unit"), pk=line)
    drafts = TrainingPlan.objects.visible_to(request.user).filter(
        state=TrainingPlan.State.DRAFT, year=survey.year, unit__path__startswith=survey.unit.path
    )
    form = DraftForm(sent(request), plans=drafts, theme=row.theme)
    if request.method == "POST" and form.is_valid():
        given = {"theme": row.theme, **form.cleaned_data}
        try:
            draft_classes(actor=request.user, line=row, **given)
            return redirect("planning:plan", public_id=given["plan"].public_id)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    context = {
        "survey": survey, "line": row, "form": form, "has_plan": drafts.exists(),
        "short": missing_for(row, seats_planned(survey), whole_of(row)),
        "theme": row.get_theme_display() if row.theme else _("应训学时"),
    }  # fmt: skip
    return render(request, "planning/plans/need_draft.html", context, status=422 if form.errors else 200)
