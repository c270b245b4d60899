"""Groups and offices of the class: who sits with whom, who stands for whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import DutyForm, EndDutyForm, GroupsForm
from cohorts.models import Cohort, Duty
from cohorts.presenters.members import member_url
from cohorts.rules.states import OPEN
from cohorts.views.loading import class_to_run, form_page, office, page, picked_members, sent, tell
from core import clock


def _members(cohort: Cohort) -> Any:
    rows = cohort.memberships.expected().select_related("user", "unit", "group")
    return rows.order_by("group__number", "user__sort_key", "pk")


@office
@require_safe
def groups(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The groups side by side; tick people, then say where they go."""
    cohort = class_to_run(request, public_id)
    members, numbered = list(_members(cohort)), list(cohort.groups.all())
    leaders = dict(
        cohort.duties.filter(to_day__isnull=True, group_number__isnull=False).values_list("group_number", "membership")
    )
    columns = [
        _column(str(group), [m for m in members if m.group_id == group.pk], leaders.get(group.number))
        for group in numbered
    ]
    loose = [m for m in members if m.group_id is None]
    if loose:
        columns.append(_column(_("未分组"), loose, None))
    return page(
        request,
        "groups",
        cohort,
        "members",
        columns=columns,
        groups=numbered,
        groups_form=GroupsForm(),
        is_open=cohort.state in OPEN,
        count=len(members),
    )


def _column(title: str, members: list[Any], leader: int | None) -> dict[str, Any]:
    women = sum(m.user.gender == "F" for m in members)
    men = sum(m.user.gender == "M" for m in members)
    words = {"n": len(members), "men": men, "women": women, "units": len({m.unit_id for m in members})}
    return {
        "title": title,
        "words": _("%(n)s 人，男 %(men)s 女 %(women)s，%(units)s 个单位") % words,
        "rows": [{"member": m, "is_leader": m.pk == leader} for m in members],
    }


@office
@require_POST
def form(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Deal the members anew, after a look at what that replaces."""
    cohort = class_to_run(request, public_id)
    asked = GroupsForm(request.POST)
    if not asked.is_valid():
        messages.error(request, _("每组人数请填 2 到 50。"))
        return redirect("cohorts:groups", public_id=public_id)
    size = asked.cleaned_data["size"]
    if cohort.groups.exists() and cohort.state in OPEN and "confirmed" not in request.POST:
        return _confirm(request, cohort, size)
    words = lambda n: _("已分为 %(n)s 个小组，单位、性别和职级均匀分布。") % {"n": n}  # noqa: E731
    tell(request, lambda: services.form_groups(actor=request.user, cohort=cohort, size=size), words)
    return redirect("cohorts:groups", public_id=public_id)


def _confirm(request: HttpRequest, cohort: Cohort, size: int) -> HttpResponse:
    members = cohort.memberships.expected().count()
    leaders = cohort.duties.filter(to_day__isnull=True, group_number__isnull=False).select_related("membership__user")
    what = _("现有 %(old)s 个小组将被替换，%(n)s 名学员按每组约 %(size)s 人重新分组。") % {
        "old": cohort.groups.count(),
        "n": members,
        "size": size,
    }
    return page(
        request, "confirm", cohort, "members", title=_("重新分组"), what=what, count=members, unit=_("名学员"),
        consequences=[_("手工调整过的分组不会保留。"), _("现任组长的任职到今天为止，需要重新指定。")],
        items=[f"{duty.title}：{duty.membership.user.name}" for duty in leaders], items_label=_("现任组长"),
        hidden=[("size", size), ("confirmed", 1)], submit=_("重新分组"),
        back=reverse("cohorts:groups", args=[cohort.public_id]),
    )  # fmt: skip


@office
@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Several members at once into one group."""
    cohort = class_to_run(request, public_id)
    number, chosen = request.POST.get("group", ""), picked_members(cohort, request)
    group = cohort.groups.filter(pk=int(number) if number.isdecimal() and len(number) < 18 else 0).first()
    if group is None or not chosen:
        messages.error(request, _("请先勾选学员，再选择要调到的小组。"))
        return redirect("cohorts:groups", public_id=public_id)
    words = lambda n: _("%(n)s 名学员已调到%(group)s。") % {"n": n, "group": group}  # noqa: E731
    tell(
        request,
        lambda: services.move_members(actor=request.user, cohort=cohort, members=chosen, group=group),
        words,
    )
    return redirect("cohorts:groups", public_id=public_id)


@office
@require_http_methods(["GET", "POST"])
def duties(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who holds which office now, who held it before, and a form to give one."""
    cohort = class_to_run(request, public_id)
    form = DutyForm(sent(request)[0], cohort=cohort, initial={"from_day": clock.today()})
    if request.method == "POST" and form.is_valid():
        done = _("已任命。")
        if tell(request, lambda: services.give_duty(actor=request.user, **form.order()), done):
            return redirect("cohorts:duties", public_id=public_id)
    rows = list(cohort.duties.select_related("membership__user", "membership__unit", "cohort"))
    order = {office.value: n for n, office in enumerate(Duty.Office)}
    standing = sorted((d for d in rows if d.to_day is None), key=lambda d: (order[d.office], d.group_number or 0))
    return page(
        request,
        "duties",
        cohort,
        "members",
        form=form if cohort.state in OPEN else None,
        standing=[_duty(cohort, duty) for duty in standing],
        ended=[_duty(cohort, duty) for duty in reversed(rows) if duty.to_day],
        is_open=cohort.state in OPEN,
        status=422 if request.method == "POST" else 200,
    )


def _duty(cohort: Cohort, duty: Duty) -> dict[str, Any]:
    return {"duty": duty, "url": member_url(cohort, duty.membership)}


@office
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    """End an office on a day."""
    cohort = class_to_run(request, public_id)
    found = cohort.duties.filter(to_day__isnull=True).select_related("membership__user", "cohort")
    duty = get_object_or_404(found, pk=pk)
    words = {"name": duty.membership.user.name, "title": duty.title}
    return form_page(
        request,
        cohort,
        "members",
        form=EndDutyForm(sent(request)[0], initial={"to_day": clock.today()}),
        title=_("免去%(name)s的%(title)s") % words,
        intro=_("任职记录保留，写明起止日期。"),
        submit=_("免去职务"),
        act=lambda f: services.end_duty(actor=request.user, duty=duty, **f.cleaned_data),
        done=_("%(name)s不再担任%(title)s。") % words,
        back=reverse("cohorts:duties", args=[public_id]),
    )
