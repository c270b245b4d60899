"""``make bench``: prints each figure with its goal; ``python -m benchmarks growth`` fills a million rows first.

Ratios count; absolute figures vary from machine to machine."""

from __future__ import annotations

import os
import sys
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import islice

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from assessments.models import Exam
from assessments.services import save_answer, start_attempt, submit
from benchmarks import plain_reportlab
from benchmarks.clockwork import Task, measure
from cohorts.models import Cohort, Membership
from core import clock
from core.drawing import DEFAULT_LAYOUT, draw_certificate, sample_values
from courses.models import CourseEdition, EditionLesson, Enrolment, LessonKind, LessonProgress
from courses.rules.progress import ProgressUpdate
from courses.services import open_session, save_progress
from people import roster
from people.models import User
from portal.demo import accounts, ahead, storyline
from portal.demo.calendar import finished_week
from portal.demo.stage import DATA, PASSWORD, Stage

Row = tuple[str, str, str, str]


def prepare() -> None:
    """The demo's class in a database of its own."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Cohort.objects.exists():
        today = clock.today()
        stage = Stage(7, today, finished_week(today), DATA / "roster.xlsx", DATA / "units.csv", lambda *_: None)
        storyline.play(stage)
        accounts.open_unit_accounts(stage)
        ahead.look_ahead(stage)


def browser(work_number: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(work_number=work_number), backend="people.backends.RoleBackend")
    session = client.session
    session["bench_keys"] = list(User.objects.values_list("pk", flat=True)[:10])
    session.save()
    return client


def page(client: Client, path: str) -> Callable[[], object]:
    def get() -> object:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    return get


def queries(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        run()
    return len(captured)


def cadre_pages() -> list[Row]:
    cadre = browser("LH0001")
    enrolment = Enrolment.objects.filter(user__work_number="LH0001").order_by("-pk")[0]
    floor = Task("F(10 gets)", page(cadre, "/bench/ten-gets/"), 30)
    pages = [
        (Task("cadre's desk", page(cadre, reverse("portal:desk"))), 0.30),
        (Task("course page", page(cadre, reverse("courses:course", args=[enrolment.edition.course.key]))), 0.30),
        (Task("lesson page", page(cadre, reverse("courses:lesson", args=[enrolment.public_id, 1]))), 0.40),
    ]
    measure([floor, *[task for task, _ in pages]])
    rows = [("F(10 gets)", f"{floor.core_ms:.2f} core-ms", "", "")]
    for task, goal in pages:
        ratio = floor.core_ms / task.core_ms
        rows.append(
            (
                task.name,
                f"{task.core_ms:.2f} core-ms, {queries(task.run)} queries",
                f"{ratio:.0%} of floor",
                f"≥ {goal:.0%}",
            )
        )
    return rows


class Undo(Exception):
    """Leaves a transaction without a trace."""


def playing(number: str) -> tuple[Task, Callable[[], object]]:
    """Somebody's reports of the first seconds of a recording, again and again."""
    video = EditionLesson.objects.filter(kind=LessonKind.VIDEO).select_related("edition").order_by("pk")[0]
    enrolment = Enrolment.objects.filter(user__work_number=number, edition=video.edition)[0]
    who, page, ticks = (
        {"user": enrolment.user, "enrolment": enrolment, "lesson": video},
        uuid.uuid4(),
        iter(range(10**9)),
    )
    LessonProgress.objects.filter(enrolment=enrolment, lesson=video).update(
        watched=[], watched_seconds=0, sequence=0, ahead=0
    )
    open_session(**who, session=page, device="", take_over=True)

    def report() -> None:
        tick = next(ticks)
        end = Decimal(tick % 50) / 10
        update = ProgressUpdate(10**13 + tick, end, ((Decimal(0), end),), session=page)
        save_progress(**who, update=update)

    return Task("recording report", report, 30), report


def progress_growth(sizes: tuple[int, int] = (1_000, 1_000_000)) -> list[Row]:
    """The same report beside a thousand rows of others and beside a million; takes minutes."""
    figures = []
    try:
        with transaction.atomic(), clock.freeze(clock.now()):
            for size in sizes:
                grow_progress(size)
                task, report = playing("LH0003")
                measure([task], rounds=9)
                figures.append((task.core_ms, queries(report)))
            raise Undo
    except Undo:
        pass
    (small, few), (large, many) = figures
    words = f"{large:.2f} core-ms, {many} queries ({sizes[0]:,} rows: {small:.2f}, {few})"
    return [(f"report, {sizes[1]:,} rows of progress", words, f"{large / small:.2f} ×", "same queries, ≤ 1.2 ×")]


