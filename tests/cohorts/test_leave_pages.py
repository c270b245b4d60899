"""The pages of leave and discipline: what they say, to whom they open, and that lists stay constant in queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import Approver, Cohort, DisciplineRecord, LeaveLadder, LeaveRequest, Membership
from core import clock
from core.uploads import checked_upload
from people.models import PersonalFileRead, User
from tests.factories.cohorts import MONDAY, CohortFactory, closed
from tests.factories.leave import TUESDAY, ask, photo, seat, seats

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
SPAN = {"from_day": "2026-09-15", "from_half": "am", "to_day": "2026-09-15", "to_half": "am"}
WISH = {"category": "private", "reason": "家中有事", **SPAN}


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    return CohortFactory(running=True, members=[personas["trainee"]], teacher=personas["class_teacher"])


@pytest.fixture
def member(cohort: Cohort) -> Membership:
    return cohort.memberships.select_related("user", "cohort__host").get()


def url(name: str, *args: Any) -> str:
    return reverse(f"cohorts:{name}", args=args)


def text(response: Any) -> str:
    return response.content.decode()


def test_the_cost_is_shown_before_anything_is_handed_in(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    trainee = signed_in(personas["trainee"])
    page = text(trainee.get(url("my-leave", cohort.public_id)))
    assert "还可请假 5.71 学时" in page and "还没有请假申请" in page
    shown = text(trainee.post(url("my-leave", cohort.public_id), WISH))
    assert "本次请假 1 个半天，4 学时。" in shown and "已请假 0 学时，批准后累计 4 学时。" in shown
    assert "此后还可请假 1.71 学时。" in shown and "班主任（李静），1 个工作日内" in shown
    assert "我知道将超过七分之一" not in shown and not LeaveRequest.objects.exists()
    made = trainee.post(url("leave-submit", cohort.public_id), WISH)
    request = LeaveRequest.objects.get()
    assert made.url == url("leave-request", cohort.public_id, request.public_id)
    done = text(trainee.get(made.url))
    assert "待班主任审批" in done and "撤回申请" in done and "9月15日上午" in done
    assert "待班主任审批" in text(trainee.get(url("my-leave", cohort.public_id)))


def test_beyond_one_seventh_there_is_a_warning_with_the_sum_and_a_tick(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    seats(cohort)
    trainee, wish = signed_in(personas["trainee"]), {**WISH, "to_half": "pm"}
    shown = text(trainee.post(url("my-leave", cohort.public_id), wish))
    assert "累计请假 8 学时 ÷ 总学时 40 学时，超过七分之一（5.71 学时）" in shown and "我知道将超过七分之一" in shown
    silent = trainee.post(url("leave-submit", cohort.public_id), wish)
    assert silent.status_code == 422 and "请先勾选" in text(silent) and not LeaveRequest.objects.exists()
    ticked = trainee.post(url("leave-submit", cohort.public_id), {**wish, "knows_limit": "on"})
    assert ticked.status_code == 302 and LeaveRequest.objects.get().knows_limit


def test_bad_wishes_are_answered_with_a_sentence_and_keep_what_was_written(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    trainee, address = signed_in(personas["trainee"]), url("my-leave", cohort.public_id)
    for changes, words in (
        ({"to_day": "2026-09-14"}, "结束时间不能早于开始时间"),
        ({"to_day": "2026-10-01"}, "日期须在本班起止日期之内"),
        ({"reason": ""}, "has-error"),
    ):
        answer = trainee.post(address, {**WISH, **changes})
        assert answer.status_code == 422 and words in text(answer), words
        assert trainee.post(url("leave-submit", cohort.public_id), {**WISH, **changes}).status_code == 422
    assert "家中有事" in text(trainee.post(address, {**WISH, "to_day": "2026-09-14"}))


def test_a_bad_proof_is_refused_and_nothing_is_half_saved(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    trainee = signed_in(personas["trainee"])
    for file in (SimpleUploadedFile("x.pdf", b"<html>"), SimpleUploadedFile("机密.png", b"x")):
        answer = trainee.post(url("leave-submit", cohort.public_id), {**WISH, "proof": file})
        assert answer.status_code == 422 and not LeaveRequest.objects.exists()
    assert trainee.post(url("leave-submit", cohort.public_id), {**WISH, "proof": photo()}).status_code == 302
    assert LeaveRequest.objects.get().proof


def test_the_teacher_reads_the_facts_and_approves(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any
) -> None:
    request, teacher = ask(member), signed_in(personas["class_teacher"])
    assert "有 1 份请假申请待您审批" in text(teacher.get(url("teach")))
    waiting = text(teacher.get(url("leave-waiting")))
    assert "王敏 · 9月15日上午" in waiting and "待班主任审批" in waiting
    address = url("leave-approval", request.public_id)
    page = text(teacher.get(address))
    assert "已请假 0 学时，本次 4 学时。" in page and "未超过七分之一（5.71 学时）" in page and "没有附证明材料" in page
    assert teacher.post(address, {"step": "0", "outcome": "refuse", "comment": ""}).status_code == 422
    assert teacher.post(address, {"step": "0", "outcome": "approve", "comment": "注意安全"}).status_code == 302
    mine = text(signed_in(personas["trainee"]).get(url("leave-request", cohort.public_id, request.public_id)))
    assert "已批准" in mine and "李静：注意安全" in mine and "没有报告返校的，请假计至原定的9月15日上午。" in mine
    again = teacher.post(address, {"step": "0", "outcome": "approve"})
    assert again.status_code == 422 and "已由李静于9月14日 10:00 办理：同意" in text(again)
    assert "累计请假 4 学时" in text(signed_in(personas["trainee"]).get(url("class", cohort.public_id)))


def test_who_runs_the_class_reads_but_does_not_decide_and_strangers_find_nothing(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any
) -> None:
    request = ask(member)
    address = url("leave-approval", request.public_id)
    office = signed_in(personas["training_office"])
    assert "审批意见" not in text(office.get(address))
    refused = office.post(address, {"step": "0", "outcome": "approve"})
    assert refused.status_code == 403 and "不由您审批" in text(refused)
    for stranger in ("other_teacher", "trainee", "other_trainee", "leader", "unit_admin"):
        assert signed_in(personas[stranger]).get(address).status_code == 404
        answer = signed_in(personas[stranger]).post(address, {"step": "0", "outcome": "approve"})
        assert answer.status_code == 404
    assert LeaveRequest.objects.get().state == "submitted"


def test_an_overdue_step_is_named_everywhere(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any, at: Any
) -> None:
    ask(member)
    with at(2026, 9, 15, 23):
        assert "已经过了办理期限" not in text(
            signed_in(personas["class_teacher"]).get(url("leave-requests", cohort.public_id))
        )
    with at(2026, 9, 16, 8):
        teacher = signed_in(personas["class_teacher"])
        assert "1 份申请已经过了办理期限" in text(teacher.get(url("leave-requests", cohort.public_id)))
        assert "其中 1 份已经逾期" in text(teacher.get(url("leave-waiting")))
        assert "班主任逾期未批" in text(teacher.get(url("leave-waiting")))


def sick(member: Membership, **changes: Any) -> LeaveRequest:
    proof = checked_upload(photo(), kinds={"image", "pdf"}, max_bytes=1_000_000)
    return ask(member, category="sick", proof=proof, **changes)


def assert_served(answer: Any) -> None:
    assert answer.status_code == 200 and b"".join(answer.streaming_content)


def test_proof_is_for_the_approvers_and_the_member_and_each_read_is_noted(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any
) -> None:
    people = seats(cohort)
    request = sick(member, to_half="pm")
    address = url("leave-approval-proof", request.public_id)
    own = url("leave-proof", cohort.public_id, request.public_id)
    answer = signed_in(personas["trainee"]).get(own)
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG") and answer["Content-Type"] == "image/png"
    assert not PersonalFileRead.objects.exists(), "one's own"
    assert signed_in(personas["training_office"]).get(address).status_code == 403
    assert "仅供学员本人和审批人查看" in text(
        signed_in(personas["training_office"]).get(url("leave-approval", request.public_id))
    )
    assert signed_in(people["academic"]).get(address).status_code == 404, "it has not come to this step"
    assert signed_in(personas["other_teacher"]).get(address).status_code == 404
    assert_served(signed_in(personas["class_teacher"]).get(address))
    read = PersonalFileRead.objects.get()
    assert (read.reader, read.subject, read.part) == (personas["class_teacher"], personas["trainee"], "请假证明材料")
    services.decide_request(actor=personas["class_teacher"], request=request, step=0, outcome="approve")
    assert_served(signed_in(people["academic"]).get(address))
    assert signed_in(personas["other_trainee"]).get(own).status_code == 404


def test_a_deleted_proof_is_gone_and_the_page_says_since_when(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any, at: Any
) -> None:
    request = sick(member)
    Cohort.objects.filter(pk=cohort.pk).update(state="closed", closed_at=clock.now())
    with at(2026, 12, 1, 3):
        services.delete_expired_proofs()
        trainee = signed_in(personas["trainee"])
        page = text(trainee.get(url("leave-request", cohort.public_id, request.public_id)))
        assert "证明材料已按规定于2026年12月1日删除。" in page
        assert trainee.get(url("leave-proof", cohort.public_id, request.public_id)).status_code == 404


def test_back_early_is_reported_by_the_member_and_confirmed_by_the_teacher(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any, at: Any
) -> None:
    people = seats(cohort)
    request = ask(member, to_half="pm")
    for step, actor in enumerate((personas["class_teacher"], people["academic"])):
        request = services.decide_request(actor=actor, request=request, step=step, outcome="approve")
    with at(2026, 9, 15, 14):
        trainee, teacher = signed_in(personas["trainee"]), signed_in(personas["class_teacher"])
        assert "我已返校" in text(trainee.get(url("leave-request", cohort.public_id, request.public_id)))
        report = url("leave-report-back", cohort.public_id, request.public_id)
        bad = trainee.post(report, {"back_day": "2026-09-17", "back_half": "am"})
        assert bad.status_code == 422 and "不能晚于现在" in text(bad)
        assert trainee.post(report, {"back_day": "2026-09-15", "back_half": "pm"}).status_code == 302
        assert "待确认的返校" in text(teacher.get(url("leave-waiting")))
        confirm = url("leave-back", request.public_id)
        assert signed_in(people["academic"]).get(confirm).status_code == 403
        assert signed_in(personas["other_teacher"]).get(confirm).status_code == 404
        assert teacher.post(confirm, {"back_day": "2026-09-15", "back_half": "pm"}).status_code == 302
    member.refresh_from_db()
    assert member.leave_hours == 4


def test_the_office_draws_up_the_ladder_and_gives_seats(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    office = signed_in(personas["training_office"])
    listing = text(office.get(url("leave-settings")))
    assert "云山市" in listing and "采用通用规则" in listing and "还没有审批人：教务处、分管校长、组织部" in listing
    address = url("leave-ladder", cohort.host.code)
    data = {"version": "0", "allows_late": "on", "keep_proof_days": "10"}
    for key, over in (("teacher", "0"), ("academic", "0.5"), ("vice_head", ""), ("organisation", "2")):
        data |= {f"title_{key}": key, f"over_{key}": over, f"days_{key}": "1"}
    assert office.post(address, {**data, "over_organisation": "2.3"}).status_code == 422
    assert "半天的假无人批准" in text(office.post(address, {**data, "over_teacher": "1"}))
    assert office.post(address, data).status_code == 302
    steps = dict(LeaveLadder.objects.get().steps.values_list("key", "over_half_days"))
    assert steps == {"teacher": 0, "academic": 1, "organisation": 4}
    assert "刚刚被他人修改" in text(office.post(address, data)), "the version the page showed is gone"
    give = {"step": "academic", "work_number": "L0001", "title": "教务处处长"}
    assert office.post(url("seat-add", cohort.host.code), {**give, "work_number": "XX"}).status_code == 422
    assert office.post(url("seat-add", cohort.host.code), give).status_code == 302
    assert "已经是这一环节的审批人" in text(office.post(url("seat-add", cohort.host.code), give))
    row = Approver.objects.get()
    stand_in = {"work_number": "L0002", "delegate_from": "2026-09-14", "delegate_to": "2026-09-20"}
    assert office.post(url("seat-delegate", row.pk), stand_in).url == address
    page = text(office.get(address))
    assert "曾伟" in page and "由区明代办" in page and "本单位规则，第 1 版" in page
    assert signed_in(personas["leader"]).get(url("seat-delegate", row.pk)).status_code == 200, "their own seat"
    assert signed_in(personas["other_leader"]).get(url("seat-delegate", row.pk)).status_code == 404
    assert signed_in(personas["class_teacher"]).get(address).status_code == 403
    assert office.post(url("seat-remove", row.pk)).status_code == 302 and not Approver.objects.exists()


def absent(cohort: Cohort, member: Membership, teacher: User) -> DisciplineRecord:
    services.record_attendance(actor=teacher, cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "absent"})
    return DisciplineRecord.objects.get(membership=member)


def test_discipline_from_draft_to_its_end_through_the_pages(
    cohort: Cohort, member: Membership, personas: dict[str, User], signed_in: Any
) -> None:
    record = absent(cohort, member, personas["class_teacher"])
    teacher, trainee = signed_in(personas["class_teacher"]), signed_in(personas["trainee"])
    listing = url("discipline", cohort.public_id)
    assert "9月14日 周一 上午旷课" in text(teacher.get(listing)) and "待核实" in text(teacher.get(listing))
    assert "尚未核实" in text(trainee.get(url("my-discipline", cohort.public_id)))
    assert "纪律事项" in text(trainee.get(url("class", cohort.public_id)))
    confirm = url("discipline-confirm", cohort.public_id, record.public_id)
    form = text(teacher.get(confirm))
    assert 'value="talk"' in form and 'value="2026-09-17"' in form, "the first level, three working days to reply"
    data = {"level": "criticism", "reason": "无故缺课", "document_no": "1号", "reply_until": "2026-09-17"}
    assert "须由主办单位培训处办理" in text(teacher.post(confirm, data))
    assert teacher.post(confirm, {**data, "level": "talk"}).status_code == 302
    mine = text(trainee.get(url("my-discipline", cohort.public_id)))
    assert "约谈提醒" in mine and "无故缺课" in mine and "您可以在2026年9月17日（含）以前陈述申辩。" in mine
    reply = url("discipline-reply", cohort.public_id, record.public_id)
    assert trainee.post(reply, {"text": ""}).status_code == 422
    assert trainee.post(reply, {"text": "当天送医"}).status_code == 302
    assert signed_in(personas["other_trainee"]).post(reply, {"text": "x"}).status_code == 404
    assert "已提交陈述申辩：当天送医" in text(teacher.get(listing))
    close = url("discipline-close", cohort.public_id, record.public_id)
    assert "学员的陈述申辩：当天送医" in text(teacher.get(close))
    assert teacher.post(close, {"note": "已约谈"}).status_code == 302
    assert "没有未办结的纪律事项" in text(teacher.get(listing))
    assert "约谈提醒" in text(teacher.get(url("member", cohort.public_id, member.public_id)))


def test_after_closing_leave_is_to_read_only(personas: dict[str, User], signed_in: Any) -> None:
    cohort = closed(members=[personas["trainee"]], teacher=personas["class_teacher"])
    page = text(signed_in(personas["trainee"]).get(url("my-leave", cohort.public_id)))
    assert "不能申请请假" in page and "下一步" not in page
    answer = signed_in(personas["trainee"]).post(url("my-leave", cohort.public_id), WISH)
    assert answer.status_code == 422 and "不能申请请假" in text(answer)


def fill(members: int, personas: dict[str, User]) -> Cohort:
    cohort = CohortFactory(running=True, members=members, teacher=personas["class_teacher"])
    for member in cohort.memberships.select_related("user", "cohort__host"):
        ask(member, from_day=TUESDAY)
    keys = dict.fromkeys(cohort.memberships.values_list("pk", flat=True), "absent")
    services.record_attendance(actor=personas["class_teacher"], cohort=cohort, day=MONDAY, half="am", statuses=keys)
    return cohort


@pytest.mark.parametrize("name", ["leave-waiting", "leave-requests", "discipline", "leave-settings", "teach"])
def test_lists_take_as_many_queries_for_many_as_for_few(name: str, personas: dict[str, User], signed_in: Any) -> None:
    counts = []
    for members in (3, 30):
        cohort = fill(members, personas)
        who = personas["training_office"] if name == "leave-settings" else personas["class_teacher"]
        address = url(name, cohort.public_id) if name in ("leave-requests", "discipline") else url(name)
        browser = signed_in(who)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
        cohort.staff.all().delete()  # one class at a time
    assert counts[0] == counts[1] <= 40, counts


def test_a_seat_holder_finds_the_own_seat(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    row = seat(cohort.host, "vice_head", personas["leader"])
    page = text(signed_in(personas["leader"]).get(url("leave-waiting")))
    assert row.title in page and "没有代办人" in page and "目前没有待您审批的请假申请。" in page
