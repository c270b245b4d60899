"""The office's pages of hours: the list, registering earlier hours, the rules, who has reached what."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import NoReverseMatch, reverse
from openpyxl import load_workbook

from people.models import Unit
from records.models import HourEntry
from records.services import HourLine, credit
from tests.factories.people import PostingFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "records_hours:index"
JUNIOR = {"level": "township_head", "rank": "principal_1"}


def words(response) -> str:
    text = re.sub(r"<(script|style|template).*?</\1>", " ", response.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def line(user, label: str, *, bucket: str = "central", on: date = date(2026, 3, 2), hours: str = "40") -> None:
    credit(
        actor=user,
        lines=[
            HourLine(
                user.pk, user.unit_id, bucket, "in_service", "off_job", Decimal(5), Decimal(hours), on, label,
                f"trial:{user.pk}:{label}", None, "示字1号",
            )
        ],
    )  # fmt: skip


@pytest.fixture
def office(personas, reference, frozen_clock):
    return personas["training_office"]


@pytest.fixture
def junior(office):
    person = UserFactory(unit=Unit.objects.get(code="YS-SJ"), name="林一帆", work_number="K0001", initials="lyf")
    PostingFactory(user=person, **JUNIOR)
    return person


@pytest.fixture
def elsewhere(office):
    """Somebody whom no grant of the data bureau reaches."""
    person = UserFactory(unit=Unit.objects.get(code="YS-SF"), name="单建国", work_number="K0002")
    PostingFactory(user=person, **JUNIOR)
    return person


# The list.


def test_the_list_shows_lines_of_the_scope_with_what_they_rest_on(office, junior, elsewhere, personas, signed_in):
    line(junior, "进修班（示范）")
    line(elsewhere, "研讨班（示范）")
    page = words(signed_in(office).get(reverse(LIST)))
    assert "林一帆（K0001） 市数据局 集中培训 · 在职培训 5 40 2026年3月2日 进修班（示范）" in page
    assert "凭证明材料登记：示字1号" in page
    assert "单建国" in page
    admin = words(signed_in(personas["unit_admin"]).get(reverse(LIST)))
    assert "林一帆" in admin and "单建国" not in admin and "市司法局" not in admin


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"bucket": "online"}, ["网络课"]),
        ({"year": "2025"}, ["去年班"]),
        ({"q": "K0001"}, ["网络课", "去年班", "今年班"]),
        ({"q": "林一"}, ["网络课", "去年班", "今年班"]),
        ({"q": "去年"}, ["去年班"]),
        ({"q": "无此人"}, []),
    ],
)
def test_filters_and_search(office, junior, signed_in, query, found) -> None:
    line(junior, "今年班")
    line(junior, "去年班", on=date(2025, 3, 2))
    line(junior, "网络课", bucket="online")
    page = words(signed_in(office).get(reverse(LIST), query))
    assert [label for label in ("网络课", "去年班", "今年班") if label in page] == found


def test_lines_of_a_unit_and_those_below_it(office, junior, elsewhere, signed_in) -> None:
    line(junior, "进修班")
    line(elsewhere, "研讨班")
    page = words(signed_in(office).get(reverse(LIST), {"unit": Unit.objects.get(code="YS-SJ").pk}))
    assert "进修班" in page and "研讨班" not in page


def test_there_is_no_door_to_change_a_line(office, junior, signed_in) -> None:
    line(junior, "进修班")
    entry = HourEntry.objects.get()
    for name in ("add", "edit", "delete", "copy", "history", "usage"):
        with pytest.raises(NoReverseMatch):
            reverse(f"records_hours:{name}", args=[] if name == "add" else [entry.pk])
    browser = signed_in(office)
    for path in ("new/", f"edit/{entry.pk}/", f"delete/{entry.pk}/"):
        assert browser.post(f"/office/hours/{path}").status_code == 404
    assert "新增" not in words(browser.get(reverse(LIST)))


def test_the_export_holds_the_scope_only(office, junior, elsewhere, personas, signed_in) -> None:
    line(junior, "进修班")
    line(elsewhere, "研讨班")
    answer = signed_in(personas["unit_admin"]).get(reverse(LIST), {"export": "xlsx"})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = [row for row in load_workbook(BytesIO(content)).active.values if any(row)]
    assert len(rows) == 2 and rows[1][0] == "K0001" and rows[1][3] == "集中培训"


def test_the_list_needs_the_same_queries_for_one_line_and_for_forty(
    office, junior, signed_in, django_assert_max_num_queries
) -> None:
    browser = signed_in(office)
    line(junior, "第一笔")
    browser.get(reverse(LIST))
    for number in range(40):
        line(junior, f"第{number}笔")
    with django_assert_max_num_queries(16):
        browser.get(reverse(LIST))


# Registering earlier hours.

FORM = {
    "work_number": "K0001", "bucket": "central", "category": "in_service", "mode": "off_job", "days": "5",
    "hours": "40", "earned_on": "2024-05-10", "label": "省委党校进修班（示范）", "evidence_no": "示字〔2024〕1号",
}  # fmt: skip


def post(browser, **changes):
    return browser.post(reverse("records:register"), FORM | changes)


def test_the_name_is_shown_before_anything_is_written(office, junior, signed_in) -> None:
    page = words(post(signed_in(office)))
    assert "林一帆（市数据局）" in page and "5 天，40 学时" in page and "2024年5月10日" in page
    assert not HourEntry.objects.exists()


def test_confirming_writes_one_line_and_a_second_click_none(office, junior, signed_in) -> None:
    browser = signed_in(office)
    for _ in range(2):
        answer = post(browser, confirmed="1")
        assert answer.status_code == 302 and answer["Location"] == reverse(LIST)
    entry = HourEntry.objects.get()
    assert (entry.user, entry.hours, entry.days, entry.recorded_by) == (junior, 40, 5, office)


def test_the_same_proof_with_other_figures_is_refused_in_words(office, junior, signed_in) -> None:
    browser = signed_in(office)
    post(browser, confirmed="1")
    answer = post(browser, confirmed="1", hours="80")
    assert answer.status_code == 422 and "已经登记过学时，请勿重复登记" in words(answer)
    assert HourEntry.objects.get().hours == 40


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"work_number": "K9999"}, "您的管理范围内没有工号为“K9999”的人员"),
        ({"days": "0", "hours": "0"}, "天数和学时至少填写一项"),
        ({"days": "-1"}, "天数不能为负"),
        ({"hours": "四十"}, "学时请填写数字，最多两位小数，例如 37.5"),
        ({"hours": "1.234"}, "学时请填写数字，最多两位小数，例如 37.5"),
        ({"hours": "99999"}, "学时超出了一次培训可能的数量，请核对"),
        ({"earned_on": "2024-02-30"}, "请填写实际存在的取得日期"),
        ({"evidence_no": ""}, "请填写证明材料编号"),
        ({"bucket": "x"}, "请从列表中选择学时类别"),
        ({"label": "长" * 121}, "培训名称不能超过 120 个字"),
    ],
)
def test_bad_input_gets_a_sentence_and_nothing_is_saved(office, junior, signed_in, changes, sentence) -> None:
    answer = post(signed_in(office), confirmed="1", **changes)
    assert answer.status_code == 422 and sentence in words(answer)
    assert not HourEntry.objects.exists()


def test_hours_of_tomorrow_are_refused(office, junior, signed_in) -> None:
    answer = post(signed_in(office), confirmed="1", earned_on="2026-09-15")
    assert answer.status_code == 422 and "取得日期不能晚于今天" in words(answer)


def test_an_office_cannot_register_for_people_it_does_not_reach(office, junior, elsewhere, signed_in) -> None:
    bureau = UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SJ"))
    answer = post(signed_in(bureau), confirmed="1", work_number="K0002")
    assert answer.status_code == 422 and "没有工号为“K0002”的人员" in words(answer)
    assert post(signed_in(bureau), confirmed="1").status_code == 302


def test_who_may_open_which_page(office, personas, signed_in, client) -> None:
    for role in ("trainee", "class_teacher", "lecturer", "leader", "content_editor", "system_admin"):
        browser = signed_in(personas[role])
        for name in ("records:register", "records:rules", "records:compliance"):
            assert browser.get(reverse(name)).status_code in (302, 403), (role, name)
    admin = signed_in(personas["unit_admin"])
    assert admin.get(reverse("records:register")).status_code in (302, 403)  # Wagtail sends back to the start page
    assert admin.get(reverse("records:compliance")).status_code == 200
    assert admin.get(reverse("records:rules")).status_code == 200
    assert client.get(reverse("records:compliance")).status_code == 302


# Rules.


def test_rules_show_their_versions_and_worked_examples(office, signed_in) -> None:
    page = words(signed_in(office).get(reverse("records:rules")))
    assert "半天四学时（第1版） 8 4 按课时逐个计算；30 分钟及以上计 1，15 分钟以上计 0.5" in page
    assert "不超过课程标明的学时 2023年1月1日 办班单位自行确定的折算标准" in page
    assert "29 分 59 秒 没有测验 0.5" in page and "15 分 0 秒 没有测验 0.25 30 分 0 秒 通过 1.5" in page
    assert "不少于 90 学时，或者不少于 12 天" in page and "未核对原文，可由主管部门调整" in page
    assert re.search(r"12 天，84 学时 本年度，[^ ]+ 已达标", page)
    assert re.search(r"11 天，90 学时 本年度，[^ ]+ 已达标", page)
    assert re.search(r"11.5 天，89 学时 本年度，[^ ]+ 还差 1 学时 或 0.5 天", page)
    assert re.search(r"60 天，549 学时 近五年，[^ ]+ 还差 1 学时 或 1 个月", page)
    assert re.search(r"90 天，480 学时 近五年，[^ ]+ 已达标", page)


# Who has reached what.


def test_compliance_names_what_is_short_and_its_window(office, junior, signed_in) -> None:
    line(junior, "进修班")
    page = words(signed_in(office).get(reverse("records:compliance"), {"q": "林一帆"}))
    assert "40 / 90 学时，5 / 12 天" in page and "还差 50 学时 或 7 天" in page
    assert "本年度，2026年1月1日—12月31日" in page and "共 1 人" in page


def test_compliance_is_filtered_by_unit_rank_and_state(office, junior, elsewhere, signed_in) -> None:
    line(junior, "进修班", hours="90")
    line(junior, "网络课", bucket="online", hours="50")
    browser, url = signed_in(office), reverse("records:compliance")
    met, short = (words(browser.get(url, {"state": state})) for state in ("met", "short"))
    assert "林一帆" in met and "单建国" not in met
    assert "单建国" in short and "林一帆" not in short
    unit = words(browser.get(url, {"unit": Unit.objects.get(code="YS-SF").pk}))
    assert "单建国" in unit and "林一帆" not in unit
    seniors = words(browser.get(url, {"regime": "senior"}))
    assert "林一帆" not in seniors and "近五年" in seniors


def test_compliance_stays_within_the_scope(office, junior, elsewhere, personas, signed_in) -> None:
    browser = signed_in(personas["unit_admin"])
    page = words(browser.get(reverse("records:compliance")))
    assert "林一帆" in page and "单建国" not in page and "市司法局" not in page
    book = load_workbook(BytesIO(browser.get(reverse("records:compliance"), {"export": "xlsx"}).content))
    names = {row[1] for row in book.active.values}
    assert "林一帆" in names and "单建国" not in names


@pytest.mark.parametrize("query", [{"state": "x"}, {"unit": "a"}, {"page": "0"}, {"q": "\x00"}, {"regime": "\x00"}])
def test_a_strange_address_is_answered(office, junior, signed_in, query) -> None:
    assert signed_in(office).get(reverse("records:compliance"), query).status_code == 200


@pytest.mark.parametrize("query", [{}, {"state": "short"}])
def test_compliance_needs_the_same_queries_for_few_and_for_many(
    office, junior, signed_in, django_assert_max_num_queries, query
) -> None:
    browser, url = signed_in(office), reverse("records:compliance")
    browser.get(url, query)
    with django_assert_max_num_queries(16):
        browser.get(url, query)
    for person in UserFactory.create_batch(60, unit=junior.unit):
        PostingFactory(user=person, **JUNIOR)
    browser.get(url, query)  # the ready figures of the new people are made once
    with django_assert_max_num_queries(16):
        browser.get(url, query)
