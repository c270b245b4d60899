"""The pages of plans: what the office and the leaders read, side doors of the lists, queries, files."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.spreadsheets.reader import read_workbook
from planning.models import CostStandard, PlanChange, TrainingPlan
from planning.presenters.plan_lines import FACTS as NAMES
from planning.services.founding import found_class
from planning.services.plan_approval import submit_plan
from planning.services.plan_changes import ask_change, decide_change
from planning.services.plans import create_plan
from tests.core.side_doors import check_side_doors
from tests.factories.cohorts import CohortFactory, host, office
from tests.factories.people import UnitFactory, UserFactory
from tests.factories.planning_plans import (
    FACTS,
    MONDAY,
    approved,
    draft,
    holidays,
    leader,
    put,
    second_office,
    submitted,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def url(name: str, row: Any) -> str:
    return reverse(f"planning:{name}", args=[row.public_id])


def text(browser: Client, address: str, **query: Any) -> str:
    answer = browser.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


@pytest.fixture
def browser(signed_in: Any) -> Client:
    return signed_in(office())


def sent(**more: Any) -> dict[str, Any]:
    """A class as its form sends it."""
    given = {**dict.fromkeys(NAMES, ""), **FACTS, "intake_no": 1, "category": "in_service", "mode": "off_job",
             "fee_class": "third", "brand": "领航班", "levels": [], "version": 1, **more}  # fmt: skip
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


# The office.


def test_the_office_begins_a_plan_and_fills_its_table(browser: Client):
    draft(0, year=2025)
    data = {"kind": "annual", "unit": host().pk, "year": 2026, "title": "2026年计划"}
    browser.post(reverse("office_plans:add"), data)
    plan = TrainingPlan.objects.get(year=2026)
    assert "计划里的班次会列在这里" in text(browser, url("plan", plan))
    assert browser.post(url("class-add", plan), sent()).status_code == 302
    page = text(browser, url("plan", plan))
    assert "共 1 个班次、50 人，经费预算 100,000 元，没有超过培训费标准的班次。" in page
    assert "内容齐全，可以提交审批。" in page
    again = browser.post(url("class-add", plan), sent())
    assert again.status_code == 422 and "请改名称或期次" in again.content.decode()


def test_hours_that_are_left_open_are_those_of_the_rule(browser: Client):
    plan = draft(0)
    browser.post(url("class-add", plan), sent(hours="", days="4.5"))
    assert plan.classes.get().hours == Decimal(36)
    answer = browser.post(url("class-add", plan), sent(hours="", days="", intake_no=2))
    assert answer.status_code == 422 and plan.classes.count() == 1


def test_what_is_missing_is_said_before_handing_in(browser: Client):
    plan = draft(0)
    put(plan, budget=Decimal(999_999))
    for page in (text(browser, url("plan", plan)), text(browser, url("plan-submit", plan))):
        assert "请填写超标准的理由" in page
    answer = browser.post(url("plan-submit", plan), {"version": plan.version})
    assert answer.status_code == 422 and plan.decisions.count() == 0


def test_an_old_page_does_not_write(browser: Client):
    planned = put(draft(0))
    assert browser.post(url("class", planned), sent(places=60)).status_code == 302
    answer = browser.post(url("class", planned), sent(places=70))
    assert answer.status_code == 422 and "已被他人修改" in answer.content.decode()


def test_the_office_registers_an_approval_by_its_document(browser: Client, signed_in: Any):
    plan = submitted(1)
    assert browser.get(url("plan-decide", plan)).status_code == 403, "not by who handed it in"
    other = signed_in(second_office())
    data = {"decision": "agree", "version": plan.version}
    assert "必填" in other.post(url("plan-decide", plan), data).content.decode()
    assert other.post(url("plan-decide", plan), {**data, "document_no": "云组〔2026〕1号"}).status_code == 302
    assert "批准文号：云组〔2026〕1号" in text(browser, url("plan", plan)).replace("</span>", "")


def test_an_approved_class_is_changed_by_a_request_and_set_up(browser: Client):
    planned = approved(1).classes.get()
    page = text(browser, url("class", planned))
    assert "计划已批准，修改须经审批" in page and "设立班次" in page
    answer = browser.post(url("class", planned), sent(places=60, reason="任务增加"))
    change = PlanChange.objects.get()
    assert answer.url == url("change", change)
    page = text(browser, url("change", change))
    assert "任务增加" in page and 'data-label="变更后"><span>60' in page
    assert "变更待审批" in text(browser, url("plan", planned.plan))
    browser.post(url("change-withdraw", change))
    browser.post(url("class-found", planned), {"code": "LH2026-31"})
    planned.refresh_from_db()
    assert planned.cohort and planned.cohort.code == "LH2026-31"
    assert "LH2026-31" in text(browser, url("plan", planned.plan))


def test_a_plan_is_moved_up_taken_out_and_copied_by_its_buttons(browser: Client):
    plan = draft(2)
    first, second = plan.classes.all()
    browser.post(url("class-move", second), {"to": "up"})
    assert list(plan.classes.values_list("pk", flat=True)) == [second.pk, first.pk]
    browser.post(url("class-remove", second))
    plan.refresh_from_db()
    submit_plan(actor=office(), plan=plan, version=plan.version)
    answers = [browser.post(url("plan-copy", plan), {"year": 2027}) for _click in (1, 2)]
    assert answers[0].url == answers[1].url and TrainingPlan.objects.filter(year=2027).count() == 1


def test_the_workbook_goes_out_and_in(browser: Client):
    plan = draft(2)
    data = browser.get(url("plan-export", plan)).content
    sheet = read_workbook("x.xlsx", data).visible_sheets[0]
    words = [cell.text for row in sheet.rows() for cell in row]
    assert {"数字政府建设专题领航班", "137500", "全市数字化岗位干部", "三类培训"} <= set(words)
    other = create_plan(actor=office(), unit=host(), year=2026, title="x", kind="ad_hoc")
    file = SimpleUploadedFile("计划.xlsx", data)
    assert browser.post(url("plan-import", other), {"file": file}).status_code == 302
    assert other.classes.count() == 2
    bad = browser.post(url("plan-import", other), {"file": SimpleUploadedFile("计划.xlsx", data)})
    assert bad.status_code == 422 and "第 1 个班次" in bad.content.decode() and other.classes.count() == 2


def test_a_new_standard_is_entered_and_listed(browser: Client):
    draft(0)
    data = {"name": "定额", "effective_from": "2027-01-01", "note": "示例", "first": 800, "second": 700, "third": 600}
    for _click in (1, 2):
        assert browser.post(reverse("office_cost_standards:add"), data).status_code == 302
    page = text(browser, reverse("office_cost_standards:index"))
    assert CostStandard.objects.count() == 2 and "600 元" in page and "示例，须按本地文件核对" in page
    early = browser.post(reverse("office_cost_standards:add"), {**data, "effective_from": "2020-01-01"})
    assert "须晚于" in early.content.decode()


# The year.


def test_the_year_shows_bars_months_and_what_gets_in_the_way(browser: Client):
    plan = draft(2)
    holidays(date(2026, 11, 3), name="示范节")
    put(plan, 0, title="法治专题班", theme="law")
    page = text(browser, reverse("planning:year"), year=2026)
    assert "同在云山市委党校三楼报告厅" in page and "跨示范节放假：2026年11月3日" in page
    assert page.count('<rect class="pl-bar is-draft"') == 3 and "<caption>11月" in page.replace("\n", "")
    law = text(browser, reverse("planning:year"), year=2026, theme="law")
    assert law.count("pl-bar is-draft") == 1 and "同在" not in law.split("没有发现")[0].split("pl-grid")[-1]
    assert "2026年培训计划总览" in text(browser, reverse("planning:year-sheet"), year=2026)
    assert "这一年的计划班次会列在这里" in text(browser, reverse("planning:year"), year=2031)


def test_classes_that_no_plan_knows_stand_beside_and_clash_too(browser: Client):
    plan = draft(1)
    beside = CohortFactory(title="外来专题班", starts_on=MONDAY, ends_on=MONDAY, place=FACTS["venue"], days=0)
    CohortFactory(title="已取消的班", starts_on=MONDAY, ends_on=MONDAY, state="cancelled", days=0)
    page = text(browser, reverse("planning:year"), year=2026)
    assert "计划外，计划中" in page and "已取消的班" not in page
    assert "“外来专题班（第1期）”和“数字政府建设专题领航班（第1期）”同在" in page
    assert beside.title not in text(browser, reverse("planning:year"), year=2026, theme="digital")
    assert beside.title in text(browser, reverse("planning:year"), year=2026, unit=plan.unit_id)


def test_the_crowd_that_is_allowed_can_be_chosen(browser: Client):
    plan = draft(0)
    for n in range(3):
        put(plan, 0, title=f"班{n}", regime="senior", venue="")
    assert "同时有 3 个班面向" not in text(browser, reverse("planning:year"), year=2026)
    assert "同时有 3 个班面向" in text(browser, reverse("planning:year"), year=2026, most=2)


# The leaders.


def test_a_leader_reads_and_approves_once(signed_in: Any, browser: Client):
    plan, boss = draft(1), leader()
    put(plan, 1, budget=Decimal(200_000), over_reason="含现场教学交通")
    plan.refresh_from_db()
    submit_plan(actor=office(), plan=plan, version=plan.version)
    led = signed_in(boss)
    assert "有 1 个计划、0 项变更待您审批" in text(led, reverse("planning:leaders-plans"))
    page = text(led, url("leaders-plan", plan))
    assert "超过标准 62,500 元" in page and "含现场教学交通" in page
    plan.refresh_from_db()
    data = {"decision": "agree", "reason": "同意", "version": plan.version}
    for _click in (1, 2):
        assert led.post(url("leaders-plan", plan), data).status_code == 302
    page = text(led, url("leaders-plan", plan))
    assert "曾书记批准，2 个班次" in page and "提交审批意见" not in page


def test_a_leader_gives_back_with_a_reason_only(signed_in: Any):
    plan, led = submitted(1), signed_in(leader())
    answer = led.post(url("leaders-plan", plan), {"decision": "refuse", "version": plan.version})
    assert answer.status_code == 422 and "退回修改须写明意见" in answer.content.decode()
    led.post(url("leaders-plan", plan), {"decision": "refuse", "reason": "班次太密", "version": plan.version})
    plan.refresh_from_db()
    assert plan.state == "draft"
    assert led.get(url("leaders-plan", plan)).status_code == 404, "a draft is the office's own"


def test_a_leader_reads_what_was_worked_over_since_the_return(signed_in: Any, browser: Client):
    plan, led = submitted(2), signed_in(leader())
    assert "上次提交后的修改" not in text(led, url("leaders-plan", plan))
    led.post(url("leaders-plan", plan), {"decision": "refuse", "reason": "太密", "version": plan.version})
    first, second = plan.classes.all()
    browser.post(url("class", first), sent(places=40))
    browser.post(url("class-remove", second))
    put(plan, 3)
    plan.refresh_from_db()
    submit_plan(actor=office(), plan=plan, version=plan.version)
    page = text(led, url("leaders-plan", plan))
    for words in (
        "上次提交后的修改",
        "期）”：人数50 → 40。",
        "去掉“数字政府建设专题领航班（第2期）”。",
        "增加“数字政府建设专题领航班（第4期）”。",
    ):
        assert words in page


def test_what_moved_after_the_approval_is_told(browser: Client):
    planned = approved(1).classes.get()
    change = ask_change(actor=office(), planned=planned, version=1, reason="x", places=60)
    assert "批准后的变动" not in text(browser, url("plan", planned.plan))
    decide_change(actor=leader(), change=change, agree=True)
    page = text(browser, url("plan", planned.plan))
    assert "批准后的变动" in page and "人数50 → 60" in page


def test_a_leader_decides_on_a_change_and_reads_what_does_not_follow(signed_in: Any):
    planned = approved(1).classes.get()
    found_class(actor=office(), planned=planned)
    change = ask_change(actor=office(), planned=planned, version=1, reason="增加人数", places=60, title="新名称")
    led = signed_in(leader())
    page = text(led, url("leaders-change", change))
    assert "不会自动更新" in page and "增加人数" in page
    assert "预算 100,000 元；上限：60 人 × 5 天 × 550 元 = 165,000 元" in page
    led.post(url("leaders-change", change), {"decision": "agree"})
    planned.refresh_from_db()
    assert (planned.places, planned.title) == (60, "新名称")


def test_a_leader_of_another_unit_finds_nothing(signed_in: Any):
    plan = submitted(1)
    led = signed_in(leader(UnitFactory()))
    assert led.get(url("leaders-plan", plan)).status_code == 404
    assert plan.title not in text(led, reverse("planning:leaders-plans"))


# Lists, side doors, queries.


def test_no_side_door_of_the_lists_shows_a_plan_outside_the_scope(browser: Client, signed_in: Any):
    mine, elsewhere = draft(1, title="本市计划"), UnitFactory(name="外市委")
    stranger = UserFactory(role="training_office", unit=elsewhere)
    theirs = draft(1, title="外市计划", unit=elsewhere, actor=stranger)
    other = signed_in(UserFactory(role="training_office", unit=UnitFactory()))
    words = ("本市计划", "外市计划")
    doors = check_side_doors(browser, other, "/office/planning/plans/", mine, theirs, words=words, hidden=["外市委"])
    assert 200 in doors.values(), doors
    classes = (mine.classes.get(), theirs.classes.get())
    check_side_doors(browser, other, "/office/planning/class-list/", *classes, words=words, hidden=["外市委"])


def test_filters_search_and_export_of_planned_classes(browser: Client):
    plan = draft(1)
    put(plan, 1, title="法治专题班", theme="law")
    page = text(browser, reverse("office_planned_classes:index"), theme="law", year=2026)
    assert "法治专题班" in page and "数字政府建设专题领航班" not in page
    page = text(browser, reverse("office_planned_classes:index"), q="法治")
    assert "法治专题班" in page and "数字政府建设专题领航班" not in page
    answer = browser.get(reverse("office_planned_classes:index"), {"export": "xlsx"})
    words = [c.text for row in read_workbook("x.xlsx", answer.content).visible_sheets[0].rows() for c in row]
    assert "法治专题班（第2期）" in words and "法治监督" in words


def test_the_history_of_a_plan_is_in_sentences(browser: Client):
    plan = draft(1)
    page = text(browser, reverse("office_plans:history", args=[plan.pk]))
    assert "增加了“数字政府建设专题领航班（第1期）”" in page


PAGES = ("plan", "leaders-plan", "year", "list", "plans", "leaders")


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_as_many_queries_for_many_as_for_few(name: str, signed_in: Any):
    counts = []
    boss = leader()
    for classes, year in ((2, 2026), (40, 2028)):
        plan = draft(0, year=year)
        for n in range(classes):
            first = date(year, 1 + n % 12, 5)
            put(plan, 0, title=f"班{n}", starts_on=first, ends_on=first, regime="senior")
        plan.refresh_from_db()
        submit_plan(actor=office(), plan=plan, version=plan.version)
        addresses = {
            "plan": url("plan", plan), "leaders-plan": url("leaders-plan", plan),
            "year": f"{reverse('planning:year')}?year={year}", "plans": reverse("office_plans:index"),
            "list": f"{reverse('office_planned_classes:index')}?year={year}",
            "leaders": reverse("planning:leaders-plans"),
        }  # fmt: skip
        browser = signed_in(boss if name.startswith("leaders") else office())
        browser.get(addresses[name])
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(addresses[name]).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 30, counts


def test_cancelled_and_moved_days_do_not_hurt_the_grid(browser: Client):
    """A class over New Year is cut at the edge of its year."""
    put(draft(0), 0, starts_on=date(2026, 12, 28), ends_on=date(2027, 1, 8))
    assert "跨年" in text(browser, url("plan", TrainingPlan.objects.get()))
    assert MONDAY.year == 2026 and "pl-bar" in text(browser, reverse("planning:year"), year=2026)
