"""Closing a class, the decision about each member, the hours, and undoing it."""

from __future__ import annotations

from typing import Any

import pytest

from cohorts import services
from cohorts.models import Closing, Cohort, GraduationDecision, Session
from cohorts.services import closing as closing_service
from cohorts.signals import cohort_graduated, cohort_reopened
from core import clock
from core.errors import Conflict, DomainError
from records.models import HourEntry
from tests.factories.cohorts import (
    AFTER,
    CohortFactory,
    attend,
    closed,
    half_days,
    office,
    papers,
    ready_to_close,
    teacher_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def after_the_week() -> Any:
    with clock.freeze(AFTER):
        yield


def sentences(cohort: Cohort) -> list[str]:
    return [item.sentence for item in services.checklist(cohort) if not item.ok]


def test_check_list_names_everything_that_is_missing() -> None:
    cohort = CohortFactory(running=True, members=2)
    first = cohort.memberships.first()
    cohort.memberships.exclude(pk=first.pk).update(state="confirmed")
    attend(cohort, only=half_days(cohort)[:9])
    missing = sentences(cohort)
    assert missing[0] == "缺少结班材料：培训方案、最终课表、签到表。"
    assert missing[1].endswith("既没有报到，也没有记为未报到。")
    assert missing[2] == f"以下考勤尚未登记——9月18日下午：{first.user.name}。"
    with pytest.raises(DomainError, match=r"还不能结班：缺少结班材料：培训方案、最终课表、签到表。.*考勤尚未登记"):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    assert Cohort.objects.get(pk=cohort.pk).state == "running" and not Closing.objects.exists()


def test_a_class_cannot_be_closed_before_its_last_lesson(at: Any) -> None:
    cohort = ready_to_close()
    with at(2026, 9, 17, 18):
        assert "还有 2 个半天没有上课，最后一个是9月18日下午。" in sentences(cohort)


def test_flagged_members_must_be_decided_first() -> None:
    cohort = CohortFactory(running=True, members=2)
    member = cohort.memberships.first()
    places = half_days(cohort)
    services.record_leave(
        actor=office(), membership=member, category="private", from_day=places[0].day, from_half="am",
        to_day=places[0].day, to_half="pm", reason="家事", approved_by_name="李静",
    )  # fmt: skip
    attend(cohort, only=places[2:])
    services.record_attendance(
        actor=office(), cohort=cohort, day=places[0].day, half="am",
        statuses={m.pk: "present" for m in cohort.memberships.exclude(pk=member.pk)},
    )  # fmt: skip
    services.record_attendance(
        actor=office(), cohort=cohort, day=places[0].day, half="pm",
        statuses={m.pk: "present" for m in cohort.memberships.exclude(pk=member.pk)},
    )  # fmt: skip
    papers(cohort)
    assert sentences(cohort) == [f"{member.user.name}请假超过七分之一，还没有决定退学或豁免。"]
    services.decide_on_leave(
        actor=office(), membership=member, outcome="waive", reason="经组织部批准", document_no="领院〔2026〕12号"
    )
    services.close(actor=office(), cohort=cohort)
    leave = next(c for c in GraduationDecision.objects.get(membership=member).conditions if c["key"] == "leave")
    assert leave["met"] and leave["waived"] and "超过七分之一" in leave["detail"]
    assert HourEntry.objects.get(user=member.user).hours == 32, "leave earns nothing"


def test_closing_decides_credits_and_tells(django_capture_on_commit_callbacks: Any) -> None:
    heard: list[dict[str, Any]] = []

    def listen(sender: Any, **news: Any) -> None:
        heard.append(news)

    cohort_graduated.connect(listen)
    cohort = ready_to_close(members=3)
    absent = cohort.memberships.last()
    cohort.memberships.filter(pk=absent.pk).update(state="withdrawn", ended_on=AFTER.date(), reason="身体原因")
    with django_capture_on_commit_callbacks(execute=True):
        closing = services.close(actor=teacher_of(cohort), cohort=cohort)
    cohort_graduated.disconnect(listen)
    cohort.refresh_from_db()
    assert (cohort.state, cohort.closed_at, closing.number) == ("closed", AFTER, 1)
    assert sorted(cohort.memberships.values_list("state", flat=True)) == ["graduated", "graduated", "withdrawn"]
    refused = GraduationDecision.objects.get(granted=False)
    assert refused.membership_id == absent.pk
    assert next(c["detail"] for c in refused.conditions if not c["met"]) == "2026年9月18日退学，原因：身体原因"
    lines = HourEntry.objects.all()
    assert [(line.days, line.hours, line.bucket, line.mode) for line in lines] == [(5, 40, "central", "off_job")] * 2
    assert lines[0].rule == cohort.hour_rule and lines[0].label == cohort.full_title
    assert [(h["cohort_id"], h["closing_id"]) for h in heard] == [(cohort.pk, closing.pk)]


def test_a_class_over_new_year_is_credited_by_year(at: Any) -> None:
    from datetime import date

    cohort = CohortFactory(running=True, members=1, starts_on=date(2026, 12, 31), ends_on=date(2027, 1, 1), days=2)
    attend(cohort)
    papers(cohort)
    with at(2027, 1, 1, 18):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    lines = HourEntry.objects.order_by("earned_on").values_list("earned_on", "days", "hours")
    assert list(lines) == [(date(2026, 12, 31), 1, 8), (date(2027, 1, 1), 1, 8)]


def test_undone_and_closed_again_nothing_is_doubled() -> None:
    cohort = closed(members=2)
    services.undo_close(actor=teacher_of(cohort), cohort=cohort, reason="补传签到表")
    assert not HourEntry.objects.standing().exists()
    assert set(cohort.memberships.values_list("state", flat=True)) == {"registered"}
    second = services.close(actor=teacher_of(cohort), cohort=cohort)
    assert second.number == 2
    assert [line.hours for line in HourEntry.objects.standing()] == [40, 40]
    assert HourEntry.objects.count() == 6, "two lines, their reversals, two lines"
    assert GraduationDecision.objects.count() == 4, "what was decided first stays readable"


def test_closing_twice_is_a_conflict() -> None:
    cohort = closed(members=1)
    with pytest.raises(Conflict, match="目前是“已结班”，可能刚由他人办理"):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    assert Closing.objects.count() == 1 and HourEntry.objects.count() == 1


def test_undoing_needs_a_reason_and_hears_objections(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = closed(members=1)
    with pytest.raises(DomainError, match="请写明取消结班的原因"):
        services.undo_close(actor=teacher_of(cohort), cohort=cohort, reason=" ")
    monkeypatch.setitem(closing_service._blockers, "test", lambda c: ["已签发 1 张有效证书，请先撤销。"])
    with pytest.raises(DomainError, match="已签发 1 张有效证书"):
        services.undo_close(actor=teacher_of(cohort), cohort=cohort, reason="补材料")
    cohort.refresh_from_db()
    assert cohort.state == "closed" and HourEntry.objects.standing().exists()


def test_undoing_is_announced(django_capture_on_commit_callbacks: Any) -> None:
    heard: list[Any] = []

    def listen(sender: Any, **news: Any) -> None:
        heard.append(news["cohort_id"])

    cohort_reopened.connect(listen)
    cohort = closed(members=1)
    with django_capture_on_commit_callbacks(execute=True):
        services.undo_close(actor=office(), cohort=cohort, reason="补材料")
    cohort_reopened.disconnect(listen)
    assert heard == [cohort.pk]


def test_a_closed_class_takes_no_more_records() -> None:
    cohort = closed(members=1)
    actor, member, session = teacher_of(cohort), cohort.memberships.get(), Session.objects.first()
    for act in (
        lambda: services.record_attendance(
            actor=actor,
            cohort=cohort,
            day=session.day,
            half="am",
            statuses={member.pk: "late"},
            reasons={member.pk: "x"},
        ),
        lambda: services.remove_session(actor=actor, session=session),
        lambda: services.attach_paper(actor=actor, cohort=cohort, kind="plan", name="a.pdf", data=b"x"),
        lambda: services.form_groups(actor=actor, cohort=cohort, size=2),
    ):
        with pytest.raises(DomainError, match="目前是“已结班”，不能办理"):
            act()


def test_the_same_paper_twice_is_one_and_bad_ones_are_refused() -> None:
    cohort = CohortFactory(running=True)
    actor = teacher_of(cohort)
    first = services.attach_paper(actor=actor, cohort=cohort, kind="plan", name="方案.pdf", data=b"plan")
    assert services.attach_paper(actor=actor, cohort=cohort, kind="plan", name="方案.pdf", data=b"plan") == first
    with pytest.raises(DomainError, match="请上传 PDF"):
        services.attach_paper(actor=actor, cohort=cohort, kind="plan", name="a.exe", data=b"MZ")
    with pytest.raises(DomainError, match="文件是空的"):
        services.attach_paper(actor=actor, cohort=cohort, kind="plan", name="a.pdf", data=b"")


def test_closing_takes_as_many_queries_for_many_as_for_few(django_assert_max_num_queries: Any) -> None:
    for members in (5, 60):
        cohort = ready_to_close(members=members)
        actor = teacher_of(cohort)
        with django_assert_max_num_queries(46):
            services.close(actor=actor, cohort=cohort)
