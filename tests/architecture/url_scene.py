"""Two classes in two cities, alike in everything: one of the personas', one of other people."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile

from assessments.services import hand_in, mark_submission, start_attempt, void_attempt
from certificates.services import candidates, confirm_issuance, create_template, publish_reports
from cms.models import CasePage
from cohorts import services
from cohorts.models import Cohort, CohortStaff, Honour
from competencies.services import load_framework
from core import clock, jobs, notices
from core.calendar import put_day
from core.models import Delivery
from core.saved_views import keep_view
from core.uploads import checked_upload
from courses.services import give_lecturer, hand_in_proof
from people import roster
from people.models import Role, Unit, User
from people.services import note_file_read
from planning.models import StandIn
from planning.services.needs import survey_needs
from planning.services.plan_approval import submit_plan
from planning.services.plan_changes import ask_change
from portal.statistics import freeze_statistics
from records.services import start_hour_draft, start_policy_draft, withdraw_claim
from records.services.previewing import order_preview
from tests.factories import assessments as exams
from tests.factories import cohorts as classes
from tests.factories import courses, hours, leave, planning_calls, space
from tests.factories import planning_plans as plans
from tests.factories.cms import make_feedback, make_site
from tests.factories.people import PostingFactory, UnitFactory, UserFactory, grant

NOW = datetime(2026, 9, 14, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
Kwargs = dict[str, Any]


@dataclass
class Side:
    """The people and things of one of the two cities; ``things`` gives the arguments of an address."""

    office: User
    teacher: User
    lecturer: User
    trainee: User
    host: Unit
    things: dict[str, Kwargs] = field(default_factory=dict)


def neighbours() -> Side:
    """People of another city, with a class teacher of their own."""
    city = UnitFactory(code="LS", name="邻水市")
    bureau = UnitFactory(code="LS-01", name="邻水市数据局", parent=city)
    office = UserFactory(work_number="NX001", unit=city)
    grant(office, Role.TRAINING_OFFICE, city)
    lecturer = UserFactory(work_number="NJ001", unit=city, role=Role.LECTURER)
    trainee = UserFactory(work_number="NT001", unit=bureau, role=Role.TRAINEE, full=True)
    PostingFactory(user=trainee)
    return Side(office, User.objects.get(work_number="B0002"), lecturer, trainee, city)


def own(personas: dict[str, User]) -> Side:
    who = (personas[key] for key in ("training_office", "class_teacher", "lecturer", "trainee"))
    return Side(*who, Unit.objects.get(code="YS"))


def fill(side: Side, number: int) -> None:
    """Everything that an address may name, on one side."""
    _learning(side)
    _looking_after(side)
    _running_class(side, number)
    _closed_class(side, number)
    _people(side)
    _own_things(side)
    _hours(side, number)
    _teaching(side, number)
    _planning(side)
    _calls(side)


def _planning(side: Side) -> None:
    """A draft, a plan that waits, an approved class with a change asked for, a survey: of the trainee's unit."""
    unit = side.trainee.unit
    given = {"unit": unit, "actor": side.office}
    first, drawn = plans.draft(2, **given, year=2026), plans.draft(1, **given, kind="ad_hoc")
    agreed = plans.approved(2, **given, kind="ad_hoc").classes.order_by("position")
    other = UserFactory(unit=side.host)
    grant(other, Role.TRAINING_OFFICE, side.host)
    waiting = submit_plan(actor=other, plan=drawn, version=drawn.version)
    change = ask_change(actor=other, planned=agreed[1], version=agreed[1].version, reason="场地维修", places=60)
    survey = survey_needs(actor=side.office, unit=unit, year=NOW.year, client_key=uuid.uuid4())
    jobs.run_now(survey.job)
    side.things |= {
        "plan": {"public_id": first.public_id},
        "plan_row": {"pk": first.pk},
        "plan_waiting": {"public_id": waiting.public_id},
        "planned": {"public_id": first.classes.order_by("position")[1].public_id},
        "approved_class": {"public_id": agreed[0].public_id},
        "plan_change": {"public_id": change.public_id},
        "need": {"public_id": survey.public_id},
        "need_line": {"public_id": survey.public_id, "line": survey.lines.get(theme="", level="", regime="junior").pk},
    }


