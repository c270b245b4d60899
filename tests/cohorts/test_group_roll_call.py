"""Half days for some groups: whom the roll call lists, what counts as owed, what leave takes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from cohorts import services
from cohorts.models import Attendance, Cohort, Membership, Scan
from cohorts.reading import classes as reading
from cohorts.reading.tally import tally
from cohorts.rules.halfdays import HalfDay, Timetable, called_groups
from core.errors import DomainError
from tests.factories.cohorts import MONDAY, CohortFactory, attend, teacher_of
from tests.factories.leave import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
AM = HalfDay(MONDAY, "am")
PM = HalfDay(MONDAY, "pm")


@pytest.fixture
def cohort() -> Cohort:
    """Two groups of two; Monday morning is the first group's alone."""
    made = CohortFactory(running=True, members=4, size=2)
    made.sessions.get(day=MONDAY, half="am").groups.set(made.groups.filter(number=1))
    return made


def group(cohort: Cohort, number: int) -> list[Membership]:
    return list(cohort.memberships.filter(group__number=number).select_related("user"))


def address(cohort: Cohort, place: HalfDay = AM) -> str:
    return reverse("cohorts:roll-call", args=[cohort.public_id, place.day, place.half])


def test_a_half_day_calls_its_groups_and_with_one_common_lesson_everybody() -> None:
    one, two = frozenset({1}), frozenset({2})
    called = called_groups([(AM, one), (AM, two), (PM, one), (PM, frozenset())])
    assert called == {AM: frozenset({1, 2})}
    table = Timetable({AM: Decimal(4), PM: Decimal(4)}, {AM: one})
    assert table.calls(AM, 1) and not table.calls(AM, 2) and table.calls(AM, None) and table.calls(PM, 2)
    assert list(table.of(2)) == [PM] and list(table.of(1)) == list(table.of(None)) == [AM, PM]


def test_the_roll_call_lists_the_group_alone_and_records_nobody_else(cohort: Cohort, signed_in: Any) -> None:
    mine, others = group(cohort, 1), group(cohort, 2)
    browser = signed_in(teacher_of(cohort))
    page = browser.get(address(cohort)).content.decode()
    assert "这半天只有第1组上课" in page and "（第1组）" in page and "已登记 0 / 2 人" in page
    assert mine[0].user.name in page and others[0].user.name not in page
    browser.post(address(cohort), {"rest": "present", **{f"version-{m.pk}": "0" for m in mine}})
    assert set(Attendance.objects.values_list("membership", flat=True)) == {m.pk for m in mine}
    with pytest.raises(DomainError, match="所在小组的，不登记考勤"):
        services.record_attendance(
            actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={others[0].pk: "present"}
        )


def test_totals_tables_and_the_teachers_desk_count_whom_it_calls(cohort: Cohort, signed_in: Any) -> None:
    attend(cohort, only=[PM])
    Attendance.objects.filter(membership__group__number=2).delete()
    browser = signed_in(teacher_of(cohort))
    day = browser.get(reverse("cohorts:attendance-day", args=[cohort.public_id, MONDAY])).context
    assert [(t.half, t.expected, t.missing) for t in day["totals"]] == [("上午", 2, 2), ("下午", 4, 2)]
    words = {row["member"].pk: [cell["word"] for cell in row["cells"]] for row in day["rows"]}
    assert words[group(cohort, 1)[0].pk] == ["未登记", "到课"] and words[group(cohort, 2)[0].pk] == [
        "本组没有课",
        "未登记",
    ]
    halves = browser.get(reverse("cohorts:attendance", args=[cohort.public_id])).context["days"][0]["halves"]
    assert [(h["recorded"], h["all"]) for h in halves] == [(0, 2), (2, 4)]
    desk = browser.get(reverse("cohorts:teach")).content.decode()
    assert "已登记 0 / 2 人" in desk
    assert reading.missing_today(Cohort.objects.values("pk"), AM) == {(cohort.pk, "am"): 2}


