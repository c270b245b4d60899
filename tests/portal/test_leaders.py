"""What leaders read: sentences with figures, lists behind them, and nothing of another unit."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from people.models import Unit
from portal.snapshots import rebuild_all
from tests.factories.cohorts import CohortFactory
from tests.factories.people import UserFactory
from tests.factories.portal import SENIOR, cadres, credited, evidence, make_scene
from tests.portal.test_desk import words

pytestmark = pytest.mark.django_db
HOME = "portal:leaders"


@pytest.fixture
def scene(db, at):
    with at(2026, 9, 19, 9):
        scene = make_scene()
        credited(scene.data[0], "50", "7", on=date(2026, 3, 6))  # with the class: 90 学时
        rebuild_all()
        yield scene


@pytest.fixture
def city_leader(scene):
    return UserFactory(role="leader", unit=Unit.objects.get(code="YS"), name="高远")


def cohort_url(scene, name: str = "portal:leaders-cohort") -> str:
    return reverse(name, args=[scene.cohort.public_id])


def unit_url(code: str) -> str:
    return reverse("portal:leaders-unit", args=[code])


def test_three_sentences_made_of_the_figures(scene, city_leader, signed_in) -> None:
    page = words(signed_in(city_leader).get(reverse(HOME)))
    assert "2026年已结班 1 个班次，选派 11 人，结业 10 人（91%）。" in page
    assert "乡科级及以下集中培训（本年度）应训 11 人，已达标 1 人（9%）" in page
    assert "1 个能力维度前后可比，变化最大的是“数字化治理”：2.5 → 3.5（10 人）；其余 5 个维度证据不足。" in page
    assert "截至2026年9月19日" in page


def test_each_sentence_is_linked_and_each_count_opens_to_its_list(scene, city_leader, signed_in) -> None:
    html = signed_in(city_leader).get(reverse(HOME)).content.decode()
    assert f'<li><a href="{cohort_url(scene)}">' in html
    assert '<li><a href="#compliance">' in html and '<li><a href="#dimensions">' in html
    link = "/leaders/people/?measure=need%3Ajunior%3Acentral%3Ayear&amp;state=met"
    assert f'<a href="{link}">1</a>' in html
    listed = words(signed_in(city_leader).get(link.replace("&amp;", "&")))
    assert scene.data[0].name in listed and "90 / 90 学时" in listed and "共 1 人" in listed


def test_a_leader_counts_the_people_of_the_grant_only(scene, signed_in) -> None:
    """Seven in the data bureau besides its chief, whom the city manages: the leader's own scope has the six and two."""
    page = words(signed_in(scene.leader).get(reverse(HOME)))
    assert "选派 6 人，结业 6 人（100%）" in page
    assert "乡科级及以下集中培训（本年度）应训 6 人" in page
    assert "市司法局" not in page and "市委党校" not in page


def test_numbers_of_fewer_than_five_are_not_shown(scene, city_leader, signed_in) -> None:
    page = words(signed_in(city_leader).get(reverse(HOME)))
    assert "不足 5 人，不显示" in page  # three seniors: the chief and two of the house
    other = signed_in(scene.personas["other_leader"])
    sums = words(other.get(cohort_url(scene)))
    assert "选派 5 人，结业 4 人" in sums and "2.50" not in sums  # four with evidence


def test_the_class_says_who_graduated_and_why_not(scene, city_leader, signed_in) -> None:
    page = words(signed_in(city_leader).get(cohort_url(scene)))
    assert "选派 11 人，结业 10 人，结业率 91%。" in page
    assert "报到 11 人" in page and "未结业 1 人" in page and "结业学员人均学时 40 学时" in page
    assert "请假 1" in page and "未退学 1" in page
    names = words(signed_in(city_leader).get(cohort_url(scene, "portal:leaders-members"), {"kind": "missing"}))
    assert scene.withdrawn.name in names and "七分之一" in names and "共 1 人" in names
    reasons = words(signed_in(city_leader).get(cohort_url(scene, "portal:leaders-members"), {"reason": "请假"}))
    assert "未满足：请假" in reasons and scene.withdrawn.name in reasons


def test_a_leader_sees_the_own_people_of_a_class_only(scene, signed_in) -> None:
    leader = signed_in(scene.leader)
    assert "以下数字只含您的授权范围内的学员" in words(leader.get(cohort_url(scene)))
    listed = words(leader.get(cohort_url(scene, "portal:leaders-members")))
    assert "共 6 人" in listed and scene.justice[0].name not in listed


@pytest.mark.parametrize(("others", "shown"), [(5, False), (6, True)])
def test_the_class_norm_never_gives_fewer_than_five_away(db, at, signed_in, others, shown) -> None:
    """One of the others withdrew and left no evidence: of five, four remain behind the difference of the means."""
    with at(2026, 9, 19, 9):
        scene = make_scene(others=others)
        rebuild_all()
        page = words(signed_in(scene.leader).get(cohort_url(scene)))
    assert ("全班训后" in page) is shown


