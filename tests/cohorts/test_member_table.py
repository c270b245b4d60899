"""The member table: whom an act touches is shown first, filters are kept, a row opens beside the table."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cohorts.models import Cohort
from core import clock
from core.models import Notice
from people.models import PersonalFileRead, User
from tests.factories.cohorts import CohortFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    """Running, twelve members in groups, three of them still awaited."""
    made = CohortFactory(running=True, members=12, size=4, teacher=personas["class_teacher"])
    made.memberships.filter(pk__in=[m.pk for m in made.memberships.all()[:3]]).update(
        state="confirmed", registered_at=None
    )
    return made


@pytest.fixture
def teacher(personas: dict[str, User], signed_in: Any) -> Any:
    return signed_in(personas["class_teacher"])


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def keys(cohort: Cohort, state: str = "") -> list[int]:
    rows = cohort.memberships.filter(state=state) if state else cohort.memberships.all()
    return list(rows.values_list("pk", flat=True))


def test_the_preview_names_whom_it_touches_and_changes_nothing(cohort: Cohort, teacher: Any) -> None:
    page = teacher.post(url("members-bulk", cohort), {"act": "register", "members": keys(cohort)}).content.decode()
    assert "为 3 人登记报到" in page and "9 人不受影响" in page
    for member in cohort.memberships.filter(state="confirmed").select_related("user"):
        assert f"<li>{member.user.name}<" in page
    assert len(keys(cohort, "confirmed")) == 3


def test_confirmed_it_is_done_to_them_alone(cohort: Cohort, teacher: Any) -> None:
    data = {"act": "no_show", "members": keys(cohort), "confirmed": "1"}
    refused = teacher.post(url("members-bulk", cohort), data)
    assert refused.status_code == 422 and "请填写原因。" in refused.content.decode()
    teacher.post(url("members-bulk", cohort), {**data, "reason": "单位有紧急任务"})
    assert len(keys(cohort, "no_show")) == 3 and len(keys(cohort, "registered")) == 9


def test_a_reminder_reaches_each_once_and_names_nobody(cohort: Cohort, teacher: Any) -> None:
    here = keys(cohort, "registered")[:2]
    data = {"act": "remind", "members": here, "confirmed": "1", "text": "请今晚前提交案例分析。"}
    teacher.post(url("members-bulk", cohort), data)
    rows = Notice.objects.all()
    assert {row.recipient_id for row in rows} == set(
        cohort.memberships.filter(pk__in=here).values_list("user", flat=True)
    )
    assert {row.text for row in rows} == {"请今晚前提交案例分析。"}


def test_people_are_moved_to_a_group_together(cohort: Cohort, teacher: Any) -> None:
    last = cohort.groups.last()
    data = {"act": "group", "members": keys(cohort), "confirmed": "1", "group": last.pk}
    teacher.post(url("members-bulk", cohort), data)
    assert set(cohort.memberships.values_list("group", flat=True)) == {last.pk}


def test_everybody_whom_the_filters_find_may_be_meant(cohort: Cohort, teacher: Any) -> None:
    data = {"act": "register", "everybody": "1", "query": "state=confirmed"}
    page = teacher.post(url("members-bulk", cohort), data).content.decode()
    assert "为 3 人登记报到" in page and "不受影响" not in page


def test_only_those_ticked_are_exported(cohort: Cohort, teacher: Any) -> None:
    chosen = keys(cohort)[:2]
    answer = teacher.post(url("members-bulk", cohort), {"act": "export", "members": chosen})
    sheet = load_workbook(BytesIO(answer.content)).active
    names = {m.user.name for m in cohort.memberships.filter(pk__in=chosen)}
    assert {row[0] for row in list(sheet.values)[2:]} == names


@pytest.mark.parametrize(
    "data", [{}, {"act": "register"}, {"act": "fly", "members": ["1"]}, {"members": ["x", "9" * 30]}]
)
def test_nothing_chosen_is_answered_with_a_sentence(data: dict[str, Any], cohort: Cohort, teacher: Any) -> None:
    answer = teacher.post(url("members-bulk", cohort), data, follow=True)
    assert "请先勾选学员，再选择要办的事。" in answer.content.decode()


def test_members_of_another_class_are_not_touched(cohort: Cohort, teacher: Any) -> None:
    other = CohortFactory(confirmed=True, members=2)
    answer = teacher.post(url("members-bulk", cohort), {"act": "register", "members": keys(other)}, follow=True)
    assert "请先勾选学员" in answer.content.decode() and len(keys(other, "confirmed")) == 2


def test_filters_are_kept_under_a_name(cohort: Cohort, teacher: Any, personas: dict[str, User]) -> None:
    here = url("members", cohort) + "?state=confirmed"
    assert "把当前筛选保存为" in teacher.get(here).content.decode()
    place = f"cohorts:members:{cohort.pk}"
    teacher.post("/views/", {"place": place, "name": "未报到的", "query": "state=confirmed", "next": here})
    page = teacher.get(url("members", cohort)).content.decode()
    assert '<a href="?state=confirmed">' in page and "未报到的" in page
    assert "把当前筛选保存为" not in page, "without a filter there is nothing to keep"


def test_a_row_opens_beside_the_table_and_is_logged(cohort: Cohort, teacher: Any) -> None:
    member = cohort.memberships.first()
    address = url("member", cohort, member.public_id)
    part = teacher.get(address, headers={"X-Panel": "1"}).content.decode()
    assert member.user.name in part and "结业条件" in part and "<html" not in part
    assert "<html" in teacher.get(address).content.decode()
    assert PersonalFileRead.objects.filter(subject=member.user).count() == 2


def test_queries_do_not_grow_with_the_members(cohort: Cohort, teacher: Any, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(24):
        teacher.get(url("members", cohort))
    unit = cohort.memberships.first().unit
    from_now = {"registered_at": clock.now(), "state": "registered", "unit": unit}
    more = [User(work_number=f"M{n}", name=f"示范{n}", unit=unit, managed_by=unit) for n in range(60)]
    User.objects.bulk_create(more)
    for user in more:
        cohort.memberships.create(user=user, **from_now)
    with django_assert_max_num_queries(24):
        teacher.get(url("members", cohort))


def test_what_people_are_called_is_shown_and_never_runs(cohort: Cohort, teacher: Any) -> None:
    one = cohort.memberships.exclude(registered_at=None).first()
    User.objects.filter(pk=one.user_id).update(name='张<b onclick="x">三', work_number='"><i>1')
    cohort.memberships.filter(pk=one.pk).update(reason="<u>因病</u>", leave_hours=30, over_leave_limit=True)
    for name in ("members", "graduation"):
        page = teacher.get(url(name, cohort)).content.decode()
        assert "张&lt;b onclick=&quot;x&quot;&gt;三" in page
        assert not any(raw in page for raw in ("<b onclick", "<i>1", "<u>因病")), name
    assert "超过七分之一" in teacher.get(url("members", cohort)).content.decode()
