"""A leadership class from curriculum to certificate, step by step, through the services that the screens call."""

from __future__ import annotations

import uuid

from assessments.services import close_marking, hand_in, release_results
from certificates.services import candidates, confirm_issuance, create_template, publish_reports
from cohorts.models import Half, Membership
from cohorts.services import (
    advance,
    attach_paper,
    close,
    decide_on_leave,
    form_groups,
    register_members,
    require_course,
)
from core import jobs
from core.drawing import draw_table_document
from core.models import Job
from courses.models import Enrolment
from portal.demo import classroom, learning, space
from portal.demo.calendar import running_week
from portal.demo.preparing import form_class, import_people, load_content, newest_edition, planned, set_up
from portal.demo.stage import Stage
from portal.snapshots import rebuild_all

NEXT_TITLE = "服务质量与公众参与领航班"
NEXT_COURSES = ("digital-data-governance", "law-enforcement-review")
NEXT_SIZE = 12
WORK = "本单位牵头办理的跨部门事项，涉及三个部门、五份材料。共享需求：由数据资源部门提供主体资格信息，用于在线核验；\
责任清单：牵头部门负责受理和督办，数源部门负责数据准确，技术部门负责接口和日志。程序依据：事项清单、共享目录和内部审批规程。\
执行步骤逐条留痕，按月抽查。（示范作业）"


def play(stage: Stage) -> None:
    """Every step of the story in its order."""
    for step in (
        set_up,
        load_content,
        import_people,
        form_class,
        open_class,
        learn,
        teach,
        examine,
        end_class,
        issue,
        begin_next,
    ):
        step(stage)


def _members(stage: Stage) -> list[Membership]:
    assert stage.cohort
    return list(stage.cohort.memberships.select_related("user", "cohort").order_by("user__work_number"))


def failing(stage: Stage) -> str:
    """Work number of the one who fails the exam: the last but one."""
    return stage.people[-2].work_number


def absent(stage: Stage) -> str:
    """Work number of the one who is on leave above the limit: the last."""
    return stage.people[-1].work_number


def open_class(stage: Stage) -> None:
    """Registration, groups, and the entry test of the first day."""
    assert stage.cohort
    teacher = stage.cast["class_teacher"]
    with stage.week.at(0, 8):
        advance(actor=teacher, cohort=stage.cohort, to="running")
        register_members(actor=teacher, cohort=stage.cohort, members=_members(stage))
        form_groups(actor=teacher, cohort=stage.cohort, size=9)
    for member in stage.each("入学测试", _members(stage)):
        learning.sit(
            stage, stage.exams["pre"], member.user, phase="pre", failing=False, begins=stage.week.moment(0, 9, 30)
        )
    with stage.week.at(0, 20, 30):
        release_results(actor=stage.cast["training_office"], exam=stage.exams["pre"])


def learn(stage: Stage) -> None:
    """Every member goes through the courses in the evenings."""
    assert stage.cohort
    rows = Enrolment.objects.filter(context_key=stage.cohort.context_key).select_related("user", "edition")
    for number, enrolment in enumerate(stage.each("在线课程", list(rows.order_by("user__work_number", "pk")))):
        learning.study(enrolment, stage.week.moment(1 + number % 2, 19))


def _leaves(stage: Stage) -> dict[str, tuple[int, tuple[str, str], str, str]]:
    """Who is away when: a few for half a day, the last member for a day and a half."""
    chosen = [user.work_number for user in stage.people[2:-2:15]]
    plan = dict.fromkeys(chosen, (2, (Half.AFTERNOON, Half.AFTERNOON), "official", "回单位参加专题会议"))
    plan[absent(stage)] = (1, (Half.MORNING, Half.AFTERNOON), "private", "家中有事")
    if stage.change.leave:
        plan[stage.change.leave] = (1, (Half.MORNING, Half.MORNING), "private", "家中有事")
    return {k: (v[0], (str(v[1][0]), str(v[1][1])), v[2], v[3]) for k, v in plan.items()}


def teach(stage: Stage) -> None:
    """Roll call twice a day, leave, the work handed in and graded, the decision on who was away too long."""
    assert stage.cohort
    members = {m.user.work_number: m for m in _members(stage)}
    away: dict[tuple[int, str], set[int]] = {}
    for number, (day, halves, category, reason) in _leaves(stage).items():
        classroom.grant_leave(stage, members[number], day, halves, category, reason)
        for half in {*halves}:
            away.setdefault((day, half), set()).add(members[number].pk)
    half_days = [(day, half) for day in range(4) for half in (Half.MORNING, Half.AFTERNOON)]
    for day, half in stage.each("点名", half_days):
        classroom.call_roll(stage, stage.cohort, stage.week, day, half, away.get((day, half), set()))
    _grade_work(stage)
    _decide(stage)


def _grade_work(stage: Stage) -> None:
    with stage.week.at(3, 16):
        for member in _members(stage):
            hand_in(user=member.user, task=stage.task, text=WORK)
    criteria = list(stage.task.rubric.criteria.all())
    with stage.week.at(3, 20):
        for submission in stage.each("教师评分", list(stage.task.submissions.select_related("user").order_by("pk"))):
            classroom.mark_work(stage, submission, criteria)
        close_marking(actor=stage.cast["training_office"], task=stage.task)


