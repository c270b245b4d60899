"""The screen in the classroom, the cadre's phone, the roll call as values: what they say and to whom."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohorts import services
from cohorts.models import Attendance, AttendanceEvent, CheckIn, Cohort, Scan
from cohorts.rules import rotating
from cohorts.services import check_in as service
from core import clock
from people.models import User
from tests.conftest import MOMENT
from tests.factories.cohorts import MONDAY, CohortFactory, attend, half_days
from tests.factories.people import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]  # 10:00, an hour into the lesson


@pytest.fixture
def cohort(personas: dict[str, User]) -> Cohort:
    """A running class with one of the personas in it and four others."""
    made = CohortFactory(running=True, members=4, size=3, teacher=personas["class_teacher"])
    trainee = personas["trainee"]
    made.memberships.create(
        user=trainee, unit=trainee.unit, state="registered", registered_at=clock.now(), group=made.groups.first()
    )
    return made


@pytest.fixture
def teacher(personas: dict[str, User], signed_in: Any) -> Client:
    return signed_in(personas["class_teacher"])


@pytest.fixture
def trainee(personas: dict[str, User], signed_in: Any) -> Client:
    return signed_in(personas["trainee"])


def url(name: str, cohort: Cohort, *more: Any) -> str:
    return reverse(f"cohorts:{name}", args=[cohort.public_id, *more])


def opened(cohort: Cohort, teacher: Client, **changes: Any) -> CheckIn:
    form = {"before": 30, "late": 70, "after": 120, **changes}
    assert teacher.post(url("check-in-screen", cohort, MONDAY, "am"), form).status_code == 302
    return CheckIn.objects.get(cohort=cohort)


def code_of(check_in: CheckIn, make: Any = rotating.scan_code) -> str:
    return make(service.source_of(check_in), clock.now())


def text(answer: Any) -> str:
    return answer.content.decode()


# The screen.


def test_the_screen_is_opened_shows_code_and_count_and_is_closed(cohort: Cohort, teacher: Client) -> None:
    screen = url("check-in-screen", cohort, MONDAY, "am")
    assert "打开签到" in text(teacher.get(screen)) and "不采集位置" in text(teacher.get(screen))
    check_in = opened(cohort, teacher)
    page = text(teacher.get(screen))
    short = rotating.short_code(service.source_of(check_in), clock.now())
    assert f"{short[:3]} {short[3:]}" in page and "已到 <strong>0</strong> / 5 人" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    part = text(teacher.get(url("check-in-code", cohort, MONDAY, "am")))
    assert "<svg" in part and "<html" not in part
    teacher.post(url("check-in-close", cohort, MONDAY, "am"))
    assert "签到已结束" in text(teacher.get(screen)) and "重新打开签到" in text(teacher.get(screen))
    over = teacher.get(url("check-in-code", cohort, MONDAY, "am"))
    assert over.status_code == 204 and over.headers["HX-Refresh"] == "true"
    history = text(teacher.get(url("history", cohort)))
    assert "打开9月14日上午的扫码签到" in history and "结束9月14日上午的扫码签到" in history


def test_the_code_on_the_screen_changes_every_ten_seconds(cohort: Cohort, teacher: Client) -> None:
    opened(cohort, teacher)
    shown = set()
    for seconds in range(0, 30, 5):
        with clock.freeze(MOMENT + timedelta(seconds=seconds)):
            page = text(teacher.get(url("check-in-code", cohort, MONDAY, "am")))
            shown.add(page.split('class="lh-hidden">')[1].split("<")[0])
    assert len(shown) == 3


def test_bad_minutes_are_refused_in_words(cohort: Cohort, teacher: Client) -> None:
    screen = url("check-in-screen", cohort, MONDAY, "am")
    for form, words in (
        ({"before": 30, "late": 5, "after": 30}, "已经截止"),
        ({"before": 30, "late": 90, "after": 70}, "记迟到的时间不能晚于截止时间"),
        ({"before": -1, "late": "x", "after": 9999}, "请"),
    ):
        answer = teacher.post(screen, form)
        assert answer.status_code == 422 and words in text(answer)
    assert not CheckIn.objects.exists()
    ahead = text(teacher.get(url("check-in-screen", cohort, MONDAY, "pm")))
    assert "还没有到这个半天" in ahead and "打开签到</button>" not in ahead


def test_the_screen_before_its_time_says_when_it_begins(cohort: Cohort, teacher: Client, at: Any) -> None:
    with at(2026, 9, 14, 8, 0):
        opened(cohort, teacher)
        page = text(teacher.get(url("check-in-screen", cohort, MONDAY, "am")))
    assert "签到将于 08:30 开始" in page and '<svg class="segno"' not in page


# The phone.


def test_scan_confirm_and_scan_again(cohort: Cohort, teacher: Client, trainee: Client) -> None:
    check_in = opened(cohort, teacher)
    seen = trainee.get(reverse("cohorts:check-in"), {"c": code_of(check_in)})
    page = text(seen)
    assert "9月14日 周一 上午" in page and cohort.full_title in page and "王敏" in page and "确认到课" in page
    form = {"c": seen.context["code"], "nonce": str(seen.context["nonce"])}
    with clock.freeze(MOMENT + timedelta(minutes=2)):  # the code itself is long gone
        first = trainee.post(reverse("cohorts:check-in"), form, follow=True)
        assert "您已签到 10:02" in text(first) and "考勤记为“到课”" in text(first)
        again = trainee.post(reverse("cohorts:check-in"), form, follow=True)
        assert again.redirect_chain == first.redirect_chain
    with clock.freeze(MOMENT + timedelta(minutes=3)):
        second = trainee.get(reverse("cohorts:check-in"), {"c": code_of(check_in)}, follow=True)
        assert "您已签到 10:02" in text(second)
    assert AttendanceEvent.objects.count() == 1 and Scan.objects.count() == 2
    mine = text(trainee.get(url("class", cohort)))
    assert "扫码 10:02" in mine


def test_the_typed_code_does_the_same(cohort: Cohort, teacher: Client, trainee: Client) -> None:
    check_in = opened(cohort, teacher)
    assert "签到码" in text(trainee.get(reverse("cohorts:check-in")))
    typed = code_of(check_in, rotating.short_code).lower()
    page = text(trainee.get(reverse("cohorts:check-in"), {"c": f" {typed[:3]} {typed[3:]}"}))
    assert "确认到课" in page
    wrong = trainee.get(reverse("cohorts:check-in"), {"c": "ZZZZZZ"}, follow=True)
    assert "签到码已失效" in text(wrong) and "请班主任现场登记，与扫码效力相同" in text(wrong)
    assert reverse("cohorts:check-in") in text(wrong)


def test_a_visitor_signs_in_and_comes_back_to_a_code_that_still_counts(
    cohort: Cohort, teacher: Client, personas: dict[str, User]
) -> None:
    check_in, browser, user = opened(cohort, teacher), Client(), personas["trainee"]
    asked = browser.get(reverse("cohorts:check-in"), {"c": code_of(check_in)})
    assert asked.status_code == 302 and "/sign-in/?next=" in asked.url
    with clock.freeze(MOMENT + timedelta(minutes=3)):
        back = browser.post(asked.url, {"username": user.work_number, "password": PASSWORD})
        assert "确认到课" in text(browser.get(back.url))
    late = Client()
    with clock.freeze(MOMENT + timedelta(minutes=3)):  # the address alone, sent on by somebody, is worth nothing
        late.force_login(cohort.memberships.first().user, backend="people.backends.RoleBackend")
        assert "签到码已失效" in text(late.get(back.url, follow=True))


def test_failures_are_said_in_words_and_listed_for_staff(
    cohort: Cohort, teacher: Client, trainee: Client, personas: dict[str, User], signed_in: Any
) -> None:
    check_in = opened(cohort, teacher)
    member = cohort.memberships.get(user=personas["trainee"])
    actor = personas["class_teacher"]
    services.record_attendance(actor=actor, cohort=cohort, day=MONDAY, half="am", statuses={member.pk: "on_leave"})
    page = text(trainee.get(reverse("cohorts:check-in"), {"c": code_of(check_in)}, follow=True))
    assert "您这半天已登记请假" in page and "请班主任现场登记，与扫码效力相同" in page
    stranger = signed_in(personas["other_trainee"])
    page = text(stranger.get(reverse("cohorts:check-in"), {"c": code_of(check_in)}, follow=True))
    assert "您不在这个班次的在班名单里" in page and cohort.full_title not in page
    listed = text(teacher.get(url("attendance-day-scans", cohort, MONDAY)))
    assert "王敏" in listed and "已登记请假" in listed
    assert "非本班人员" in listed and personas["other_trainee"].name not in listed
    assert "未成功的扫码 2" in text(teacher.get(url("attendance-day", cohort, MONDAY)))


def test_the_result_is_its_owners(cohort: Cohort, teacher: Client, personas: dict[str, User], signed_in: Any) -> None:
    made = services.scan(actor=personas["trainee"], code=code_of(opened(cohort, teacher)), nonce=uuid4())
    address = reverse("cohorts:scan", args=[made.public_id])
    assert signed_in(personas["trainee"]).get(address).status_code == 200
    for key in ("other_trainee", "class_teacher", "training_office"):
        assert signed_in(personas[key]).get(address).status_code == 404
    Attendance.objects.all().delete()
    assert "后来已由班主任更正或撤销" in text(signed_in(personas["trainee"]).get(address))


def test_too_many_tries_are_answered_with_429(trainee: Client) -> None:
    for _ in range(service.TRIES):
        trainee.get(reverse("cohorts:check-in"), {"c": "ZZZZZZ"})
    answer = trainee.get(reverse("cohorts:check-in"), {"c": "ZZZZZZ"})
    assert answer.status_code == 429 and "过于频繁" in text(answer)


# The roll call as values, and the signature.


def values(teacher: Client, cohort: Cohort, form: dict[str, str]) -> Any:
    return teacher.post(url("roll-call", cohort, MONDAY, "am"), form, headers={"Accept": "application/json"})


def test_the_script_is_told_where_everybody_stands_and_who_was_faster(
    cohort: Cohort, teacher: Client, personas: dict[str, User]
) -> None:
    a, b = cohort.memberships.values_list("pk", flat=True)[:2]
    form = {f"version-{a}": "0", f"status-{a}": "signature"}
    done = values(teacher, cohort, form)
    assert done.status_code == 200 and done.json()["summary"] == "已登记 1 / 5 人 · 到课 1"
    assert done.json()["rows"][str(a)]["words"] == "已登记：到课（手签 10:00）"
    assert (Attendance.objects.get().status, AttendanceEvent.objects.get().how) == ("present", "signature")
    stale = values(teacher, cohort, {f"version-{a}": "0", f"status-{a}": "absent", f"version-{b}": "0"})
    assert stale.status_code == 409 and stale.json()["taken"] == [a]
    assert stale.json()["rows"][str(a)]["by"] == personas["class_teacher"].name
    wrong = values(teacher, cohort, {f"status-{a}": "asleep"})
    assert wrong.status_code == 422 and "考勤状态有误" in wrong.json()["message"]
    assert (
        Client().post(url("roll-call", cohort, MONDAY, "am"), headers={"Accept": "application/json"}).status_code == 401
    )


def test_the_rest_is_present_unless_somebody_scanned_meanwhile(
    cohort: Cohort, teacher: Client, personas: dict[str, User]
) -> None:
    check_in = opened(cohort, teacher, late=0)
    services.scan(actor=personas["trainee"], code=code_of(check_in), nonce=uuid4())
    form = {f"version-{key}": "0" for key in cohort.memberships.values_list("pk", flat=True)} | {"rest": "present"}
    assert teacher.post(url("roll-call", cohort, MONDAY, "am"), form).status_code == 302
    assert Attendance.objects.get(how="scan").status == "late", "what is on record is not overwritten, and no conflict"
    assert Attendance.objects.filter(how="roll_call", status="present").count() == 4


# The day.


def test_the_day_tells_every_state_apart_and_how_it_came_about(
    cohort: Cohort, teacher: Client, personas: dict[str, User]
) -> None:
    keys = list(cohort.memberships.order_by("pk").values_list("pk", flat=True))
    services.record_attendance(
        actor=personas["class_teacher"], cohort=cohort, day=MONDAY, half="am", signed={keys[0]},
        statuses={keys[0]: "present", keys[1]: "late", keys[2]: "absent", keys[3]: "on_leave"},
    )  # fmt: skip
    page = text(teacher.get(url("attendance-day", cohort, MONDAY)))
    for words in ("手签 10:00", "迟到", "旷课", "请假", "未登记", "点名 10:00"):
        assert words in page
    answer = teacher.get(url("attendance-day", cohort, MONDAY))
    morning, afternoon = answer.context["totals"]
    assert dict(morning.figures) == {
        "应到": 5, "实到": 2, "迟到": 1, "早退": 0, "请假": 1, "旷课": 1, "未登记": 1,
    }  # fmt: skip
    assert dict(afternoon.figures)["未登记"] == 5 and dict(afternoon.figures)["旷课"] == 0
    book = openpyxl.load_workbook(io.BytesIO(teacher.get(url("attendance-day-export", cohort, MONDAY)).content))
    assert book.sheetnames == ["考勤日表", "半天合计", "未成功的扫码"]
    cells = [str(c.value) for row in book["考勤日表"] for c in row]
    assert "手签 10:00" in cells and "未登记" in cells
    sheet = text(teacher.get(url("attendance-day-print", cohort, MONDAY)))
    assert "签名" in sheet and "截至" in sheet
    empty = text(teacher.get(url("attendance-day", cohort, MONDAY - timedelta(days=3))))
    assert "这一天没有排课" in empty


def test_leave_from_elsewhere_says_so(cohort: Cohort, teacher: Client, personas: dict[str, User]) -> None:
    services.record_leave(
        actor=personas["class_teacher"], membership=cohort.memberships.first(), category="official", from_day=MONDAY,
        from_half="am", to_day=MONDAY, to_half="am", reason="回单位开会", approved_by_name="李静",
    )  # fmt: skip
    assert "请假登记 10:00" in text(teacher.get(url("attendance-day", cohort, MONDAY)))


DAY_PAGES = ("attendance-day", "attendance-day-print", "attendance-day-export", "attendance-day-scans")


@pytest.mark.parametrize("name", [*DAY_PAGES, "roll-call", "check-in-screen", "check-in-code", "attendance"])
def test_queries_do_not_grow_with_the_class(name: str, personas: dict[str, User], signed_in: Any) -> None:
    counts = []
    for members in (10, 1000):
        cohort = CohortFactory(running=True, members=members, size=10, teacher=personas["class_teacher"])
        attend(cohort, only=half_days(cohort)[:1])
        browser = signed_in(personas["class_teacher"])
        check_in = opened(cohort, browser)
        for member in cohort.memberships.select_related("user")[: members // 10]:
            Scan.objects.create(check_in=check_in, user=member.user, nonce=uuid4(), outcome="expired", at=clock.now())
        more = (MONDAY,) if name.startswith("attendance-day") else (MONDAY, "am")
        address = url(name, cohort) if name == "attendance" else url(name, cohort, *more)
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 36, counts
