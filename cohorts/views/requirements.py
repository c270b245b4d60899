"""What graduation asks for, the class's exams and tasks, and how far the members are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Exam, Task
from assessments.services import release_results
from cohorts import services
from cohorts.forms import ChoiceForm, ExamForm, NewestEditionForm, TaskForm
from cohorts.models import Cohort, Requirement
from cohorts.reading import label_of, tree_of
from cohorts.states import OPEN
from cohorts.views.loading import class_to_run, form_page, office, page, tell
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
    )


def _conditions(cohort: Cohort) -> list[dict[str, Any]]:
    """The leaves and choices below the root, each with how many members met it."""
    met = dict(cohort.requirements.annotate(n=Count("results", filter=Q(results__state="met"))).values_list("pk", "n"))
    tree = [r for r in tree_of(cohort) if r.parent_id]
    root = next((r.pk for r in tree_of(cohort) if r.parent_id is None), None)
    return [
        {
            "requirement": r,
            "label": label_of(r),
            "met": None if r.kind == Requirement.Kind.N_OF else met[r.pk],
            "parts": [{"requirement": p, "label": label_of(p), "met": met[p.pk]} for p in tree if p.parent_id == r.pk],
        }
        for r in tree
        if r.parent_id == root
    ]


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


def _back(cohort: Cohort) -> str:
    return reverse("cohorts:requirements", args=[cohort.public_id])


@office
@FORM
def add_course(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return form_page(
        request,
        cohort,
        "requirements",
        form=NewestEditionForm(request.POST or None),
        title=_("增加必修课程"),
        intro=_("选定的版次内容固定不变；全班学员将自动选上这门课。"),
        submit=_("增加课程"),
        act=lambda f: services.require_course(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("已增加课程，全班学员均已选上。"),
        back=_back(cohort),
    )


@office
@FORM
def add_exam(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return form_page(
        request,
        cohort,
        "requirements",
        form=ExamForm(request.POST or None, cohort=cohort),
        title=_("安排考试"),
        intro=_("按组卷方案从题库随机组卷，每名学员一个考位。入学测试请选“训前”，并取消“及格作为结业条件”。"),
        submit=_("安排考试"),
        act=lambda f: services.hold_exam(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("考试已安排，全班学员均有考位。"),
        back=_back(cohort),
    )


@office
@FORM
def add_task(request: HttpRequest, public_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    return form_page(
        request,
        cohort,
        "requirements",
        form=TaskForm(request.POST or None, cohort=cohort),
        title=_("布置任务"),
        intro=_("评分教师从本班的授课教师中选择；没有可选的教师时，请先在概况页指定。"),
        submit=_("布置任务"),
        act=lambda f: services.set_task(actor=request.user, cohort=cohort, **f.cleaned_data),
        done=_("任务已布置给全班学员。"),
        back=_back(cohort),
    )


@office
@FORM
def add_choice(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Of several leaves only some have to be met."""
    cohort = class_to_run(request, public_id)
    tree = tree_of(cohort)
    root = next((r.pk for r in tree if r.parent_id is None), None)
    choices = [(r.pk, label_of(r)) for r in tree if r.parent_id and r.parent_id == root and r.need is None]

    def act(form: ChoiceForm) -> Requirement:
        chosen = cohort.requirements.filter(pk__in=form.cleaned_data["requirements"])
        need = form.cleaned_data["need"]
        return services.require_some(actor=request.user, cohort=cohort, requirements=chosen, need=need)

    return form_page(
        request,
        cohort,
        "requirements",
        form=ChoiceForm(request.POST or None, choices=choices),
        title=_("任选若干项"),
        intro=_("所选各项合为一个条件，满足其中几项即可，例如结业考试与补考任过其一。"),
        submit=_("合为任选"),
        act=act,
        done=_("已合为任选条件。"),
        back=_back(cohort),
    )


@office
@require_POST
def drop(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    requirement = get_object_or_404(cohort.requirements.select_related("cohort"), pk=pk)
    act = lambda: services.drop_requirement(actor=request.user, requirement=requirement)  # noqa: E731
    tell(request, act, _("已移出结业条件，学员已有的学习记录不受影响。"))
    return redirect(_back(cohort))


@office
@require_POST
def release(request: HttpRequest, public_id: UUID, exam_id: UUID) -> HttpResponse:
    cohort = class_to_run(request, public_id)
    exam = get_object_or_404(Exam, public_id=exam_id, context_key=cohort.context_key)
    words = _("《%(title)s》的成绩已公布。") % {"title": exam.title}
    tell(request, lambda: release_results(actor=request.user, exam=exam), words)
    return redirect(_back(cohort))