def grow_progress(size: int) -> None:
    """So many rows of progress in all, of enrolments in classes that are not there."""
    edition = CourseEdition.objects.annotate(n=Count("lessons")).order_by("-n", "pk")[0]
    lessons = list(edition.lessons.values_list("pk", flat=True))
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    missing = -(-(size - LessonProgress.objects.count()) // len(lessons))
    shared = {"edition": edition, "lessons_total": len(lessons), "enrolled_at": clock.now()}
    rows = (
        Enrolment(user_id=people[n % len(people)], context_key=f"bench:{size}:{n // len(people)}", **shared)
        for n in range(missing)
    )
    while chunk := list(islice(rows, 2_000)):
        made = Enrolment.objects.bulk_create(chunk)
        LessonProgress.objects.bulk_create(
            LessonProgress(enrolment=one, lesson_id=lesson, updated_at=shared["enrolled_at"], watched=[[0.0, 30.0]])
            for one in made
            for lesson in lessons
        )


def progress_write() -> list[Row]:
    enrolment = Enrolment.objects.filter(user__work_number="LH0002").order_by("-pk")[0]
    lesson = enrolment.edition.lessons.order_by("position")[0]
    user, sequence = enrolment.user, iter(range(10, 10**6))
    row = LessonProgress(enrolment=enrolment, lesson=lesson, updated_at=clock.now(), started_at=clock.now())

    def upsert() -> None:
        fresh = LessonProgress(enrolment=enrolment, lesson=lesson, updated_at=clock.now(), started_at=row.started_at)
        LessonProgress.objects.bulk_create(
            [fresh], update_conflicts=True, update_fields=["updated_at"], unique_fields=["enrolment", "lesson"]
        )

    def write() -> None:
        save_progress(user=user, enrolment=enrolment, lesson=lesson, update=ProgressUpdate(next(sequence), Decimal(50)))

    floor, task = Task("F(upsert)", upsert, 30), Task("progress write", write, 30)
    played, report = playing("LH0003")
    measure([floor, task, played])
    rows = [("F(upsert)", f"{floor.core_ms:.2f} core-ms", "", "")]
    for one, run in ((task, write), (played, report)):
        figure = f"{one.core_ms:.2f} core-ms, {queries(run)} queries"
        rows.append((one.name, figure, f"{floor.core_ms / one.core_ms:.0%} of floor", "≥ 45%"))
    return rows


def exam_attempt() -> list[Row]:
    exam = Exam.objects.filter(title="结业考试").order_by("-pk")[0]
    user = exam.seats.order_by("pk")[0].user
    saves: list[float] = []

    def attempt() -> None:
        try:
            with transaction.atomic():
                Exam.objects.filter(pk=exam.pk).update(released_at=None, attempts_allowed=50)
                with clock.freeze(exam.opens_at + timedelta(minutes=5)):
                    paper = start_attempt(user=user, exam=Exam.objects.get(pk=exam.pk))
                    for item in paper.items.all():
                        begin = time.process_time()
                        save_answer(user=user, attempt=paper, position=item.position, choice=[0], sequence=1)
                        saves.append((time.process_time() - begin) * 1000)
                    submit(user=user, attempt=paper)
                raise Undo
        except Undo:
            pass

    task = Task("exam attempt", attempt, 1)
    measure([task])
    saves.sort()
    return [
        ("whole exam attempt, 20 questions", f"{task.core_ms:.0f} core-ms", "", "≤ 75 core-ms"),
        ("one answer saved", f"{saves[len(saves) // 2]:.1f} core-ms", "", "≤ 20 core-ms"),
    ]


def signing_in() -> list[Row]:
    def sign_in() -> None:
        answer = Client().post(reverse("people:sign-in"), {"username": "LH0001", "password": PASSWORD})
        if answer.status_code != 302:
            raise RuntimeError(f"sign-in answered {answer.status_code}")

    task = Task("sign-in", sign_in, 5)
    measure([task])
    return [("sign-in", f"{task.core_ms:.0f} core-ms", f"{2000 / task.core_ms:.0f} a second on two cores", "≥ 17")]


def grown_class(size: int) -> Cohort:
    """The demo's running class with ``size`` members more, inside the caller's transaction."""
    cohort = Cohort.objects.get(code="YS2026-04")
    unit = User.objects.get(work_number="LH0001").unit
    people = [User(work_number=f"B{size}-{n}", name="示范人员", unit=unit, managed_by=unit) for n in range(size)]
    User.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(cohort=cohort, user=user, unit=unit, state="registered", registered_at=clock.now())
        for user in people
    )
    return cohort


