"""The pages of a class: who may open them, what they say, and that lists stay constant in queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from cohorts import services
from cohorts.models import Attendance, ClosingPaper, Cohort, LeaveRecord
from core import clock
from people.models import User
from tests.core.side_doors import check_side_doors
from tests.factories.cohorts import AFTER, MONDAY, CohortFactory, attend, closed, ready_to_close
from tests.factories.people import UnitFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

OFFICE_PAGES = (
    "board", "members", "timetable", "attendance", "requirements", "graduation", "closing", "history",
    "session-add", "requirement-course", "requirement-exam", "requirement-task", "requirement-choice",
)  # fmt: skip
OFFICE_ONLY = ("members-add", "roster-upload", "cancel")
EXPORTS = ("members-export", "attendance-export", "graduation-export")


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    """A running class of the personas' city with one of them in it and nineteen others."""
    made = CohortFactory(running=True, members=19, size=5, teacher=personas["class_teacher"])
    trainee = personas["trainee"]
    made.memberships.create(
        user=trainee, unit=trainee.unit, state="registered", registered_at=clock.now(), group=made.groups.first()
    )
    return made


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


@pytest.mark.parametrize("name", [*OFFICE_PAGES, *EXPORTS])
def test_office_pages_open_for_teacher_and_office_only(
    name: str, cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    for key in ("class_teacher", "training_office"):
        assert signed_in(personas[key]).get(url(name, cohort)).status_code == 200
    assert signed_in(personas["other_teacher"]).get(url(name, cohort)).status_code == 404
    for key in ("trainee", "other_trainee", "lecturer", "leader", "unit_admin"):
        assert signed_in(personas[key]).get(url(name, cohort)).status_code == 403


@pytest.mark.parametrize("name", OFFICE_ONLY)
def test_forming_is_the_offices(name: str, cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    assert signed_in(personas["training_office"]).get(url(name, cohort)).status_code == 200
    assert signed_in(personas["class_teacher"]).get(url(name, cohort)).status_code == 403


def test_the_board_says_what_comes_next_and_what_blocks_it(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    page = signed_in(personas["training_office"]).get(url("board", cohort)).content.decode()
    assert "下一步：结班" in page
    assert "缺少结班材料：培训方案、最终课表、签到表。" in page
    assert "9月14日上午" in page and "20 人未登记" in page


def test_the_list_of_classes_shows_ones_own(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    address = reverse("office_cohorts:index")
    assert cohort.full_title in signed_in(personas["class_teacher"]).get(address).content.decode()
    assert cohort.full_title not in signed_in(personas["other_teacher"]).get(address).content.decode()


def test_planning_and_changing_a_class_through_the_form(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    office = signed_in(personas["training_office"])
    data = {
        "code": "LH-9", "title": "法治政府专题班", "intake_no": 1, "brand": "领航班", "category": "in_service",
        "host": cohort.host_id, "place": "二楼", "starts_on": "2026-10-12", "ends_on": "2026-10-16",
        "hour_rule": cohort.hour_rule_id, "arrival_days": 3,
    }  # fmt: skip
    answer = office.post(reverse("office_cohorts:add"), data)
    made = Cohort.objects.get(code="LH-9")
    assert answer.url == url("board", made)
    again = office.post(reverse("office_cohorts:add"), data)
    assert "已存在" in again.content.decode() or "已被使用" in again.content.decode()
    edit = reverse("office_cohorts:edit", args=[made.pk])
    assert f'name="version" value="{made.version}"' in office.get(edit).content.decode()
    assert office.post(edit, {**data, "place": "五楼", "version": made.version}).status_code == 302
    stale = office.post(edit, {**data, "place": "九楼", "version": made.version})
    assert "已被他人修改" in stale.content.decode()
    assert Cohort.objects.get(pk=made.pk).place == "五楼"


def test_a_class_teacher_changes_the_place_but_not_the_host(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    teacher, edit = signed_in(personas["class_teacher"]), reverse("office_cohorts:edit", args=[cohort.pk])
    assert 'name="host"' not in teacher.get(edit).content.decode()
    data = {
        "code": cohort.code, "title": cohort.title, "intake_no": 1, "brand": "领航班", "category": "in_service",
        "place": "五楼", "starts_on": "2026-09-14", "ends_on": "2026-09-18", "hour_rule": cohort.hour_rule_id,
        "arrival_days": 5, "version": cohort.version, "host": personas["trainee"].unit_id,
    }  # fmt: skip
    assert teacher.post(edit, data).status_code == 302
    changed = Cohort.objects.get(pk=cohort.pk)
    assert (changed.place, changed.host, changed.arrival_days) == ("五楼", cohort.host, 5)
    assert teacher.get(reverse("office_cohorts:add")).status_code in (302, 403)
    assert signed_in(personas["other_teacher"]).get(edit).status_code == 404


def test_members_are_found_by_initials_and_flag(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    office = signed_in(personas["training_office"])
    found = office.get(url("members", cohort), {"q": "wm"}).content.decode()
    assert "王敏" in found
    none = office.get(url("members", cohort), {"flag": "over"}).content.decode()
    assert "这里将列出本班学员" in none
    for strange in ({"q": "'\"%_\x00"}, {"group": "9" * 30}, {"state": "x"}, {"page": "-1"}):
        assert office.get(url("members", cohort), strange).status_code == 200


def test_one_member_page_shows_the_arithmetic_and_notes_the_reader(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    member = cohort.memberships.get(user=personas["trainee"])
    teacher = signed_in(personas["class_teacher"])
    form = {"category": "sick", "from_day": "2026-09-14", "from_half": "am", "to_day": "2026-09-14", "to_half": "pm"}
    saved = teacher.post(
        url("leave-record", cohort, member.public_id), {**form, "reason": "就医", "approved_by_name": "李静"}
    )
    assert saved.status_code == 302
    page = teacher.get(url("member", cohort, member.public_id)).content.decode()
    assert "累计请假 8 学时 ÷ 总学时 40 学时，超过七分之一（5.71 学时）" in page
    assert "原则上作退学处理" in page and "作出决定" not in page
    assert personas["trainee"].file_reads.filter(reader=personas["class_teacher"]).exists()
    office = signed_in(personas["training_office"])
    assert "作出决定" in office.get(url("member", cohort, member.public_id)).content.decode()
    decision = {"outcome": "waive", "reason": "经组织部批准", "document_no": "领院〔2026〕12号"}
    assert office.post(url("leave-decision", cohort, member.public_id), decision).status_code == 302
    after = office.get(url("member", cohort, member.public_id)).content.decode()
    assert "豁免（领院〔2026〕12号）" in after and "请假超过七分之一" in after
    leave = LeaveRecord.objects.get()
    back = url("leave-return", cohort, member.public_id, leave.public_id)
    assert office.get(back).status_code == 200
    early = {"how": "early", "last_day": "2026-09-14", "last_half": "am", "reason": "返班"}
    assert office.post(back, early).status_code == 302
    member.refresh_from_db()
    assert member.leave_hours == 4


def test_bad_leave_is_answered_with_a_sentence(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    member = cohort.memberships.first()
    form = {"category": "sick", "from_day": "2026-09-15", "from_half": "am", "to_day": "2026-09-14", "to_half": "pm"}
    answer = signed_in(personas["class_teacher"]).post(
        url("leave-record", cohort, member.public_id), {**form, "reason": "就医", "approved_by_name": "李静"}
    )
    assert answer.status_code == 422 and "结束时间不能早于开始时间" in answer.content.decode()


def test_timetable_form_refuses_a_clash_and_keeps_what_was_written(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    form = {
        "title": "另一讲",
        "kind": "lecture",
        "day": "2026-09-14",
        "half": "am",
        "starts_at": "10:00",
        "ends_at": "11:00",
        "hours": "0",
    }
    answer = signed_in(personas["class_teacher"]).post(url("session-add", cohort), form)
    page = answer.content.decode()
    assert answer.status_code == 422 and "本班 09:00至12:00已排" in page and "另一讲" in page


def test_roll_call_saves_everybody_at_once_without_a_script(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    teacher = signed_in(personas["class_teacher"])
    address = url("roll-call", cohort, MONDAY, "am")
    page = teacher.get(address).content.decode()
    assert "9月14日 周一 上午" in page and "未登记" in page and "第1组" in page
    keys = list(cohort.memberships.values_list("pk", flat=True))
    form = {f"version-{k}": "0" for k in keys} | {
        f"status-{keys[0]}": "late",
        f"status-{keys[1]}": "absent",
        "rest": "present",
    }
    assert teacher.post(address, form).status_code == 302
    assert Attendance.objects.filter(status="present").count() == 18
    assert "迟到 1" in teacher.get(address).content.decode()
    stale = {f"version-{keys[0]}": "0", f"status-{keys[0]}": "present"}
    answer = teacher.post(address, stale)
    assert answer.status_code == 409 and "刚刚已由他人登记" in answer.content.decode()


def test_roll_call_is_closed_ahead_and_for_others(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    ahead = url("roll-call", cohort, MONDAY, "pm")
    assert "不能提前点名" in signed_in(personas["class_teacher"]).get(ahead).content.decode()
    assert signed_in(personas["other_teacher"]).get(ahead).status_code == 404
    assert signed_in(personas["trainee"]).get(ahead).status_code == 403
    bad = ahead.replace("2026-09-14", "2026-13-44")
    assert signed_in(personas["class_teacher"]).get(bad).status_code == 404


def test_teachers_home_names_the_half_day_and_what_is_due(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    page = signed_in(personas["class_teacher"]).get(reverse("cohorts:teach")).content.decode()
    assert f"“{cohort.full_title}”正在上课，已登记 0 / 20 人。" in page
    assert "9月14日上午点名" in page
    assert signed_in(personas["lecturer"]).get(reverse("cohorts:teach")).status_code == 200
    assert signed_in(personas["trainee"]).get(reverse("cohorts:teach")).status_code == 403


def test_cadre_sees_the_own_class_only(cohort: Cohort, personas: dict[str, User], signed_in: Any) -> None:
    address = url("class", cohort)
    page = signed_in(personas["trainee"]).get(address).content.decode()
    assert "9月14日 09:00" not in page and "今天 09:00" in page
    assert "累计请假 0 学时 ÷ 总学时 40 学时，未超过七分之一（5.71 学时）" in page and "还可请假 5.71 学时" in page
    assert "第1组的同学" in page
    for key in ("other_trainee", "class_teacher", "leader"):
        assert signed_in(personas[key]).get(address).status_code == 404
    assert signed_in(personas["trainee"]).get(reverse("cohorts:my-class")).url == address


def test_after_closing_the_class_page_is_to_read_and_names_nobody(personas: dict[str, User], signed_in: Any) -> None:
    trainee = personas["trainee"]
    mate = personas["other_trainee"]
    cohort = closed(members=[trainee, mate], size=2, teacher=personas["class_teacher"])
    page = signed_in(trainee).get(url("class", cohort)).content.decode()
    assert "本班已经结班，以下内容只供查看" in page and "您在本班的状态：结业" in page
    assert mate.name not in page and "的同学" not in page


def test_closing_through_the_pages_names_how_many_and_can_be_undone(personas: dict[str, User], signed_in: Any) -> None:
    cohort = ready_to_close(members=[personas["trainee"], personas["other_trainee"]], teacher=personas["class_teacher"])
    teacher = signed_in(personas["class_teacher"])
    with clock.freeze(AFTER):
        page = teacher.get(url("close", cohort)).content.decode()
        assert "结班，2 人结业" in page and "各记 40 至 40 学时" in page
        assert teacher.post(url("close", cohort)).status_code == 302
        assert "2 名学员中 2 人结业" in teacher.get(url("closing", cohort)).content.decode()
        assert "目前是“已结班”" in teacher.post(url("close", cohort), follow=True).content.decode()
        assert teacher.post(url("undo-close", cohort), {"reason": "补签到表"}).status_code == 302
    cohort.refresh_from_db()
    assert cohort.state == "running"


def test_papers_are_for_those_who_run_the_class(personas: dict[str, User], signed_in: Any) -> None:
    cohort = ready_to_close(teacher=personas["class_teacher"])
    paper = ClosingPaper.objects.filter(cohort=cohort).first()
    address = url("paper", cohort, paper.public_id)
    answer = signed_in(personas["class_teacher"]).get(address)
    assert b"".join(answer.streaming_content) == paper.kind.encode()
    assert signed_in(personas["other_teacher"]).get(address).status_code == 404
    other = CohortFactory(running=True, teacher=personas["class_teacher"])
    assert signed_in(personas["class_teacher"]).get(url("paper", other, paper.public_id)).status_code == 404


PAGES = ("board", "members", "attendance", "graduation", "members-export", "attendance-export", "graduation-export")


@pytest.mark.parametrize("name", PAGES)
def test_pages_take_as_many_queries_for_many_as_for_few(
    name: str, personas: dict[str, User], signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for members in (10, 200):
        cohort = CohortFactory(running=True, members=members, size=10)
        attend(cohort, only=[services.timetable.HalfDay(MONDAY, "am")])
        browser = signed_in(personas["training_office"])
        browser.get(url(name, cohort))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert browser.get(url(name, cohort)).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 42, counts


def test_no_side_door_of_the_list_shows_a_class_outside_the_scope(
    cohort: Cohort, personas: dict[str, User], signed_in: Any
) -> None:
    foreign = CohortFactory(title="外市专题班", host=UnitFactory(name="外市委"), members=0)
    doors = check_side_doors(
        signed_in(personas["training_office"]),
        signed_in(UserFactory(role="training_office")),
        "/office/cohorts/",
        cohort,
        foreign,
        words=(cohort.title, "外市专题班"),
        hidden=["外市委"],
    )
    assert doors["index"] == doors["edit"] == 200
    assert doors["delete"] in (302, 403, 404), "a class is cancelled, never deleted"
