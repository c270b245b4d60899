"""Honours by quota: the arithmetic, the last place, only for those who can graduate, taken back with a reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cohorts import services
from cohorts.models import Cohort, CohortState, Honour, HonourQuota, Membership
from cohorts.rules.honours import Places, over_quota
from cohorts.services import honours as honour_service
from core import clock
from core.errors import DomainError
from people.models import User
from tests.cohorts.test_races import at_once
from tests.factories.cohorts import AFTER, office, ready_to_close, teacher_of

db = pytest.mark.django_db


@given(st.integers(0, 2000), st.decimals("0.01", "100", places=2))
def test_a_share_is_rounded_down_and_never_up(in_class: int, share: Decimal) -> None:
    places = Places("优秀学员", in_class, share=share)
    exact = Fraction(share) * in_class / 100
    assert places.count <= exact < places.count + 1
    assert places.sum_words.endswith(f"名额 {places.count} 名")
    assert ("舍去小数" in places.sum_words) == (exact != places.count)


def test_the_sentence_holds_the_sum() -> None:
    fifty = Places("优秀学员", 50, share=Decimal(15))
    assert over_quota(fifty, 6, 1) == ""
    assert over_quota(fifty, 6, 2) == (
        "“优秀学员”在班 50 人 × 15% = 7.5，舍去小数，名额 7 名，已评 6 名，再评 2 名将超出 1 名。"
    )
    assert over_quota(Places("优秀学员干部", 50, number=2), 2, 1).startswith("“优秀学员干部”名额 2 名，已评 2 名")


@pytest.fixture(autouse=True)
def after_the_week() -> Any:
    with clock.freeze(AFTER):
        yield


def class_with_quota(members: int = 10, **places: Any) -> tuple[Cohort, HonourQuota, list[Membership]]:
    cohort = ready_to_close(members=members)
    quota = services.set_quota(actor=office(), cohort=cohort, title="优秀学员", **(places or {"number": 1}))
    return cohort, quota, list(cohort.memberships.all())


def give(quota: HonourQuota, members: list[Membership], **more: Any) -> list[Honour]:
    actor = teacher_of(quota.cohort)
    return services.honour(**{"actor": actor, "quota": quota, "members": members, "reason": "学习认真", **more})


@db
def test_over_the_quota_nobody_is_taken() -> None:
    _cohort, quota, people = class_with_quota(share=Decimal(25))
    give(quota, people[:1])
    with pytest.raises(
        DomainError, match=r"在班 10 人 × 25% = 2.5，舍去小数，名额 2 名，已评 1 名，再评 2 名将超出 1 名"
    ):
        give(quota, people[1:3])
    assert Honour.objects.count() == 1
    assert give(quota, people[:2]) == list(Honour.objects.filter(membership=people[1])), "who has it keeps it"


@db
def test_only_those_who_can_graduate_and_only_while_the_class_runs() -> None:
    cohort, quota, people = class_with_quota(number=5)
    people[0].attendance.first().delete()
    with pytest.raises(DomainError, match=f"{people[0].user.name}目前还不能结业，不能评优"):
        give(quota, people[:2])
    assert not Honour.objects.exists()
    with pytest.raises(DomainError, match="请写明评优理由"):
        give(quota, people[1:2], reason=" ")
    cohort.memberships.filter(pk=people[2].pk).update(state="withdrawn", reason="家事", ended_on=AFTER.date())
    with pytest.raises(DomainError, match="不能评优"):
        give(quota, [people[2]])
    Cohort.objects.filter(pk=cohort.pk).update(state="confirmed")
    with pytest.raises(DomainError, match="不能办理"):
        give(quota, people[1:2])


@db
def test_the_quota_is_the_offices_and_never_below_what_was_given() -> None:
    cohort, quota, people = class_with_quota(number=2)
    with pytest.raises(DomainError, match="须由主办单位培训处办理"):
        services.set_quota(actor=teacher_of(cohort), cohort=cohort, title="优秀学员", number=9)
    for both in ({}, {"number": 1, "share": Decimal(10)}):
        with pytest.raises(DomainError, match="请只填一项"):
            services.set_quota(actor=office(), cohort=cohort, title="优秀学员", **both)
    give(quota, people[:2])
    with pytest.raises(DomainError, match="已评 2 名，请先撤销多出的人选"):
        services.set_quota(actor=office(), cohort=cohort, title="优秀学员", number=1)
    assert services.set_quota(actor=office(), cohort=cohort, title="优秀学员", share=Decimal(30)).pk == quota.pk


@db
def test_taken_back_the_place_is_free_and_the_record_stays() -> None:
    _cohort, quota, people = class_with_quota()
    (given,) = give(quota, people[:1])
    with pytest.raises(DomainError, match="请写明撤销的原因"):
        services.withdraw_honour(actor=teacher_of(quota.cohort), honour=given, reason="")
    services.withdraw_honour(actor=teacher_of(quota.cohort), honour=given, reason="重新评议")
    give(quota, people[1:2])
    assert Honour.objects.count() == 2
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Honour.objects.filter(pk=given.pk).update(reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Honour.objects.filter(withdrawn_at=None).update(withdrawn_at=AFTER)


@db
def test_the_closing_asks_that_honoured_people_graduate() -> None:
    cohort, quota, people = class_with_quota(members=3)
    assert "honours" not in {i.key for i in services.checklist(cohort)}
    (given,) = give(quota, people[:1])
    cohort.memberships.filter(pk=people[0].pk).update(state="withdrawn", reason="家事", ended_on=AFTER.date())
    with pytest.raises(DomainError, match=f"{people[0].user.name}目前不能结业，请先撤销评优"):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    services.withdraw_honour(actor=teacher_of(cohort), honour=given, reason="已退学")
    services.close(actor=teacher_of(cohort), cohort=cohort)
    cohort.refresh_from_db()
    for act in (
        lambda: give(quota, people[1:2]),
        lambda: services.withdraw_honour(actor=teacher_of(cohort), honour=given, reason="x"),
        lambda: services.set_quota(actor=office(), cohort=cohort, title="优秀学员", number=9),
    ):
        with pytest.raises(DomainError, match="不能办理"):
            act()


def two_at_once(quota: HonourQuota, people: list[Membership]) -> list[Any]:
    acts: list[Callable[[], Any]] = [
        lambda m=m: give(HonourQuota.objects.select_related("cohort").get(pk=quota.pk), [m]) for m in people[:2]
    ]
    return at_once(*acts)


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once() -> None:
    _cohort, quota, people = class_with_quota(members=3)
    results = two_at_once(quota, people)
    assert sum(isinstance(r, DomainError) and "将超出 1 名" in r.message for r in results) == 1
    assert Honour.objects.filter(withdrawn_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_both_count_before_either_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL lets both in; SQLite's writers queue up in any case."""
    _cohort, quota, people = class_with_quota(members=3)
    meet, real = Barrier(2), honour_service._taken

    def slow(quota: HonourQuota) -> int:
        found = real(quota)
        if connection.vendor == "postgresql":
            meet.wait(10)
        return found

    def unlocked(cohort: Cohort, *states: str) -> Cohort:
        return Cohort.objects.get(pk=cohort.pk)

    monkeypatch.setattr(honour_service, "_taken", slow)
    monkeypatch.setattr(honour_service, "locked", unlocked)
    two_at_once(quota, people)
    assert Honour.objects.count() == (2 if connection.vendor == "postgresql" else 1)


