"""Rooms and meals: the list, one person's form, a pasted or uploaded list, and the list for the hotel and kitchen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cohorts import lodging as rooms
from cohorts import services
from cohorts.forms.classes import LodgingForm, LodgingListForm
from cohorts.models import Cohort, CohortState, Lodging, Membership
from cohorts.permissions import is_office_of
from cohorts.rules.states import OPEN
from cohorts.services.lodging import ListRefused
from cohorts.views.loading import (
    class_of_office,
    class_to_run,
    form_page,
    member_of,
    office,
    page,
    sent,
    tell,
    training_office,
)
from core import clock
from core.errors import DomainError
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx


def _rows(cohort: Cohort) -> list[dict[str, Any]]:
    """Everybody who comes, in the order of the rooms; those without a room last."""
    members = cohort.memberships.expected().select_related("user", "unit", "lodging")
    rows = [(m, getattr(m, "lodging", None) or Lodging()) for m in members]
    rows.sort(key=lambda pair: (not pair[1].room, pair[1].room, pair[1].bed, pair[0].user.sort_key, pair[0].pk))
    mates: dict[str, list[Membership]] = {}
    for member, stay in rows:
        mates.setdefault(stay.room, []).append(member)
    return [_row(member, stay, mates[stay.room] if stay.room else []) for member, stay in rows]


def _row(member: Membership, stay: Lodging, room: list[Membership]) -> dict[str, Any]:
    sexes = {m.user.gender for m in room if m.user.gender}
    return {
        "member": member,
        "stay": stay,
        "sex": member.user.get_gender_display(),
        "mates": "、".join(m.user.name for m in room if m.pk != member.pk),
        "is_mixed": len(sexes) > 1,
        "meal": stay.get_meal_display() if stay.meal != Lodging.Meal.USUAL else "",
        "allergy": stay.allergy,
    }


def _meals(rows: Iterable[dict[str, Any]]) -> str:
    """清真 2 人 · 素食 1 人 · 有忌口或过敏 3 人: what the kitchen needs first."""
    rows = list(rows)
    counts = Counter(row["meal"] for row in rows if row["meal"])
    parts = [_("%(what)s %(n)s 人") % {"what": what, "n": n} for what, n in sorted(counts.items())]
    allergic = sum(bool(row["allergy"]) for row in rows)
    parts += [_("有忌口或过敏 %(n)s 人") % {"n": allergic}] if allergic else []
    return " · ".join(parts) or _("没有特殊用餐要求")


@office
@require_safe
def lodging(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    rows = _rows(cohort)
    archived = cohort.state == CohortState.ARCHIVED
    return page(
        request,
        "lodging",
        cohort,
        "arrival",
        rows=rows,
        housed=sum(bool(row["stay"].room) for row in rows),
        meals=_meals(rows),
        mixed=sorted({row["stay"].room for row in rows if row["is_mixed"]}),
        is_open=cohort.state in OPEN,
        may_erase=archived and is_office_of(request.user, cohort) and cohort.lodgings.exists(),
    )


@office
@require_http_methods(["GET", "POST"])
def member_lodging(request: HttpRequest, public_id: UUID, member_id: UUID) -> HttpResponse:
    """One member's room and needs."""
    cohort = class_to_run(request, public_id)
    one = member_of(cohort, member_id)
    stay = Lodging.objects.filter(membership=one).first() or Lodging()
    initial = {name: getattr(stay, name) for name in LodgingForm.base_fields}
    return form_page(
        request,
        cohort,
        "arrival",
        form=LodgingForm(sent(request)[0], initial=initial),
        title=_("%(name)s的食宿") % {"name": one.user.name},
        intro=_("性别：%(sex)s。只用于安排食宿，班次归档后可以清除。") % {
            "sex": one.user.get_gender_display() or _("未填写")
        },
        submit=_("保存"),
        act=lambda f: services.lodge(actor=request.user, membership=one, **f.cleaned_data),
        done=_("已保存%(name)s的食宿安排。") % {"name": one.user.name},
        back=reverse("cohorts:lodging", args=[public_id]),
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def take_list(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A list from a file or from the clipboard: whole, or not at all with each row that is wrong."""
    cohort = class_to_run(request, public_id)
    form = LodgingListForm(*sent(request))
    problems: list[Any] = []
    if request.method == "POST" and form.is_valid():
        name, data = _given(form)
        try:
            count = services.import_lodging(actor=request.user, cohort=cohort, name=name, data=data)
        except ListRefused as refusal:
            form.add_error(None, refusal.message)
            problems = [[_("第 %(row)s 行") % {"row": p.row}, p.reason] for p in refusal.problems[:200]]
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已导入 %(n)s 名学员的食宿安排。") % {"n": count})
            return redirect("cohorts:lodging", public_id=public_id)
    return page(
        request,
        "lodging_import",
        cohort,
        "arrival",
        form=form,
        problems=problems,
        problem_columns=[{"label": _("行")}, {"label": _("原因和处理办法")}],
        labels="、".join(column.label for column in rooms.COLUMNS),
        status=422 if form.errors else 200,
    )


def _given(form: LodgingListForm) -> tuple[str, bytes]:
    file = form.cleaned_data.get("file")
    return (file.name, file.read()) if file else ("list.csv", rooms.pasted(form.cleaned_data["text"]))


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list as a workbook that can be filled in and taken back."""
    cohort = class_to_run(request, public_id)
    columns = [
        ColumnSpec(_("工号"), code=True), _("姓名"), _("性别"), _("单位"), ColumnSpec(_("房间"), code=True),
        ColumnSpec(_("床位"), code=True), ColumnSpec(_("用餐"), choices=[str(label) for label in Lodging.Meal.labels]),
        _("忌口或过敏"), _("备注"),
    ]  # fmt: skip
    rows = [
        [
            row["member"].user.work_number, row["member"].user.name, row["sex"], row["member"].unit.name,
            row["stay"].room, row["stay"].bed, row["stay"].get_meal_display(), row["stay"].allergy, row["stay"].note,
        ]
        for row in _rows(cohort)
    ]  # fmt: skip
    sheet = SheetSpec(_("食宿安排"), columns, rows, note=f"{cohort.full_title}（{clock.today():%Y-%m-%d}）")
    return download_response(f"{cohort.code}-{_('食宿安排')}.xlsx", write_xlsx([sheet]))


@office
@require_safe
def printed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The list for the wall of the front desk and of the kitchen."""
    cohort = class_to_run(request, public_id)
    rows = _rows(cohort)
    context = {"cohort": cohort, "rows": rows, "meals": _meals(rows), "today": clock.today()}
    return render(request, "cohorts/lodging_print.html", context)


@training_office
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """After a look at of how many, rooms and needs of an archived class are erased."""
    cohort = class_of_office(request, public_id)
    back = reverse("cohorts:lodging", args=[public_id])
    if request.method == "POST":
        words = lambda n: _("已清除 %(n)s 名学员的食宿信息。") % {"n": n}  # noqa: E731
        tell(request, lambda: services.erase_lodging(actor=request.user, cohort=cohort), words)
        return redirect(back)
    if cohort.state != CohortState.ARCHIVED:
        messages.error(request, _("班次归档以后才能清除食宿信息。"))
        return redirect(back)
    return page(
        request, "confirm", cohort, "arrival", title=_("清除食宿信息"),
        what=_("清除本班全部房间、床位、用餐和忌口信息，照片、考勤和结业记录不受影响。"),
        count=cohort.lodgings.count(), unit=_("名学员"), submit=_("清除"), back=back, irreversible=True,
    )  # fmt: skip
