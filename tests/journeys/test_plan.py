"""The plan of a year through the screens: drawn up, approved on a phone, changed, and a class set up from it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser, sync_playwright

from cohorts.models import Cohort
from competencies.services import load_framework
from core import clock
from people.models import User
from planning.models import CallUp, TrainingPlan
from planning.services.costs import install_sample_standard
from tests.browser import ARGS, CHROMIUM, PHONE
from tests.conftest import MOMENT
from tests.factories.cohorts import first_rule
from tests.factories.people import PASSWORD, make_personas
from tests.factories.planning_plans import leader, second_office
from tests.journeys.people import Office, Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
DIGITAL = {
    "title": "数字政府建设与数据共享业务协同专题领航班", "intake_no": "1", "theme": "数字政府",
    "starts_on": "2026-11-02", "ends_on": "2026-11-06", "days": "5", "hours": "40", "places": "50",
    "audience": "全市数字化岗位干部",
    "venue": "云山市委党校三楼报告厅", "budget": "120000",
}  # fmt: skip
LAW = {**DIGITAL, "title": "法治政府专题领航班", "theme": "法治监督", "starts_on": "2026-11-16",
       "ends_on": "2026-11-20", "budget": "150000"}  # fmt: skip


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(MOMENT):
        yield


@pytest.fixture
def people() -> dict[str, User]:
    load_framework()
    first_rule()
    install_sample_standard()
    return {**make_personas(), "chief": leader(), "second": second_office()}


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """The connection that the browser's event loop opened ends with it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()
        connection.close()


def sits_down(kind: Any, browser: Browser, server: Any, user: User, width: int = 1440, **options: Any) -> Any:
    """Somebody signed in before a window of their own."""
    size = {"width": width, "height": 900 if width > PHONE else 844}
    context = browser.new_context(
        viewport=size, base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce",
        **options,
    )  # fmt: skip
    context.set_default_timeout(15_000)
    somebody = kind(context.new_page())
    somebody.signs_in(user.work_number, PASSWORD)
    return somebody


def test_a_plan_from_the_first_line_to_a_class(chromium: Browser, people: dict[str, User], live_server: Any):
    office: Office = sits_down(Office, chromium, live_server, people["training_office"])
    chief: Person = sits_down(Person, chromium, live_server, people["chief"], PHONE, has_touch=True)
    given_the_office_draws_up_a_plan(office)
    when_the_leader_approves_on_the_phone(chief)
    when_the_office_asks_for_a_change_and_the_leader_agrees(office, chief)
    then_the_office_sets_the_class_up(office)
    then_the_year_shows_both(office)
    told = list(dict.fromkeys([*office.told, *chief.told]))
    assert told == [], "\n".join(told)


def plan_address() -> str:
    return f"/office/planning/plans/{TrainingPlan.objects.get().public_id}/"


def given_the_office_draws_up_a_plan(office: Office) -> None:
    office.opens("/office/planning/plans/new/")
    office.fills(unit="云山市", year="2026", title="2026年干部教育培训计划")
    saves(office)
    office.reads("计划里还没有班次")
    adds(office, DIGITAL)
    office.reads("没有超过培训费标准的班次")
    adds(office, LAW)
    office.reads("超过标准 12,500 元", "请填写超标准的理由")
    office.follows("法治政府专题领航班")
    office.fills(over_reason="含两天异地现场教学的交通费")
    saves(office)
    office.follows("提交审批")
    office.presses("提交审批")
    office.reads("待审批", "等待领导批准")


def adds(office: Office, facts: dict[str, str]) -> None:
    office.follows("增加班次")
    office.fills(**facts)
    saves(office)


def opens_class(office: Office) -> None:
    office.follows("数字政府建设与数据共享业务协同专题领航班", within=office.page.locator("#classes"))


def saves(office: Office) -> None:
    office.clicks += 1
    office.page.locator("main form, #main form").locator("button[type=submit]").last.click()
    office.looks()


def when_the_leader_approves_on_the_phone(chief: Person) -> None:
    chief.opens("/leaders/plans/")
    chief.reads("有 1 个计划、0 项变更待您审批")
    chief.follows("审阅")
    chief.reads("共 2 个班次、100 人", "含两天异地现场教学的交通费", "超过标准 12,500 元")
    decides(chief)
    chief.reads("已批准", "曾书记批准")


def decides(chief: Person) -> None:
    chief.page.get_by_label("批准", exact=True).check()
    chief.presses("提交审批意见")


def when_the_office_asks_for_a_change_and_the_leader_agrees(office: Office, chief: Person) -> None:
    office.opens(plan_address())
    opens_class(office)
    office.fills(starts_on="2026-11-09", ends_on="2026-11-13", reason="报告厅十一月上旬检修")
    office.presses("提交变更申请")
    office.reads("2026年11月2日", "2026年11月9日", "待审批")
    chief.opens("/leaders/plans/")
    chief.reads("有 0 个计划、1 项变更待您审批")
    chief.follows("调整班次")
    chief.reads("报告厅十一月上旬检修")
    decides(chief)
    chief.reads("已批准")


def then_the_office_sets_the_class_up(office: Office) -> None:
    office.opens(plan_address())
    office.reads("2026年11月9日—11月13日")
    opens_class(office)
    office.follows("设立班次")
    office.reads("报名截止2026年10月26日")
    office.presses("设立班次")
    office.reads("班次已设立", "2026年11月9日")
    assert Cohort.objects.get().state == "planned"
    assert CallUp.objects.get().places == 50


def then_the_year_shows_both(office: Office) -> None:
    office.opens("/office/planning/year/?year=2026")
    office.reads("2 个班次", "法治政府专题领航班", "已设立班次")
    office.page.set_viewport_size({"width": PHONE, "height": 844})
    office.opens("/office/planning/year/?year=2026")
    office.opens(plan_address())
    office.opens("/office/planning/year/sheet/?year=2026")
