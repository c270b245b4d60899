"""Final appraisals: drafts with versions, the class teacher's signature, and what the closing asks for."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cohorts import services
from cohorts.models import Appraisal, Cohort, Membership
from core import clock
from core.errors import Conflict, DomainError
from people.models import User
from tests.cohorts.test_races import at_once
from tests.factories.cohorts import AFTER, CohortFactory, closed, office, ready_to_close, teacher_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
TEXT = {"group_opinion": "团结同学", "teacher_opinion": "学习认真，联系实际。", "grade": "excellent"}


@pytest.fixture
def cohort() -> Cohort:
    return CohortFactory(running=True, members=3)


def write(member: Membership, version: int = 0, **more: Any) -> Appraisal:
    actor = teacher_of(member.cohort)
    return services.write_appraisal(**{"actor": actor, "membership": member, "version": version, **TEXT, **more})


def sign(member: Membership, **more: Any) -> Appraisal:
    held = Appraisal.objects.get(membership=member)
    seen = {"version": held.version, "summary_version": held.summary_version}
    return services.sign_appraisal(
        **{"actor": teacher_of(member.cohort), "membership": member, "signed_name": "李静", **seen, **more}
    )


def test_drafts_are_kept_and_two_editors_do_not_overwrite_each_other(cohort: Cohort) -> None:
    member = cohort.memberships.first()
    first = write(member)
    assert first.version == 1 and write(member, 1).version == 1, "the same again changes nothing"
    with pytest.raises(Conflict, match="刚刚已由他人修改"):
        write(member, 0, teacher_opinion="另一种说法", actor=office())
    assert Appraisal.objects.get().teacher_opinion == TEXT["teacher_opinion"]
    mine = services.write_summary(actor=member.user, membership=member, version=0, text="收获很大")
    assert (mine.summary_version, mine.version) == (1, 1), "the member's part has a version of its own"
    with pytest.raises(Conflict):
        services.write_summary(actor=member.user, membership=member, version=0, text="第二个窗口")
    with pytest.raises(DomainError, match="只能由学员本人填写"):
        services.write_summary(actor=teacher_of(cohort), membership=member, version=1, text="代写")


@pytest.mark.django_db(transaction=True)
def test_of_two_editors_at_once_one_is_told() -> None:
    member = CohortFactory(running=True, members=1).memberships.get()
    write(member)
    results = at_once(*(lambda words=words: write(member, 1, teacher_opinion=words) for words in ("甲", "乙")))
    assert sum(isinstance(r, Conflict) for r in results) == 1
    winner = next(r for r in results if isinstance(r, Appraisal))
    assert Appraisal.objects.get().teacher_opinion == winner.teacher_opinion


def test_control_with_the_version_of_now_the_later_overwrites(cohort: Cohort) -> None:
    member = cohort.memberships.first()
    for words in ("甲", "乙"):
        held = Appraisal.objects.filter(membership=member).first()
        write(member, held.version if held else 0, teacher_opinion=words)
    assert Appraisal.objects.get().teacher_opinion == "乙"


def test_only_the_class_teacher_signs_by_name_what_was_seen(cohort: Cohort) -> None:
    member = cohort.memberships.first()
    write(member, teacher_opinion="")
    with pytest.raises(DomainError, match="请先写好班主任鉴定并选定等次"):
        sign(member)
    held = write(member, 1)
    with pytest.raises(DomainError, match="请签上您的姓名“李静”"):
        sign(member, signed_name="李 静")
    with pytest.raises(DomainError, match="由本班班主任签名"):
        sign(member, actor=office())
    services.write_summary(actor=member.user, membership=member, version=0, text="收获很大")
    with pytest.raises(Conflict, match="刚刚有了变化"):
        sign(member, version=held.version, summary_version=0)
    signed = sign(member)
    assert (signed.signed_name, signed.signed_by, signed.signed_at) == ("李静", teacher_of(cohort), clock.now())
    for act in (
        lambda: write(member, signed.version, grade="pass"),
        lambda: services.write_summary(actor=member.user, membership=member, version=1, text="改一下"),
    ):
        with pytest.raises(DomainError, match="鉴定已经签署，不能再修改"):
            act()
    with pytest.raises(DomainError, match="请写明撤回签名的原因"):
        services.unsign_appraisal(actor=teacher_of(cohort), membership=member, reason="")
    services.unsign_appraisal(actor=teacher_of(cohort), membership=member, reason="等次有误")
    assert write(member, signed.version + 1, grade="good").grade == "good"


def test_the_database_keeps_signatures_whole(cohort: Cohort) -> None:
    member = cohort.memberships.first()
    write(member)
    row = Appraisal.objects.filter(membership=member)
    for bad in ({"signed_at": AFTER}, {"signed_name": "李静"}, {"grade": "superb"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**bad)
    sign(member)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(teacher_opinion="")


def test_after_closing_nothing_changes() -> None:
    cohort = closed(members=1)
    member = cohort.memberships.get()
    for act in (
        lambda: write(member),
        lambda: services.write_summary(actor=member.user, membership=member, version=0, text="x"),
        lambda: services.unsign_appraisal(actor=teacher_of(cohort), membership=member, reason="x"),
        lambda: services.ask_for_appraisals(actor=teacher_of(cohort), cohort=cohort, required=True),
    ):
        with pytest.raises(DomainError, match="目前是“已结班”，不能办理"):
            act()


def test_the_closing_waits_for_signatures_only_where_asked() -> None:
    cohort = ready_to_close(members=2)
    with clock.freeze(AFTER):
        assert [i.key for i in services.checklist(cohort) if i.key == "appraisals"] == []
        services.ask_for_appraisals(actor=teacher_of(cohort), cohort=cohort, required=True)
        cohort.refresh_from_db()
        first, second = cohort.memberships.order_by("user__sort_key")
        write(first)
        sign(first)
        with pytest.raises(DomainError, match=f"{second.user.name}的结业鉴定还没有签署"):
            services.close(actor=teacher_of(cohort), cohort=cohort)
        write(second)
        sign(second)
        services.close(actor=teacher_of(cohort), cohort=cohort)


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def test_written_one_after_the_other_and_read_after_the_closing(personas: dict[str, User], signed_in: Any) -> None:
    people = [personas["trainee"], personas["other_trainee"]]
    cohort = ready_to_close(members=people, teacher=personas["class_teacher"])
    trainee, teacher = signed_in(personas["trainee"]), signed_in(personas["class_teacher"])
    mine = url("my-appraisal", cohort)
    assert "请在班主任签名之前写好自我鉴定" in trainee.get(mine).content.decode()
    assert trainee.post(mine, {"text": "收获很大", "version": "0"}).status_code == 302
    assert trainee.post(mine, {"text": "另一窗口", "version": "0"}).status_code == 422
    first, second = cohort.memberships.order_by("user__sort_key", "pk")
    assert "已写 0 / 2，已签 0 / 2；学员已交自我鉴定 1 份" in teacher.get(url("appraisals", cohort)).content.decode()
    address = url("appraisal", cohort, first.public_id)
    page = teacher.get(address).content.decode()
    assert "下一人" in page and "上一人" not in page and "第 1 / 2 人" in page
    versions = Appraisal.objects.filter(membership=first).values("version", "summary_version").first()
    form = {**TEXT, **(versions or {"version": 0, "summary_version": 0})}
    saved = teacher.post(address, {**form, "then": "next"})
    assert saved.url == url("appraisal", cohort, second.public_id)
    form["version"] = Appraisal.objects.get(membership=first).version
    stale = teacher.post(address, {**form, "version": 0, "teacher_opinion": "旧页面"})
    assert stale.status_code == 422 and "旧页面" in stale.content.decode()
    name = personas["class_teacher"].name
    wrong = teacher.post(address, {**form, "then": "sign", "signed_name": "某某"})
    assert wrong.status_code == 422 and f"请签上您的姓名“{name}”" in wrong.content.decode()
    assert teacher.post(address, {**form, "then": "sign", "signed_name": name}).status_code == 302
    page = teacher.get(address).content.decode()
    assert "撤回签名" in page and "保存草稿" not in page
    reader = signed_in(first.user)
    assert TEXT["teacher_opinion"] not in reader.get(mine).content.decode(), "not before the class is closed"
    with clock.freeze(AFTER):
        services.close(actor=personas["class_teacher"], cohort=cohort)
        text = reader.get(mine).content.decode()
        assert TEXT["teacher_opinion"] in text and "优秀" in text and name in text and "<textarea" not in text
    assert signed_in(personas["leader"]).get(mine).status_code == 404


def test_the_list_takes_as_many_queries_for_sixty_as_for_ten(
    personas: dict[str, User], signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    for members in (10, 60):
        cohort = CohortFactory(running=True, members=members, teacher=personas["class_teacher"])
        Appraisal.objects.bulk_create(Appraisal(membership=m) for m in cohort.memberships.all())
        teacher = signed_in(personas["class_teacher"])
        middle = list(cohort.memberships.order_by("user__sort_key", "pk"))[5]
        with django_assert_max_num_queries(24):
            assert teacher.get(url("appraisals", cohort)).status_code == 200
        with django_assert_max_num_queries(24):
            assert teacher.get(url("appraisal", cohort, middle.public_id)).status_code == 200