def _own_things(side: Side) -> None:
    notices.send(to=[side.trainee.pk], title="课表有调整")
    side.things["notice"] = {"public_id": side.trainee.notices.get(title="课表有调整").public_id}
    side.things["message_kind"] = {"kind": "leave.waiting"}
    side.things["delivery_row"] = {"pk": _given_up(side).pk}
    view = keep_view(owner=side.office, place="cohorts:members", name="第1组", query="group=1")
    side.things["saved_view"] = {"pk": view.pk}


def _given_up(side: Side) -> Delivery:
    """A message to the trainee that could not be sent."""
    return Delivery.objects.create(
        notice=side.trainee.notices.get(title="课表有调整"),
        recipient=side.trainee,
        channel="mail",
        kind="leave.waiting",
        state=Delivery.State.GIVEN_UP,
        reason="邮件服务器退回，代码 550",
        ended_at=NOW,
    )


def _hours(side: Side, number: int) -> None:
    """Claims, a file that waits, a value that changed; the drafts are everybody's."""
    ended = withdraw_claim(actor=side.trainee, claim=hours.claim(side.trainee, title=f"旧班{number}"))
    claim = hours.claim(side.trainee, title=f"省委党校进修班{number}")
    source = f"示范学院{number}"
    staged = hours.waiting_import(side.office, side.trainee, source, f"W{number}")
    change = hours.changed(side.office, side.trainee, source)
    start_hour_draft(actor=side.office)
    preview = order_preview(actor=side.office, draft=start_policy_draft(actor=side.office))
    key = "senior-central-rolling_5"
    side.things |= {
        "hour_claim": {"public_id": claim.public_id},
        "ended_claim": {"public_id": ended.public_id},
        "hour_import": {"public_id": staged.public_id},
        "hour_change": {"public_id": change.public_id},
        "policy_preview": {"public_id": preview.public_id},
        "hour_draft": {"kind": "hours"},
        "own_requirement": {"key": key},
        "hour_trace": {"public_id": side.trainee.public_id, "key": key},
    }


def _teaching(side: Side, number: int) -> None:
    """What the offices keep for all classes."""
    fee = services.put_fee_class(actor=side.office, name=f"甲类{number}", amount=None, basis="")
    room = services.put_room(actor=side.office, name=f"{number}号报告厅", place="", seats=60, in_use=True)
    member = services.put_faculty(actor=side.office, user=side.lecturer, kind="school", fee_class=fee)
    away = date(2027, 1, number)
    absence, _ = services.add_absence(actor=side.office, member=member, from_day=away, to_day=away, reason="出差")
    holiday = put_day(actor=side.office, day=date(2027, 3, number), is_working=False, name="校庆")
    side.things |= {
        "fee_row": {"pk": fee.pk},
        "room_row": {"pk": room.pk},
        "faculty_row": {"pk": member.pk},
        "faculty_absence": {"pk": member.pk, "absence": absence.pk},
        "calendar_row": {"pk": holiday.pk},
    }


def _calls(side: Side) -> None:
    """A class for which the trainee is named, one that the cadres choose themselves, and who stands in."""
    bureau = side.trainee.unit.get_parent() or side.trainee.unit
    bureau = side.trainee.unit if bureau == side.host else bureau
    clerk = User.objects.filter(work_number="U0001", unit__path__startswith=side.host.path).first()
    clerk = clerk or UserFactory(unit=bureau, role=Role.UNIT_ADMIN)
    made = planning_calls.Scene(side.host, bureau, bureau, bureau, side.office, {"bureau": clerk})
    cohort = planning_calls.planned(host=side.host, teacher=side.teacher, made_by=side.office)
    row = planning_calls.call_up(made, cohort=cohort)
    (named,) = planning_calls.named(made, row, [side.trainee])
    week = {"starts_on": date(2026, 11, 2), "ends_on": date(2026, 11, 6)}
    chosen = planning_calls.planned(host=side.host, teacher=side.teacher, made_by=side.office, **week)
    planning_calls.call_up(made, cohort=chosen, basis="open")
    colleague = UserFactory(unit=bureau)
    beside = StandIn.objects.create(
        holder=clerk, delegate=colleague, starts_on=NOW.date(), ends_on=NOW.date(), made_by=clerk
    )
    side.things |= {
        "call_up": {"public_id": cohort.public_id},
        "open_class": {"public_id": chosen.public_id},
        "nomination": {"public_id": named.public_id},
        "stand_in": {"pk": beside.pk},
    }


