"""After the approval: changes asked for, decided, carried over; classes set up; plans copied."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from cohorts.models import Cohort
from cohorts.services import advance
from core.errors import Conflict, DomainError
from core.models import CalendarDay, Notice
from planning.models import CallUp, PlanChange, PlannedClass, TrainingPlan
from planning.presenters.plans import change_rows
from planning.services.costs import SAMPLE, put_standard
from planning.services.founding import found_class, suggested_code
from planning.services.plan_changes import (
    ask_addition,
    ask_cancellation,
    ask_change,
    carry_over,
    consequences,
    decide_change,
    lagging,
    withdraw_change,
)
from planning.services.plan_copying import copy_plan
from planning.services.plans import add_class
from tests.factories.cohorts import CohortFactory, office
from tests.factories.planning_plans import FACTS, MONDAY, approved, draft, holidays, leader, put, second_office

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
LATER = {"starts_on": MONDAY + timedelta(weeks=2), "ends_on": MONDAY + timedelta(weeks=2, days=4)}


def refusal(act: Any) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.message


@pytest.fixture
def planned() -> PlannedClass:
    return approved(1).classes.get()


def ask(planned: PlannedClass, **values: Any) -> PlanChange:
    planned.refresh_from_db()
    return ask_change(actor=office(), planned=planned, version=planned.version, reason="场地维修", **(values or LATER))


# Asking.


def test_an_approved_class_changes_by_a_request_only(planned: PlannedClass):
    assert "已批准" in refusal(lambda: add_class(actor=office(), plan=planned.plan, **{**FACTS, "intake_no": 9}))
    change = ask(planned, places=60)
    planned.refresh_from_db()
    assert planned.places == 50, "nothing moves before the decision"
    assert change_rows(change) == [["人数", "50", "60"]]


def test_before_and_after_are_in_words(planned: PlannedClass):
    change = ask(planned, theme="law", budget=Decimal("120000.50"), **LATER, levels=["county_head"])
    assert change_rows(change) == [
        ["主题", "数字政府", "法治监督"],
        ["开班日期", "2026年11月2日", "2026年11月16日"],
        ["结束日期", "2026年11月6日", "2026年11月20日"],
        ["职务层次和职级", "无", "县处级正职"],
        ["经费预算（元）", "100,000 元", "120,000.50 元"],
    ]


def test_one_pending_change_a_class(planned: PlannedClass):
    ask(planned, places=60)
    assert "已有一项变更待审批" in refusal(lambda: ask(planned, places=70))
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChange.objects.create(plan=planned.plan, target=planned, kind="edit", reason="x", asked_by=office())


def test_what_changes_nothing_or_does_not_fit_is_not_asked(planned: PlannedClass):
    assert "没有变化" in refusal(lambda: ask(planned, places=50))
    assert "超标准的理由" in refusal(lambda: ask(planned, budget=Decimal(10**6)))
    assert "不在2026年" in refusal(lambda: ask(planned, starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 5)))
    with pytest.raises(Conflict):
        ask_change(actor=office(), planned=planned, version=9, reason="x", places=60)


def test_the_leaders_are_told_of_a_request_and_who_asked_of_its_outcome(planned: PlannedClass):
    boss, change = leader(), ask(planned, places=60)
    assert Notice.objects.filter(recipient=boss, title="有计划变更待您审批").count() == 1
    decide_change(actor=boss, change=change, agree=True)
    (told,) = Notice.objects.filter(recipient=office(), title="计划变更已有审批结果")
    assert told.text == planned.full_title, "neither reason nor result"


# Deciding.


def test_a_leader_agrees_and_the_plan_follows_once(planned: PlannedClass):
    change, boss = ask(planned), leader()
    for _click in (1, 2):
        decide_change(actor=boss, change=change, agree=True)
    planned.refresh_from_db()
    assert planned.starts_on == LATER["starts_on"] and planned.version == 2
    said = refusal(
        lambda: decide_change(actor=second_office(), change=change, agree=False, reason="x", document_no="1")
    )
    assert said == "这项变更已由曾书记办理：已批准。"


def test_a_refusal_keeps_its_reason_and_the_class_may_be_asked_for_again(planned: PlannedClass):
    change = ask(planned, places=60)
    assert "须写明意见" in refusal(lambda: decide_change(actor=leader(), change=change, agree=False))
    decide_change(actor=leader(), change=change, agree=False, reason="经费不足")
    change.refresh_from_db()
    planned.refresh_from_db()
    assert (change.state, change.decision_reason, planned.places) == ("refused", "经费不足", 50)
    assert ask(planned, places=55).pk


def test_nobody_decides_their_own_request(planned: PlannedClass):
    change = ask(planned, places=60)
    assert "不能自己审批" in refusal(lambda: decide_change(actor=office(), change=change, agree=True, document_no="1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanChange.objects.update(state="approved", decided_by=office(), decided_at=change.asked_at)


def test_a_request_is_taken_back_and_then_cannot_be_decided(planned: PlannedClass):
    change = ask(planned, places=60)
    for _click in (1, 2):
        withdraw_change(actor=office(), change=change)
    assert "已经撤回" in refusal(lambda: decide_change(actor=leader(), change=change, agree=True))


def test_a_class_is_added_and_one_is_taken_out(planned: PlannedClass):
    plan = planned.plan
    more = {**FACTS, "intake_no": 2, **LATER}
    added = ask_addition(actor=office(), plan=plan, reason="新增任务", **more)
    rows = change_rows(added)
    assert ["人数", "无", "50"] in rows and "备注" not in {row[0] for row in rows}, "what stays empty is not told"
    assert ask_addition(actor=office(), plan=plan, reason="新增任务", **more) == added, "a double click asks once"
    decide_change(actor=leader(), change=added, agree=True)
    added.refresh_from_db()
    assert added.target in plan.classes.standing()
    gone = ask_cancellation(actor=office(), planned=planned, reason="任务取消")
    decide_change(actor=leader(), change=gone, agree=True)
    assert list(plan.classes.standing()) == [added.target]
    assert put_again(plan).full_title == planned.full_title, "its title and intake are free again"


def put_again(plan: TrainingPlan) -> PlannedClass:
    change = ask_addition(actor=office(), plan=plan, reason="恢复", **{**FACTS, "intake_no": 1})
    decide_change(actor=leader(), change=change, agree=True)
    change.refresh_from_db()
    assert change.target
    return change.target


# What was set up already.


def test_an_edit_says_what_does_not_follow_and_carries_dates_and_title_over(planned: PlannedClass):
    cohort = found_class(actor=office(), planned=planned)
    change = ask(planned, title="数字政府与数据治理领航班", places=60, **LATER)
    change.refresh_from_db()
    first, second, *_rest = consequences(change)
    assert "班次名称、开班日期、结束日期不会自动更新" in first and "名额" in second
    decide_change(actor=leader(), change=change, agree=True)
    planned.refresh_from_db()
    assert set(lagging(planned)) == {"title", "starts_on", "ends_on"}
    carry_over(actor=office(), planned=planned, version=cohort.version)
    cohort.refresh_from_db()
    planned.refresh_from_db()
    assert (cohort.title, cohort.starts_on) == ("数字政府与数据治理领航班", LATER["starts_on"])
    assert lagging(planned) == {}


def test_the_class_itself_may_refuse_to_be_moved(planned: PlannedClass):
    cohort = CohortFactory(title=planned.title, starts_on=MONDAY, ends_on=planned.ends_on, place=planned.venue)
    PlannedClass.objects.filter(pk=planned.pk).update(cohort=cohort)
    decide_change(actor=leader(), change=ask(planned), agree=True)
    said = refusal(lambda: carry_over(actor=office(), planned=planned, version=cohort.version))
    assert "请先调整课表" in said


def test_a_class_in_which_people_are_taught_is_not_cancelled_in_the_plan(planned: PlannedClass):
    PlannedClass.objects.filter(pk=planned.pk).update(cohort=CohortFactory(running=True))
    planned.refresh_from_db()
    assert "不能再取消" in refusal(lambda: ask_cancellation(actor=office(), planned=planned, reason="x"))


def test_cancelling_leaves_the_class_that_was_set_up_and_says_so(planned: PlannedClass):
    cohort = found_class(actor=office(), planned=planned)
    planned.refresh_from_db()
    change = ask_cancellation(actor=office(), planned=planned, reason="任务取消")
    assert "不会随计划自动取消" in consequences(change)[0]
    decide_change(actor=leader(), change=change, agree=True)
    cohort.refresh_from_db()
    assert cohort.state == "planned"
    assert advance(actor=office(), cohort=cohort, to="cancelled").state == "cancelled"


# From the plan to a class.


def test_a_class_is_set_up_once_with_its_call_up(planned: PlannedClass):
    PlannedClass.objects.update(levels=["county_head"], regime="senior")
    holidays(*[date(2026, 10, n) for n in (1, 2, 5, 6, 7)])
    cohort = found_class(actor=office(), planned=planned, code="LH2026-31")
    assert found_class(actor=second_office(), planned=planned, code="LH2026-99") == cohort
    assert (cohort.state, cohort.code, cohort.place) == ("planned", "LH2026-31", planned.venue)
    call = CallUp.objects.get()
    assert (call.places, call.theme, call.levels, call.regime) == (50, "digital", ["county_head"], "senior")
    assert call.nominate_by == date(2026, 10, 19), "ten working days before 2 November"


def test_only_an_approved_standing_class_without_a_pending_change_is_set_up(planned: PlannedClass):
    assert "编制中" in refusal(lambda: found_class(actor=office(), planned=put(draft(0, year=2026, kind="ad_hoc"))))
    change = ask(planned, places=60)
    assert "变更待审批" in refusal(lambda: found_class(actor=office(), planned=planned))
    withdraw_change(actor=office(), change=change)
    decide_change(
        actor=leader(), agree=True, change=ask_cancellation(actor=office(), planned=planned, reason="取消")
    )  # fmt: skip
    assert "已从计划中取消" in refusal(lambda: found_class(actor=office(), planned=planned))
    assert not Cohort.objects.exists()


def test_codes_are_suggested_after_the_highest(planned: PlannedClass):
    assert suggested_code(2026) == "LH2026-01"
    CohortFactory(code="LH2026-41")
    assert suggested_code(2026) == "LH2026-42"


# Copies.


def test_last_years_plan_is_copied_once_with_what_moved_named():
    plan = approved(2)
    CalendarDay.objects.create(day=date(2027, 11, 1), is_working=False, name="示范假日")
    new = {fee: amount * 2 for fee, amount in SAMPLE.items()}
    put_standard(actor=office(), name="新定额", effective_from=date(2027, 1, 1), amounts=new, note="示例")
    made = copy_plan(actor=office(), source=plan, year=2027)
    assert copy_plan(actor=office(), source=plan, year=2027) == made
    assert (made.title, made.state, made.year) == ("2027年干部培训计划", "draft", 2027)
    first, second = made.classes.all()
    assert (first.starts_on, first.ends_on, first.intake_no) == (date(2027, 11, 2), date(2027, 11, 8), 2)
    assert (second.starts_on, second.budget) == (date(2027, 11, 8), Decimal(200_000))
    assert made.copy_notes[0].endswith("按星期对应2027年11月1日，遇示范假日，改为2027年11月2日开班。")
    assert sum("折算为 200,000 元" in said for said in made.copy_notes) == 2


def test_a_copy_fills_the_years_plan_that_is_still_empty_and_no_other():
    source = approved(1)
    begun = draft(0, year=2027, title="2027年干部教育计划")
    assert copy_plan(actor=office(), source=source, year=2027) == begun
    begun.refresh_from_db()
    assert (begun.title, begun.classes.count()) == ("2027年干部教育计划", 1)
    put(draft(0, year=2028), 0, starts_on=date(2028, 3, 6), ends_on=date(2028, 3, 10))
    assert "已有年度计划" in refusal(lambda: copy_plan(actor=office(), source=source, year=2028))


def test_a_draft_and_an_earlier_year_are_not_copied():
    assert "还在编制中" in refusal(lambda: copy_plan(actor=office(), source=draft(1), year=2027))
    plan = approved(0 + 1, kind="ad_hoc")
    assert "以后的年度" in refusal(lambda: copy_plan(actor=office(), source=plan, year=2026))


def test_cancelled_classes_are_not_copied():
    plan = approved(2)
    gone = ask_cancellation(actor=office(), planned=plan.classes.first(), reason="取消")
    decide_change(actor=leader(), change=gone, agree=True)
    assert copy_plan(actor=office(), source=plan, year=2027).classes.count() == 1
