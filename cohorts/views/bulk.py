"""Acts on several members at once: first whom they touch, then the act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cohorts import services
from cohorts.filters import MemberFilter
from cohorts.forms.classes import GroupChoiceForm, ReasonForm, ReminderForm
from cohorts.models import Cohort, Membership, MembershipState
from cohorts.views.loading import class_to_run, office, page, picked_members, tell
from cohorts.views.member_rows import members_in_order, workbook

AWAITED = (MembershipState.CONFIRMED,)
ARRIVING = (MembershipState.CONFIRMED, MembershipState.ABSENT)
HERE = (MembershipState.CONFIRMED, MembershipState.REGISTERED)
NAMES_SHOWN = 200


@dataclass(frozen=True)
class Act:
    """One act of the table: its words, what it asks for, whom it can touch and the service that does it."""

    label: Any
    submit: Any
    done: Any
    touches: tuple[str, ...]
    form: type[forms.Form]
    do: Callable[..., int]


def _register(**given: Any) -> int:
    return services.register_members(**given)


def _move(*, group: Any, **given: Any) -> int:
    return services.move_members(group=group, **given)


ACTS: dict[str, Act] = {
    "register": Act(
        gettext_lazy("登记报到"), gettext_lazy("为 %(n)s 人登记报到"), gettext_lazy("登记了 %(n)s 名学员报到。"),
        ARRIVING, forms.Form, _register,
    ),
    "no_show": Act(
        gettext_lazy("记为未报到"), gettext_lazy("把 %(n)s 人记为未报到"), gettext_lazy("记录了 %(n)s 名学员未报到。"),
        AWAITED, ReasonForm, services.mark_no_show,
    ),
    "group": Act(
        gettext_lazy("调整小组"), gettext_lazy("调整 %(n)s 人"), gettext_lazy("%(n)s 名学员已调整小组。"),
        HERE, GroupChoiceForm, _move,
    ),
    "remind": Act(
        gettext_lazy("发送提醒"), gettext_lazy("提醒 %(n)s 人"), gettext_lazy("已提醒 %(n)s 名学员。"),
        HERE, ReminderForm, services.remind_members,
    ),
}  # fmt: skip


def acts_for(cohort: Cohort) -> list[dict[str, Any]]:
    """The acts that the class's state allows, for the buttons below the table."""
    if cohort.state not in ("confirmed", "running"):
        return []
    return [{"key": key, "label": act.label} for key, act in ACTS.items()]


def _chosen(request: HttpRequest, cohort: Cohort) -> list[Membership]:
    """Those ticked, or everybody whom the filters of the list find."""
    if "everybody" not in request.POST:
        rows = picked_members(cohort, request)
        return list(members_in_order(cohort).filter(pk__in=[row.pk for row in rows]))
    query = QueryDict(request.POST.get("query", "")[:2000])
    return list(MemberFilter(query, queryset=members_in_order(cohort), cohort=cohort).qs)


@office
@require_POST
def bulk(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Show whom an act touches and whom it leaves out; with ``confirmed`` carry it out. An export goes out at once."""
    cohort = class_to_run(request, public_id)
    name, chosen = request.POST.get("act", ""), _chosen(request, cohort)
    if not chosen or name not in {*ACTS, "export"}:
        messages.error(request, _("请先勾选学员，再选择要办的事。"))
        return redirect("cohorts:members", public_id=public_id)
    if name == "export":
        return workbook(cohort, chosen)
    act = ACTS[name]
    touched = [m for m in chosen if m.state in act.touches]
    confirmed = "confirmed" in request.POST
    form = _form(act, cohort, request.POST if confirmed else None)
    if confirmed and touched and form.is_valid():
        given = {"actor": request.user, "cohort": cohort, "members": touched, **form.cleaned_data}
        if tell(request, lambda: act.do(**given), lambda n: act.done % {"n": n}):
            return redirect("cohorts:members", public_id=public_id)
    return _preview(request, cohort, name, touched, [m for m in chosen if m not in touched], form)


def _form(act: Act, cohort: Cohort, data: Any) -> forms.Form:
    return act.form(data, cohort=cohort) if act.form is GroupChoiceForm else act.form(data)


def _preview(
    request: HttpRequest,
    cohort: Cohort,
    name: str,
    touched: list[Membership],
    left_out: list[Membership],
    form: forms.Form,
) -> HttpResponse:
    act = ACTS[name]
    return page(
        request, "members_bulk", cohort, "members",
        act_name=name, act=act, touched=touched, shown=touched[:NAMES_SHOWN], left_out=left_out, form=form,
        submit=act.submit % {"n": len(touched)}, status=422 if form.errors else 200,
    )  # fmt: skip