def _learning(side: Side) -> None:
    captions = courses.document(f"zimu{side.trainee.pk}.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xe5\xa5\xbd\n")
    lessons = [
        courses.LessonFactory(),
        courses.LessonFactory(video=True, captions=captions),
        courses.LessonFactory(audio=True, seconds=2),
        courses.LessonFactory(stream=True),
    ]
    enrolment = courses.EnrolmentFactory(user=side.trainee, lessons=lessons)
    here = {"public_id": enrolment.public_id}
    course = enrolment.edition.course
    anomaly = courses.AnomalyFactory(enrolment, position=2)
    side.things |= {
        **_around(side, enrolment),
        "course": {"key": course.key},
        "enrolment": here,
        "lesson": {**here, "position": 1},
        "video_lesson": {**here, "position": 2},
        "audio_lesson": {**here, "position": 3},
        "stream_lesson": {**here, "position": 4, "name": "index.m3u8"},
        "anomaly": {"public_id": anomaly.public_id},
        "anomaly_row": {"pk": anomaly.pk},
        "course_row": {"pk": course.pk},
        "audit": {"public_id": course.audits.get().public_id},
        "lesson_row": {"pk": lessons[0].pk},
        "enrolment_row": {"pk": enrolment.pk},
        "image": {"image_id": courses.image().pk},
        "document": {"document_id": captions.pk},
        "file": {"url": captions.url},
    }


def _looking_after(side: Side) -> None:
    """A course of a document, a course elsewhere and a live session, which the side's lecturer looks after."""
    live = courses.live_lesson(NOW - timedelta(minutes=30))
    edition = courses.EditionFactory(lessons=[courses.document_lesson(), courses.link_lesson(), live])
    enrolment = courses.EnrolmentFactory(user=side.trainee, edition=edition)
    give_lecturer(actor=side.office, course=edition.course, user=side.lecturer, unit=side.host)
    shot = checked_upload(leave.photo(), kinds={"image"}, max_bytes=1_000_000)
    lesson = edition.lessons.get(position=2)
    proof = hand_in_proof(user=side.trainee, enrolment=enrolment, lesson=lesson, certificate_no="1", file=shot)
    here, key = {"public_id": enrolment.public_id}, {"key": edition.course.key}
    side.things |= {
        "taught": key,
        "document_lesson": {**here, "position": 1},
        "link_lesson": {**here, "position": 2},
        "live_lesson": {**key, "pk": edition.lessons.get(position=3).pk},
        "proof": {"public_id": proof.public_id},
    }


def _around(side: Side, enrolment: Any) -> dict[str, Kwargs]:
    """A note of the trainee's, and a question to the lecturer of the course."""
    courses.teach(enrolment.edition.course, side.lecturer)
    note, question = courses.note(enrolment), courses.question(enrolment)
    finished = courses.EnrolmentFactory(user=side.trainee, lessons=1, checked=False, files=["示范讲义"])
    courses.finish(finished)
    return {
        "lesson_note": {"public_id": note.public_id},
        "lesson_question": {"public_id": question.public_id},
        "finished": {"public_id": finished.public_id},
        "course_file": {"public_id": finished.public_id, "position": 1},
    }


