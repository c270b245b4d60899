"""The check list of the closing, its papers, the closing itself and its undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohorts import services
from cohorts.forms.classes import PaperForm, ReasonForm
from cohorts.models import Closing, Cohort, CohortState
from cohorts.presenters.figures import plain
from cohorts.rules import hours
from cohorts.services.closing import objections
from cohorts.views.loading import class_to_run, form_page, office, page, tell
from core.errors import DomainError


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
    back = reverse("cohorts:closing", args=[public_id])
    if against := objections(cohort):
        graduates = cohort.memberships.graduated().count()
        return page(
            request, "confirm", cohort, "graduation", title=_("取消结班"), blocked_by=against, back=back,
            what=_("取消后，已记的学时逐笔冲销，学员恢复在班。"), count=graduates, unit=_("名结业学员"), status=422,
        )  # fmt: skip
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
        back=back,
    )
