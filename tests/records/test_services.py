from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from core.errors import DomainError
from records.models import HourEntry
from records.reading.hours import compliance_of_many
from records.services import HourLine, credit, register_earlier_hours, reverse

pytestmark = pytest.mark.django_db


def line(user, key="cohort:x:2026", hours="40", days="5"):
    return HourLine(
        user.pk, user.unit_id, "central", "in_service", "off_job", Decimal(days), Decimal(hours), date(2026, 9, 11),
        "数字政府领航班", key, None,
    )  # fmt: skip


@pytest.fixture
def office(personas, reference):
    return personas["training_office"]


@pytest.fixture
def cadre(personas):
    return personas["trainee"]


def test_hours_of_one_source_are_credited_once(office, cadre):
    assert credit(actor=office, lines=[line(cadre)]) == 1
    assert credit(actor=office, lines=[line(cadre), line(cadre, key="cohort:y:2026")]) == 1


def test_reversed_hours_stand_in_the_record_and_count_no_more(office, cadre):
    credit(actor=office, lines=[line(cadre)])
    assert reverse(actor=office, source_keys=["cohort:x:2026"], reason="取消结班") == 1
    assert reverse(actor=office, source_keys=["cohort:x:2026"], reason="取消结班") == 0
    assert not HourEntry.objects.standing().exists()
    assert [e.hours for e in HourEntry.objects.order_by("pk")] == [Decimal("40.00"), Decimal("-40.00")]


def test_a_credited_line_can_be_neither_changed_nor_deleted(office, cadre):
    credit(actor=office, lines=[line(cadre)])
    for act in (lambda: HourEntry.objects.update(hours=400), lambda: HourEntry.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


EARLIER = {
    "bucket": "central", "category": "appointment", "mode": "off_job", "days": Decimal(20), "hours": Decimal(160),
    "earned_on": date(2024, 5, 31), "label": "县处级任职培训班",
}  # fmt: skip


def test_earlier_hours_need_the_number_of_their_proof(office, cadre):
    with pytest.raises(DomainError, match="证明材料编号"):
        register_earlier_hours(actor=office, user=cadre, evidence_no=" ", **EARLIER)


def test_the_same_proof_is_not_registered_twice(office, cadre):
    register_earlier_hours(actor=office, user=cadre, evidence_no="云结字〔2024〕第0017号", **EARLIER)
    with pytest.raises(DomainError, match="请勿重复登记"):
        register_earlier_hours(actor=office, user=cadre, evidence_no="云结字〔2024〕第0017号", **EARLIER)
    assert HourEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [({"hours": Decimal(-1)}, "不能为负"), ({"days": Decimal(0), "hours": Decimal(0)}, "至少填写一项"),
     ({"earned_on": date(2099, 1, 1)}, "不能晚于今天")],
)  # fmt: skip
def test_impossible_earlier_hours_are_refused_with_a_sentence(office, cadre, change, sentence):
    with pytest.raises(DomainError, match=sentence):
        register_earlier_hours(actor=office, user=cadre, evidence_no="云结字〔2024〕第0017号", **{**EARLIER, **change})


def test_compliance_takes_the_same_queries_for_one_and_for_many(office, personas, django_assert_num_queries):
    people = [user.pk for user in personas.values()]
    with django_assert_num_queries(3):
        compliance_of_many(people[:1], date(2026, 11, 20))
    with django_assert_num_queries(3):
        compliance_of_many(people, date(2026, 11, 20))