def test_a_day_of_one_group_lists_that_group_only(cohort: Cohort, signed_in: Any) -> None:
    cohort.sessions.get(day=MONDAY, half="pm").groups.set(cohort.groups.filter(number=1))
    day = signed_in(teacher_of(cohort)).get(reverse("cohorts:attendance-day", args=[cohort.public_id, MONDAY]))
    assert {row["member"].pk for row in day.context["rows"]} == {m.pk for m in group(cohort, 1)}


def test_who_is_not_called_owes_nothing_and_rule_and_tally_agree(cohort: Cohort, at: Any) -> None:
    table = reading.timetable_of(cohort)
    attend(cohort, only=[p for p in table if p != AM])
    attend_one = group(cohort, 1)[0]
    Attendance.objects.create(
        membership=attend_one, day=MONDAY, half="am", status="present",
        recorded_by=teacher_of(cohort), recorded_at=cohort.made_at,
    )  # fmt: skip
    with at(2026, 9, 18, 18):
        found = tally(cohort, reading.this_half_day())
        standing = reading.standings(cohort, list(cohort.memberships.all()), reading.this_half_day())
    lacking = {group(cohort, 1)[1].pk}
    assert set(found.lacking("attendance")) == lacking
    assert {key for key, s in standing.items() if s.not_recorded} == lacking


def test_leave_takes_the_hours_of_ones_own_lessons(cohort: Cohort) -> None:
    first, second = group(cohort, 1)[0], group(cohort, 2)[0]
    for member in (first, second):
        services.record_leave(
            actor=teacher_of(cohort), membership=member, category="private", from_day=MONDAY, from_half="am",
            to_day=MONDAY, to_half="pm", reason="家中有事", approved_by_name="李静",
        )  # fmt: skip
        member.refresh_from_db()
    assert (first.leave_hours, second.leave_hours) == (8, 4)
    assert list(second.attendance.values_list("half", flat=True)) == ["pm"]
    with pytest.raises(DomainError, match="没有排课"):
        services.submit_request(
            actor=group(cohort, 2)[1].user, membership=group(cohort, 2)[1], category="private", from_day=MONDAY,
            from_half="am", to_day=MONDAY, to_half="am", reason="家中有事",
        )  # fmt: skip
    services.move_members(actor=teacher_of(cohort), cohort=cohort, members=[second], group=cohort.groups.get(number=1))
    second.refresh_from_db()
    assert second.leave_hours == 8, "in the other group the morning is the member's too"


def test_a_scan_by_another_group_says_so(cohort: Cohort) -> None:
    from uuid import uuid4

    from cohorts.rules import rotating
    from cohorts.services.check_in import source_of
    from core import clock

    check_in = services.open_check_in(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", before=90, late=90, after=180
    )
    code = rotating.scan_code(source_of(check_in), clock.now())
    found = services.scan(actor=group(cohort, 2)[0].user, code=code, nonce=uuid4())
    assert found.outcome == "other_group" and Scan.objects.count() == 1
    assert services.scan(actor=group(cohort, 1)[0].user, code=code, nonce=uuid4()).outcome == "present"


def test_evaluations_ask_the_group_that_was_taught(cohort: Cohort) -> None:
    session = cohort.sessions.get(day=MONDAY, half="am")
    cohort.sessions.filter(pk=session.pk).update(lecturer=teacher_of(cohort))
    made = services.open_evaluations(actor=teacher_of(cohort), cohort=cohort, sessions=[session])
    invited = set(made[0].survey.invitations.values_list("user", flat=True))
    assert invited == {m.user_id for m in group(cohort, 1)}


def test_asking_shows_the_cost_of_ones_own_lessons(cohort: Cohort) -> None:
    tuesday = MONDAY + timedelta(days=1)
    cohort.sessions.get(day=tuesday, half="am").groups.set(cohort.groups.filter(number=2))
    request = ask(group(cohort, 1)[0], to_half="pm")
    assert request.half_days == 1
