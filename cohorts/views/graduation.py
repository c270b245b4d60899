"""The graduation board, the check list of the closing, its papers, the closing itself and its undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import hours, reading, services
from cohorts.figures import plain
from cohorts.forms import PaperForm, ReasonForm
from cohorts.graduation import Condition, decide, granted
from cohorts.models import Closing, Cohort, CohortState, GraduationDecision, Membership
from cohorts.presenters import condition_cell, member_url
from cohorts.services.closing import objections
from cohorts.views.loading import class_to_run, form_page, office, page, tell
from core import clock
from core.errors import DomainError
from core.spreadsheets.writer import ColumnSpec, SheetSpec, download_response, write_xlsx

PER_PAGE = 50


def _members(cohort: Cohort) -> Any:
    return cohort.memberships.select_related("user", "unit").order_by("user__sort_key", "pk")


def is_decided(cohort: Cohort) -> bool:
    return cohort.state in (CohortState.CLOSED, CohortState.ARCHIVED)


def _standing_decisions(cohort: Cohort, members: list[Membership]) -> dict[int, GraduationDecision]:
    rows = GraduationDecision.objects.filter(closing__cohort=cohort, closing__undone_at=None, membership__in=members)
    return {row.membership_id: row for row in rows}


def _conditions(cohort: Cohort, members: list[Membership]) -> dict[int, list[Condition]]:
    """As decided at the standing closing, else as they are now."""
    decisions = _standing_decisions(cohort, members)
    if decisions:
        return {key: [Condition(**c) for c in row.conditions] for key, row in decisions.items()}
    now = reading.standings(cohort, members, reading.this_half_day())
    return {key: decide(standing) for key, standing in now.items()}


@office
@require_safe
def graduation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Members by conditions; each cell says met, missing or waived, and why."""
    cohort = class_to_run(request, public_id)
    shown = Paginator(_members(cohort), PER_PAGE).get_page(request.GET.get("page"))
    members = list(shown)
    found = _conditions(cohort, members)
    labels = list(dict.fromkeys(c.label for m in members for c in found.get(m.pk, [])))
    decided = is_decided(cohort)
    return page(
        request,
        "graduation",
        cohort,
        "graduation",
        columns=[{"label": _("姓名")}, {"label": _("结论")}, *({"label": label} for label in labels)],
        rows=[_row(cohort, m, found.get(m.pk, []), labels, decided) for m in members],
        listing=shown,
        decided=decided,
    )


def _row(
    cohort: Cohort, member: Membership, conditions: list[Condition], labels: list[str], decided: bool
) -> list[Any]:
    by_label = {c.label: c for c in conditions}
    who = {"text": member.user.name, "url": member_url(cohort, member), "sub": member.unit.name}
    cells = [condition_cell(by_label[label], decided=decided) if label in by_label else "" for label in labels]
    return [who, _verdict(conditions, decided), *cells]


def _verdict(conditions: list[Condition], decided: bool) -> dict[str, str]:
    """The conclusion, and who can be saved by what."""
    if granted(conditions):
        return {"text": "", "state": "done", "state_word": _("结业") if decided else _("可以结业")}
    open_ones = "、".join(dict.fromkeys(c.label.split("《")[0] for c in conditions if not c.met))
    word, state = (_("未结业"), "failed") if decided else (_("还有未满足"), "todo")
    return {"text": "", "state": state, "state_word": word, "sub": _("还差：%(what)s") % {"what": open_ones}}


