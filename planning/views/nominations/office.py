"""调训 in the office: the arrangement of a class, quotas, what has come, the waiting list, and the office's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts.board import head
from cohorts.models import Cohort
from cohorts.permissions import is_office_of
from cohorts.views.loading import class_to_run
from cohorts.views.loading import office as staff
from core.errors import DomainError
from people.models import Unit
from people.scopes import subtree_condition
from planning.forms.calls import CallUpForm, QuotaForm
from planning.models import CallUp, Nomination
from planning.presenters.nominations import nomination_item
from planning.querysets.calls import OFFICE
from planning.reading.filled import places_left, with_filled
from planning.reading.nominations import counts_by_state
from planning.services.calls import EDITABLE, change_call_up, make_call_up, open_call_up, shared_out
from planning.services.places import Confirmed, confirm_many, next_in_queue, queue_many
from planning.services.quotas import eligible_below, proposal, set_quotas
from planning.views.nominations.front import facts_of_call
from planning.views.nominations.loading import class_of_office, office, tell

SHOWN = 50
NAMES_SHOWN = 200


def page(request: HttpRequest, name: str, cohort: Cohort, **context: Any) -> HttpResponse:
    """An office page of the class under its head and tabs."""
    status = context.pop("status", 200)
    template = f"planning/nominations/office/{name}.html"
    return render(request, template, {**head(cohort, "call-up"), **context}, status=status)


def call_up_of(cohort: Cohort) -> CallUp | None:
    found: CallUp | None = with_filled(CallUp.objects.filter(cohort=cohort)).select_related("cohort__host").first()
    return found


def required(cohort: Cohort) -> CallUp:
    call_up: CallUp = get_object_or_404(with_filled(CallUp.objects.select_related("cohort__host")), cohort=cohort)
    return call_up


@staff
@require_safe
def call_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Places first: how many are confirmed, what waits for the office, who is next."""
    cohort = class_to_run(request, public_id)
    row, may_change = call_up_of(cohort), is_office_of(request.user, cohort)
    if row is None:
        return page(request, "call_up_none", cohort, may_change=may_change)
    counts = counts_by_state(row)
    waiting, free = list(row.nominations.waiting().with_people()[:SHOWN]), next_in_queue(row)
    context = {
        "call_up": row,
        "may_change": may_change,
        "sentence": _sentence(row, counts, free),
        "figures": _figures(row, counts),
        "ended": [(str(Nomination.State(s).label), counts[s], s) for s in ("refused", "withdrawn") if counts.get(s)],
        "facts": facts_of_call(row),
        "quotas": row.quotas.select_related("unit"),
        "to_decide": _listed(row.nominations.filter(state="at_office")),
        "to_decide_count": counts.get("at_office", 0),
        "waiting": [_ticked(one) for one in waiting],
        "next": {one.pk for one in free},
        "next_names": [one.user.name for one in free],
        "list_url": f"{reverse('planning_nominations:index')}?call_up={row.pk}",
    }
    return page(request, "call_up", cohort, **context)


def _listed(rows: Any) -> list[dict[str, Any]]:
    return [_ticked(row) for row in rows.with_people().select_related("replaces__user").order_by("pk")[:SHOWN]]


def _ticked(row: Nomination) -> dict[str, Any]:
    item = nomination_item(row, None)
    url = reverse("planning:nomination-decide", args=[row.public_id])
    replaces = _("替换%(name)s") % {"name": row.replaces.user.name} if row.replaces else ""
    return {**item, "pk": row.pk, "url": url, "reason": row.reason, "replaces": replaces, "no": row.queue_no}


def _sentence(row: CallUp, counts: dict[str, int], free: list[Nomination]) -> str:
    words = _("本班 %(places)s 人，已确认 %(taken)s 人，还剩 %(left)s 个名额。") % {
        "places": row.places, "taken": row.taken, "left": places_left(row),
    }  # fmt: skip
    if row.direct:
        words += _("培训处直接录入的 %(n)s 名学员也占用名额。") % {"n": row.direct}
    if counts.get("at_office"):
        words += _("有 %(n)s 份提名待您确认。") % {"n": counts["at_office"]}
    if free and row.opened_at:
        words += _("候补名单里有 %(n)s 人可以递补。") % {"n": len(free)}
    return words


def _figures(row: CallUp, counts: dict[str, int]) -> list[dict[str, Any]]:
    shown = [(state, str(Nomination.State(state).label)) for state in Nomination.STANDING]
    url = reverse("planning_nominations:index")
    return [
        {
            "label": label, "value": counts.get(state, 0), "unit": _("人"),
            "url": f"{url}?call_up={row.pk}&state={state}" if counts.get(state) else "", "url_label": _("查看名单"),
        }
        for state, label in shown
    ]  # fmt: skip


def _initial(row: CallUp | None, cohort: Cohort) -> dict[str, Any]:
    if row is not None:
        return {"version": row.version, **{name: getattr(row, name) for name in EDITABLE}}
    planned = getattr(cohort, "planned", None)
    known = {name: getattr(planned, name) for name in ("theme", "places", "regime", "levels")} if planned else {}
    return {"basis": CallUp.Basis.QUOTA, "route": CallUp.Route.STEPWISE, **known}


