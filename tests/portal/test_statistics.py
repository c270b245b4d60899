"""The statistics of a year: totals are sums of lines, and what was frozen stays."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from core.errors import DomainError
from people.models import Unit
from people.services import add_posting
from portal.models import StatisticsReport
from portal.statistics import freeze_statistics
from portal.statistics.page import figures_of, report_page
from tests.factories.people import UserFactory
from tests.factories.portal import credited, make_scene
from tests.portal.test_desk import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db, at):
    with at(2026, 9, 19, 9):
        yield make_scene()


@pytest.fixture
def office(scene):
    return scene.personas["training_office"]


def freeze(office, *, year: int = 2026, root: str = "YS", key=None) -> StatisticsReport:
    unit = Unit.objects.get(code=root)
    return freeze_statistics(actor=office, root=unit, year=year, client_key=key or uuid.uuid4())


def column(rows, place: int) -> list[Decimal]:
    return [Decimal(row[place]) for row in rows]


def test_places_people_and_graduates(scene, office) -> None:
    """Withdrawn trainees are in 参训 and not in 结业."""
    found = report_page(freeze(office))["total"]
    assert (found.places, found.people, found.graduated) == (11, 11, 10)
    assert found.hours["central"] == 400 and found.learners["central"] == 10 and found.mean("central") == 40


@pytest.mark.parametrize("table", ["by_rank", "by_unit"])
def test_totals_equal_the_sum_of_their_rows(scene, office, table) -> None:
    credited(scene.justice[0], "20", "0", on=date(2026, 2, 3), bucket="online")
    *rows, total = report_page(freeze(office))[table]
    for place in (1, 2, 3, 4, 6):  # places, people, graduates, hours of both buckets
        assert sum(column(rows, place)) == Decimal(total[place]), total
    assert total[1] == "11" and total[6] == "20"


def test_categories_add_up_too(scene, office) -> None:
    credited(scene.data[0], "16", "2", on=date(2026, 2, 3), category="initial")
    *rows, total = report_page(freeze(office))["by_category"]
    assert len(rows) == 2 and sum(column(rows, 3)) == Decimal(total[3]) == 416


def test_a_line_taken_away_is_noticed(scene, office) -> None:
    """Negative control: the totals come from the lines."""
    lines = list(freeze(office).lines.all())
    assert figures_of(lines).places == 11
    assert figures_of(line for line in lines if line.unit.code != "YS-SF").places == 6


def test_who_moved_in_june_counts_at_the_unit_of_the_day(scene, office, at) -> None:
    mover, justice = scene.data[0], Unit.objects.get(code="YS-SF")
    credited(mover, "8", "1", on=date(2026, 3, 2))  # at the data bureau
    with at(2026, 6, 1, 9):
        add_posting(
            actor=office, user=mover, unit=justice, post="科长", level="township_head", rank="principal_1",
            starts_on=date(2026, 6, 1),
        )  # fmt: skip
    mover.refresh_from_db()
    credited(mover, "16", "2", on=date(2026, 8, 3))  # at the justice bureau
    page = report_page(freeze(office))
    by_unit = {row[0]: row for row in page["by_unit"]}
    assert by_unit["市数据局"][4] == "248" and by_unit["市司法局"][4] == "176"
    needs = {row[0]: row for row in page["unit_compliance"]}
    assert needs["市司法局"][1].endswith("/ 8")  # five of the class, the two of the house, and who moved
    *rows, total = page["unit_compliance"]
    assert sum(int(row[1].split("/")[1]) for row in rows) == int(total[1].split("/")[1])


def test_compliance_by_rank_with_its_denominator(scene, office) -> None:
    credited(scene.data[0], "50", "7", on=date(2026, 3, 6))
    rows = {(row[0][:3], row[1]): row[2:] for row in report_page(freeze(office))["compliance"]}
    assert rows["乡科级", "集中培训（自然年度）"] == ["11", "1", "0", "10", "9%"]


def test_what_was_frozen_stays(scene, office) -> None:
    report = freeze(office)
    credited(scene.data[0], "50", "7", on=date(2026, 3, 6))
    assert report_page(report)["total"].hours["central"] == 400
    assert report_page(freeze(office))["total"].hours["central"] == 450
    with pytest.raises(DatabaseError), transaction.atomic():
        report.lines.update(people=99)
    with pytest.raises(DatabaseError), transaction.atomic():
        StatisticsReport.objects.filter(pk=report.pk).delete()


def test_a_double_click_makes_one_report(scene, office, signed_in) -> None:
    form = {"year": "2026", "root": Unit.objects.get(code="YS").pk, "client_key": str(uuid.uuid4())}
    browser = signed_in(office)
    first, second = (browser.post(reverse("portal:statistics-make"), form) for _ in range(2))
    assert first.status_code == 302 and first["Location"] == second["Location"]
    assert StatisticsReport.objects.count() == 1


def test_the_page_names_window_date_and_definitions(scene, office, signed_in) -> None:
    report = freeze(office)
    page = words(signed_in(office).get(reverse("portal:statistics-report", args=[report.public_id])))
    assert "截至2026年9月19日" in page and "数字不再变动" in page
    assert "参训人次：2026年开班的班次里已经报到的学员，中途退学的也计入" in page
    assert "None" not in page
    listed = words(signed_in(office).get(reverse("portal:statistics")))
    assert "2026年" in listed and "云山市" in listed


def test_the_workbook_holds_tables_lines_and_definitions(scene, office, signed_in) -> None:
    report = freeze(office)
    answer = signed_in(office).get(reverse("portal:statistics-file", args=[report.public_id]))
    book = load_workbook(BytesIO(answer.content))
    assert book.sheetnames == ["按对象", "按单位", "按培训类别", "达标情况", "单位达标", "明细", "口径"]
    details = [row for row in book["明细"].values if row[3] == "参训人次"]
    assert sum(row[4] for row in details) == 11


@pytest.mark.parametrize("year", [1999, 2027])
def test_a_year_that_has_not_begun_is_refused_in_words(scene, office, year) -> None:
    with pytest.raises(DomainError, match="请选择2026年或以前的年度"):
        freeze(office, year=year)


@pytest.mark.parametrize("bad", [{"year": "x"}, {"root": "0"}, {"client_key": "1"}, {}])
def test_bad_input_gets_a_sentence_and_nothing_is_kept(scene, office, signed_in, bad) -> None:
    form = {"year": "2026", "root": Unit.objects.get(code="YS").pk, "client_key": str(uuid.uuid4())} | bad
    if not bad:
        form = {}
    answer = signed_in(office).post(reverse("portal:statistics-make"), form)
    assert answer.status_code == 422 and not StatisticsReport.objects.exists()


def test_only_the_office_and_within_its_reach(scene, office, signed_in, client) -> None:
    report = freeze(office)
    url = reverse("portal:statistics-report", args=[report.public_id])
    for role in ("trainee", "leader", "unit_admin", "class_teacher"):
        assert signed_in(scene.personas[role]).get(url).status_code == 403, role
    elsewhere = UserFactory(role="training_office", unit=Unit.objects.get(code="YS-SF"))
    assert signed_in(elsewhere).get(url).status_code == 404
    with pytest.raises(DomainError, match="不在您的管理范围内"):
        freeze(elsewhere)
    assert client.get(url).status_code == 302


def test_queries_do_not_grow_with_the_people(scene, office, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(24):
        freeze(office)
