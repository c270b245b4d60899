from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from competencies.models import Evidence, Framework, Indicator
from competencies.reading import framework_value, profiles_of
from competencies.services import EvidenceEntry, load_framework, record_evidence, reverse_evidence
from core.errors import DomainError

pytestmark = pytest.mark.django_db


def entry(user, code="C1", kind="test", phase="post", score="3", ref="exam:1"):
    indicator = Indicator.objects.get(code=code)
    return EvidenceEntry(
        user.pk, indicator.pk, kind, phase, Decimal(score), 3, "结业考试", ref, "cohort:x", date(2026, 9, 11)
    )


@pytest.fixture
def cadre(personas, reference):
    return personas["trainee"]


def test_the_framework_has_six_dimensions_of_four_indicators_and_five_anchors(reference):
    value = framework_value()
    assert [d.code for d in value.dimensions] == list("ABCDEF")
    assert all(len(d.indicators) == 4 for d in value.dimensions)
    assert all(len(i.anchors) == 5 for d in value.dimensions for i in d.indicators)
    assert sum(value.weights.values()) == 1


def test_loading_the_framework_again_changes_nothing(reference):
    load_framework()
    assert Framework.objects.count() == 1
    assert Indicator.objects.count() == 24


def test_the_same_source_is_recorded_once(cadre):
    assert record_evidence(actor=cadre, entries=[entry(cadre)]) == 1
    assert record_evidence(actor=cadre, entries=[entry(cadre)]) == 0
    assert record_evidence(actor=cadre, entries=[entry(cadre, ref="exam:2")]) == 1


def test_an_indicator_that_is_only_taught_takes_no_evidence(cadre):
    with pytest.raises(DomainError, match="只授课"):
        record_evidence(actor=cadre, entries=[entry(cadre, code="A1")])
    assert not Evidence.objects.exists()


def test_a_score_off_the_scale_is_refused_whole(cadre):
    with pytest.raises(DomainError, match="1 至 5"):
        record_evidence(actor=cadre, entries=[entry(cadre), entry(cadre, code="C2", score="5.01")])
    assert not Evidence.objects.exists()


def test_evidence_can_be_neither_changed_nor_deleted(cadre):
    record_evidence(actor=cadre, entries=[entry(cadre)])
    for act in (lambda: Evidence.objects.update(score=5), lambda: Evidence.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_evidence_taken_back_leaves_the_profile_and_stays_in_the_record(cadre):
    record_evidence(actor=cadre, entries=[entry(cadre), entry(cadre, kind="task", phase="during", ref="task:1")])
    assert profiles_of([cadre.pk])[cadre.pk].dimension("C").sufficient
    wrong = Evidence.objects.get(source_ref="task:1")
    assert reverse_evidence(actor=cadre, evidence=[wrong], reason="评分录入有误") == 1
    assert reverse_evidence(actor=cadre, evidence=[wrong], reason="评分录入有误") == 0
    assert not profiles_of([cadre.pk])[cadre.pk].dimension("C").sufficient
    assert Evidence.objects.count() == 3


def test_profiles_take_the_same_queries_for_one_and_for_many(cadre, personas, django_assert_num_queries):
    people = [user.pk for user in personas.values()]
    with django_assert_num_queries(6):
        profiles_of(people[:1])
    with django_assert_num_queries(6):
        profiles_of(people)