def _running_class(side: Side, number: int) -> None:
    others = classes.people(5, side.trainee.unit)
    cohort = classes.CohortFactory(
        running=True, host=side.host, teacher=side.teacher, members=[side.trainee, *others], size=3, made_by=side.office
    )
    CohortStaff.objects.create(cohort=cohort, user=side.lecturer, duty="lecturer")
    cohort.sessions.filter(half="am").update(lecturer=side.lecturer)
    here = {"public_id": cohort.public_id}
    member = cohort.memberships.get(user=side.trainee)
    side.things |= {
        "cohort": here,
        "cohort_row": {"pk": cohort.pk},
        "print": {**here, "key": "name-list"},
        "print_as": {"format": "pdf"},
        "member": {**here, "member_id": member.public_id},
        "group": {"group": cohort.groups.earliest("number").pk},
        "session": {**here, "pk": cohort.sessions.latest("day", "starts_at").pk},
        "half_day": {**here, "day": cohort.starts_on, "half": "am"},
        "cohort_day": {**here, "day": cohort.starts_on},
        "class_day": {**here, "day": cohort.starts_on},
        "calendar_feed": {"secret": services.open_feed(actor=side.trainee, membership=member)},
        "staff": {**here, "pk": cohort.staff.get(duty="lecturer").pk},
    }
    _check_in(side, cohort)
    _tests_of(side, cohort)
    _disputes_of(side, cohort)
    _evaluation_of(side, cohort)
    _leave_and_papers(side, cohort, member)
    _photos_and_duties(side, cohort, member)
    _waiver_and_honour(side, cohort, member)
    _waiting_roster(side, cohort, number)
    _class_space(side, cohort)


def _check_in(side: Side, cohort: Cohort) -> None:
    """The check-in of the first morning, and an attempt that failed."""
    services.open_check_in(
        actor=side.teacher, cohort=cohort, day=cohort.starts_on, half="am", before=30, late=5, after=240
    )
    tried = services.scan(actor=side.trainee, code="ZZZZZZ", nonce=uuid.uuid4())
    side.things["scan"] = {"scan_id": tried.public_id}


def _tests_of(side: Side, cohort: Cohort) -> None:
    exam = exams.make_exam(
        [side.trainee], actor=side.office, bank=False, context_key=cohort.context_key, title="阶段测验（示范）"
    )
    attempt = start_attempt(user=side.trainee, exam=exam, seed=1)
    task = services.set_task(
        actor=side.teacher, cohort=cohort, title="案例分析", brief="写一份分析。", rubric=exams.make_rubric(),
        due_at=classes.AFTER, markers=[side.lecturer],
    )  # fmt: skip
    text = "跨部门事项的共享需求、责任清单和程序依据。" * 20
    work = hand_in(user=side.trainee, task=task, text=text, file=space.checked("案例分析.pdf"))
    requirement = services.require_exam(actor=side.teacher, cohort=cohort, exam=exam)
    here = {"public_id": cohort.public_id}
    side.things |= {
        "exam": {"public_id": exam.public_id},
        "exam_row": {"pk": exam.pk},
        "seat_row": {"pk": exam.seats.get(user=side.trainee).pk},
        "attempt": {"public_id": attempt.public_id},
        "task": {"public_id": task.public_id},
        "submission": {"public_id": task.public_id, "submission_id": work.public_id},
        "work_row": {"pk": work.pk},
        "work_file": {"public_id": task.public_id, "version_id": work.versions.get().public_id},
        "requirement": {**here, "pk": requirement.pk},
        "existing": {"exam": exam.public_id},
        "cohort_task": {**here, "task_id": task.public_id},
        "cohort_exam": {**here, "exam_id": exam.public_id},
        "question_row": {"pk": attempt.items.first().version.question_id},
        "blueprint_row": {"pk": exam.blueprint_id},
        "rubric_row": {"pk": task.rubric_id},
    }


def _disputes_of(side: Side, cohort: Cohort) -> None:
    """A sitting whose result was taken away, and a work that two people rated too far apart."""
    exam = exams.make_exam([side.trainee], actor=side.office, bank=False, title="补测（示范）")
    attempt = start_attempt(user=side.trainee, exam=exam, seed=2)
    taken = void_attempt(actor=side.office, attempt=attempt, cause="technical", reason="考场断电")
    task = exams.make_task(
        [side.teacher, side.lecturer], [side.trainee], context_key=cohort.context_key, ratings_asked=2
    )
    work = task.submissions.get()
    for rater, level in ((side.teacher, 2), (side.lecturer, 5)):
        mark_submission(actor=rater, submission=work, levels=exams.levels(task, level, level, level))
    side.things |= {
        "voiding": {"public_id": taken.public_id},
        "dispute": {"public_id": task.public_id, "submission_id": work.public_id},
    }