def _decide(stage: Stage) -> None:
    """Withdraw whoever is above one seventh; a person decides, with a document number."""
    with stage.week.at(3, 21):
        for member in _members(stage):
            if member.over_leave_limit:
                decide_on_leave(
                    actor=stage.cast["training_office"], membership=member, outcome="withdraw",
                    reason="累计请假超过总学时七分之一，经本人和单位确认", document_no="领航教〔2026〕18号",
                )  # fmt: skip


def examine(stage: Stage) -> None:
    """The last day: roll call and the final exam of everybody who is still in class."""
    assert stage.cohort
    classroom.call_roll(stage, stage.cohort, stage.week, 4, Half.MORNING, set())
    for member in stage.each("结业考试", [m for m in _members(stage) if m.state == "registered"]):
        fails = member.user.work_number == failing(stage)
        learning.sit(
            stage, stage.exams["post"], member.user, phase="post", failing=fails, begins=stage.week.moment(4, 9, 10)
        )
    classroom.call_roll(stage, stage.cohort, stage.week, 4, Half.AFTERNOON, set())
    with stage.week.at(4, 15):
        release_results(actor=stage.cast["training_office"], exam=stage.exams["post"])


def _papers(stage: Stage) -> dict[str, tuple[str, bytes]]:
    """The three papers that closing demands, drawn from the class's own data."""
    assert stage.cohort
    title = stage.cohort.full_title
    sessions = stage.cohort.sessions.select_related("lecturer")
    table = [
        [f"{s.day.month}月{s.day.day}日", s.get_half_display(), s.title, s.lecturer.name, s.room] for s in sessions
    ]
    names = [[str(n), m.user.name, m.unit.name, "", ""] for n, m in enumerate(_members(stage), 1)]
    plan = [
        ["培训目标", "提高跨部门数据共享和依法决策能力"],
        ["对象", f"{len(names)} 名在职干部"],
        ["总学时", f"{stage.cohort.total_hours:f}"],
    ]
    return {
        "plan": ("培训方案.pdf", draw_table_document("培训方案", title, ["项目", "内容"], plan)),
        "timetable": (
            "最终课表.pdf",
            draw_table_document("最终课表", title, ["日期", "时段", "内容", "授课教师", "教室"], table),
        ),
        "sign_in": (
            "签到表.pdf",
            draw_table_document("签到表", title, ["序号", "姓名", "单位", "上午", "下午"], names),
        ),
    }


def end_class(stage: Stage) -> None:
    """Attach the papers and close: graduation is decided, hours are credited, evidence is complete."""
    assert stage.cohort
    with stage.week.at(4, 18):
        for kind, (name, data) in _papers(stage).items():
            attach_paper(actor=stage.cast["class_teacher"], cohort=stage.cohort, kind=kind, name=name, data=data)
        close(actor=stage.cast["training_office"], cohort=stage.cohort)
    stage.progress("结班", 1, 1)


def _run(stage: Stage, job: Job, title: str) -> None:
    jobs.run_now(job, progress=lambda row: stage.progress(title, row.done, row.total or 0))


def issue(stage: Stage) -> None:
    """Certificates for all who are eligible, then the competency reports of everybody."""
    assert stage.cohort
    office = stage.cast["training_office"]
    with stage.week.at(7, 9):
        template = create_template(
            actor=office,
            name="结业证书",
            issuer="云山市领航干部学院（虚构）",
            seal_text="样章",
            number_prefix="领航示范结字",
        )
        chosen = [c.membership.pk for c in candidates(stage.cohort) if c.ok]
        run = confirm_issuance(
            actor=office, cohort=stage.cohort, template=template, members=chosen, client_key=uuid.uuid4()
        )
        _run(stage, run.job, "签发证书")
        _run(stage, publish_reports(actor=office, cohort=stage.cohort), "能力报告")


def begin_next(stage: Stage) -> None:
    """A class of this week, under way, so that every screen has something that is next."""
    week, office, teacher = running_week(stage.today), stage.cast["training_office"], stage.cast["class_teacher"]
    people = stage.people[:NEXT_SIZE]
    with week.at(-10, 9):
        cohort = planned(stage, "YS2026-04", NEXT_TITLE, 1, week, people)
        classroom.lay_timetable(stage, cohort, week, classroom.NEXT_TIMETABLE, "领航楼二楼201教室")
        for key in NEXT_COURSES:
            require_course(actor=office, cohort=cohort, edition=newest_edition(key))
        advance(actor=office, cohort=cohort, to="confirmed")
    with week.at(0, 8):
        advance(actor=teacher, cohort=cohort, to="running")
        register_members(actor=teacher, cohort=cohort, members=cohort.memberships.all())
        form_groups(actor=teacher, cohort=cohort, size=6)
        space.furnish(stage, cohort)
    stage.running = cohort
    rebuild_all()
    stage.progress("开办本周的班次", 1, 1)


def ending(stage: Stage) -> str:
    """How the class ended: 结业 48 人，未结业 1 人，退学 1 人."""
    words = [str(m.get_state_display()) for m in _members(stage)]
    return "，".join(f"{word} {words.count(word)} 人" for word in dict.fromkeys(words))