def office_pages() -> list[Row]:
    """A page of fifty of 100 members against a page of fifty of 1,000."""
    client, names = browser("OFF001"), ("members", "graduation")
    tasks: dict[tuple[str, int], tuple[Task, int]] = {}
    for size in (100, 1000):
        try:
            with transaction.atomic():
                cohort = grown_class(size)
                for name in names:
                    read = page(client, reverse(f"cohorts:{name}", args=[cohort.public_id]))
                    task = Task(name, read, 3)
                    measure([task], rounds=5)
                    tasks[name, size] = (task, queries(read))
                raise Undo
        except Undo:
            pass
    rows: list[Row] = []
    for name in names:
        (small, few), (large, many) = tasks[name, 100], tasks[name, 1000]
        figure = f"{large.core_ms:.1f} core-ms, {many} queries (100 members: {few})"
        growth = f"{large.core_ms / small.core_ms:.2f} × the page of 100"
        rows.append((f"{name} page, 1,000 members", figure, growth, "≤ 25 core-ms, ≤ 1.3 ×"))
    return rows


def big_roster(size: int) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("名单")
    sheet.append(["姓名", "工号", "单位名称", "职务", "职级", "任职日期", "手机号"])
    for n in range(size):
        sheet.append(
            [f"示范{n}", f"R{n:05d}", "云山市司法局（虚构）", "科员", "一级科员", "2020-01-01", f"1980{n:07d}"]
        )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def roster_of_1000() -> list[Row]:
    data, actor = big_roster(1000), User.objects.get(work_number="OFF001")
    begin = time.process_time()
    report = roster.preview(actor=actor, name="roster.xlsx", data=data)
    seen = time.process_time()
    if report.errors:
        raise RuntimeError(report.errors[0].reason)
    try:
        with transaction.atomic():
            roster.commit(actor=actor, report=report)
            done = time.process_time()
            raise Undo
    except Undo:
        pass
    return [
        ("roster of 1,000: preview", f"{seen - begin:.2f} core-s", "", "≤ 5 s"),
        (
            "roster of 1,000: commit",
            f"{done - seen:.2f} core-s",
            f"{done - begin:.2f} core-s in all",
            "≤ 2 core-s in all",
        ),
    ]


def certificates() -> list[Row]:
    values = sample_values()
    ours = Task(
        "certificate", lambda: draw_certificate(DEFAULT_LAYOUT, {**values, "number": uuid.uuid4().hex[:12]}), 20
    )
    plain = Task("plain ReportLab", lambda: plain_reportlab.draw(values), 20)
    measure([ours, plain], rounds=5)
    size = len(draw_certificate(DEFAULT_LAYOUT, values)) / 1024
    return [
        ("plain ReportLab, faces cached", f"{1000 / plain.core_ms:.0f} a core-second", "", ""),
        (
            "certificate",
            f"{1000 / ours.core_ms:.0f} a core-second, {size:.0f} KB",
            f"{plain.core_ms / ours.core_ms:.1f} × plain ReportLab",
            "≥ 1 ×, ≤ 120 KB",
        ),
    ]


PARTS = {"progress": (progress_write,), "growth": (progress_growth,)}  # named on the command line; growth only there


def main() -> None:
    print(f"Preparing {settings.DEMO_DIR} …", flush=True)
    prepare()
    rows: list[Row] = []
    parts = (cadre_pages, progress_write, exam_attempt, signing_in, office_pages, roster_of_1000, certificates)
    chosen = PARTS.get(sys.argv[1], ()) if sys.argv[1:] else parts
    for part in chosen:
        rows += part()
    for name, figure, ratio, goal in rows:
        print(f"{name:36} {figure:44} {ratio:28} {goal}")


if __name__ == "__main__":
    main()
