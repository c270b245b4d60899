"""One class of a plan: changed at once in a draft, by a request after approval; and set up as a class."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.models import Cohort
from cohorts.presenters.figures import day_words
from planning.forms.plans import ClassForm, FoundForm, ReasonForm
from planning.models import PlannedClass, TrainingPlan
from planning.presenters import plans as words
from planning.reading.plans import basis_of
from planning.rules.overlaps import days_words
from planning.services.founding import found_class, last_day_to_nominate, suggested_code
from planning.services.plan_changes import ask_addition, ask_cancellation, ask_change, carry_over, lagging
from planning.services.plans import add_class, edit_class, move_class, remove_class
from planning.views.plan_loading import class_of_office, form_page, office, page, plan_of_office, sent, tell

State = TrainingPlan.State


@office
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    plan = plan_of_office(request, public_id)
    back = reverse("planning:plan", args=[public_id])
    if plan.state == State.SUBMITTED:
        return page(request, "class", plan, form=None, back=back, title=_("增加班次"))
    asked = plan.state == State.APPROVED

    def act(form: ClassForm) -> str | None:
        if not asked:
            add_class(actor=request.user, plan=plan, **form.facts())
            return None
        change = ask_addition(actor=request.user, plan=plan, reason=form.cleaned_data["reason"], **form.facts())
        return reverse("planning:change", args=[change.public_id])

    return form_page(
        request, plan, form=ClassForm(sent(request), plan=plan), title=_("增加班次"), back=back, act=act,
        template="class", submit=_("提交变更申请") if asked else _("加入计划"),
        done=_("变更申请已提交，批准后生效。") if asked else _("已加入计划。"),
        intro=_("计划已批准，增加班次须经审批。") if asked else "",
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The facts of the class, and what may be done with it."""
    planned = class_of_office(request, public_id)
    plan = planned.plan
    back = reverse("planning:plan", args=[plan.public_id])
    about = {"planned": planned, "row": words.class_row(planned, basis_of(plan.year)), **_doors(planned)}
    if not about["may_edit"]:
        status = 409 if request.method == "POST" else 200
        return page(request, "class", plan, form=None, back=back, title=planned.full_title, status=status, **about)
    asked = plan.state == State.APPROVED

    def act(form: ClassForm) -> str | None:
        given = {"planned": planned, "version": form.cleaned_data.get("version") or 0, **form.facts()}
        if not asked:
            edit_class(actor=request.user, **given)
            return None
        change = ask_change(actor=request.user, reason=form.cleaned_data["reason"], **given)
        return reverse("planning:change", args=[change.public_id])

    return form_page(
        request, plan, form=ClassForm(sent(request), plan=plan, instance=planned), title=planned.full_title, back=back,
        template="class", act=act, submit=_("提交变更申请") if asked else _("保存"),
        done=_("变更申请已提交，批准后生效。") if asked else _("已保存。"),
        intro=_("计划已批准，修改须经审批，批准后生效。") if asked else "", **about,
    )  # fmt: skip


def _doors(planned: PlannedClass) -> dict[str, Any]:
    """What may be done with the class as it stands."""
    state, waiting = planned.plan.state, [c for c in planned.changes.all() if c.state == "pending"]
    standing = planned.cancelled_at is None
    approved = state == State.APPROVED and standing
    return {
        "may_edit": standing and (state == State.DRAFT or (approved and not waiting)),
        "may_found": approved and not waiting and planned.cohort is None,
        "may_cancel": approved and not waiting,
        "waiting": words.change_items(
            planned.changes.select_related("asked_by", "target").filter(state="pending"), "planning:change"
        ),
        "behind": [str(Cohort._meta.get_field(name).verbose_name) for name in lagging(planned)],
    }


@office
@require_POST
def remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    planned = class_of_office(request, public_id)
    done = _("已移除“%(title)s”。") % {"title": planned.full_title}
    tell(request, lambda: remove_class(actor=request.user, planned=planned), done)
    return redirect("planning:plan", public_id=planned.plan.public_id)


@office
@require_POST
def move(request: HttpRequest, public_id: UUID) -> HttpResponse:
    planned = class_of_office(request, public_id)
    up = request.POST.get("to") == "up"
    tell(request, lambda: move_class(actor=request.user, planned=planned, up=up), _("已调整顺序。"))
    return redirect(f"{reverse('planning:plan', args=[planned.plan.public_id])}#classes")


@office
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask to take the class out of the approved plan."""
    planned = class_of_office(request, public_id)

    def act(form: ReasonForm) -> str:
        change = ask_cancellation(actor=request.user, planned=planned, reason=form.cleaned_data["reason"])
        return reverse("planning:change", args=[change.public_id])

    return form_page(
        request, planned.plan, form=ReasonForm(sent(request)), submit=_("提交变更申请"), act=act,
        title=_("申请取消“%(title)s”") % {"title": planned.full_title}, done=_("变更申请已提交，批准后生效。"),
        back=reverse("planning:class", args=[public_id]), intro=_("批准之前班次仍在计划中。"),
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Set the class up, after a look at what it will be."""
    planned = class_of_office(request, public_id)

    def act(form: FoundForm) -> str:
        made = found_class(actor=request.user, planned=planned, code=form.cleaned_data["code"])
        return reverse("cohorts:board", args=[made.public_id])

    intro = _("将按计划设立“%(title)s”：%(dates)s，%(places)s 个名额，报名截止%(until)s。") % {
        "title": planned.full_title, "dates": days_words(planned.starts_on, planned.ends_on),
        "places": planned.places, "until": day_words(last_day_to_nominate(planned.starts_on)),
    }  # fmt: skip
    form = FoundForm(sent(request), initial={"code": suggested_code(planned.starts_on.year)})
    return form_page(
        request, planned.plan, form=form, title=_("设立班次"), submit=_("设立班次"), act=act,
        done=_("班次已设立，请指定班主任并分配名额。"), back=reverse("planning:class", args=[public_id]), intro=intro,
    )  # fmt: skip


@office
@require_POST
def carry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Bring the class that was set up into line with its plan."""
    planned = class_of_office(request, public_id)
    version = planned.cohort.version if planned.cohort else 0
    act = lambda: carry_over(actor=request.user, planned=planned, version=version)  # noqa: E731
    tell(request, act, _("班次已按计划更新。"))
    return redirect("planning:class", public_id=public_id)