def _evaluation_of(side: Side, cohort: Cohort) -> None:
    first = cohort.sessions.order_by("day", "starts_at")[:1]
    (evaluation,) = services.open_evaluations(actor=side.teacher, cohort=cohort, sessions=first)
    survey = evaluation.survey.public_id
    side.things |= {"survey": {"public_id": survey}, "evaluation": {"public_id": cohort.public_id, "survey_id": survey}}


def _leave_and_papers(side: Side, cohort: Cohort, member: Any) -> None:
    recorded = services.record_leave(
        actor=side.teacher, membership=member, category="official", from_day=cohort.starts_on, from_half="pm",
        to_day=cohort.starts_on, to_half="pm", reason="回单位参加会议", approved_by_name=side.teacher.name,
    )  # fmt: skip
    paper = services.attach_paper(
        actor=side.teacher, cohort=cohort, kind="plan", name="培训方案.pdf", data=b"%PDF-1.7 plan"
    )
    here = {"public_id": cohort.public_id}
    _requests_and_discipline(side, cohort, member)
    side.things |= {
        "leave": {**here, "member_id": member.public_id, "leave_id": recorded.public_id},
        "paper": {**here, "paper_id": paper.public_id},
    }


def _photos_and_duties(side: Side, cohort: Cohort, member: Any) -> None:
    services.put_photo(actor=side.teacher, membership=member, file=classes.portrait())
    batch = services.stage_batch(
        actor=side.teacher, cohort=cohort, file=classes.packed({f"{side.trainee.work_number}.jpg": classes.picture()})
    )
    duty = services.give_duty(actor=side.teacher, membership=member, office="monitor", from_day=cohort.starts_on)
    here = {"public_id": cohort.public_id}
    side.things |= {
        "photo": {"member_id": member.public_id},
        "photo_batch": {**here, "batch_id": batch.public_id},
        "duty": {**here, "pk": duty.pk},
    }


def _requests_and_discipline(side: Side, cohort: Cohort, member: Any) -> None:
    """A request with proof that waits for the class teacher, a seat of the office, an absence to be decided."""
    seat = services.seat_approver(
        actor=side.office, host=side.host, step="academic", user=side.office, title="教务处负责人"
    )
    proof = checked_upload(leave.photo(), kinds={"image"}, max_bytes=1_000_000)
    request = leave.ask(member, from_day=leave.WEDNESDAY, to_day=leave.WEDNESDAY, category="sick", proof=proof)
    services.record_attendance(
        actor=side.teacher, cohort=cohort, day=cohort.starts_on, half="am", statuses={member.pk: "absent"}
    )
    record = services.confirm_discipline(
        actor=side.teacher, record=member.discipline.get(), level="talk", reason="未请假缺课", document_no="",
        reply_until=leave.WEDNESDAY,
    )  # fmt: skip
    here = {"public_id": cohort.public_id}
    side.things |= {
        "request": {"request_id": request.public_id},
        "own_request": {**here, "request_id": request.public_id},
        "matter": {**here, "record_id": record.public_id},
        "seat": {"pk": seat.pk},
        "host": {"code": side.host.code},
    }


def _class_space(side: Side, cohort: Cohort) -> None:
    notice = space.notice(cohort, file=space.checked("日程.pdf"))
    material = space.material(cohort)
    topic = space.topic(cohort, side.trainee)
    here = {"public_id": cohort.public_id}
    side.things |= {
        "class_notice": {**here, "notice_id": notice.public_id},
        "class_material": {**here, "material_id": material.public_id},
        "class_file": {**here, "material_id": material.public_id, "number": 1},
        "class_topic": {**here, "topic_id": topic.public_id},
        "class_post": {**here, "post_id": topic.posts.get().public_id},
    }


def _waiver_and_honour(side: Side, cohort: Cohort, member: Any) -> None:
    quota = services.set_quota(actor=side.office, cohort=cohort, title="优秀学员", number=2)
    title = Honour.objects.create(quota=quota, membership=member, reason="学习认真", by=side.teacher)
    asked = cohort.requirements.get(exam__isnull=False)
    waiver = services.waive(
        actor=side.office, membership=member, condition=f"requirement:{asked.pk}", reason="因公", document_no="1号"
    )
    here = {"public_id": cohort.public_id}
    side.things |= {
        "quota": {**here, "pk": quota.pk},
        "honour": {**here, "honour_id": title.public_id},
        "waiver": {**here, "member_id": member.public_id, "waiver_id": waiver.public_id},
    }


