"""Discipline: absence drafts, a person decides, the member replies, and what is open blocks graduation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction

from cohorts import services
from cohorts.models import Cohort, DisciplineEvent, DisciplineRecord, Membership
from cohorts.reading import classes as reading
from cohorts.rules.graduation import decide
from core.errors import Conflict, DomainError
from core.models import Notice
from tests.factories.cohorts import AFTER, MONDAY, CohortFactory, attend, office, papers, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
SOON = date(2026, 9, 17)


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=2)


def call(cohort: Cohort, status: str, *members: Membership, **more: Any) -> int:
    keys = {m.pk: status for m in members or cohort.memberships.all()}
    return services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses=keys, **more
    )


def drafted(cohort: Cohort) -> DisciplineRecord:
    member = cohort.memberships.select_related("user", "cohort").first()
    call(cohort, "absent", member)
    return member.discipline.get()


def confirm(record: DisciplineRecord, actor: Any = None, **changes: Any) -> DisciplineRecord:
    values = {"level": "talk", "reason": "未请假缺课", "document_no": "", "reply_until": SOON}
    return services.confirm_discipline(
        actor=actor or teacher_of(record.membership.cohort), record=record, **{**values, **changes}
    )


def condition(member: Membership) -> Any:
    found = decide(reading.standings(member.cohort, [member])[member.pk])
    return next(c for c in found if c.key == "discipline")


def test_absence_drafts_one_record_per_member_and_half_day(cohort: Cohort) -> None:
    call(cohort, "absent")
    call(cohort, "absent")
    assert DisciplineRecord.objects.count() == 2
    assert set(DisciplineEvent.objects.values_list("what", flat=True)) == {"drafted"}
    call(cohort, "late")
    assert set(DisciplineRecord.objects.values_list("state", "end_reason")) == {("dropped", "考勤已更正，不再是旷课")}
    call(cohort, "absent")
    assert DisciplineRecord.objects.filter(state="draft").count() == 2, "absent after all: a draft anew"


def test_presence_and_leave_draft_nothing(cohort: Cohort) -> None:
    for status in ("present", "late", "left_early", "on_leave"):
        call(cohort, status)
    assert not DisciplineRecord.objects.exists()


def test_the_database_keeps_one_record_per_absence(cohort: Cohort) -> None:
    record = drafted(cohort)
    with pytest.raises(DatabaseError), transaction.atomic():
        DisciplineRecord.objects.create(membership=record.membership, day=MONDAY, half="am")


def test_absence_blocks_while_it_is_open_and_no_longer(cohort: Cohort) -> None:
    record = drafted(cohort)
    member = record.membership
    assert not condition(member).met and condition(member).detail == "1 件纪律事项未办结：9月14日上午旷课（待核实）"
    confirm(record)
    assert "9月14日上午旷课（约谈提醒）" in condition(member).detail
    services.reply_to_discipline(actor=member.user, record=record, text="堵车")
    services.close_discipline(actor=teacher_of(cohort), record=record, note="已约谈")
    assert condition(member).met and condition(member).detail == "没有未办结的纪律事项"


def corrected(cohort: Cohort, **changes: Any) -> DisciplineRecord:
    """A decision, and then the absence under it turns out to be none."""
    record = confirm(drafted(cohort), **changes)
    call(cohort, "present", record.membership)
    record.refresh_from_db()
    return record


def test_a_correction_puts_the_decision_before_a_person_again(cohort: Cohort) -> None:
    record = corrected(cohort)
    member = record.membership
    assert (record.state, record.level) == ("confirmed", "talk"), "nothing is undone by itself"
    assert "9月14日上午旷课（依据已更正，请复核）" in condition(member).detail
    assert Notice.objects.get(title__contains="依据已更正").recipient_id == teacher_of(cohort).pk
    with pytest.raises(DomainError, match="请先复核"):
        services.close_discipline(actor=teacher_of(cohort), record=record, note="已约谈")
    with pytest.raises(DomainError, match="理由"):
        services.review_discipline(actor=teacher_of(cohort), record=record, uphold=False, reason=" ")
    services.review_discipline(actor=teacher_of(cohort), record=record, uphold=False, reason="误记")
    record.refresh_from_db()
    assert (record.state, record.review_reason) == ("withdrawn", "误记") and condition(member).met
    assert not DisciplineRecord.objects.standing().exists(), "a withdrawn one counts no longer for the next level"
    with pytest.raises(Conflict, match="没有待复核"):
        services.review_discipline(actor=teacher_of(cohort), record=record, uphold=True, reason="再议")
    call(cohort, "absent", member)
    assert member.discipline.filter(state="draft").count() == 1, "absent after all: a draft anew"


def test_upheld_the_decision_goes_on_and_restored_there_is_nothing_to_review(cohort: Cohort) -> None:
    record = corrected(cohort)
    services.review_discipline(actor=teacher_of(cohort), record=record, uphold=True, reason="迟到超过一节课")
    record.refresh_from_db()
    assert (record.state, record.corrected_at) == ("confirmed", None)
    other = DisciplineRecord.objects.exclude(pk=record.pk)
    assert not other.exists()
    call(cohort, "absent", record.membership)
    call(cohort, "late", record.membership)
    record.refresh_from_db()
    assert record.corrected_at, "corrected again, reviewed again"
    call(cohort, "absent", record.membership)
    record.refresh_from_db()
    assert record.corrected_at is None
    assert list(record.events.values_list("what", flat=True))[-2:] == ["corrected", "restored"]


def test_a_settled_matter_is_reviewed_too_and_grave_ones_by_the_office(cohort: Cohort) -> None:
    record = confirm(drafted(cohort), office(), level="criticism", document_no="1号")
    services.reply_to_discipline(actor=record.membership.user, record=record, text="当时在公务")
    services.close_discipline(actor=office(), record=record, note="已通报")
    call(cohort, "on_leave", record.membership)
    record.refresh_from_db()
    assert record.corrected_at and not condition(record.membership).met
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        services.review_discipline(actor=teacher_of(cohort), record=record, uphold=False, reason="补假")
    services.review_discipline(actor=office(), record=record, uphold=False, reason="补假")
    record.refresh_from_db()
    assert record.end_reason == "已通报" and record.review_reason == "补假"


def test_a_dropped_draft_does_not_block_and_the_absence_stays(cohort: Cohort) -> None:
    record = drafted(cohort)
    with pytest.raises(DomainError, match="不予处理的理由"):
        services.drop_discipline(actor=teacher_of(cohort), record=record, reason=" ")
    services.drop_discipline(actor=teacher_of(cohort), record=record, reason="临时救护同事")
    assert condition(record.membership).met
    assert record.membership.attendance.get().status == "absent"
    with pytest.raises(Conflict, match="目前是“不予处理”"):
        confirm(record)


def test_a_class_with_open_discipline_does_not_close(at: Any) -> None:
    cohort = CohortFactory(running=True, members=2)
    record = drafted(cohort)
    everybody = cohort.memberships.exclude(pk=record.membership_id)
    services.record_attendance(
        actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses={m.pk: "present" for m in everybody}
    )
    attend(cohort, only=[p for p in reading.timetable_of(cohort) if (p.day, p.half) != (MONDAY, "am")])
    papers(cohort)
    with at(2026, 9, 18, 18):
        with pytest.raises(DomainError, match=r"纪律事项未办结——.*：9月14日上午旷课（待核实）"):
            services.close(actor=teacher_of(cohort), cohort=cohort)
        services.drop_discipline(actor=teacher_of(cohort), record=record, reason="经核实有正当理由")
        services.close(actor=teacher_of(cohort), cohort=cohort)
    assert AFTER and cohort.memberships.filter(state="graduated").count() == 2, "absence alone blocks nobody"


def test_grave_levels_are_the_offices_and_need_a_document(cohort: Cohort) -> None:
    record = drafted(cohort)
    for level in ("criticism", "dismissal"):
        with pytest.raises(DomainError, match="须由主办单位培训处办理"):
            confirm(record, level=level, document_no="1号")
        with pytest.raises(DomainError, match="须填写文号"):
            confirm(record, office(), level=level)
    with pytest.raises(DomainError, match="填写理由"):
        confirm(record, reason="  ")
    with pytest.raises(DomainError, match="处理方式"):
        confirm(record, level="talk2", actor=office(), document_no="1号")
    for until in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=31)):
        with pytest.raises(DomainError, match="陈述申辩期限"):
            confirm(record, reply_until=until)
    with pytest.raises(DomainError, match="班主任、组织员"):
        confirm(record, record.membership.user)


def test_ordered_withdrawal_ends_the_membership(cohort: Cohort) -> None:
    record = drafted(cohort)
    confirm(record, office(), level="dismissal", document_no="领院〔2026〕3号")
    member = cohort.memberships.get(pk=record.membership_id)
    assert (member.state, member.ended_on, member.reason) == ("withdrawn", MONDAY, "责令退学（领院〔2026〕3号）")
    item = next(i for i in services.checklist(cohort) if i.key == "discipline")
    assert item.ok, "who has left stops nobody's closing"


def test_the_member_replies_once_and_in_time(cohort: Cohort, at: Any) -> None:
    record = confirm(drafted(cohort))
    member = record.membership
    with pytest.raises(DomainError, match="学员本人"):
        services.reply_to_discipline(actor=teacher_of(cohort), record=record, text="x")
    with pytest.raises(DomainError, match="填写陈述申辩"):
        services.reply_to_discipline(actor=member.user, record=record, text=" ")
    with at(2026, 9, 18, 9), pytest.raises(DomainError, match="期限（2026年9月17日）已过"):
        services.reply_to_discipline(actor=member.user, record=record, text="迟到的说明")
    with at(2026, 9, 17, 23):
        services.reply_to_discipline(actor=member.user, record=record, text="当时在医院")
    with pytest.raises(Conflict, match="已经提交过"):
        services.reply_to_discipline(actor=member.user, record=record, text="再说一次")
    record.refresh_from_db()
    assert record.reply == "当时在医院"


def test_it_is_not_closed_before_the_member_could_reply(cohort: Cohort, at: Any) -> None:
    record = confirm(drafted(cohort))
    with pytest.raises(DomainError, match="不能办结"):
        services.close_discipline(actor=teacher_of(cohort), record=record, note="约谈")
    with at(2026, 9, 18, 9):
        services.close_discipline(actor=teacher_of(cohort), record=record, note="约谈")
    whats = list(record.events.values_list("what", flat=True))
    assert whats == ["drafted", "confirmed", "closed"]


def test_events_never_change(cohort: Cohort) -> None:
    drafted(cohort)
    with pytest.raises(DatabaseError), transaction.atomic():
        DisciplineEvent.objects.update(what="closed")


def test_notices_carry_neither_reason_nor_level(cohort: Cohort) -> None:
    record = confirm(drafted(cohort))
    services.reply_to_discipline(actor=record.membership.user, record=record, text="堵车")
    words = " ".join(n.title + n.text for n in Notice.objects.all())
    assert {n.recipient_id for n in Notice.objects.all()} == {record.membership.user_id, teacher_of(cohort).pk}
    for private in ("未请假缺课", "约谈", "旷课", "堵车", record.membership.user.name):
        assert private not in words


def test_drafting_for_sixty_takes_as_many_queries_as_for_ten(django_assert_num_queries: Any) -> None:
    ContentType.objects.get_for_model(Cohort)  # kept by the process: whichever test logs first would pay for it
    for count in (10, 60):
        cohort = CohortFactory(running=True, members=count)
        keys = dict.fromkeys(cohort.memberships.values_list("pk", flat=True), "absent")
        with django_assert_num_queries(20):
            services.record_attendance(actor=teacher_of(cohort), cohort=cohort, day=MONDAY, half="am", statuses=keys)
        assert DisciplineRecord.objects.filter(membership__cohort=cohort).count() == count
