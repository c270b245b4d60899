"""Enrolling many and reminding many: whom it touches first, then the act."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from core.messaging.templates import outside_words
from courses import services
from courses.forms.learning import client_key_from
from courses.forms.teaching import SEPARATORS, BulkEnrolForm, LecturerForm, own_units
from courses.models import Course, CourseLecturer
from courses.services.bulk_enrolling import BulkPlan, of_unit_and_rank
from courses.services.reminding import KIND, notice_text
from courses.views.teaching import course_to_look_after, listing, looking_after
from people.permissions import requires

office = requires("training_office")
MOST_NAMED = 200  # names on a preview; the rest are counted


@office
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, key: str) -> HttpResponse:
    """Choose people, see who would be enrolled, confirm."""
    course = course_to_look_after(request.user, key)
    if request.method == "POST" and "confirmed" in request.POST:
        return _enrolled(request, course)
    sent = request.method == "POST"
    form = BulkEnrolForm(request.POST if sent else None, request.FILES if sent else None, actor=request.user)
    if sent and form.is_valid():
        try:
            return render(
                request, "courses/teaching/enrol_preview.html", _preview(course, _plan(request, course, form))
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
    return _enrol_page(request, course, form)


def _enrol_page(request: HttpRequest, course: Course, form: BulkEnrolForm) -> HttpResponse:
    context = {"course": course, "form": form}
    return render(request, "courses/teaching/enrol.html", context, status=422 if form.errors else 200)


def _plan(request: HttpRequest, course: Course, form: BulkEnrolForm) -> BulkPlan:
    said = form.cleaned_data
    chosen = bool(said["unit"] or said["rank"])
    people = of_unit_and_rank(request.user, said["unit"], said["rank"]) if chosen else []
    numbers = [*said["numbers"], *said["file"]]
    return services.plan_bulk(actor=request.user, course=course, people=people, numbers=numbers)


def _preview(course: Course, plan: BulkPlan) -> dict[str, Any]:
    def named(people: list[Any]) -> list[str]:
        return [f"{user.name}（{user.work_number}）" for user in people[:MOST_NAMED]]

    groups = [
        (_("将选课"), "todo", len(plan.new), named(plan.new)),
        (_("已经在学，不变"), "done", len(plan.there), named(plan.there)),
        (_("曾经退出，不自动加入"), "info", len(plan.left), named(plan.left)),
        (_("不在您的管理范围内或没有这个工号"), "risk", len(plan.unknown), plan.unknown[:MOST_NAMED]),
    ]
    return {
        "course": course,
        "edition": plan.edition,
        "count": len(plan.new),
        "groups": [{"label": a, "kind": b, "count": c, "names": d, "more": c - len(d)} for a, b, c, d in groups if c],
        "numbers": " ".join(user.work_number for user in plan.new),
    }


def _enrolled(request: HttpRequest, course: Course) -> HttpResponse:
    numbers = [part for part in SEPARATORS.split(request.POST.get("numbers", "").replace("\x00", "")) if part]
    try:
        count = services.enrol_planned(actor=request.user, course=course, numbers=numbers)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("courses:bulk-enrol", course.key)
    messages.success(request, _("已为 %(n)s 人选课，并已在站内通知他们。") % {"n": count})
    return redirect("courses:learners", course.key)


@looking_after
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remind(request: HttpRequest, key: str) -> HttpResponse:
    """Whom the reminder touches under the filters of the list, its words, and the button."""
    course = course_to_look_after(request.user, key)
    if request.method == "POST":
        return _reminded(request, course)
    keys = listing(request, course).rows.order_by().values_list("pk", flat=True)
    try:
        plan = services.plan_reminder(actor=request.user, course=course, keys=keys)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect("courses:learners", course.key)
    context = {
        "course": course,
        "plan": plan,
        "notice_text": notice_text(course),
        "outside": outside_words(KIND),
        "client_key": uuid4(),
        "query": request.GET.urlencode(),
    }
    return render(request, "courses/teaching/remind.html", context)


def _reminded(request: HttpRequest, course: Course) -> HttpResponse:
    keys = [int(k) for k in request.POST.getlist("people") if k.isascii() and k.isdigit() and len(k) < 18]
    try:
        count = services.remind(
            actor=request.user,
            course=course,
            keys=keys,
            client_key=client_key_from(request.POST.get("client_key")) or uuid4(),
            again=request.POST.get("again") == "1",
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已提醒 %(n)s 人。") % {"n": count})
    return redirect("courses:learners", course.key)


@office
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lecturers(request: HttpRequest, key: str) -> HttpResponse:
    """Who sees the learners of the course, and giving or ending that."""
    course = course_to_look_after(request.user, key)
    mine = CourseLecturer.objects.filter(course=course, unit__in=own_units(request.user)).select_related("user", "unit")
    if request.method == "POST" and "end" in request.POST:
        return _ended(request, course, mine)
    form = LecturerForm(request.POST if request.method == "POST" else None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.give_lecturer(actor=request.user, course=course, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("已指定%(name)s。") % {"name": form.cleaned_data["user"].name})
            return redirect("courses:lecturers", course.key)
    context = {"course": course, "rows": mine, "form": form}
    return render(request, "courses/teaching/lecturers.html", context, status=422 if form.errors else 200)


def _ended(request: HttpRequest, course: Course, mine: Any) -> HttpResponse:
    number = request.POST["end"]
    row = mine.filter(pk=int(number)).first() if number.isascii() and number.isdigit() and len(number) < 18 else None
    if row is None:
        messages.error(request, _("没有找到这名授课教师，可能刚被取消，请刷新后查看。"))
    else:
        services.end_lecturer(actor=request.user, lecturer=row)
        messages.success(request, _("已取消%(name)s。") % {"name": row.user.name})
    return redirect("courses:lecturers", course.key)
