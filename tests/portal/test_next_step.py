"""The one sentence of the desk, from values alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.desk.next_step import Sitting, Slot, Study, Work, next_step

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def slot(days: float = 0, hour: int = 14, title: str = "《数据共享与业务协同》", room: str = "三楼报告厅") -> Slot:
    starts = NOW.replace(hour=hour) + timedelta(days=days)
    return Slot(title, room, starts, starts + timedelta(hours=3), "/class/")


def said(**things) -> str:
    empty = {"slots": [], "sittings": [], "works": [], "studies": []}
    step = next_step(name="王敏", now=NOW, today=NOW.date(), catalogue="/courses/", **{**empty, **things})
    return f"{step.sentence} [{step.label}] {step.url}"


EXAM = Sitting("结业测试", False, NOW + timedelta(days=1), "/exam/")
RUNNING = Sitting("结业测试", True, NOW + timedelta(minutes=30), "/attempt/")
TASK = Work("案例分析", NOW + timedelta(days=2), "/task/")
COURSE = Study("依法行政", "第二课", "/learn/")


@pytest.mark.parametrize(
    ("things", "expected"),
    [
        ({"slots": [slot()]}, "王敏，今天 14:00 在三楼报告厅：《数据共享与业务协同》 [查看班级安排] /class/"),
        ({"slots": [slot(1, 9)]}, "王敏，明天 09:00 在三楼报告厅：《数据共享与业务协同》 [查看班级安排] /class/"),
        ({"slots": [slot(0, 9)]}, "王敏，正在三楼报告厅上课：《数据共享与业务协同》，12:00结束 [查看班级安排] /class/"),
        ({"slots": [slot(room="")]}, "王敏，今天 14:00：《数据共享与业务协同》 [查看班级安排] /class/"),
        ({"sittings": [EXAM]}, "王敏，《结业测试》可以参加，11月24日 周二 10:00截止 [进入考试] /exam/"),
        ({"works": [TASK]}, "王敏，任务《案例分析》请在11月25日 周三 10:00前提交 [去完成] /task/"),
        ({"studies": [COURSE]}, "王敏，接着学《依法行政》，上次学到“第二课” [继续学习] /learn/"),
        ({"studies": [Study("依法行政", "", "/learn/")]}, "王敏，《依法行政》还没有开始 [开始学习] /learn/"),
        ({}, "王敏，目前没有安排。可以从课程目录里选一门课开始学习。 [浏览课程] /courses/"),
    ],
)
def test_what_is_next_where_and_when(things, expected) -> None:
    assert said(**things) == expected


def test_a_running_exam_comes_before_the_lesson_of_today() -> None:
    assert "正在作答" in said(slots=[slot()], sittings=[RUNNING])


def test_the_lesson_of_today_comes_before_an_open_exam_and_that_before_a_course() -> None:
    assert "今天 14:00" in said(slots=[slot()], sittings=[EXAM], studies=[COURSE])
    assert "可以参加" in said(slots=[slot(5)], sittings=[EXAM], works=[TASK], studies=[COURSE])
    assert "请在" in said(slots=[slot(5)], works=[TASK], studies=[COURSE])
    assert "接着学" in said(slots=[slot(5)], studies=[COURSE])
    assert "11月28日 周六 14:00" in said(slots=[slot(5)])


def test_a_lesson_that_is_over_is_not_next() -> None:
    assert "目前没有安排" in said(slots=[slot(-1)])
