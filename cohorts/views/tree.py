"""The tree of conditions in the office: add, group, take apart, put in order, drop."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.models import Exam, Task
from cohorts import services
from cohorts.forms.classes import ChoiceForm
from cohorts.forms.graduation import AttendanceShareForm, ExistingForm
from cohorts.models import Cohort, Requirement
from cohorts.presenters.members import indented_choices
from cohorts.reading.classes import tree_of
from cohorts.views.loading import class_to_run, form_page, office, tell

FORM = require_http_methods(["GET", "POST"])


def back_to(cohort: Cohort) -> str:
    return reverse("cohorts:requirements", args=[cohort.public_id])


def condition_form(request: HttpRequest, cohort: Cohort, **words: Any) -> HttpResponse:
    """A form under the tab of the conditions, from which one comes back to them."""
    return form_page(request, cohort, "requirements", back=back_to(cohort), **words)


@office
@FORM
def add_attendance(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    there = cohort.requirements.filter(kind=Requirement.Kind.ATTENDANCE).first()
    return condition_form(
        request,
        cohort,
        form=AttendanceShareForm(request.POST or None, initial={"share": there.share} if there else None),
        title=_("出勤率"),
        intro=_("按学员应到的半天数计算，到课、迟到、早退都算到课；请假和旷课不算。每个班只设一个出勤率条件。"),
        submit=_("设为结业条件"),
        act=lambda f: services.require_attendance(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("出勤率已设为结业条件。"),
    )


@office
@FORM
def add_choice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Of several conditions side by side only some have to be met, or all as one part of a choice."""
    cohort = class_to_run(request, public_id)

    def act(form: ChoiceForm) -> Requirement:
        chosen = cohort.requirements.filter(pk__in=form.cleaned_data["requirements"])
        need = form.cleaned_data["need"]
        return services.require_some(actor=request.user, cohort=cohort, requirements=chosen, need=need)

    return condition_form(
        request,
        cohort,
        form=ChoiceForm(request.POST or None, choices=indented_choices(tree_of(cohort))),
        title=_("任选若干项"),
        intro=_("所选各项合为一个条件，满足其中几项即可，例如结业考试与补考任过其一。同一层的条件才能合在一起。"),
        submit=_("合为任选"),
        act=act,
        done=_("已合为任选条件。"),
    )


@office
@require_POST
def add_existing(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Make an exam or a task that the class already has a condition."""
    cohort = class_to_run(request, public_id)
    form = ExistingForm(request.POST)
    exam, task = form.keys() if form.is_valid() else (None, None)
    if exam:
        found: Any = get_object_or_404(Exam, public_id=exam, context_key=cohort.context_key)
        act = lambda: services.require_exam(actor=request.user, cohort=cohort, exam=found)  # noqa: E731
    else:
        found = get_object_or_404(Task, public_id=task, context_key=cohort.context_key)
        act = lambda: services.require_task(actor=request.user, cohort=cohort, task=found)  # noqa: E731
    tell(request, act, _("《%(title)s》已设为结业条件。") % {"title": found.title})
    return redirect(back_to(cohort))


@office
@require_POST
def move(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    requirement = get_object_or_404(cohort.requirements.select_related("cohort"), pk=pk)
    up = request.POST.get("direction") != "down"
    act = lambda: services.move_requirement(actor=request.user, requirement=requirement, up=up)  # noqa: E731
    tell(request, act, _("顺序已调整。"))
    return redirect(back_to(cohort))


@office
@require_POST
def drop(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    requirement = get_object_or_404(cohort.requirements.select_related("cohort"), pk=pk)
    act = lambda: services.drop_requirement(actor=request.user, requirement=requirement)  # noqa: E731
    tell(request, act, _("结业条件已调整，学员已有的学习记录不受影响。"))
    return redirect(back_to(cohort))
