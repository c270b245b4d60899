"""What graduation asks for, the class's exams and tasks, and how far the members are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Exam, Task
from assessments.services import release_results
from cohorts import services
from cohorts.forms.classes import ExamForm, NewestEditionForm, SurveysForm, TaskArrangementForm, TaskForm
from cohorts.models import Cohort, Requirement
from cohorts.presenters.members import tree_rows
from cohorts.reading.classes import tree_of
from cohorts.reading.fulfilment import survey_fulfilment
from cohorts.rules.states import OPEN
from cohorts.views.graduation_board import tally_of
from cohorts.views.loading import class_to_run, office, page, tell
from cohorts.views.tree import back_to, condition_form
from core import clock

FORM = require_http_methods(["GET", "POST"])


@office
@require_safe
def overview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return page(
        request,
        "requirements",
        cohort,
        "requirements",
        conditions=_conditions(cohort),
        exams=_exams(cohort),
        tasks=_tasks(cohort),
        is_open=cohort.state in OPEN,
        members=cohort.memberships.expected().count(),
        has_surveys=cohort.evaluations.exists(),
    )


def _conditions(cohort: Cohort) -> list[dict[str, Any]]:
    """The tree below the root as sentences, each condition with how many members have met it."""
    results = cohort.requirements.annotate(n=Count("results", filter=Q(results__state="met")))
    met = dict(results.values_list("pk", "n"))
    return tree_rows(tree_of(cohort), {**met, **_answered(cohort), **_met_by_tally(cohort)})


def _met_by_tally(cohort: Cohort) -> dict[int, int]:
    """Conditions that no row of results answers: choices and attendance."""
    found = tally_of(cohort).fulfilled()
    groups = cohort.requirements.filter(kind__in=(Requirement.Kind.N_OF, Requirement.Kind.ATTENDANCE))
    keys = {f"requirement:{pk}": pk for pk in groups.values_list("pk", flat=True)}
    return {pk: found[key] for key, pk in keys.items() if key in found}


def _answered(cohort: Cohort) -> dict[int, int]:
    """How many members fulfil each leaf that is an evaluation."""
    people = list(cohort.memberships.expected().values_list("user", flat=True))
    found = survey_fulfilment(tree_of(cohort), people)
    return {leaf: sum(met for met, _why in by_user.values()) for leaf, by_user in found.items()}


def _exams(cohort: Cohort) -> list[dict[str, Any]]:
    required = set(cohort.requirements.filter(exam__isnull=False).values_list("exam", flat=True))
    exams = Exam.objects.filter(context_key=cohort.context_key).annotate(
        seats_all=Count("seats", distinct=True),
        taken=Count("seats", filter=Q(seats__attempts__state="marked"), distinct=True),
        passed=Count("seats", filter=Q(seats__passed=True), distinct=True),
    )
    return [{"exam": e, "required": e.pk in required, **_exam_state(e)} for e in exams.order_by("opens_at")]


def _exam_state(exam: Exam) -> dict[str, Any]:
    if exam.released_at:
        return {"kind": "done", "word": _("成绩已公布")}
    if clock.now() < exam.opens_at:
        return {"kind": "waiting", "word": _("未开始")}
    if clock.now() < exam.closes_at:
        return {"kind": "info", "word": _("进行中"), "may_release": True}
    return {"kind": "risk", "word": _("已截止，待公布成绩"), "may_release": True}


def _tasks(cohort: Cohort) -> list[dict[str, Any]]:
    required = set(cohort.requirements.filter(task__isnull=False).values_list("task", flat=True))
    tasks = Task.objects.filter(context_key=cohort.context_key).annotate(
        all=Count("submissions"),
        handed_in=Count("submissions", filter=Q(submissions__handed_in_at__isnull=False)),
        graded=Count("submissions", filter=~Q(submissions__grade="")),
    )
    rows = tasks.prefetch_related("markers").order_by("due_at")
    return [
        {"task": t, "required": t.pk in required, "markers": "、".join(m.name for m in t.markers.all())} for t in rows
    ]


@office
@FORM
def add_course(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return condition_form(
        request,
        cohort,
        form=NewestEditionForm(request.POST or None),
        title=_("增加必修课程"),
        intro=_("选定的版次内容固定不变；全班学员将自动选上这门课。"),
        submit=_("增加课程"),
        act=lambda f: services.require_course(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("已增加课程，全班学员均已选上。"),
    )


@office
@FORM
def add_exam(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return condition_form(
        request,
        cohort,
        form=ExamForm(request.POST or None, cohort=cohort),
        title=_("安排考试"),
        intro=_("按组卷方案从题库随机组卷，每名学员一个考位。入学测试请选“训前”，并取消“及格作为结业条件”。"),
        submit=_("安排考试"),
        act=lambda f: services.hold_exam(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("考试已安排，全班学员均有考位。"),
    )


@office
@FORM
def add_task(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return condition_form(
        request,
        cohort,
        form=TaskForm(request.POST or None, cohort=cohort),
        title=_("布置任务"),
        intro=_("评分教师从本班的授课教师中选择；没有可选的教师时，请先在概况页指定。"),
        submit=_("布置任务"),
        act=lambda f: services.set_task(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("任务已布置给全班学员。"),
    )


@office
@FORM
def rearrange_task(request: HttpRequest, public_id: UUID, task_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    task = get_object_or_404(Task, public_id=task_id, context_key=cohort.context_key)
    return condition_form(
        request,
        cohort,
        form=TaskArrangementForm(request.POST or None, cohort=cohort, task=task),
        title=_("调整任务《%(title)s》") % {"title": task.title},
        intro=_("已经评过的成绩不变。截止时间有变化的，会通知还没有提交的学员。"),
        submit=_("保存调整"),
        act=lambda f: services.rearrange_task(actor=request.user, cohort=cohort, task=task, **f.cleaned_data),
        done=_("任务的安排已保存。"),
    )


@office
@FORM
def add_surveys(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return condition_form(
        request,
        cohort,
        form=SurveysForm(request.POST or None, cohort=cohort),
        title=_("要求完成教学评估"),
        intro=_("要求的只是提交，填了什么仍然匿名。截止前不显示谁已提交；未受邀的学员不作要求。"),
        submit=_("列为结业条件"),
        act=lambda f: services.require_surveys(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("已列为结业条件。"),
    )


@office
@require_POST
def release(request: HttpRequest, public_id: UUID, exam_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    exam = get_object_or_404(Exam, public_id=exam_id, context_key=cohort.context_key)
    words = _("《%(title)s》的成绩已公布。") % {"title": exam.title}
    tell(request, lambda: release_results(actor=request.user, exam=exam), words)
    return redirect(back_to(cohort))
