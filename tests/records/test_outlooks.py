"""The forecast of many people: ready figures, gaps for others to use, traces, exports, leaders' counts."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from core import jobs
from people.models import PersonalFileRead, Unit
from records import services
from records.models import CadreOutlook, OutlookLine
from records.reading.hours import gaps_of_many
from records.services import HourLine, credit, outlooks
from records.services import reverse as take_back
from records.tasks import rebuild_outlooks
from tests.factories import cohorts as classes
from tests.factories import hours
from tests.factories.people import PostingFactory, UserFactory
from tests.records.test_versions import CAP, policy_values

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = date(2026, 9, 14)
JUNIOR = {"level": "township_head", "rank": "principal_1"}


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


@pytest.fixture
def office(personas, reference, frozen_clock):
    return personas["training_office"]


def junior(name="林一帆", unit="YS-SJ", **more):
    person = UserFactory(unit=Unit.objects.get(code=unit), name=name, **more)
    PostingFactory(user=person, **JUNIOR)
    return person


def central(gaps):
    return next(gap for gap in gaps if gap.bucket == "central")


# Gaps for others.


def test_a_gap_says_what_is_missing_and_its_window_in_words(office):
    person = junior()
    hours.line(person)
    gap = central(gaps_of_many([person.pk], TODAY)[person.pk])
    assert (gap.hours, gap.days, gap.state, gap.is_open) == (50, 7, "at_risk", True)
    assert (gap.words, gap.window_words) == ("还差 50 学时或 7 天", "本年度，2026年1月1日—12月31日")
    assert gap.closing == "再参加 2 期 5 天班（共 80 学时）" and gap.class_days == D("6.5")


def test_a_requirement_that_is_met_is_there_with_nothing_lacking(office):
    person = junior()
    hours.line(person, days=D(12), hours=D(84))
    gap = central(gaps_of_many([person.pk], TODAY)[person.pk])
    assert (gap.hours, gap.days, gap.state, gap.is_open, gap.words) == (0, 0, "met", False, "")


def test_gaps_take_the_same_queries_for_one_and_for_many(office, django_assert_num_queries):
    people = [junior(f"林{n}").pk for n in range(12)]
    with django_assert_num_queries(5):
        gaps_of_many(people[:1], TODAY)
    with django_assert_num_queries(5):
        found = gaps_of_many(people, TODAY)
    assert set(found) == set(people) and all(len(gaps) == 2 for gaps in found.values())


def test_without_a_posting_or_a_policy_nothing_is_required(personas, frozen_clock, db):
    assert gaps_of_many([personas["leader"].pk], TODAY) == {personas["leader"].pk: []}


def test_a_confirmed_class_is_expected_until_it_is_closed(office):
    person = junior()
    hours.line(person, days=D(7), hours=D(50))
    cohort = classes.CohortFactory(running=True, members=[person])
    gap = central(gaps_of_many([person.pk], TODAY)[person.pk])
    assert gap.expected_days == 5 and gap.expected_hours == 40
    assert gap.state == "on_course" and gap.closing.startswith("已确认的班次结班后可达标")
    type(cohort).objects.update(state="cancelled")
    assert central(gaps_of_many([person.pk], TODAY)[person.pk]).expected_hours == 0


def test_a_class_without_a_timetable_is_expected_with_full_working_days(office):
    person = junior()
    classes.CohortFactory(
        confirmed=True, members=[person], days=0, starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 18)
    )
    gap = central(gaps_of_many([person.pk], TODAY)[person.pk])
    assert (gap.expected_days, gap.expected_hours) == (5, 40)


# Ready figures.


def test_a_credited_line_outdates_the_figures_and_the_page_reckons_them_anew(office, signed_in):
    person = junior()
    url = reverse("records:forecast")
    assert "还差 90 学时或 12 天" in words(signed_in(office).get(url, {"q": "林一帆"}))
    hours.line(person, days=D(12), hours=D(96))
    assert CadreOutlook.objects.get(user=person).as_of is None
    page = words(signed_in(office).get(url, {"q": "林一帆"}))
    assert "96 / 90 学时，12 / 12 天 已达标" in page
    take_back(actor=office, source_keys=[f"trial:{person.pk}:进修班"], reason="错报")
    assert "还差 90 学时或 12 天" in words(signed_in(office).get(url, {"q": "林一帆"}))


def test_the_nightly_task_reckons_everybody_and_forgets_who_left(office):
    person, gone = junior(), junior("单建国")
    rebuild_outlooks()
    assert CadreOutlook.objects.filter(user__in=[person, gone], as_of=TODAY).count() == 2
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    rebuild_outlooks()
    assert not CadreOutlook.objects.filter(user=gone).exists()
    assert OutlookLine.objects.filter(outlook__user=person).count() == 2


def test_many_outdated_people_are_left_to_a_job(office, signed_in, monkeypatch):
    monkeypatch.setattr(outlooks, "AT_ONCE", 1)
    monkeypatch.setattr(outlooks, "CHUNK", 2)
    people = [junior(f"林{n}") for n in range(3)]
    page = signed_in(office).get(reverse("records:forecast"))
    assert "正在按今天的学时重新计算" in words(page)
    jobs.run_now(page.context["job"])
    assert CadreOutlook.objects.filter(user__in=people, as_of=TODAY).count() == 3


def test_the_figures_are_made_in_the_same_queries_for_few_and_for_many(office, django_assert_num_queries):
    people = [junior(f"林{n}").pk for n in range(20)]
    with django_assert_num_queries(13):
        outlooks.rebuild(people[:2], TODAY)
    with django_assert_num_queries(13):
        outlooks.rebuild(people, TODAY)


# The page.


def test_the_page_counts_and_shows_the_scope_only(office, personas, signed_in):
    junior()
    junior("单建国", "YS-SF")
    page = signed_in(personas["unit_admin"]).get(reverse("records:forecast"))
    assert "林一帆" in words(page) and "单建国" not in words(page)
    everything = signed_in(office).get(reverse("records:forecast"))
    (row,) = [t for t in everything.context["tallies"] if "乡科级" in t["label"] and "集中培训" in t["requirement"]]
    assert row["people"] == 2 and [count for count, _url in row["cells"]] == [0, 0, 2, 0]


def test_every_count_opens_to_exactly_its_people(office, signed_in):
    hours.line(junior(), "网络课", bucket="online", days=D(0), hours=D(50))
    junior("单建国", "YS-SF")
    PostingFactory(user=UserFactory(name="欧阳建", unit=Unit.objects.get(code="YS-SF")), level="county_deputy", rank="")
    browser, url = signed_in(office), reverse("records:forecast")
    page = browser.get(url)
    opened = [pair for row in page.context["tallies"] + page.context["units"] for pair in row["cells"]]
    opened += [(row["people"], row["url"]) for row in page.context["tallies"]]
    assert len({count for count, _address in opened}) > 2
    for count, address in opened:
        assert browser.get(url + address.partition("#")[0]).context["page"].paginator.count == count, address


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({"state": "met"}, set()), ({"state": "at_risk"}, {"林一帆", "单建国"}), ({"regime": "senior"}, set()),
        ({"state": "met", "bucket": "online"}, {"单建国"}), ({"q": "单建"}, {"单建国"}), ({"q": "无此人"}, set()),
    ],
)  # fmt: skip
def test_filters_and_search(office, signed_in, query, shown):
    junior()
    other = junior("单建国", "YS-SF")
    hours.line(other, "网络课", bucket="online", days=D(0), hours=D(50))
    page = words(signed_in(office).get(reverse("records:forecast"), query))
    assert {name for name in ("林一帆", "单建国") if f"{name} " in page} == shown


def test_the_export_holds_people_and_counts(office, personas, signed_in):
    junior()
    junior("单建国", "YS-SF")
    answer = signed_in(personas["unit_admin"]).get(reverse("records:forecast"), {"export": "xlsx"})
    book = load_workbook(BytesIO(answer.content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"林一帆", "有风险"} <= cells and "单建国" not in cells and book.sheetnames == ["达标预测", "汇总"]


@pytest.mark.parametrize("query", [{"state": "x"}, {"unit": "a"}, {"page": "0"}, {"q": "\x00"}, {"bucket": "\x00"}])
def test_a_strange_address_is_answered(office, signed_in, query):
    assert signed_in(office).get(reverse("records:forecast"), query).status_code == 200


def test_the_page_needs_the_same_queries_for_few_and_for_many(office, signed_in, django_assert_max_num_queries):
    browser, url = signed_in(office), reverse("records:forecast")
    junior()
    browser.get(url)
    with django_assert_max_num_queries(20):
        browser.get(url)
    for number in range(60):
        junior(f"林{number}")
    browser.get(url)  # the ready figures of the new people are made once
    with django_assert_max_num_queries(20):
        browser.get(url)


# Leaders.


def test_leaders_read_counts_of_five_and_more_only(office, personas, signed_in):
    for number in range(5):
        junior(f"林{number}", "YS-SJ")
    UserFactory(unit=Unit.objects.get(code="YS-SJ"))
    leader = UserFactory(role="leader", unit=Unit.objects.get(code="YS-SJ"))
    PostingFactory(user=leader)
    rebuild_outlooks()
    page = words(signed_in(leader).get(reverse("records_own:leaders")))
    assert "集中培训（自然年度） 5 0 0 5 0" in page
    assert "集中培训（近五年） 不足 5 人，不显示" in page
    assert "林0" not in page


# Traces.


def test_a_figure_opens_to_lines_caps_postings_and_the_version(office, signed_in):
    person = junior()
    hours.line(person)
    key = "junior-central-year"
    page = words(signed_in(office).get(reverse("records:trace", args=[person.public_id, key])))
    assert "40 / 90 学时，5 / 12 天" in page and "还差 50 学时 或 7 天" in page
    assert "进修班" in page and "2026年3月6日" in page and "合计 5 天，40 学时" in page
    assert "干部应训学时要求（第1版），2023年1月1日起施行" in page and "不少于 90 学时，或者不少于 12 天" in page
    assert "副处长（2020年1月1日 — 至今）：乡科级及以下、一级主任科员及以下" in page
    assert PersonalFileRead.objects.get().part == "学时依据"


def test_a_trace_is_ones_own_or_of_the_scope(office, personas, signed_in):
    person = junior("单建国", "YS-SF")
    url = reverse("records:trace", args=[person.public_id, "junior-central-year"])
    assert signed_in(personas["unit_admin"]).get(url).status_code == 404
    mine = signed_in(person).get(reverse("records_own:requirement", args=["junior-central-year"]))
    assert "0 / 90 学时" in words(mine) and not PersonalFileRead.objects.exists()
    assert signed_in(person).get(reverse("records_own:requirement", args=["senior-central-year"])).status_code == 404


def test_the_lists_open_to_the_trace(office, signed_in):
    person = junior()
    url = reverse("records:trace", args=[person.public_id, "junior-central-year"])
    for name in ("records:compliance", "records:forecast"):
        assert url in signed_in(office).get(reverse(name), {"q": "林一帆"}).content.decode()
    own = reverse("records_own:requirement", args=["junior-central-year"])
    for name in ("records_own:hours", "portal:archive"):
        assert own in signed_in(person).get(reverse(name)).content.decode()


def test_the_own_page_says_what_would_close_the_gap_or_where_to_begin(office, personas, signed_in):
    person = junior()
    hours.line(person, days=D(10), hours=D(80))
    page = words(signed_in(person).get(reverse("records_own:hours")))
    assert "还差 10 学时或 2 天。 两种量达到任一项即为达标。" in page.replace("。两", "。 两")
    assert "再参加 1.5 天集中培训（12 学时）" in page
    bare = UserFactory(unit=person.unit)
    assert "请联系本单位管理员登记任职" in words(signed_in(bare).get(reverse("records_own:hours")))


def test_a_capped_and_a_carried_figure_say_so(office, signed_in, at):
    person = junior()
    line = HourLine(
        person.pk, person.unit_id, "central", "in_service", "centre_group", D(0), D(32), date(2027, 2, 1), "中心组学习",
        "group:2027", None,
    )  # fmt: skip
    hours.line(person, "旧班", days=D(20), hours=D(160))
    draft = services.start_policy_draft(actor=office)
    lines = [
        x | {"carry_years": 2} if (x["regime"], x["bucket"]) == ("junior", "central") else x
        for x in policy_values(draft)["lines"]
    ]
    values = policy_values(draft, lines=lines, caps=[CAP], carry_from_year=2026)
    services.put_policy_in_force(actor=office, revision=services.save_policy_draft(actor=office, **values).revision)
    credit(actor=office, lines=[line])
    with at(2027, 3, 14, 9):
        page = words(signed_in(person).get(reverse("records_own:requirement", args=["junior-central-year"])))
    assert "12 学时，超过上限：中心组学习每年最多计入 20 学时" in page
    assert "从2026年度超出部分结转 70 学时、8 天，有效期至2028年12月31日" in page