@db
def test_control_without_the_sum_two_stand_on_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    _cohort, quota, people = class_with_quota(members=3)
    monkeypatch.setattr(honour_service, "over_quota", lambda *a: "")
    give(quota, people[:2])
    assert Honour.objects.count() == 2
    sentence = next(i.sentence for i in services.checklist(quota.cohort) if i.key == "honours")
    assert sentence == "“优秀学员”名额 1 名，已评 2 名，请先撤销多出的人选。"


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


@db
def test_choosing_by_ticking_on_the_pages(personas: dict[str, User], signed_in: Any) -> None:
    people = [personas["trainee"], personas["other_trainee"]]
    cohort = ready_to_close(members=people, teacher=personas["class_teacher"])
    office_browser, teacher = signed_in(personas["training_office"]), signed_in(personas["class_teacher"])
    assert "先由培训处设定称号和名额" in teacher.get(url("honours", cohort)).content.decode()
    assert teacher.post(url("honour-quota", cohort), {"title": "优秀学员", "number": "1"}).status_code == 403
    assert office_browser.post(url("honour-quota", cohort), {"title": "优秀学员", "share": "50"}).status_code == 302
    quota = HonourQuota.objects.get()
    give_page = url("honour-give", cohort, quota.pk)
    members = list(cohort.memberships.values_list("pk", flat=True))
    assert "请先勾选学员" in teacher.post(give_page, {"reason": "学习认真"}).content.decode()
    over = teacher.post(give_page, {"members": members, "reason": "学习认真"})
    assert (
        over.status_code == 422
        and "在班 2 人 × 50% = 1，名额 1 名，已评 0 名，再评 2 名将超出 1 名" in over.content.decode()
    )
    assert teacher.post(give_page, {"members": members[:1], "reason": "学习认真"}).status_code == 302
    name = cohort.memberships.get(pk=members[0]).user.name
    assert f"优秀学员 1 名：{name}" in teacher.get(url("graduation", cohort)).content.decode()
    assert teacher.get(url("graduation-export", cohort)).status_code == 200
    withdraw = url("honour-withdraw", cohort, Honour.objects.get().public_id)
    assert teacher.post(withdraw, {"reason": "重新评议"}).status_code == 302
    assert "重新评议" in teacher.get(url("honours", cohort)).content.decode()
    services.close(actor=personas["class_teacher"], cohort=cohort)
    assert CohortState(Cohort.objects.get(pk=cohort.pk).state) == "closed"
    refused = teacher.post(give_page, {"members": members[:1], "reason": "学习认真"})
    assert refused.status_code == 422 and "目前是“已结班”" in refused.content.decode()
