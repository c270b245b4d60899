"""The next intake of a class, rooms and meals, and the way of a class through its states."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from cohorts import services
from cohorts.models import Cohort, CohortStaff, CohortState, Lodging
from cohorts.rules import states
from cohorts.services.lodging import ListRefused
from core import clock
from core.errors import DomainError
from core.models import CalendarDay
from core.spreadsheets.writer import SheetSpec, write_xlsx
from people.models import Role
from tests.factories import assessments as exams
from tests.factories.cohorts import (
    AFTER,
    MONDAY,
    CohortFactory,
    attend,
    closed,
    first_rule,
    host,
    office,
    papers,
    people,
    teacher_of,
)  # fmt: skip
from tests.factories.courses import EditionFactory
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
NEXT = date(2026, 9, 29)


@pytest.fixture
def holidays() -> None:
    for day in (date(2026, 10, 1), date(2026, 10, 2), *(date(2026, 10, n) for n in (5, 6, 7))):
        CalendarDay.objects.get_or_create(day=day, defaults={"is_working": False, "name": "国庆节"})
    CalendarDay.objects.get_or_create(day=date(2026, 10, 10), defaults={"is_working": True, "name": "调休"})


def clone(cohort: Cohort, **more: Any) -> Cohort:
    return services.clone_cohort(**{"actor": office(), "cohort": cohort, "starts_on": NEXT, "code": "LH-N2", **more})


@pytest.mark.usefixtures("holidays")
def test_the_next_intake_has_everything_but_the_people() -> None:
    old = CohortFactory(running=True, members=3, size=2, place="三楼", intake_no=4, arrival_days=2)
    lecturer = UserFactory(role=Role.LECTURER)
    services.appoint(actor=office(), cohort=old, user=lecturer, duty="lecturer")
    old.sessions.filter(half="am").update(lecturer=lecturer)
    edition = EditionFactory()
    services.require_course(actor=office(), cohort=old, edition=edition)
    exam = exams.make_exam([], actor=office(), context_key=old.context_key, title="结业考试")
    services.require_exam(actor=office(), cohort=old, exam=exam)
    new = clone(old)
    assert (new.intake_no, new.title, new.place, new.host, new.arrival_days) == (5, old.title, "三楼", old.host, 2)
    assert (new.state, new.copied_from, new.starts_on, new.ends_on) == ("planned", old, NEXT, date(2026, 10, 10))
    days = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)]
    assert list(new.sessions.values_list("day", "half")) == [(day, half) for day in days for half in ("am", "pm")]
    assert (new.total_hours, new.sessions.filter(lecturer=lecturer).count()) == (old.total_hours, 5)
    assert sorted(new.staff.values_list("duty", flat=True)) == ["lecturer", "teacher"]
    assert [r.edition for r in new.requirements.filter(kind="course")] == [edition]
    assert not new.memberships.exists() and not new.groups.exists()
    assert not new.requirements.filter(kind="exam").exists()
    plan = services.plan_of_clone(cohort=old, starts_on=NEXT)
    assert plan.left_out == ["考试《结业考试》"]


def test_a_second_click_is_the_same_class_and_a_used_code_is_refused() -> None:
    old = CohortFactory(members=0)
    assert clone(old) == clone(old)
    assert Cohort.objects.count() == 2
    with pytest.raises(DomainError, match="已被使用"):
        clone(old, starts_on=NEXT + timedelta(days=1))
    with pytest.raises(DomainError, match="已被使用"):
        clone(old, code=old.code)
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        clone(old, actor=teacher_of(old), code="LH-N3")


def test_a_room_that_is_taken_then_is_left_open() -> None:
    old = CohortFactory()
    CohortFactory(starts_on=NEXT, ends_on=NEXT + timedelta(days=4), days=1)  # the same room on the first day
    new = clone(old)
    assert list(new.sessions.values_list("room", flat=True)) == ["", "", *["三楼报告厅"] * 8]
    left = ModelLogEntry.objects.filter(action="cohorts.clone.open", object_id=str(new.pk))
    assert left.count() == 2 and "三楼报告厅" in left[0].data["why"]


def test_staff_without_their_role_stay_behind_and_a_failure_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    old = CohortFactory()
    CohortStaff.objects.create(cohort=old, user=UserFactory(name="曾任教"), duty="lecturer")
    assert services.plan_of_clone(cohort=old, starts_on=NEXT).left_out == ["授课教师曾任教（已不再具有相应角色）"]

    def stumble(**kwargs: Any) -> None:
        raise DomainError("半路出错")

    monkeypatch.setattr("cohorts.services.cloning.add_session", stumble)
    with pytest.raises(DomainError, match="半路出错"):
        clone(old)
    assert Cohort.objects.count() == 1


# Rooms and meals.


@pytest.fixture
def cohort() -> Cohort:
    made: Cohort = CohortFactory(confirmed=True, members=4)
    return made


def numbers(cohort: Cohort) -> list[str]:
    return list(cohort.memberships.order_by("pk").values_list("user__work_number", flat=True))


def take(
    cohort: Cohort, *rows: tuple[str, ...], head: tuple[str, ...] = ("工号", "房间", "床位", "用餐", "过敏")
) -> int:
    data = write_xlsx([SheetSpec("名单", list(head), [list(row) for row in rows])])
    return services.import_lodging(actor=teacher_of(cohort), cohort=cohort, name="分房.xlsx", data=data)


def test_a_list_of_rooms_is_taken_whole(cohort: Cohort) -> None:
    a, b, c, _d = numbers(cohort)
    assert (
        take(cohort, (a, "301", "1", "清真", ""), (b.lower(), "301", "2", "", "花生"), (c, "302", "", "素食", "")) == 3
    )
    rows = cohort.lodgings.order_by("membership_id").values_list("room", "bed", "meal", "allergy")
    assert list(rows) == [("301", "1", "halal", ""), ("301", "2", "usual", "花生"), ("302", "", "vegetarian", "")]
    assert take(cohort, (a, "301", "2", "", ""), (b, "301", "1", "", "")) == 2, "two who change beds"
    assert cohort.lodgings.count() == 3


def test_one_wrong_row_and_nothing_is_written(cohort: Cohort) -> None:
    a, b, c, d = numbers(cohort)
    services.lodge(actor=office(), membership=cohort.memberships.order_by("pk")[3], room="309", bed="1")
    rows = [(a, "301", "1", "", ""), ("ZZ1", "301", "2", "", ""), (a, "302", "1", "", ""), (b, "301", "1", "", ""),
            (c, "", "2", "", ""), (b, "x" * 21, "", "", "")]  # fmt: skip
    with pytest.raises(ListRefused) as told:
        take(cohort, *rows)
    words = ["没有工号“ZZ1”", "是同一个人", "是同一个床位", "填了床位就要填房间", "是同一个人|太长"]
    assert len(told.value.problems) == len(words)
    with pytest.raises(ListRefused) as told:
        take(cohort, (a, "309", "1", "", ""), (b, "301", "", "狗粮", ""))
    assert [p.reason.split("，")[0][:5] for p in told.value.problems] == ["这个床位已", "用餐只能填"]
    assert list(cohort.lodgings.values_list("room", flat=True)) == ["309"]
    with pytest.raises(DomainError, match="没有“工号”一列"):
        take(cohort, ("301", "1"), head=("房间", "床位"))
    assert d


def test_a_bed_is_for_one(cohort: Cohort) -> None:
    one, other = cohort.memberships.select_related("user", "cohort").order_by("pk")[:2]
    services.lodge(actor=office(), membership=one, room="301", bed="1")
    with pytest.raises(DomainError, match=f"301房1床已安排给{one.user.name}"):
        services.lodge(actor=office(), membership=other, room="301", bed="1")
    services.lodge(actor=office(), membership=other, room="301", bed="2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lodging.objects.filter(membership=other).update(bed="1")


def test_needs_are_erased_after_archiving_and_never_stood_in_the_log() -> None:
    done = closed(members=2)
    Lodging.objects.create(cohort=done, membership=done.memberships.order_by("pk")[0], room="301", allergy="花生过敏")
    with pytest.raises(DomainError, match="目前是“已结班”"):
        services.erase_lodging(actor=office(), cohort=done)
    services.advance(actor=office(), cohort=done, to="archived")
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        services.erase_lodging(actor=teacher_of(done), cohort=done)
    assert services.erase_lodging(actor=office(), cohort=done) == 1
    assert not Lodging.objects.exists()
    running = CohortFactory(running=True, members=1)
    services.lodge(actor=office(), membership=running.memberships.get(), room="301", allergy="花生过敏")
    assert not [entry for entry in ModelLogEntry.objects.all() if "花生" in str(entry.data) or "301" in str(entry.data)]


# The states.

ACTS = (*CohortState.values, "close", "undo", "teacher", "members", "timetable", "attend", "papers", "later")


class Walk:
    """A class and what somebody tries with it."""

    def __init__(self) -> None:
        self.actor = office()
        self.cohort = services.create_cohort(
            actor=self.actor, code="LH-W", title="状态", host=host(), starts_on=MONDAY, ends_on=MONDAY,
        )  # fmt: skip

    def tries(self, act: str) -> None:
        if act in CohortState.values:
            services.advance(actor=self.actor, cohort=self.cohort, to=act)
        else:
            getattr(self, act)()

    def close(self) -> None:
        services.close(actor=self.actor, cohort=self.cohort)

    def undo(self) -> None:
        services.undo_close(actor=self.actor, cohort=self.cohort, reason="补材料")

    def teacher(self) -> None:
        services.appoint(actor=self.actor, cohort=self.cohort, user=TEACHER[0], duty="teacher")

    def members(self) -> None:
        services.add_members(actor=self.actor, cohort=self.cohort, users=people(1))
        if self.cohort.state in ("confirmed", "running"):
            services.register_members(actor=self.actor, cohort=self.cohort, members=self.cohort.memberships.all())

    def timetable(self) -> None:
        services.add_session(
            actor=self.actor, cohort=self.cohort, title="课", day=MONDAY, starts_at=time(9), ends_at=time(12)
        )

    def attend(self) -> None:
        if self.cohort.staff.exists():
            attend(self.cohort)

    def papers(self) -> None:
        if self.cohort.staff.exists():
            papers(self.cohort)

    def later(self) -> None:
        """Nothing, as most of the time."""


TEACHER: list[Any] = []
MOVES = ("cohorts.advance", "cohorts.close", "cohorts.undo_close")


def moves(cohort: Cohort) -> int:
    return ModelLogEntry.objects.filter(object_id=str(cohort.pk), action__in=MOVES).count()


def blocked(cohort: Cohort, act: str) -> list[str]:
    """What stands in the way of the step before it is tried, by the lists that the screens show."""
    if act in CohortState.values:
        return services.check_advance(cohort, act)
    if act == "close":
        return [item.sentence for item in services.checklist(cohort) if not item.ok]
    return []


def walk(wishes: list[str]) -> list[tuple[str, str]]:
    """The steps that were taken, each checked against the table, the lists and the history."""
    made, taken = Walk(), []
    for wish in wishes:
        cohort = made.cohort = Cohort.objects.get(pk=made.cohort.pk)
        before, logged, against = cohort.state, moves(cohort), blocked(cohort, wish)
        try:
            with transaction.atomic():
                made.tries(wish)
        except (DomainError, IntegrityError):
            pass
        after = Cohort.objects.get(pk=cohort.pk).state
        if after == before:
            assert moves(cohort) == logged, f"{wish}: a step in the history that nobody took"
            continue
        assert states.may_follow(before, after), f"{before} to {after} by {wish}"
        assert moves(cohort) == logged + 1 and not against, f"{wish} although {against}"
        taken.append((before, after))
    return taken


SETTINGS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
READY = ["teacher", "nominating", "members", "confirmed", "members", "timetable", "running", "attend", "papers"]


@SETTINGS
@given(st.lists(st.sampled_from(ACTS), max_size=10), st.integers(0, len(READY)))
def test_whatever_is_tried_only_checked_steps_of_the_table_are_taken(wishes: list[str], ahead: int) -> None:
    with clock.freeze(AFTER), transaction.atomic():
        first_rule()
        TEACHER[:] = [UserFactory(role=Role.CLASS_TEACHER)]
        walk([*READY[:ahead], *wishes])
        transaction.set_rollback(True)


def test_the_whole_way_and_back_once() -> None:
    with clock.freeze(AFTER):
        first_rule()
        TEACHER[:] = [UserFactory(role=Role.CLASS_TEACHER)]
        taken = walk([*READY, "cancelled", "close", "undo", "close", "archived", "undo", "cancelled"])
    assert [after for _before, after in taken] == [
        "nominating", "confirmed", "running", "closed", "running", "closed", "archived",
    ]  # fmt: skip


def test_control_the_walk_sees_a_step_without_its_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cohorts.services.forming.check_advance", lambda cohort, to: [])
    first_rule()
    with pytest.raises(AssertionError, match="还没有指定班主任"):
        walk(["nominating"])
