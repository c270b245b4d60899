"""Closed, undone, closed again in any order: hours stand once while it is closed, and not at all while it is open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cohorts import services
from cohorts.models import Cohort, GraduationDecision
from core import clock
from core.errors import DomainError
from records.models import HourEntry
from tests.factories.cohorts import CohortFactory, attend, closed, half_days, office, papers, teacher_of

STEPS = st.lists(st.sampled_from(["close", "undo", "leave"]), min_size=1, max_size=7)


def over_new_year(members: int) -> Cohort:
    cohort = CohortFactory(
        running=True, members=members, starts_on=date(2026, 12, 30), ends_on=date(2027, 1, 2), days=4
    )
    attend(cohort)
    papers(cohort)
    return cohort


def by_year(cohort: Cohort) -> dict[int, Decimal]:
    """The hours that stand, of all members together, by calendar year."""
    rows = HourEntry.objects.standing().filter(source_key__startswith=f"cohort:{cohort.public_id}:")
    found: dict[int, Decimal] = {}
    for day, hours in rows.values_list("earned_on", "hours"):
        found[day.year] = found.get(day.year, Decimal(0)) + hours
    return found


class TestSequences(TestCase):
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_any_sequence_leaves_the_sum_right(self, steps: list[str]) -> None:
        with clock.freeze(clock.now().replace(year=2027, month=1, day=3, hour=18)):
            self.walk(steps)

    def walk(self, steps: list[str]) -> None:
        cohort, missed, is_closed = over_new_year(2), 0, False
        last = half_days(cohort)[-1]
        one = cohort.memberships.first()
        for step in steps:
            try:
                self.take(step, cohort, one, last)
            except DomainError:
                assert (step == "undo") != is_closed or step == "leave"
            else:
                is_closed = step == "close" if step != "leave" else is_closed
                missed = 1 if step == "leave" else missed
            cohort.refresh_from_db()
            assert (cohort.state == "closed") == is_closed
            expected = {2026: Decimal(32), 2027: Decimal(32 - 4 * missed)} if is_closed else {}
            assert by_year(cohort) == expected, steps
        everything = HourEntry.objects.filter(user__in=cohort.memberships.values("user"))
        total = everything.aggregate(total=Sum("hours"))["total"] or Decimal(0)
        assert total == sum(by_year(cohort).values()), "lines and their reversals add up to what stands"

    def take(self, step: str, cohort: Cohort, one: Any, last: Any) -> None:
        actor = teacher_of(cohort)
        if step == "close":
            services.close(actor=actor, cohort=cohort)
        elif step == "undo":
            services.undo_close(actor=actor, cohort=cohort, reason="补材料")
        else:
            services.record_attendance(
                actor=actor, cohort=cohort, day=last.day, half=last.half,
                statuses={one.pk: "on_leave"}, reasons={one.pk: "核实"},
            )  # fmt: skip


@pytest.mark.django_db
def test_a_waiver_between_two_closings_changes_the_decision_and_not_the_hours_twice() -> None:
    with clock.freeze(clock.now().replace(year=2027, month=1, day=3, hour=18)):
        cohort = over_new_year(2)
        actor = teacher_of(cohort)
        leaf = services.require_attendance(actor=actor, cohort=cohort, share=Decimal(100))
        member = cohort.memberships.first()
        last = half_days(cohort)[-1]
        services.record_attendance(
            actor=actor, cohort=cohort, day=last.day, half=last.half,
            statuses={member.pk: "on_leave"}, reasons={member.pk: "核实"},
        )  # fmt: skip
        services.close(actor=actor, cohort=cohort)
        assert by_year(cohort) == {2026: Decimal(16), 2027: Decimal(16)}, "the other one alone"
        services.undo_close(actor=actor, cohort=cohort, reason="补办豁免")
        key = f"requirement:{leaf.pk}"
        services.waive(actor=office(), membership=member, condition=key, reason="因公", document_no="1号")
        services.close(actor=actor, cohort=cohort)
        assert by_year(cohort) == {2026: Decimal(32), 2027: Decimal(28)}
        decided = GraduationDecision.objects.filter(membership=member).order_by("pk")
        assert [d.granted for d in decided] == [False, True]


@pytest.mark.django_db
def test_after_the_closing_the_class_is_to_read_only() -> None:
    cohort = closed(members=1)
    member, actor = cohort.memberships.get(), teacher_of(cohort)
    for act in (
        lambda: services.require_attendance(actor=actor, cohort=cohort, share=Decimal(80)),
        lambda: services.waive(
            actor=office(), membership=member, condition="requirement:1", reason="x", document_no="x"
        ),
        lambda: services.write_summary(actor=member.user, membership=member, version=0, text="x"),
        lambda: services.set_quota(actor=office(), cohort=cohort, title="优秀学员", number=1),
    ):
        with pytest.raises(DomainError, match="目前是“已结班”，不能办理"):
            act()
