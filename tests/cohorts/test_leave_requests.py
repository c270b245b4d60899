"""Asking for leave: the way up the ladder, delegates, afterwards, back early, and the proof's end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.db.utils import DatabaseError

from cohorts import services
from cohorts.models import Attendance, Cohort, LeaveRecord, LeaveRequest, LeaveStepDecision, Membership
from cohorts.notifying import administrators_of
from cohorts.reading.approvals import waiting_for
from cohorts.rules.ladder import STANDARD, Ladder, Step
from cohorts.tasks import delete_proofs
from core.errors import Conflict, DomainError
from core.models import CalendarDay, Notice
from core.uploads import checked_upload
from people.models import PersonalFileRead, Role, User
from tests.factories.cohorts import MONDAY, CohortFactory, closed, office, teacher_of
from tests.factories.leave import TUESDAY, WEDNESDAY, ask, photo, seat, seats
from tests.factories.people import UserFactory, grant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=2)


@pytest.fixture
def member(cohort: Cohort) -> Membership:
    return cohort.memberships.select_related("user", "cohort__host").first()


def approve(request: LeaveRequest, actor: User, **changes: Any) -> LeaveRequest:
    values = {"step": request.step, "outcome": "approve"}
    return services.decide_request(actor=actor, request=request, **{**values, **changes})


def test_half_a_day_is_the_class_teachers_alone_and_becomes_leave(cohort: Cohort, member: Membership) -> None:
    request = ask(member)
    assert [step["key"] for step in request.plan] == ["teacher"]
    done = approve(request, teacher_of(cohort))
    member.refresh_from_db()
    assert (done.state, member.leave_hours, member.over_leave_limit) == ("approved", 4, False)
    assert list(Attendance.objects.values_list("day", "half", "status")) == [(TUESDAY, "am", "on_leave")]
    assert LeaveRecord.objects.get().approved_by_name == "李静"


def test_two_days_go_up_three_steps_in_order(cohort: Cohort, member: Membership) -> None:
    people = seats(cohort)
    request = ask(member, to_day=WEDNESDAY, to_half="pm")
    for actor in (teacher_of(cohort), people["academic"], people["vice_head"]):
        assert not LeaveRecord.objects.exists()
        assert waiting_for(actor) == [request]
        request = approve(request, actor)
        assert waiting_for(actor) == []
    assert request.state == "approved" and request.leave.hours == 16
    assert request.leave.approved_by_name == "李静、贺教、尚校"
    assert waiting_for(people["organisation"]) == []


def test_refused_at_the_second_step_no_hours_are_counted(cohort: Cohort, member: Membership) -> None:
    people = seats(cohort)
    request = approve(ask(member, to_half="pm"), teacher_of(cohort))
    with pytest.raises(DomainError, match="不同意请写明理由"):
        approve(request, people["academic"], outcome="refuse")
    done = approve(request, people["academic"], outcome="refuse", comment="当天考试")
    member.refresh_from_db()
    assert (done.state, member.leave_hours) == ("refused", 0)
    assert not LeaveRecord.objects.exists() and not Attendance.objects.exists()


def test_the_steps_order_holds_and_strangers_decide_nothing(cohort: Cohort, member: Membership) -> None:
    people = seats(cohort)
    request = ask(member, to_half="pm")
    for nobody in (people["academic"], office(), UserFactory()):
        with pytest.raises(DomainError, match="不由您审批"):
            approve(request, nobody)
    with pytest.raises(Conflict):
        approve(request, people["academic"], step=1)
    with pytest.raises(DomainError, match="环节有误"):
        approve(request, teacher_of(cohort), step=7)


def test_nobody_decides_on_the_own_leave(cohort: Cohort, member: Membership) -> None:
    seat(cohort.host, "academic", member.user)
    request = approve(ask(member, to_half="pm"), teacher_of(cohort))
    assert waiting_for(member.user) == []
    with pytest.raises(DomainError, match="不能审批自己的请假"):
        approve(request, member.user)


def test_the_later_of_two_reads_what_the_first_did(cohort: Cohort, member: Membership) -> None:
    request = ask(member)
    approve(request, teacher_of(cohort), outcome="refuse", comment="人手不足")
    second = UserFactory(role=Role.CLASS_TEACHER, name="高老师")
    cohort.staff.create(user=second, duty="teacher")
    with pytest.raises(Conflict, match="“班主任”这一环节已由李静于9月14日 10:00 办理：不同意。"):
        approve(request, second)


def test_a_delegate_stands_in_within_the_dates_and_is_named(cohort: Cohort, member: Membership, at: Any) -> None:
    other = UserFactory(name="代理人")
    held = seat(cohort.host, "academic")
    services.delegate_seat(actor=held.user, seat=held, delegate=other, first=TUESDAY, last=TUESDAY)
    request = approve(ask(member, from_day=WEDNESDAY, to_day=WEDNESDAY, to_half="pm"), teacher_of(cohort))
    with pytest.raises(DomainError, match="代办期限已过"):
        approve(request, other)
    with at(2026, 9, 15, 9):
        assert waiting_for(other) == [request] == waiting_for(held.user)
        approve(request, other)
    decision = LeaveStepDecision.objects.latest("pk")
    assert (decision.decided_by, decision.stands_in_for) == (other, held.user)
    with at(2026, 9, 16, 9):
        assert waiting_for(other) == []


def test_a_class_teachers_stand_in_is_named_by_a_seat(cohort: Cohort, member: Membership) -> None:
    other = UserFactory(name="代班主任")
    held = services.seat_approver(
        actor=office(), host=cohort.host, step="teacher", user=teacher_of(cohort), title="班主任"
    )
    services.delegate_seat(actor=office(), seat=held, delegate=other, first=MONDAY, last=MONDAY)
    assert approve(ask(member), other).state == "approved"


def test_delegations_are_checked(cohort: Cohort) -> None:
    held, other = seat(cohort.host, "academic"), UserFactory()
    for first, last in ((None, None), (TUESDAY, MONDAY)):
        with pytest.raises(DomainError, match="起止日期"):
            services.delegate_seat(actor=held.user, seat=held, delegate=other, first=first, last=last)
    with pytest.raises(DomainError, match="不能是审批人自己"):
        services.delegate_seat(actor=held.user, seat=held, delegate=held.user, first=MONDAY, last=MONDAY)
    with pytest.raises(DomainError, match="须由其培训处设置"):
        services.delegate_seat(actor=other, seat=held, delegate=other, first=MONDAY, last=MONDAY)
    ended = services.delegate_seat(actor=office(), seat=held, delegate=None, first=MONDAY, last=MONDAY)
    assert (ended.delegate, ended.delegate_from) == (None, None)


def test_beyond_one_seventh_only_with_the_members_word(cohort: Cohort, member: Membership) -> None:
    seats(cohort)
    with pytest.raises(DomainError, match="我知道将超过七分之一"):
        ask(member, to_half="pm", knows_limit=False)
    assert ask(member, to_half="pm").knows_limit
    small = ask(cohort.memberships.select_related("user", "cohort__host").last())
    assert not small.knows_limit, "nothing to know"


def test_what_cannot_be_asked_for(cohort: Cohort, member: Membership) -> None:
    ask(member)
    with pytest.raises(DomainError, match="正在审批的请假申请（9月15日上午）重叠"):
        ask(member)
    with pytest.raises(DomainError, match="“教务处”还没有指定审批人"):
        ask(member, from_day=WEDNESDAY, to_day=WEDNESDAY, to_half="pm")
    with pytest.raises(DomainError, match="没有排课"):
        ask(member, from_day=date(2026, 9, 19), to_day=date(2026, 9, 20))
    with pytest.raises(DomainError, match="须由学员本人申请"):
        services.submit_request(
            actor=teacher_of(cohort), membership=member, category="sick", from_day=WEDNESDAY, from_half="am",
            to_day=WEDNESDAY, to_half="am", reason="病",
        )  # fmt: skip
    assert LeaveRequest.objects.count() == 1


def test_after_the_lesson_has_begun_it_is_late_or_refused(cohort: Cohort, member: Membership) -> None:
    late = ask(member, from_day=MONDAY, to_day=MONDAY)
    assert late.is_late
    services.withdraw_request(actor=member.user, request=late)
    strict = Ladder(STANDARD.steps, allows_late=False)
    services.save_ladder(actor=office(), host=cohort.host, version=0, ladder=strict)
    with pytest.raises(DomainError, match="已经上课，不能再申请请假"):
        ask(member, from_day=MONDAY, to_day=MONDAY)
    assert not ask(member, from_day=MONDAY, from_half="pm", to_day=MONDAY, to_half="pm").is_late


def test_late_leave_turns_an_absence_into_leave_and_drops_its_draft(cohort: Cohort, member: Membership) -> None:
    services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "absent"}
    )
    assert member.discipline.get().state == "draft"
    approve(ask(member, from_day=MONDAY, to_day=MONDAY), teacher_of(cohort))
    assert Attendance.objects.get(membership=member).status == "on_leave"
    assert member.discipline.get().state == "dropped"


def test_a_member_takes_the_request_back_and_nobody_can_decide_it(cohort: Cohort, member: Membership) -> None:
    request = ask(member)
    services.withdraw_request(actor=member.user, request=request)
    with pytest.raises(Conflict, match="这份申请已撤回"):
        approve(request, teacher_of(cohort))
    other = approve(ask(member), teacher_of(cohort))
    with pytest.raises(Conflict, match="请办理销假"):
        services.withdraw_request(actor=member.user, request=other)
    with pytest.raises(DomainError, match="学员本人"):
        services.withdraw_request(actor=teacher_of(cohort), request=other)


def test_staff_cancel_a_void_request_with_a_reason(cohort: Cohort, member: Membership) -> None:
    request = ask(member)
    with pytest.raises(DomainError, match="请写明取消的原因"):
        services.cancel_request(actor=teacher_of(cohort), request=request, reason=" ")
    services.cancel_request(actor=teacher_of(cohort), request=request, reason="改期上课")
    request.refresh_from_db()
    assert (request.state, request.end_reason) == ("cancelled", "改期上课")


def test_notices_go_to_the_next_approver_and_to_the_member_without_reason_or_name(
    cohort: Cohort, member: Membership
) -> None:
    people = seats(cohort)
    request = ask(member, to_half="pm", reason="手术")
    approve(request, teacher_of(cohort), comment="同意手术")
    told = [n.recipient_id for n in Notice.objects.order_by("pk")]
    assert told == [teacher_of(cohort).pk, people["academic"].pk, member.user_id]
    words = " ".join(n.title + n.text for n in Notice.objects.all())
    assert "手术" not in words and member.user.name not in words


def test_deadlines_follow_the_calendar_and_each_step_has_its_own(cohort: Cohort, member: Membership, at: Any) -> None:
    seats(cohort)
    CalendarDay.objects.update_or_create(day=date(2026, 9, 20), defaults={"is_working": True, "name": "调休上班"})
    with at(2026, 9, 18, 7):
        request = ask(member, from_day=date(2026, 9, 18), to_day=date(2026, 9, 18), to_half="pm")
        assert request.due_on == date(2026, 9, 20), "the Sunday before the national holiday is worked in exchange"


def test_a_ladder_of_the_host_and_of_the_unit_above(cohort: Cohort, member: Membership) -> None:
    only = Ladder((Step("teacher", "班主任", 0, 2), Step("organisation", "干部处", 1)), keep_proof_days=7)
    row = services.save_ladder(actor=office(), host=cohort.host, version=0, ladder=only)
    held = seat(cohort.host, "organisation")
    request = ask(member, to_half="pm")
    assert [(s["key"], s["title"]) for s in request.plan] == [("teacher", "班主任"), ("organisation", "干部处")]
    assert (request.due_on, request.keep_proof_days) == (WEDNESDAY, 7)
    services.save_ladder(actor=office(), host=cohort.host, version=row.version, ladder=STANDARD)
    request = approve(request, teacher_of(cohort))
    assert approve(request, held.user).state == "approved", "under way it keeps the steps it began with"
    with pytest.raises(Conflict):
        services.save_ladder(actor=office(), host=cohort.host, version=row.version, ladder=only)
    with pytest.raises(DomainError, match="半天的假无人批准"):
        services.save_ladder(actor=office(), host=cohort.host, version=2, ladder=Ladder((Step("academic", "教", 1),)))
    with pytest.raises(DomainError, match="须由其培训处设置"):
        services.save_ladder(actor=teacher_of(cohort), host=cohort.host, version=2, ladder=only)


def test_decisions_never_change(cohort: Cohort, member: Membership) -> None:
    approve(ask(member), teacher_of(cohort))
    with pytest.raises(DatabaseError), transaction.atomic():
        LeaveStepDecision.objects.update(outcome="refuse")


# Coming back.


def on_leave(cohort: Cohort, member: Membership) -> LeaveRequest:
    """Tuesday, the whole day."""
    people = seats(cohort)
    return approve(approve(ask(member, to_half="pm"), teacher_of(cohort)), people["academic"])


def test_back_half_a_day_early_gives_hours_back_once_confirmed(cohort: Cohort, member: Membership, at: Any) -> None:
    request = on_leave(cohort, member)
    with at(2026, 9, 15, 14):
        services.report_back(actor=member.user, request=request, day=TUESDAY, half="pm")
        member.refresh_from_db()
        assert member.leave_hours == 8, "nothing moves before a teacher confirms"
        services.confirm_return(actor=teacher_of(cohort), request=request, day=TUESDAY, half="pm")
    member.refresh_from_db()
    request.refresh_from_db()
    assert (member.leave_hours, member.over_leave_limit) == (4, False)
    assert (request.state, request.leave.to_half) == ("approved", "am")
    with pytest.raises(Conflict, match="可能已由他人确认"):
        services.confirm_return(actor=teacher_of(cohort), request=request, day=TUESDAY, half="pm")


def test_back_before_it_began_takes_the_whole_leave_back(cohort: Cohort, member: Membership, at: Any) -> None:
    request = on_leave(cohort, member)
    with at(2026, 9, 15, 8):
        services.report_back(actor=member.user, request=request, day=TUESDAY, half="am")
        services.confirm_return(actor=teacher_of(cohort), request=request, day=TUESDAY, half="am")
    member.refresh_from_db()
    request.refresh_from_db()
    assert (member.leave_hours, request.state) == (0, "cancelled") and "已销假" in request.end_reason


def test_not_reported_counts_to_the_planned_end(cohort: Cohort, member: Membership, at: Any) -> None:
    request = on_leave(cohort, member)
    with at(2026, 9, 16, 9):
        services.report_back(actor=member.user, request=request, day=WEDNESDAY, half="am")
        services.confirm_return(actor=teacher_of(cohort), request=request, day=WEDNESDAY, half="am")
    member.refresh_from_db()
    assert member.leave_hours == 8


def test_a_return_that_cannot_be(cohort: Cohort, member: Membership) -> None:
    request = on_leave(cohort, member)
    with pytest.raises(DomainError, match="不能晚于现在"):
        services.report_back(actor=member.user, request=request, day=TUESDAY, half="pm")
    with pytest.raises(DomainError, match="不能早于请假开始"):
        services.report_back(actor=member.user, request=request, day=MONDAY, half="am")
    services.cancel_leave(actor=teacher_of(cohort), leave=request.leave, reason="不去了")
    request.refresh_from_db()
    assert request.state == "cancelled"


def test_marked_present_ends_the_request_of_that_half_day(cohort: Cohort, member: Membership) -> None:
    request = approve(ask(member, from_day=MONDAY, to_day=MONDAY), teacher_of(cohort))
    services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "present"}
    )
    request.refresh_from_db()
    assert (request.state, request.end_reason) == ("cancelled", "已销假：点名时已到课")


# Withdrawal by one seventh.


def test_withdrawal_tells_member_and_unit_and_ends_open_requests(personas: dict[str, User]) -> None:
    cohort = CohortFactory(running=True, members=[personas["trainee"]], teacher=personas["class_teacher"])
    member = cohort.memberships.select_related("user", "cohort__host").get()
    services.record_leave(
        actor=personas["class_teacher"], membership=member, category="private", from_day=MONDAY, from_half="am",
        to_day=MONDAY, to_half="pm", reason="私事缘由", approved_by_name="李静",
    )  # fmt: skip
    request = ask(member)
    Notice.objects.all().delete()
    services.decide_on_leave(
        actor=personas["training_office"], membership=member, outcome="withdraw", reason="超限缘由", document_no="1号"
    )
    request.refresh_from_db()
    assert request.state == "cancelled"
    assert {n.recipient_id for n in Notice.objects.all()} == {personas["trainee"].pk, personas["unit_admin"].pk}
    words = " ".join(n.title + n.text for n in Notice.objects.all())
    assert "缘由" not in words and "王敏" not in words


def test_a_unit_whose_authority_does_not_reach_the_person_hears_nothing(personas: dict[str, User]) -> None:
    chief = personas["leader"]
    cohort = CohortFactory(running=True, members=[chief])
    assert administrators_of(cohort.memberships.get()) == set(), "the chief is managed by the city"
    above = UserFactory(unit=chief.managed_by)
    grant(above, Role.UNIT_ADMIN, chief.managed_by)
    assert administrators_of(cohort.memberships.get()) == {above.pk}


def test_a_waiver_tells_nobody(cohort: Cohort, member: Membership) -> None:
    services.record_leave(
        actor=teacher_of(cohort), membership=member, category="private", from_day=MONDAY, from_half="am",
        to_day=MONDAY, to_half="pm", reason="家事", approved_by_name="李静",
    )  # fmt: skip
    services.decide_on_leave(actor=office(), membership=member, outcome="waive", reason="批准", document_no="1号")
    assert not Notice.objects.exists()


# Proof.


def with_proof(member: Membership, **changes: Any) -> LeaveRequest:
    proof = checked_upload(photo(), kinds={"image", "pdf"}, max_bytes=1_000_000)
    return ask(member, category="sick", proof=proof, **changes)


def test_proof_is_deleted_after_its_days_and_the_row_says_when(at: Any) -> None:
    cohort = CohortFactory(running=True, members=1)
    request = with_proof(cohort.memberships.select_related("user", "cohort__host").get())
    name, storage = request.proof.name, request.proof.storage
    Cohort.objects.filter(pk=cohort.pk).update(state="closed", closed_at="2026-09-18T10:00:00Z")
    with at(2026, 10, 18, 3):
        assert services.delete_expired_proofs() == 0 and storage.exists(name)
    with at(2026, 10, 19, 3):
        assert services.delete_expired_proofs() == 1
        assert services.delete_expired_proofs() == 0, "once"
    request.refresh_from_db()
    assert not storage.exists(name) and not request.proof and request.proof_name == ""
    assert f"{request.proof_deleted_at:%Y-%m-%d}" == "2026-10-18"


def test_proof_of_a_running_or_reopened_class_stays(at: Any) -> None:
    cohort = CohortFactory(running=True, members=1)
    with_proof(cohort.memberships.select_related("user", "cohort__host").get())
    with at(2027, 9, 1):
        assert services.delete_expired_proofs() == 0
    Cohort.objects.update(state="cancelled")
    with at(2026, 10, 19):
        assert services.delete_expired_proofs() == 1


def test_proof_is_added_later_once(cohort: Cohort, member: Membership) -> None:
    request = ask(member)
    proof = checked_upload(photo(), kinds={"image"}, max_bytes=1_000_000)
    services.attach_proof(actor=member.user, request=request, proof=proof)
    with pytest.raises(DomainError, match="已有证明材料"):
        services.attach_proof(actor=member.user, request=request, proof=proof)
    assert not PersonalFileRead.objects.exists()


def test_the_night_task_is_on_the_beat() -> None:
    assert delete_proofs.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    delete_proofs()


def test_a_class_with_requests_under_way_is_not_ready_to_close(at: Any) -> None:
    cohort = CohortFactory(running=True, members=1)
    ask(cohort.memberships.select_related("user", "cohort__host").get())
    item = next(i for i in services.checklist(cohort) if i.key == "leave_requests")
    assert not item.ok and "的请假申请还在审批。" in item.sentence
    assert closed(members=1).state == "closed"
