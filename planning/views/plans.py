"""The page of a plan in the office: where it stands, its table of classes, its money, its changes, its trail."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from planning.forms.plans import CopyForm, RenameForm
from planning.models import PlanChange, TrainingPlan
from planning.permissions.plans import may_decide
from planning.presenters import plans as words
from planning.reading.plans import basis_of
from planning.rules.overlaps import troubles
from planning.services.plan_approval import check_submit
from planning.services.plan_changes import lagging
from planning.services.plan_copying import copy_plan, years_to_copy_to
from planning.services.plans import discard_plan, rename_plan
from planning.views.plan_loading import form_page, office, page, plan_of_office, sent

MOST_AT_ONCE = 3  # classes for one audience on the same days


@office
@require_safe
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The one question first: may it be handed in, does it wait, what is to be done with it."""
    row = plan_of_office(request, public_id)
    basis = basis_of(row.year)
    pending = PlanChange.objects.pending()
    classes = list(row.classes.select_related("cohort").prefetch_related(Prefetch("changes", queryset=pending)))
    standing = [one for one in classes if one.cancelled_at is None]
    found = words.plan_sums(standing, basis)
    changes = row.changes.select_related("target", "asked_by")
    return page(
        request, "plan", row,
        sentence=words.plan_sentence(row, found.whole),
        rows=words.class_rows(classes, basis),
        sum_columns=words.sum_columns(), sum_rows=words.sum_rows(found),
        troubles=troubles([words.span_of(one) for one in standing], basis.holidays, MOST_AT_ONCE),
        missing=check_submit(row, basis) if row.state == TrainingPlan.State.DRAFT else [],
        may_decide=row.state == TrainingPlan.State.SUBMITTED and may_decide(request.user, row),
        changes=words.change_items(changes, "planning:change"),
        behind=[one for one in standing if lagging(one)],
        moved=words.moved_since(row), trail=words.trail(row),
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = plan_of_office(request, public_id)
    form = RenameForm(sent(request), initial={"title": row.title, "version": row.version})
    return form_page(
        request, row, form=form, title=_("修改计划名称"), submit=_("保存"), done=_("已保存。"),
        back=reverse("planning:plan", args=[public_id]),
        act=lambda f: rename_plan(actor=request.user, plan=row, **f.cleaned_data) and None,
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Delete a draft that was never handed in, after a look at what goes with it."""
    row = plan_of_office(request, public_id)
    back = reverse("planning:plan", args=[public_id])

    def act(form: forms.Form) -> str:
        discard_plan(actor=request.user, plan=row)
        return reverse("office_plans:index")

    intro = _("将删除计划和其中的 %(n)s 个班次，不能恢复。") % {"n": row.classes.count()}
    return form_page(
        request, row, form=forms.Form(sent(request)), title=_("删除这个计划"), submit=_("删除计划"),
        done=_("计划已删除。"), back=back, intro=intro, act=act,
    )  # fmt: skip


@office
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The plan as the draft of another year."""
    row = plan_of_office(request, public_id)
    form = CopyForm(sent(request), years=years_to_copy_to(row))

    def act(valid: CopyForm) -> str:
        made = copy_plan(actor=request.user, source=row, year=valid.cleaned_data["year"])
        return reverse("planning:plan", args=[made.public_id])

    intro = _(
        "复制 %(n)s 个班次到新年度：日期取新年同一星期的日子，遇休息日改到工作日，天数不变；"
        "期次加一，预算按新旧标准之比折算。复制后逐项可改，改动了什么会列在新计划页面上。"
    ) % {"n": row.classes.standing().count()}
    return form_page(
        request, row, form=form, title=_("复制为新年度计划"), submit=_("复制"), done=_("已复制，请核对各班次。"),
        back=reverse("planning:plan", args=[public_id]), intro=intro, act=act,
    )  # fmt: skip
