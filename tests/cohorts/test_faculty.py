"""The faculty library, rooms, classes of fees and the calendar of holidays in the office."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import FacultyMember, FeeClass, Room
from core.models import CalendarDay
from people.models import User
from tests.factories.cohorts import MONDAY, CohortFactory, teacher_of
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def office(personas: dict[str, User], signed_in: Any) -> Any:
    return signed_in(personas["training_office"])


@pytest.fixture
def member(personas: dict[str, User]) -> FacultyMember:
    fee = services.put_fee_class(actor=personas["training_office"], name="正高级", amount=None, basis="")
    return services.put_faculty(
        actor=personas["training_office"], user=personas["lecturer"], kind="university", fee_class=fee,
        organisation="云山大学", title="教授", topics=["数据要素治理", "电子政务", "数据要素治理", " "],
    )  # fmt: skip


def page(client: Any, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_person_is_entered_through_the_form_and_found(office: Any, personas: dict[str, User]) -> None:
    data = {
        "user": personas["lecturer"].pk, "kind": "practice", "organisation": "市政务服务局", "title": "副局长",
        "topics": "一网通办\n窗口服务\n", "in_use": "on",
    }  # fmt: skip
    answer = office.post(reverse("office_faculty:add"), data)
    member = FacultyMember.objects.get()
    assert answer.url == reverse("office_faculty:inspect", args=[member.pk])
    shown = page(office, "office_faculty:inspect", member.pk)
    assert all(words in shown for words in ("欧阳文静", "实务专家", "市政务服务局", "一网通办、窗口服务"))
    assert "欧阳文静" in page(office, "office_faculty:index", q="一网通办")
    assert "欧阳文静" in page(office, "office_faculty:index", topic="窗口", kind="practice")
    assert "J0001" not in page(office, "office_faculty:add"), "who is entered is not offered again"
    edit = reverse("office_faculty:edit", args=[member.pk])
    office.post(edit, {**data, "kind": "official", "topics": "一网通办"})
    member.refresh_from_db()
    assert member.kind == "official" and member.in_use and [t.title for t in member.topics.all()] == ["一网通办"]


def test_only_lecturers_are_entered(personas: dict[str, User]) -> None:
    with pytest.raises(Exception, match="没有“授课教师”角色"):
        services.put_faculty(actor=personas["training_office"], user=personas["trainee"], kind="school")


def test_what_they_taught_is_counted(office: Any, member: FacultyMember) -> None:
    cohort = CohortFactory(days=0)
    for day in (14, 15, 16):
        services.add_session(
            actor=teacher_of(cohort), cohort=cohort, title=f"第{day}讲", day=date(2026, 9, day), starts_at=time(9),
            ends_at=time(12), lecturer=member.user,
        )  # fmt: skip
    listed = page(office, "office_faculty:index")
    assert "1 节，最近2026年9月14日" in listed, "what lies ahead is not taught yet"
    shown = page(office, "office_faculty:inspect", member.pk)
    assert "授课记录（共 3 节）" in shown and "第16讲" in shown and cohort.full_title in shown


def test_who_is_away_is_left_out_by_the_day(office: Any, member: FacultyMember) -> None:
    url = reverse("office_faculty:absence", args=[member.pk])
    done = office.post(url, {"from_day": "2026-09-20", "to_day": "2026-09-22", "reason": "出国访学"}, follow=True)
    assert "9月20日至9月22日" in done.content.decode() and "出国访学" in done.content.decode()
    assert "欧阳文静" not in page(office, "office_faculty:index", free_on="2026-09-21")
    assert "欧阳文静" in page(office, "office_faculty:index", free_on="2026-09-23")
    wrong = office.post(url, {"from_day": "2026-09-22", "to_day": "2026-09-20", "reason": "x"}).content.decode()
    assert "结束日期不能早于开始日期" in wrong
    drop = reverse("office_faculty:absence-drop", args=[member.pk, member.absences.get().pk])
    assert "9月20日至9月22日" in office.get(drop).content.decode()
    office.post(drop)
    assert not member.absences.exists()
    assert office.get(drop).status_code == 404


def test_noting_an_absence_warns_of_what_is_booked(office: Any, member: FacultyMember) -> None:
    cohort = CohortFactory(days=0)
    services.add_session(
        actor=teacher_of(cohort), cohort=cohort, title="共享清单", day=MONDAY, starts_at=time(9), ends_at=time(12),
        lecturer=member.user,
    )  # fmt: skip
    url = reverse("office_faculty:absence", args=[member.pk])
    answer = office.post(url, {"from_day": "2026-09-14", "to_day": "2026-09-14", "reason": "住院"}, follow=True)
    assert "其间已排课：9月14日 周一《共享清单》" in answer.content.decode()


def test_the_list_takes_as_many_queries_for_many_as_for_few(
    office: Any, member: FacultyMember, personas: dict[str, User]
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(office, "office_faculty:index")
        return len(seen)

    counted()
    few = counted()
    for _n in range(30):
        lecturer = UserFactory(role="lecturer", unit=personas["lecturer"].unit)
        services.put_faculty(actor=personas["training_office"], user=lecturer, kind="school", topics=["法治"])
    assert counted() == few


def test_rooms_and_fee_classes_through_their_forms(office: Any) -> None:
    data = {"name": "三楼报告厅", "place": "领航楼", "seats": 80, "in_use": "on"}
    assert office.post(reverse("office_rooms:add"), data).status_code == 302
    assert "已存在" in office.post(reverse("office_rooms:add"), data).content.decode()
    room = Room.objects.get()
    office.post(reverse("office_rooms:edit", args=[room.pk]), {**data, "seats": 60})
    assert Room.objects.get().seats == 60 and "领航楼" in page(office, "office_rooms:index")
    office.post(reverse("office_fees:add"), {"name": "院士", "amount": "1500", "basis": "培字〔2026〕3号"})
    assert FeeClass.objects.get().name == "院士" and "每学时 1,500.00 元" in page(office, "office_fees:index")


def test_the_form_offers_rooms_in_use(office: Any, personas: dict[str, User]) -> None:
    cohort = CohortFactory()
    for name, in_use in (("三楼报告厅", True), ("旧礼堂", False)):
        services.put_room(actor=personas["training_office"], name=name, place="", seats=60, in_use=in_use)
    form = page(office, "cohorts:session-add", cohort.public_id)
    assert '<option value="三楼报告厅">' in form and "旧礼堂" not in form


def test_a_small_room_is_told_when_the_form_is_saved(office: Any, personas: dict[str, User]) -> None:
    cohort = CohortFactory(days=0, members=5)
    services.put_room(actor=personas["training_office"], name="301", place="", seats=3, in_use=True)
    data = {
        "title": "研讨", "kind": "discussion", "day": "2026-09-14", "half": "am", "starts_at": "09:00",
        "ends_at": "12:00", "room": "301",
    }  # fmt: skip
    answer = office.post(reverse("cohorts:session-add", args=[cohort.public_id]), data, follow=True).content.decode()
    assert "已排入课表" in answer and "301只有 3 个座位，本班有 5 人" in answer


def test_the_calendar_is_kept_by_year(office: Any) -> None:
    add = reverse("office_calendar:add")
    assert office.post(add, {"day": "2027-02-08", "is_working": "", "name": "春节", "source": ""}).status_code == 302
    assert office.post(add, {"day": "2026-10-10", "is_working": "1", "name": "国庆节调休上班"}).status_code == 302
    assert "本来就是工作日" in office.post(add, {"day": "2027-03-01", "is_working": "1", "name": "x"}).content.decode()
    shown = page(office, "office_calendar:index", year="2027")
    assert "2027年2月8日" in shown and "放假" in shown and "2026年10月10日" not in shown
    row = CalendarDay.objects.get(day="2027-02-08")
    office.post(
        reverse("office_calendar:edit", args=[row.pk]), {"is_working": "", "name": "春节假期", "source": "通知"}
    )
    row.refresh_from_db()
    assert (row.name, row.source, row.day) == ("春节假期", "通知", date(2027, 2, 8))
    drop = reverse("office_calendar:drop", args=[row.pk])
    assert "2027年2月8日" in office.get(drop).content.decode()
    office.post(drop)
    assert not CalendarDay.objects.filter(day="2027-02-08").exists()


@pytest.mark.parametrize("space", ["office_faculty", "office_rooms", "office_fees", "office_calendar"])
def test_nobody_but_the_training_office(space: str, personas: dict[str, User], signed_in: Any) -> None:
    for key in ("class_teacher", "unit_admin", "lecturer", "trainee", "leader"):
        assert signed_in(personas[key]).get(reverse(f"{space}:index")).status_code in (302, 403, 404)