def test_unit_b_is_not_there_for_the_leader_of_unit_a(scene, signed_in) -> None:
    """Scenario 33: changing the address leads nowhere."""
    leader = signed_in(scene.leader)
    assert leader.get(unit_url("YS-SJ")).status_code == 200
    assert leader.get(unit_url("YS-SJ-01")).status_code == 200  # below
    for code in ("YS-SF", "YS", "NOWHERE", "YS\x00"):
        assert leader.get(unit_url(code)).status_code == 404, code
    foreign = CohortFactory(running=True, members=5)
    assert leader.get(reverse("portal:leaders-cohort", args=[foreign.public_id])).status_code == 404
    unit = Unit.objects.get(code="YS-SF").pk
    page = leader.get(reverse("portal:leaders-people"), {"unit": unit})
    assert page.status_code == 200 and scene.justice[0].name not in words(page)


def test_who_is_no_leader_is_refused(scene, signed_in, client) -> None:
    for role in ("trainee", "class_teacher", "lecturer", "unit_admin", "content_editor", "audit_admin"):
        browser = signed_in(scene.personas[role])
        for url in (reverse(HOME), cohort_url(scene), unit_url("YS-SJ"), reverse("portal:leaders-people")):
            assert browser.get(url).status_code == 403, (role, url)
    assert client.get(reverse(HOME)).status_code == 302
    assert signed_in(scene.personas["training_office"]).get(cohort_url(scene)).status_code == 200
    assert signed_in(scene.personas["training_office"]).get(reverse(HOME)).status_code == 403


def test_looking_at_summaries_is_logged(scene, signed_in) -> None:
    leader = signed_in(scene.leader)
    leader.get(cohort_url(scene))
    leader.get(reverse("portal:leaders-people"), {"state": "short"})
    actions = list(ModelLogEntry.objects.filter(user=scene.leader).values_list("action", flat=True))
    assert sorted(actions) == ["portal.people.read", "portal.summary.read"]
    assert str(ModelLogEntry.objects.get(action="portal.summary.read").object_id) == str(scene.cohort.pk)


def test_who_left_the_scope_after_the_snapshot_is_counted_and_not_named(scene, signed_in) -> None:
    gone = scene.data[1]
    gone.unit = gone.managed_by = Unit.objects.get(code="YS-SF")
    gone.save(update_fields=["unit", "managed_by"])
    page = words(signed_in(scene.leader).get(reverse("portal:leaders-people")))
    assert gone.name not in page and "另有 1 人已调离您的授权范围" in page


def test_figures_go_out_as_workbooks_and_a_document(scene, city_leader, signed_in) -> None:
    browser = signed_in(city_leader)
    people = browser.get(reverse("portal:leaders-people"), {"export": "xlsx", "measure": "need:junior:central:year"})
    rows = list(load_workbook(BytesIO(people.content)).active.values)
    assert rows[1][:3] == ("工号", "姓名", "单位") and len(rows) == 2 + 11
    sheets = load_workbook(BytesIO(browser.get(cohort_url(scene), {"export": "xlsx"}).content))
    assert sheets.sheetnames == ["完成情况", "未结业原因", "能力维度"]
    assert ("结业", 10, "人") in list(sheets["完成情况"].values)
    unit = load_workbook(BytesIO(browser.get(unit_url("YS-SJ"), {"export": "xlsx"}).content))
    assert "不足 5 人，不显示" in str(list(unit["学时达标"].values))
    document = browser.get(reverse("portal:leaders-people"), {"export": "pdf", "state": "short"})
    assert document["Content-Type"] == "application/pdf"
    assert scene.data[0].work_number in PdfReader(BytesIO(document.content)).pages[0].extract_text()


@pytest.mark.parametrize(
    "query", [{"measure": "x"}, {"measure": "need:a"}, {"state": "\x00"}, {"unit": "zz"}, {"page": "99"}, {"q": "%"}]
)
def test_a_strange_address_is_answered_with_a_page(scene, signed_in, query) -> None:
    leader = signed_in(scene.leader)
    assert leader.get(reverse("portal:leaders-people"), query).status_code == 200
    assert leader.get(cohort_url(scene, "portal:leaders-members"), query | {"reason": "a\x00"}).status_code == 200


def test_before_any_figures_the_page_says_so(personas, reference, frozen_clock, signed_in) -> None:
    page = words(signed_in(personas["leader"]).get(reverse(HOME)))
    assert "还没有汇总数据" in page and "None" not in page


def test_queries_stay_the_same_from_ten_people_to_a_hundred(
    scene, city_leader, signed_in, django_assert_max_num_queries
) -> None:
    browser = signed_in(city_leader)
    pages = {HOME: 19, "portal:leaders-people": 19}
    for name, most in pages.items():
        browser.get(reverse(name))
        with django_assert_max_num_queries(most):
            browser.get(reverse(name))
    data = Unit.objects.get(code="YS-SJ")
    more = cadres(data, 60, **SENIOR)
    for number in range(5):
        CohortFactory(running=True, members=more[number * 8 : number * 8 + 8])
    evidence(more, "", code="E1")
    rebuild_all()
    for name, most in pages.items():
        with django_assert_max_num_queries(most):
            assert browser.get(reverse(name)).status_code == 200
    with django_assert_max_num_queries(16):
        browser.get(cohort_url(scene))
    with django_assert_max_num_queries(17):
        browser.get(unit_url("YS-SJ"))
