from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from certificates.models import Certificate, Issuance, NumberSequence
from certificates.services import candidates, confirm_issuance, issue_one, reissue, revoke
from cohorts.models import GraduationDecision
from cohorts.services import undo_close
from core import clock, jobs
from core.errors import Conflict, DomainError
from core.models import Notice
from people.services import change_person
from tests.certificates.pdf import pdf_text
from tests.factories.certificates import issue_all, issued_class, template
from tests.factories.cohorts import AFTER, CohortFactory, closed, office, people, teacher_of

pytestmark = pytest.mark.django_db


def order(cohort, members=None, key=None):
    chosen = members if members is not None else [c.membership.pk for c in candidates(cohort) if c.ok]
    return confirm_issuance(
        actor=office(), cohort=cohort, template=template(), members=chosen, client_key=key or uuid.uuid4()
    )


def test_an_open_class_issues_nothing():
    cohort = CohortFactory(running=True, members=2)
    assert candidates(cohort) == []
    with pytest.raises(DomainError, match="尚未结班"):
        order(cohort, members=[1])
    assert not Issuance.objects.exists()


def test_everybody_who_graduated_gets_one_with_continuous_numbers():
    _, issued = issued_class(members=5)
    assert [c.number for c in issued] == [f"领航示范结字〔2026〕第{n:04d}号" for n in range(1, 6)]
    assert len({c.code for c in issued}) == 5
    told = Notice.objects.filter(title="结业证书已经签发").values_list("recipient", flat=True)
    assert set(told) == {c.membership.user_id for c in issued}


def test_numbers_go_on_in_the_next_class_and_begin_anew_with_the_year():
    issued_class(members=2)
    second, _ = closed(members=1), None
    assert issue_all(second)[0].number == "领航示范结字〔2026〕第0003号"
    third = closed(members=1)
    with clock.freeze(datetime(2027, 1, 4, 9, 0, tzinfo=AFTER.tzinfo)):
        run = order(third)
        jobs.run_now(run.job)
    assert run.certificates.get().number == "领航示范结字〔2027〕第0001号"


def test_the_document_says_what_was_frozen():
    cohort, (one,) = issued_class(members=1)
    text = pdf_text(bytes(one.pdf))
    for words in (one.printed["name"], one.number, "结业证书", cohort.full_title, "示范样本"):
        assert words in text
    assert one.printed["hours"] == "40"


def test_whoever_did_not_graduate_is_listed_with_the_reason():
    cohort = closed(members=2)
    one = cohort.memberships.order_by("pk")[0]
    decision = GraduationDecision.objects.get(membership=one)
    found = {c.membership.pk: c for c in candidates(cohort)}
    assert found[one.pk].ok is decision.granted
    issue_all(cohort)
    again = {c.membership.pk: c for c in candidates(cohort)}
    assert not again[one.pk].ok
    assert "已发证书" in again[one.pk].reasons[0]


def test_a_member_of_another_class_cannot_be_slipped_in():
    cohort, other = closed(members=1), closed(members=1)
    with pytest.raises(DomainError, match="至少选择一名本班学员"):
        order(cohort, members=[other.memberships.get().pk])


def test_the_same_order_twice_is_one_order():
    cohort, key = closed(members=2), uuid.uuid4()
    assert order(cohort, key=key) == order(cohort, key=key)
    assert Issuance.objects.count() == 1


def test_a_step_run_twice_issues_once():
    cohort = closed(members=1)
    run = order(cohort)
    with clock.freeze(AFTER):
        first = issue_one(issuance=run, membership_id=run.members[0])
        assert issue_one(issuance=run, membership_id=run.members[0]) == first
    assert NumberSequence.objects.get().last == 1


def test_a_second_run_for_the_same_people_leaves_no_gap_in_the_numbers():
    cohort = closed(members=2)
    first, second = order(cohort), order(cohort)
    with clock.freeze(AFTER):
        jobs.run_now(first.job)
        jobs.run_now(second.job)
    second.job.refresh_from_db()
    assert next(r.reason for r in second.job.refusals.all()).endswith("已有有效证书，未重复签发。")
    assert Certificate.objects.count() == 2
    assert NumberSequence.objects.get().last == 2