@office
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Arrange the call-up, or change it: the deadline, the places, the way."""
    cohort = class_of_office(request, public_id)
    row = call_up_of(cohort)
    form = CallUpForm(request.POST or None, initial=_initial(row, cohort))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, cohort, row, form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("调训安排已保存。"))
            return redirect("planning:call-up", public_id=public_id)
    title = _("修改调训安排") if row else _("安排调训")
    return page(request, "call_up_form", cohort, form=form, title=title, status=422 if form.errors else 200)


def _save(request: HttpRequest, cohort: Cohort, row: CallUp | None, data: dict[str, Any]) -> None:
    values = {name: data[name] for name in EDITABLE}
    if row is None:
        make_call_up(actor=request.user, cohort=cohort, **values)
    else:
        change_call_up(actor=request.user, call_up=row, version=data.get("version") or 0, **values)


@office
@require_http_methods(["GET", "POST"])
def quotas(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Places per unit; one click proposes them in proportion to the eligible people."""
    cohort = class_of_office(request, public_id)
    row = required(cohort)
    proposed = proposal(call_up=row) if "propose" in request.GET else {}
    held = {quota.unit: quota for quota in row.quotas.select_related("unit")}
    units = sorted({*held, *proposed}, key=lambda unit: unit.path)
    places = {u.pk: proposed.get(u, held[u].places if u in held else 0) for u in units}
    form = QuotaForm(request.POST or None, units=units, places=places, others=_others(request, cohort, units))
    if request.method == "POST" and form.is_valid():
        try:
            set_quotas(actor=request.user, call_up=row, places=form.places())
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("名额已保存。"))
            return redirect("planning:call-up", public_id=public_id)
    eligible = eligible_below(row, units) if units else {}
    rows = [
        {
            **line,
            "eligible": eligible.get(line["unit"].pk, 0),
            "used": held[line["unit"]].used if line["unit"] in held else 0,
        }
        for line in form.rows()
    ]
    context = {
        "call_up": row,
        "form": form,
        "rows": rows,
        "proposed": bool(proposed),
        "nobody": "propose" in request.GET and not proposed,
        "shared": shared_out(row),
    }
    return page(request, "quotas", cohort, **context, status=422 if form.errors else 200)


def _others(request: HttpRequest, cohort: Cohort, units: list[Unit]) -> Any:
    """Units below the host without places, in the reach of the office."""
    below = Unit.objects.filter(path__startswith=cohort.host.path).filter(
        subtree_condition(request.user, "path", OFFICE)
    )
    return below.exclude(pk__in=[unit.pk for unit in units])


@office
@require_POST
def open_naming(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = required(class_of_office(request, public_id))
    tell(request, lambda: open_call_up(actor=request.user, call_up=row), _("已开放报名，并通知了各单位管理员。"))
    return redirect("planning:call-up", public_id=public_id)


ACTS = ("confirm", "queue")


@office
@require_POST
def bulk(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Confirm several, or put them on the waiting list: first whom it touches, then the act."""
    cohort = class_of_office(request, public_id)
    row, act = required(cohort), request.POST.get("act", "")
    chosen = list(_chosen(request, row).with_people().order_by("queue_no", "pk"))
    if not chosen or act not in ACTS:
        messages.error(request, _("请先勾选人选，再选择要办的事。"))
        return redirect("planning:call-up", public_id=public_id)
    states = ("at_office", "waiting") if act == "confirm" else ("at_office",)
    touched = [one for one in chosen if one.state in states]
    if "confirmed" in request.POST and touched:
        _carry_out(request, row, act, touched)
        return redirect("planning:call-up", public_id=public_id)
    left_out = [one for one in chosen if one not in touched]
    return page(
        request, "bulk", cohort, call_up=row, act=act, touched=touched, shown=touched[:NAMES_SHOWN],
        left_out=left_out, left=places_left(row),
    )  # fmt: skip


def _chosen(request: HttpRequest, row: CallUp) -> Any:
    """Those ticked, or everybody who is at the office's desk; keys that cannot be read count for nothing."""
    if "everybody" in request.POST:
        return row.nominations.filter(state="at_office")
    keys = [int(key) for key in request.POST.getlist("rows") if key.isdecimal() and len(key) < 18]
    return row.nominations.filter(pk__in=keys)


def _carry_out(request: HttpRequest, row: CallUp, act: str, touched: list[Nomination]) -> None:
    if act == "queue":
        queue = lambda: queue_many(actor=request.user, call_up=row, nominations=touched)  # noqa: E731
        tell(request, queue, lambda n: _("%(n)s 人已列入候补。") % {"n": n})
        return
    confirm = lambda: confirm_many(actor=request.user, call_up=row, nominations=touched)  # noqa: E731
    tell(request, confirm, confirmed_words)


def confirmed_words(result: Confirmed) -> str:
    made = _("已确认 %(n)s 人，并通知了本人和单位。") % {"n": len(result.made)} if result.made else ""
    known = _("%(n)s 人此前已确认。") % {"n": len(result.known)} if result.known else ""
    return made + known
