"""What happens in the room: timetable, roll call, leave, marks; through the services that the office's pages call."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from assessments.services import mark_submission
from cohorts.models import Cohort, Half, Membership
from cohorts.services import (
    add_session,
    publish_timetable,
    put_faculty,
    put_fee_class,
    put_room,
    record_attendance,
    record_leave,
)
from portal.demo.calendar import Week
from portal.demo.stage import Stage

MORNING, AFTERNOON = (time(9, 0), time(12, 0)), (time(14, 0), time(17, 0))
TIMETABLE = [
    ("开班式与入学测试", "数据共享与业务协同的制度框架"),
    ("“高效办成一件事”与流程再造", "案例教学：一网通办窗口的一天"),
    ("重大行政决策程序", "规范执法与行政复议应对"),
    ("现场教学：市数据资源中心", "分组研讨：共享责任清单怎么写"),
    ("结业考试", "总结交流与结业式"),
]
KINDS = {"入学": "exam", "案例": "case", "现场": "field", "分组": "discussion", "结业考试": "exam", "总结": "ceremony"}
NEXT_TIMETABLE = [
    ("开班式与群众诉求分析", "接诉即办的闭环怎么设计"),
    ("服务标准与满意度测量", "案例教学：一次听证会的前前后后"),
    ("公众参与程序", "分组研讨：意见采纳怎样回应"),
    ("现场教学：市民服务热线", "舆情沟通与信息发布"),
    ("成果汇报", "总结交流与结业式"),
]


ROOMS = [("领航楼三楼报告厅", "领航楼三楼东侧", 80), ("领航楼二楼201教室", "领航楼二楼西侧", 40)]
FACULTY = {
    "lecturer": ("school", "云山市领航干部学院（虚构）", "教授", ["数据共享与业务协同", "重大行政决策程序"]),
    "lecturer_2": ("practice", "云山市政务服务局（虚构）", "副局长", ["高效办成一件事", "群众诉求分析"]),
}


def furnish(stage: Stage) -> None:
    """The rooms of the academy and the two lecturers in the faculty library."""
    office = stage.cast["training_office"]
    for name, place, seats in ROOMS:
        put_room(actor=office, name=name, place=place, seats=seats, in_use=True)
    fee = put_fee_class(actor=office, name="副高级专业技术职务", amount=None, basis="按本单位讲课费标准")
    for key, (kind, organisation, title, topics) in FACULTY.items():
        put_faculty(
            actor=office, user=stage.cast[key], kind=kind, organisation=organisation, title=title, topics=topics,
            fee_class=fee,
        )  # fmt: skip


def kind_of(title: str) -> str:
    return next((kind for word, kind in KINDS.items() if title.startswith(word)), "lecture")


def lay_timetable(stage: Stage, cohort: Cohort, week: Week, table: list[tuple[str, str]], room: str) -> None:
    """Five days, whatever the calendar says of the week around today; then the members are told."""
    lecturers = [stage.cast["lecturer"], stage.cast["lecturer_2"]]
    for number, titles in enumerate(table):
        for (start, end), title in zip((MORNING, AFTERNOON), titles, strict=True):
            add_session(
                actor=stage.cast["training_office"], cohort=cohort, title=title, day=week.day(number), starts_at=start,
                ends_at=end, kind=kind_of(title), room=room, lecturer=lecturers[number % 2], on_rest_day=True,
            )  # fmt: skip
    publish_timetable(actor=stage.cast["training_office"], cohort=cohort)


def call_roll(stage: Stage, cohort: Cohort, week: Week, number: int, half: str, away: set[int]) -> None:
    """Everybody present but a few who are late; those on leave keep the status that the leave gave them."""
    chance = stage.chance("roll", number, half)
    members = cohort.memberships.in_class().exclude(pk__in=away).values_list("pk", flat=True)
    statuses = {pk: "late" if chance.random() < 0.02 else "present" for pk in members}
    with week.at(number, 9 if half == Half.MORNING else 14, 5):
        record_attendance(
            actor=stage.cast["class_teacher"], cohort=cohort, day=week.day(number), half=half, statuses=statuses
        )


def grant_leave(
    stage: Stage, member: Membership, number: int, halves: tuple[str, str], category: str, reason: str
) -> None:
    """Leave within one day of the class."""
    day = stage.week.day(number)
    with stage.week.at(number, 8, 30):
        record_leave(
            actor=stage.cast["class_teacher"], membership=member, category=category, from_day=day,
            from_half=halves[0], to_day=day, to_half=halves[1], reason=reason,
            approved_by_name=stage.cast["class_teacher"].name,
        )  # fmt: skip


def mark_work(stage: Stage, submission: Any, criteria: list[Any]) -> None:
    """A lecturer's levels on each criterion, in halves from 2.5 to 4.5."""
    chance = stage.chance("mark", submission.user.work_number)
    base = chance.choice([3, 3, 3, 4])
    levels = {c.pk: Decimal(base) + Decimal(chance.choice(["-0.5", "0", "0", "0.5"])) for c in criteria}
    mark_submission(
        actor=stage.cast["lecturer"], submission=submission, levels=levels, comment="结构清楚，建议补充数据来源。"
    )