@office
@require_safe
def export(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The whole board with every reason, as a workbook."""
    cohort = class_to_run(request, public_id)
    members = list(_members(cohort))
    found = _conditions(cohort, members)
    labels = list(dict.fromkeys(c.label for m in members for c in found.get(m.pk, [])))
    columns = [_("姓名"), ColumnSpec(_("工号"), code=True), _("单位"), _("结论"), *labels]
    rows = [
        [m.user.name, m.user.work_number, m.unit.name, _verdict(found.get(m.pk, []), is_decided(cohort))["state_word"]]
        + [_cell(found.get(m.pk, []), label) for label in labels]
        for m in members
    ]
    sheet = SheetSpec(_("结业情况"), columns, rows, note=f"{cohort.full_title}（{clock.today():%Y-%m-%d}）")
    return download_response(f"{cohort.code}-{_('结业情况')}.xlsx", write_xlsx([sheet]))


def _cell(conditions: list[Condition], label: str) -> str:
    found = next((c for c in conditions if c.label == label), None)
    if found is None:
        return ""
    word = _("已豁免") if found.waived else _("已满足") if found.met else _("未满足")
    return f"{word}：{found.detail}"


@office
@require_safe
def closing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The check list as sentences, the papers, and what was closed before."""
    cohort = class_to_run(request, public_id)
    items = services.checklist(cohort)
    standing = cohort.closings.filter(undone_at__isnull=True).first()
    return page(
        request,
        "closing",
        cohort,
        "graduation",
        items=items,
        ready=all(item.ok for item in items),
        papers=cohort.closing_papers.select_related("added_by").order_by("kind", "added_at"),
        paper_form=PaperForm() if cohort.state in ("confirmed", "running") else None,
        closings=cohort.closings.select_related("closed_by").order_by("-number"),
        standing=standing,
        objections=objections(cohort) if standing else [],
        outcome=_outcome_words(standing) if standing else "",
    )


def _outcome_words(standing: Closing) -> str:
    decisions = standing.decisions.all()
    yes = sum(d.granted for d in decisions)
    return _("%(all)s 名学员中 %(yes)s 人结业，%(no)s 人未结业。") % {
        "all": len(decisions),
        "yes": yes,
        "no": len(decisions) - yes,
    }


@office
@require_POST
def attach(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    form = PaperForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        tell(
            request,
            lambda: services.attach_paper(
                actor=request.user, cohort=cohort, kind=form.cleaned_data["kind"], name=file.name, data=file.read()
            ),
            _("材料已上传。"),
        )
    else:
        messages.error(request, next(iter(form.errors.values()))[0])
    return redirect("cohorts:closing", public_id=public_id)


@office
@require_safe
def paper(request: HttpRequest, public_id: UUID, paper_id: UUID) -> FileResponse:
    """A paper of the closing, for those who run the class."""
    cohort = class_to_run(request, public_id)
    found = get_object_or_404(cohort.closing_papers, public_id=paper_id)
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name)


@office
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Names how many will graduate and how many not, then closes."""
    cohort = class_to_run(request, public_id)
    back = reverse("cohorts:closing", args=[public_id])
    if request.method == "POST":
        words = _("班次已结班，学时已记入学员档案。")
        tell(request, lambda: services.close(actor=request.user, cohort=cohort), words)
        return redirect(back)
    if cohort.state != CohortState.RUNNING or not all(item.ok for item in services.checklist(cohort)):
        messages.error(request, _("还不能结班，请先完成清单上的各项。"))
        return redirect(back)
    return page(request, "confirm", cohort, "graduation", **_close_words(cohort), back=back)


def _close_words(cohort: Cohort) -> dict[str, Any]:
    found = services.outcomes(cohort)
    yes, no = [o for o in found if o.granted], [o for o in found if not o.granted]
    worth = [hours.totals(o.credits)[1] for o in yes]
    consequences = [
        _("%(n)s 人结业，各记 %(low)s 至 %(high)s 学时（集中培训，学时规则第 %(v)s 版）。")
        % {"n": len(yes), "low": plain(min(worth)), "high": plain(max(worth)), "v": cohort.hour_rule.version}
        if yes
        else _("没有学员结业。"),
        _("%(n)s 人未结业，不记学时。") % {"n": len(no)},
        _("结班后课表、考勤、请假和成绩不再改动；没有有效证书时可以取消结班。"),
    ]
    return {
        "title": _("确认结班"),
        "what": _("将为“%(title)s”作出结业决定。") % {"title": cohort.full_title},
        "count": len(found),
        "unit": _("名学员"),
        "consequences": consequences,
        "items": [_left_out(o) for o in no],
        "items_label": _("未结业的学员和原因"),
        "submit": _("结班，%(n)s 人结业") % {"n": len(yes)},
    }


def _left_out(outcome: Any) -> str:
    reasons = "；".join(f"{c.label}：{c.detail}" for c in outcome.conditions if not c.met)
    return f"{outcome.member.user.name}（{reasons}）"


@office
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    if cohort.state != CohortState.CLOSED:
        raise DomainError(_("这个班没有结班，不需要取消。"))
    return form_page(
        request,
        cohort,
        "graduation",
        form=ReasonForm(request.POST or None),
        title=_("取消结班"),
        intro=_("取消后，已记的学时逐笔冲销，学员恢复在班；补正后可以再次结班，学时不会重复。"),
        submit=_("取消结班"),
        act=lambda f: services.undo_close(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("已取消结班，学时已冲销。"),
        back=reverse("cohorts:closing", args=[public_id]),
    )