def _waiting_roster(side: Side, cohort: Cohort, number: int) -> None:
    data = f"姓名,工号,单位\n示范甲{number},ZZ{number:04d},{side.trainee.unit.name}\n".encode()
    staged, _ = roster.stage(actor=side.office, name="名册.csv", data=data, context_key=cohort.context_key)
    side.things["roster"] = {"public_id": cohort.public_id, "import_id": staged.pk}


def _closed_class(side: Side, number: int) -> None:
    """Certificates are issued and reports published by the job, as the office orders them."""
    members = [side.trainee, *classes.people(5, side.trainee.unit)]
    cohort = classes.ready_to_close(host=side.host, teacher=side.teacher, members=members, made_by=side.office)
    cohort.sessions.filter(half="am").update(lecturer=side.lecturer)
    with clock.freeze(classes.AFTER):
        first = cohort.sessions.order_by("day", "starts_at")[:1]
        (evaluation,) = services.open_evaluations(actor=side.teacher, cohort=cohort, sessions=first)
        services.close(actor=side.teacher, cohort=cohort)
    CohortStaff.objects.create(cohort=cohort, user=side.lecturer, duty="lecturer")
    template = create_template(
        actor=side.office, name=f"结业证书{number}", issuer="云山市领航干部学院（虚构）", seal_text="样章",
        number_prefix=f"示范{number}字",
    )  # fmt: skip
    chosen = [c.membership.pk for c in candidates(cohort) if c.ok]
    run = confirm_issuance(actor=side.office, cohort=cohort, template=template, members=chosen, client_key=uuid.uuid4())
    jobs.run_now(run.job)
    ordered = jobs.run_now(publish_reports(actor=side.office, cohort=cohort))
    certificate = run.certificates.get(membership__user=side.trainee)
    report = certificate.membership.reports.latest("version")
    ordered.refresh_from_db()
    ordered.result_name = "清单.txt"
    ordered.result_file.save("list.txt", ContentFile(b"x"))
    side.things |= {
        "closed_cohort": {"public_id": cohort.public_id},
        "closed_survey": {"survey_id": evaluation.survey.public_id},
        "certificate": {"public_id": certificate.public_id},
        "certificate_row": {"pk": certificate.pk},
        "report": {"public_id": report.public_id},
        "template": {"pk": template.pk},
        "template_row": {"pk": template.pk},
        "job": {"pk": run.job_id},
        "job_with_file": {"pk": ordered.pk},
    }


def _people(side: Side) -> None:
    note_file_read(reader=side.office, subject=side.trainee, part="个人档案")
    counted = freeze_statistics(actor=side.office, root=side.host, year=NOW.year, client_key=uuid.uuid4())
    grant_row = side.teacher.grants.filter(role=Role.CLASS_TEACHER).get()
    message = make_feedback()
    page = CasePage.objects.live().earliest("path")
    side.things |= {
        "statistics": {"public_id": counted.public_id},
        "person": {"public_id": side.trainee.public_id},
        "person_row": {"pk": side.trainee.pk},
        "unit": {"code": side.trainee.unit.code},
        "unit_row": {"pk": side.trainee.unit.pk},
        "grant_row": {"pk": grant_row.pk},
        "feedback": {"code": message.code},
        "feedback_row": {"pk": message.pk},
        "page": {"page_id": page.pk},
        "elsewhere": {"page_id": page.get_parent().get_parent().pk},
        "case": {"url": page.url},
    }


@dataclass
class Scene:
    """Who there is, and what there is on both sides."""

    personas: dict[str, User]
    own: dict[str, Kwargs]
    foreign: dict[str, Kwargs]


def build(personas: dict[str, User]) -> Scene:
    """Call it at NOW, in a transaction that is rolled back afterwards."""
    load_framework()
    make_site(personas)
    exams.make_bank()
    mine, theirs = own(personas), neighbours()
    for number, side in enumerate((mine, theirs), 1):
        fill(side, number)
    return Scene(personas, mine.things, theirs.things)
