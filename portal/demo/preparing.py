"""Before the class: content, people, and the class itself with its timetable, courses, exams and task."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from assessments.models import Blueprint, BlueprintLine, Rubric, RubricCriterion
from cohorts.models import Cohort
from cohorts.services import add_members, advance, appoint, create_cohort, hold_exam, require_course, set_task
from competencies.models import Indicator
from competencies.services import load_framework
from core.calendar import load_calendar
from courses.models import CourseEdition
from people import roster
from people.models import User
from people.ranks import Regime
from people.services import change_person
from portal.demo import accounts, classroom
from portal.demo.calendar import Week
from portal.demo.stage import Stage
from records.services import install_first_policies, register_earlier_hours

TITLE, INTAKE = "数字政府与依法行政领航班", 3
COURSES = ("digital-service-redesign", "law-decision-procedure")
# kind, indicator, how many: what the class was taught; the bank holds twice as many, so two papers share no question
BLUEPRINT = [
    ("single", "C1", 1), ("single", "C2", 1), ("single", "C3", 1), ("single", "C4", 1), ("single", "E1", 1),
    ("single", "E2", 3), ("single", "E3", 1), ("single", "E4", 1),
    ("multiple", "C2", 1), ("multiple", "C3", 1), ("multiple", "C4", 1), ("multiple", "E1", 1), ("multiple", "E4", 1),
    ("judge", "C1", 1), ("judge", "C2", 1), ("judge", "C4", 1), ("judge", "E1", 1), ("judge", "E3", 1),
]  # fmt: skip
POINTS = Decimal(5)
RUBRIC = [
    ("C2", "共享需求和责任清单写得准"),
    ("C4", "安全要求落到环节"),
    ("E1", "依据找得准、程序走得全"),
    ("E2", "执行步骤可留痕、可核查"),
]
TASK_BRIEF = "结合本单位一项跨部门事项，写出共享需求、责任清单和程序依据，不少于 800 字。不得写入涉密或敏感信息。"
FEWEST = 4  # people in a class, so that one may fail and one be away
PROMOTED = "LH0008"  # of the sample roster: became senior in mid-window and brings hours of earlier years
EARLIER = [  # label, number of the proof, days from the first day of class, days and hours
    ("科级干部任职培训班", "云结字〔2023〕第0112号", -1200, 20, 160),
    ("行政执法骨干培训班", "云结字〔2025〕第0087号", -420, 10, 80),
]


def set_up(stage: Stage) -> None:
    """Units, the people who run the class, the framework and the rules."""
    with stage.week.at(-30, 9):
        load_framework(actor=accounts.installer())
        install_first_policies(actor=accounts.installer())
        load_calendar()
        accounts.hire(stage, accounts.add_house(accounts.installer()))
    stage.progress("准备单位、人员和规则", 1, 1)


def load_content(stage: Stage) -> None:
    """The starter curriculum, as the content editor."""
    with stage.week.at(-28, 9):
        people = {"as": "content_editor", "publish-as": "training_office"}
        words = [f"--{option}={stage.cast[role].work_number}" for option, role in people.items()]
        call_command("load_curriculum", *words, verbosity=0)
    stage.progress("载入课程、案例、法规和题库", 1, 1)


def import_people(stage: Stage) -> None:
    """The roster workbook with the units it names, through the import that the wizard calls."""
    with stage.week.at(-14, 10):
        report = roster.preview(
            actor=accounts.installer(), name=stage.roster.name, data=stage.roster.read_bytes(),
            units=stage.units.read_bytes(), synthetic=True,
        )  # fmt: skip
        stage.refused = report if report.errors else None
        if report.accepted < FEWEST:
            raise CommandError(refusal(report))
        report = roster.commit(actor=accounts.installer(), report=report)
        accounts.widen_grants(stage)
        stage.people = list(User.objects.filter(pk__in=report.user_ids).order_by("work_number"))
        _change_name(stage)
        _bring_earlier_hours(stage)
    stage.progress("导入学员名册", len(stage.people), len(stage.people))


def refusal(report: Any) -> str:
    """The first rows that stand in the way, in words."""
    lines = [f"{e.sheet} 第{e.row}行 {e.column} “{e.value}”：{e.reason}" for e in report.errors[:10]]
    head = f"名册中可以导入的不足 {FEWEST} 人（错误 {len(report.errors)} 处），未导入任何人，请改正后重试："
    return "\n".join([head, *lines])


def _change_name(stage: Stage) -> None:
    if stage.change.name:
        number, name = stage.change.name
        user = next(u for u in stage.people if u.work_number == number)
        change_person(actor=stage.cast["training_office"], user=user, name=name)
        user.refresh_from_db()


def _bring_earlier_hours(stage: Stage) -> None:
    """What the cadres learned elsewhere before; the one promoted in mid-window brings the years before, too."""
    promoted = next((u for u in stage.people if u.work_number == PROMOTED), stage.people[0])
    if promoted.work_number == PROMOTED:
        accounts.earlier_posting(promoted, accounts.installer())
    for label, number, days_ago, days, hours in EARLIER:
        _register(stage, promoted, "central", days_ago, Decimal(days), Decimal(hours), label, number)
    year_began = date(stage.week.monday.year, 1, 1)
    for user in stage.people:
        chance = stage.chance("earlier", user.work_number)
        spring = chance.randint(0, 60) - (stage.week.monday - year_began).days + 20
        number = f"云训〔{year_began.year}〕{user.work_number}"
        if chance.random() < 0.6:
            days = Decimal(chance.choice([5, 7, 8, 10]))
            _register(stage, user, "central", spring, days, days * 8, "春季专题培训班", f"{number}-1")
        hours = Decimal(chance.choice([18, 36, 50, 54, 60]))
        _register(stage, user, "online", spring, Decimal(0), hours, "网络培训平台", f"{number}-2")
        if user.postings.open().get().regime == Regime.SENIOR and user != promoted:
            days = Decimal(chance.choice([30, 52, 66]))
            _register(stage, user, "central", -700, days, days * 8, "任职培训", f"{number}-3")


def _register(
    stage: Stage, user: User, bucket: str, days_from_class: int, days: Decimal, hours: Decimal, label: str, number: str
) -> None:  # fmt: skip
    online = bucket == "online"
    register_earlier_hours(
        actor=stage.cast["training_office"], user=user, bucket=bucket, category="in_service",
        mode="online" if online else "off_job", days=days, hours=hours,
        earned_on=stage.week.monday + timedelta(days=min(days_from_class, -15)), label=label, evidence_no=number,
    )  # fmt: skip


def form_class(stage: Stage) -> None:
    """Plan, fill and confirm the class; then what its members have to do."""
    week, office = stage.week, stage.cast["training_office"]
    with week.at(-13, 9):
        stage.cohort = planned(stage, "YS2026-03", TITLE, INTAKE, week, stage.people)
        classroom.furnish(stage)
        classroom.lay_timetable(stage, stage.cohort, week, classroom.TIMETABLE, "领航楼三楼报告厅")
        for key in COURSES:
            require_course(actor=office, cohort=stage.cohort, edition=newest_edition(key))
        _set_exams(stage)
        _set_task(stage)
        advance(actor=office, cohort=stage.cohort, to="confirmed")
    stage.progress("组班、排课、布置课程和考试", 1, 1)


def planned(stage: Stage, code: str, title: str, intake: int, week: Week, people: list[User]) -> Cohort:
    """A class in the state 报名中 with its members, teacher and lecturers."""
    office, academy = stage.cast["training_office"], stage.cast["class_teacher"].unit
    cohort = create_cohort(
        actor=office, code=code, title=title, intake_no=intake, host=academy, starts_on=week.day(0),
        ends_on=week.day(4), place="云山市领航干部学院（虚构）", synthetic=True,
    )  # fmt: skip
    for key, duty in (("class_teacher", "teacher"), ("lecturer", "lecturer"), ("lecturer_2", "lecturer")):
        appoint(actor=office, cohort=cohort, user=stage.cast[key], duty=duty)
    advance(actor=office, cohort=cohort, to="nominating")
    add_members(actor=office, cohort=cohort, users=people)
    cohort.refresh_from_db()
    return cohort


def newest_edition(key: str) -> CourseEdition:
    return CourseEdition.objects.filter(course__key=key).order_by("-number")[0]


@transaction.atomic
def blueprint(stage: Stage) -> Blueprint:
    indicators = {i.code: i for i in Indicator.objects.all()}
    plan = Blueprint.objects.create(title="数字政府与依法行政（20题）", made_by=stage.cast["training_office"])
    BlueprintLine.objects.bulk_create(
        BlueprintLine(blueprint=plan, kind=kind, indicator=indicators[code], count=count, points=POINTS)
        for kind, code, count in BLUEPRINT
    )
    return plan


def _set_exams(stage: Stage) -> None:
    """An entry test and an equivalent final exam that shares no question with it."""
    assert stage.cohort
    plan, week = blueprint(stage), stage.week
    common: dict[str, Any] = {
        "actor": stage.cast["training_office"], "cohort": stage.cohort, "blueprint": plan, "minutes": 60,
        "pass_percent": Decimal(60),
    }  # fmt: skip
    entry = hold_exam(
        **common,
        title="入学测试",
        phase="pre",
        opens_at=week.moment(0, 8),
        closes_at=week.moment(0, 20),
        required=False,
    )
    final = hold_exam(
        **common, title="结业考试", phase="post", opens_at=week.moment(4, 8), closes_at=week.moment(4, 13),
        exclude_exams=[entry],
    )  # fmt: skip
    stage.exams = {"pre": entry, "post": final}


def _set_task(stage: Stage) -> None:
    assert stage.cohort
    indicators = {i.code: i for i in Indicator.objects.all()}
    rubric = Rubric.objects.create(title="跨部门事项案例分析", note="每项按能力指标的五级行为描述评分。")
    RubricCriterion.objects.bulk_create(
        RubricCriterion(rubric=rubric, indicator=indicators[code], title=title, weight=Decimal("0.25"), position=at)
        for at, (code, title) in enumerate(RUBRIC)
    )
    stage.task = set_task(
        actor=stage.cast["training_office"], cohort=stage.cohort, title="跨部门事项案例分析", brief=TASK_BRIEF,
        rubric=rubric, due_at=stage.week.moment(3, 18), markers=[stage.cast["lecturer"]],
    )  # fmt: skip
