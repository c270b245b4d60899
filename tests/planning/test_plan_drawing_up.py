"""Drawing a plan up: its table, what is refused, what is only warned of, versions, order, workbook, money."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from core.errors import Conflict, DomainError
from people.ranks import Level
from planning.models import CostLine, CostStandard, PlannedClass, TrainingPlan
from planning.plan_workbook import plan_workbook
from planning.presenters.plans import class_row, plan_sentence, plan_sums
from planning.reading.plans import basis_of
from planning.services.costs import SAMPLE, install_sample_standard, put_standard
from planning.services.plan_import import import_classes
from planning.services.plans import (
    add_class,
    create_plan,
    discard_plan,
    edit_class,
    move_class,
    remove_class,
    rename_plan,
)
from tests.factories.cohorts import host, office
from tests.factories.people import UnitFactory, UserFactory
from tests.factories.planning_plans import FACTS, MONDAY, draft, leader, put, second_office, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def refusal(act) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.message


# The plan.


def test_one_annual_plan_a_unit_and_year_and_any_number_for_occasions():
    plan = draft(0)
    again = {"actor": office(), "unit": plan.unit, "year": plan.year, "title": "第二份"}
    assert "已有年度计划" in refusal(lambda: create_plan(**again))
    for title in ("临时一", "临时二"):
        assert create_plan(**{**again, "title": title}, kind="ad_hoc").state == "draft"
    assert create_plan(**{**again, "year": 2027}).pk


def test_the_database_itself_keeps_one_annual_plan():
    plan = draft(0)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingPlan.objects.create(unit=plan.unit, year=plan.year, title="x", made_by=office())


def test_only_the_units_own_office_draws_up():
    plan, stranger = draft(0), UserFactory(role="training_office", unit=UnitFactory())
    assert "不归您编制" in refusal(lambda: add_class(actor=stranger, plan=plan, **FACTS))
    assert "不归您编制" in refusal(lambda: create_plan(actor=leader(), unit=plan.unit, year=2027, title="x"))


def test_a_draft_is_renamed_by_the_version_that_was_read():
    plan = draft(0)
    rename_plan(actor=office(), plan=plan, version=plan.version, title="新名称")
    with pytest.raises(Conflict):
        rename_plan(actor=office(), plan=plan, version=plan.version - 1, title="旧页面")
    assert TrainingPlan.objects.get().title == "新名称"


def test_a_draft_that_was_never_handed_in_is_discarded_and_another_is_not():
    discard_plan(actor=office(), plan=draft(2))
    assert not TrainingPlan.objects.exists() and not PlannedClass.objects.exists()
    plan = submitted()
    assert "不能办理" in refusal(lambda: discard_plan(actor=office(), plan=plan))


# The table.


def test_a_class_stands_once_by_title_and_intake():
    plan = draft(1)
    assert "请改名称或期次" in refusal(lambda: put(plan, 0))
    assert put(plan, 1).position == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedClass.objects.filter(intake_no=2).update(intake_no=1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_on": date(2027, 1, 4), "ends_on": date(2027, 1, 8)}, "不在2026年"),
        ({"ends_on": MONDAY - timedelta(days=1)}, "不能早于"),
        ({"places": 0}, "人数和期次须大于 0"),
        ({"budget": Decimal(-1)}, "不能为负"),
        ({"levels": ["no-such"]}, "不认识的代码"),
        ({"regime": "junior", "levels": [Level.COUNTY_HEAD]}, "不在对象范围内"),
        ({"title": "  "}, "请填写班次名称"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(change, words):
    plan = draft(0)
    assert words in refusal(lambda: add_class(actor=office(), plan=plan, **{**FACTS, **change}))
    assert not plan.classes.exists()


def test_hours_off_the_rule_are_only_warned_of():
    planned = put(draft(0), hours=Decimal(36))
    assert basis_of(2026).warnings_of(planned) == ["按学时规则每天 8 学时，5 天为 40 学时，现填 36 学时。"]


def test_an_edit_of_a_page_that_is_old_is_told_and_writes_nothing():
    planned = put(draft(0))
    edit_class(actor=office(), planned=planned, version=1, places=60)
    with pytest.raises(Conflict):
        edit_class(actor=second_office(), planned=planned, version=1, places=70)
    planned.refresh_from_db()
    assert (planned.places, planned.version) == (60, 2)
    entry = ModelLogEntry.objects.get(action="planning.class.edit")
    assert entry.data["fields"] == ["人数"]


def test_two_officers_edit_two_classes_without_meeting():
    plan = draft(2)
    first, second = plan.classes.all()
    edit_class(actor=office(), planned=first, version=first.version, places=10)
    edit_class(actor=second_office(), planned=second, version=second.version, places=20)
    assert list(plan.classes.values_list("places", flat=True)) == [10, 20]


def test_an_edit_without_a_change_leaves_the_version():
    planned = put(draft(0))
    edit_class(actor=office(), planned=planned, version=1, places=planned.places)
    assert planned.version == 1 and not ModelLogEntry.objects.filter(action="planning.class.edit").exists()


def test_classes_are_moved_and_taken_out_and_the_ends_hold():
    plan = draft(3)
    first, _second, third = plan.classes.all()
    move_class(actor=office(), planned=third, up=True)
    move_class(actor=office(), planned=first, up=True)
    assert list(plan.classes.values_list("intake_no", flat=True)) == [1, 3, 2]
    for _click in (1, 2):
        remove_class(actor=office(), planned=third)
    assert list(plan.classes.values_list("intake_no", flat=True)) == [1, 2]


def test_nothing_of_a_plan_that_was_handed_in_changes():
    plan = submitted(1)
    planned = plan.classes.get()
    for act in (
        lambda: put(plan, 2),
        lambda: edit_class(actor=office(), planned=planned, version=1, places=1),
        lambda: remove_class(actor=office(), planned=planned),
        lambda: move_class(actor=office(), planned=planned, up=True),
    ):
        assert "待审批" in refusal(act)


# Money.


def test_a_class_shows_people_days_standard_and_by_how_much_it_is_over():
    planned = put(draft(0), budget=Decimal("140000.50"))
    row = class_row(planned, basis_of(2026))
    assert row.limit == "50 人 × 5 天 × 550 元 = 137,500 元"
    assert row.over == "超过标准 2,500.50 元"


def test_the_plan_says_its_sum_in_a_sentence():
    plan = draft(2)
    found = plan_sums(list(plan.classes.all()), basis_of(2026))
    words = "共 2 个班次、100 人，经费预算 200,000 元，没有超过培训费标准的班次。"
    assert plan_sentence(plan, found.whole) == words


def test_a_new_standard_holds_from_its_day_and_leaves_the_earlier_one_alone():
    plan = draft(2)
    new = {**SAMPLE, "third": Decimal(400)}
    put_standard(actor=office(), name="新定额", effective_from=MONDAY + timedelta(weeks=1), amounts=new, note="示例")
    before, after = plan.classes.all()
    basis = basis_of(2026)
    assert (basis.limit_of(before).limit, basis.limit_of(after).limit) == (Decimal(137_500), Decimal(100_000))


def test_standards_go_forward_in_time_and_the_same_one_twice_is_one():
    first = install_sample_standard()
    assert "示例，须按本地文件核对" in first.note
    early = {"actor": office(), "name": "早", "effective_from": first.effective_from, "amounts": SAMPLE}
    assert "须晚于" in refusal(lambda: put_standard(**early))
    late = {**early, "effective_from": date(2027, 1, 1)}
    assert put_standard(**late).pk == put_standard(**late).pk
    assert CostStandard.objects.count() == 2


def test_the_database_itself_keeps_a_version_as_it_is():
    install_sample_standard()
    for rows, change in ((CostStandard.objects, {"name": "x"}), (CostLine.objects, {"per_person_day": 1})):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


# The workbook.


def test_a_plan_goes_out_as_a_workbook_and_comes_in_again():
    plan = draft(2)
    put(plan, 3, regime="senior", levels=[Level.COUNTY_HEAD, Level.COUNTY_DEPUTY], note="=1+1")
    data = plan_workbook(plan, plan.classes.all(), basis_of(2026))
    other = create_plan(actor=office(), unit=host(), year=2026, title="另一份", kind="ad_hoc")
    import_classes(actor=office(), plan=other, name="计划.xlsx", data=data)
    columns = ("title", "intake_no", "theme", "starts_on", "days", "hours", "levels", "budget", "note", "places")
    assert list(other.classes.values_list(*columns)) == list(plan.classes.values_list(*columns))


def test_one_bad_row_keeps_the_whole_workbook_out():
    plan = draft(0)
    lines = ["班次名称,主题,开班日期,结束日期,天数,学时,培训对象,人数,经费预算（元）",
             "甲班,数字政府,2026-11-02,2026-11-06,5,40,干部,50,1000",
             "乙班,不知道,2026-11-02,昨天,5,40,干部,50,1000"]  # fmt: skip
    said = refusal(lambda: import_classes(actor=office(), plan=plan, name="x.csv", data="\n".join(lines).encode()))
    assert "第 3 行：“主题”没有“不知道”这一项。" in said
    lines[2] = "甲班,数字政府,2026-11-09,2026-11-13,5,40,干部,50,1000"
    said = refusal(lambda: import_classes(actor=office(), plan=plan, name="x.csv", data="\n".join(lines).encode()))
    assert "第 2 个班次“甲班”" in said and not plan.classes.exists()
