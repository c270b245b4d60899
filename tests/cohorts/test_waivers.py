"""One condition waived for one member: by whom, when, how it shows, how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from cohorts import services
from cohorts.models import Cohort, ConditionWaiver, GraduationDecision, Membership
from cohorts.services import waivers as waiver_service
from core import clock
from core.errors import Conflict, DomainError
from core.models import Notice
from people.models import User
from tests.cohorts.test_races import at_once
from tests.factories.cohorts import AFTER, CohortFactory, closed, office, ready_to_close, teacher_of
from tests.factories.courses import EditionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def with_course(**kwargs: Any) -> tuple[Cohort, str]:
    """A running class that asks for a course nobody has learned, and the key of that condition."""
    cohort = CohortFactory(running=True, **{"members": 2, **kwargs})
    leaf = services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=EditionFactory(lessons=1))
    return cohort, f"requirement:{leaf.pk}"


def waive(member: Membership, key: str, **more: Any) -> ConditionWaiver:
    words = {"reason": "因公出差，已补交学习材料", "document_no": "领院〔2026〕12号"}
    return services.waive(**{"actor": office(), "membership": member, "condition": key, **words, **more})


def test_a_waiver_is_data_on_the_decision_without_its_reason() -> None:
    cohort = ready_to_close(members=2)
    leaf = services.require_course(actor=teacher_of(cohort), cohort=cohort, edition=EditionFactory(lessons=1))
    member = cohort.memberships.first()
    with clock.freeze(AFTER):
        waive(member, f"requirement:{leaf.pk}")
        services.close(actor=teacher_of(cohort), cohort=cohort)
    granted = GraduationDecision.objects.get(granted=True)
    assert granted.membership == member and GraduationDecision.objects.filter(granted=False).count() == 1
    last = granted.conditions[-1]
    assert last["met"] and last["waived"]
    assert last["detail"] == "已学完 0 / 1 课时；赵培于2026年9月18日批准豁免（领院〔2026〕12号）"
    assert "因公" not in str(granted.conditions)


def test_the_member_is_told_without_reason_and_condition() -> None:
    cohort, key = with_course()
    waiver = waive(cohort.memberships.first(), key)
    services.revoke_waiver(actor=office(), waiver=waiver, reason="材料不实")
    told = list(Notice.objects.filter(recipient=waiver.membership.user).order_by("pk"))
    assert [n.title for n in told] == ["您的一项结业条件已获批准豁免", "您的一项结业条件豁免已撤销"]
    assert not any(word in n.title + n.text for n in told for word in ("因公", "材料不实", waiver.label))


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("registered", "报到是参加培训的前提，不能豁免。"),
        ("not_withdrawn", "已退学的学员不能结业，不能豁免。"),
        ("leave", "请假超过七分之一另有决定"),
        ("attendance", "考勤须逐个半天登记"),
        ("requirement:999999", "本班没有这项结业条件"),
        ("x", "这项条件不能豁免。"),
    ],
)
def test_some_conditions_may_not_be_waived(key: str, sentence: str) -> None:
    cohort, _key = with_course()
    with pytest.raises(DomainError, match=sentence):
        waive(cohort.memberships.first(), key)


def test_who_may_and_when() -> None:
    cohort, key = with_course()
    member = cohort.memberships.first()
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        waive(member, key, actor=teacher_of(cohort))
    for words in ({"reason": " "}, {"document_no": ""}):
        with pytest.raises(DomainError, match="请填写理由和文号"):
            waive(member, key, **words)
    waive(member, key)
    with pytest.raises(Conflict, match="已经豁免"):
        waive(member, key)
    other = cohort.memberships.last()
    other.results.update(state="met")
    with pytest.raises(DomainError, match="已经满足，不需要豁免"):
        waive(other, key)
    cohort.memberships.filter(pk=other.pk).update(state="withdrawn", reason="家事", ended_on=AFTER.date())
    with pytest.raises(DomainError, match="目前不在班"):
        waive(other, key)
    gone = closed(members=1)
    with pytest.raises(DomainError, match="目前是“已结班”"):
        waive(gone.memberships.get(), key)


def test_a_revoked_waiver_no_longer_speaks_and_stays_on_record() -> None:
    cohort, key = with_course()
    member = cohort.memberships.first()
    waiver = waive(member, key)
    with pytest.raises(DomainError, match="请写明撤销豁免的原因"):
        services.revoke_waiver(actor=office(), waiver=waiver, reason=" ")
    services.revoke_waiver(actor=office(), waiver=waiver, reason="误办")
    assert waiver_service.conditions_of(member)[-1].met is False
    with pytest.raises(Conflict, match="已经撤销"):
        services.revoke_waiver(actor=office(), waiver=waiver, reason="误办")
    waive(member, key)
    assert member.condition_waivers.count() == 2


def test_the_database_keeps_what_was_granted() -> None:
    cohort, key = with_course()
    waiver = waive(cohort.memberships.first(), key)
    row = ConditionWaiver.objects.filter(pk=waiver.pk)
    for change in ({"reason": "x"}, {"document_no": "x"}, {"label": "x"}):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            row.update(**change)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(revoked_at=AFTER)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConditionWaiver.objects.create(
            membership=waiver.membership, condition=key, label="x", reason="x", document_no="x", granted_by=office()
        )


@pytest.mark.django_db(transaction=True)
def test_two_officers_waive_at_once_and_one_waiver_stands() -> None:
    cohort, key = with_course()
    member = cohort.memberships.first()
    results = at_once(lambda: waive(member, key), lambda: waive(member, key))
    assert sorted(type(r).__name__ for r in results) == ["ConditionWaiver", "Conflict"]
    assert ConditionWaiver.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_look_the_constraint_is_what_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort, key = with_course()
    member = cohort.memberships.first()
    found = waiver_service.conditions_of(member)[-1]
    monkeypatch.setattr(waiver_service, "_check_condition", lambda member, key: found)
    waive(member, key)
    with pytest.raises(IntegrityError):
        waive(member, key)
    with connection.schema_editor() as editor:
        constraint = next(c for c in ConditionWaiver._meta.constraints if c.name == "one_standing_waiver_per_condition")
        editor.remove_constraint(ConditionWaiver, constraint)
    waive(member, key)
    assert ConditionWaiver.objects.filter(revoked_at=None).count() == 2
    ConditionWaiver.objects.filter(pk=ConditionWaiver.objects.latest("pk").pk).update(
        revoked_at=AFTER, revoked_by=office(), revoke_reason="重复"
    )
    with connection.schema_editor() as editor:
        editor.add_constraint(ConditionWaiver, constraint)


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def test_waiving_and_revoking_through_the_pages(personas: dict[str, User], signed_in: Any) -> None:
    cohort, key = with_course(
        members=[personas["trainee"], personas["other_trainee"]], teacher=personas["class_teacher"]
    )
    member = cohort.memberships.get(user=personas["trainee"])
    office_browser = signed_in(personas["training_office"])
    address = url("member-waivers", cohort, member.public_id)
    page = office_browser.get(address).content.decode()
    assert "考勤须逐个半天登记，请补登" in page and f'value="{key}"' in page
    bad = office_browser.post(address, {"condition": "leave", "reason": "x", "document_no": "y"})
    assert bad.status_code == 422 and not ConditionWaiver.objects.exists()
    words = {"reason": "因公出差", "document_no": "领院〔2026〕12号"}
    assert office_browser.post(address, {"condition": key, **words}).status_code == 302
    board = office_browser.get(url("graduation", cohort)).content.decode()
    assert "已豁免" in board and "赵培于2026年9月14日批准豁免（领院〔2026〕12号）" in board and "豁免记录" in board
    mine = signed_in(personas["trainee"]).get(url("class", cohort)).content.decode()
    assert "已豁免" in mine and "因公出差" not in mine
    waiver = ConditionWaiver.objects.get()
    revoke = url("waiver-revoke", cohort, member.public_id, waiver.public_id)
    assert signed_in(personas["class_teacher"]).get(revoke).status_code == 403
    assert office_browser.post(revoke, {"reason": "误办"}).status_code == 302
    assert "已撤销" in office_browser.get(address).content.decode()