def test_a_name_that_cannot_be_drawn_is_refused_before_anything_is_issued():
    cohort = closed(members=people(2))
    member = cohort.memberships.order_by("pk")[0]
    type(member.user).objects.filter(pk=member.user_id).update(name="王\U0002f800\U0010fffd")
    bad = next(c for c in candidates(cohort) if c.membership.pk == member.pk)
    assert "暂不能印制" in bad.reasons[0]
    with pytest.raises(DomainError, match="取消选择"):
        order(cohort, members=[c.membership.pk for c in candidates(cohort)])
    assert not Certificate.objects.exists()


def test_nothing_printed_can_change_and_nothing_is_deleted():
    _, (one,) = issued_class(members=1)
    attempts = [
        lambda: Certificate.objects.update(printed={"name": "另一人"}),
        lambda: Certificate.objects.update(pdf=b"other"),
        lambda: Certificate.objects.update(number="领航示范结字〔2026〕第9999号"),
        lambda: Certificate.objects.all()._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    one.refresh_from_db()
    assert one.printed["name"]


def test_the_control_may_change_the_status():
    issued_class(members=1)
    Certificate.objects.update(
        status="revoked", revoked_at=AFTER, revoked_by=office(), revoke_reason="发放有误，见领航教〔2026〕20号"
    )


def test_a_rename_after_issue_changes_no_document_and_no_verification():
    _, (one,) = issued_class(members=1)
    before, name = bytes(one.pdf), one.printed["name"]
    change_person(actor=office(), user=one.membership.user, name="新姓名")
    one.refresh_from_db()
    assert (bytes(one.pdf), one.printed["name"]) == (before, name)


def test_revoking_needs_a_reason_and_happens_once():
    _, (one,) = issued_class(members=1)
    with pytest.raises(DomainError, match="请写明原因"):
        revoke(actor=office(), certificate=one, reason=" ")
    revoke(actor=office(), certificate=one, reason="发放有误")
    with pytest.raises(Conflict):
        revoke(actor=office(), certificate=one, reason="再来一次")
    one.refresh_from_db()
    assert (one.status, one.revoke_reason) == ("revoked", "发放有误")


def test_a_reissue_carries_the_corrected_name_and_points_at_its_predecessor():
    _, (one,) = issued_class(members=1)
    change_person(actor=office(), user=one.membership.user, name="更正名")
    with clock.freeze(AFTER + timedelta(days=3)):
        new = reissue(actor=office(), certificate=one, reason="姓名更正，见申请")
    one.refresh_from_db()
    assert (one.status, new.status, new.predecessor) == ("reissued", "valid", one)
    assert new.printed["name"] == "更正名"
    assert new.number == "领航示范结字〔2026〕第0002号"


def test_a_class_with_valid_certificates_cannot_be_reopened():
    cohort, (one,) = issued_class(members=1)
    with pytest.raises(DomainError, match="有效证书"):
        undo_close(actor=office(), cohort=cohort, reason="材料有误")
    revoke(actor=office(), certificate=one, reason="取消结班")
    undo_close(actor=office(), cohort=cohort, reason="材料有误")


@pytest.mark.django_db(transaction=True)
def test_two_officers_issuing_at_once_number_without_gap_or_double():
    cohort = closed(members=4, teacher=None)
    teacher_of(cohort)
    runs = [order(cohort), order(cohort)]
    ready = threading.Barrier(2)

    def work(run):
        try:
            ready.wait()
            for pk in run.members:
                try:
                    issue_one(issuance=run, membership_id=pk)
                except DomainError:
                    continue
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(run,)) for run in runs]
    with clock.freeze(AFTER):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    numbers = sorted(Certificate.objects.values_list("number", flat=True))
    assert numbers == [f"领航示范结字〔2026〕第{n:04d}号" for n in range(1, 5)]
    assert NumberSequence.objects.get().last == 4
