"""The office's pages of people, units, roles and readings: who sees them, what they show, what stays closed."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.spreadsheets.reader import read_workbook
from people.models import PersonalFileRead, RoleGrant, Unit, User
from tests.factories.people import PostingFactory, UserFactory

pytestmark = pytest.mark.django_db

PEOPLE = "/office/people/"
PAGES = {
    PEOPLE: {"unit_admin", "training_office", "class_teacher"},
    "/office/people/new/": {"unit_admin", "training_office"},
    "/office/people/slips/": {"unit_admin", "training_office"},
    "/office/units/": {"unit_admin", "training_office"},
    "/office/units/new/": {"training_office"},
    "/office/role-grants/": {"security_admin", "audit_admin"},
    "/office/role-grants/new/": {"security_admin"},
    "/office/file-reads/": {"audit_admin"},
}


@pytest.mark.parametrize("page", PAGES)
def test_who_may_open_which_page(page, personas, signed_in) -> None:
    for key, person in personas.items():
        answer = signed_in(person).get(page)
        if key.replace("other_teacher", "class_teacher") in PAGES[page]:
            assert answer.status_code == 200, (key, page)
        else:
            assert answer.status_code in (302, 403), (key, page)


def test_visitors_sign_in_first(client) -> None:
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 302 and answer.url.startswith("/sign-in/"), page


def test_the_list_shows_the_scope_only(personas, signed_in) -> None:
    html = signed_in(personas["unit_admin"]).get(PEOPLE).content.decode()
    assert "王敏" in html, "the trainee of the bureau"
    assert "曾伟" not in html and "单雄" not in html, "neither the chief, managed by the city, nor another bureau"
    whole = signed_in(personas["training_office"]).get(PEOPLE).content.decode()
    assert all(name in whole for name in ("王敏", "曾伟", "单雄"))


def test_the_list_is_constant_in_queries(personas, signed_in) -> None:
    office, unit = signed_in(personas["training_office"]), Unit.objects.get(code="YS-SJ")

    def count() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert office.get(PEOPLE).status_code == 200
        return len(seen)

    count()
    few = count()
    for _ in range(30):
        PostingFactory(user=UserFactory(unit=unit))
    assert count() == few


def test_search_by_initials_name_and_number_and_filters(personas, signed_in) -> None:
    office = signed_in(personas["training_office"])
    for query in ("wm", "王敏", "T0001"):
        html = office.get(PEOPLE, {"q": query}).content.decode()
        assert "王敏" in html and "单雄" not in html, query
    unit = Unit.objects.get(code="YS-SF")
    html = office.get(PEOPLE, {"unit": unit.pk}).content.decode()
    assert "单雄" in html and "王敏" not in html
    html = office.get(PEOPLE, {"role": "leader"}).content.decode()
    assert "曾伟" in html and "王敏" not in html
    User.objects.filter(work_number="T0002").update(password="!")
    html = office.get(PEOPLE, {"state": "new"}).content.decode()
    assert "单雄" in html and "王敏" not in html
    assert office.get(PEOPLE, {"q": "\"';--%00", "unit": "x", "role": "x", "state": "x", "p": "x"}).status_code == 200


def test_the_personal_file_is_masked_and_every_reading_is_kept(personas, signed_in) -> None:
    trainee, office = personas["trainee"], personas["training_office"]
    page = reverse("office-people:inspect", args=[trainee.pk])
    html = signed_in(office).get(page).content.decode()
    assert trainee.id_number not in html and trainee.phone not in html
    assert trainee.id_number[-4:] in html and "****" in html
    assert "乡科级正职" in html and "三级调研员" in html
    read = PersonalFileRead.objects.get()
    assert (read.reader, read.subject) == (office, trainee)
    mine = signed_in(trainee).get("/account/").content.decode()
    assert "赵培" in mine and "个人档案" in mine


@pytest.mark.parametrize("door", ["inspect", "edit", "history", "history_results", "posting", "reset"])
def test_the_clerk_cannot_open_the_chiefs_file_by_any_door(door, personas, signed_in) -> None:
    clerk, chief, trainee = personas["unit_admin"], personas["leader"], personas["trainee"]
    browser = signed_in(clerk)
    assert browser.get(reverse(f"office-people:{door}", args=[chief.pk])).status_code == 404
    assert browser.get(reverse(f"office-people:{door}", args=[999999])).status_code == 404
    assert browser.get(reverse(f"office-people:{door}", args=[trainee.pk])).status_code == 200
    assert not PersonalFileRead.objects.filter(subject=chief).exists()


@pytest.mark.parametrize("door", ["delete", "usage", "copy", "reorder"])
def test_doors_that_do_not_exist(door, personas, signed_in) -> None:
    for kind in ("people", "units", "role-grants", "file-reads"):
        address = f"/office/{kind}/{door}/{personas['trainee'].pk}/"
        assert signed_in(personas["training_office"]).get(address).status_code == 404


def test_an_edit_changes_what_it_may_and_says_why_not(personas, signed_in) -> None:
    trainee, browser = personas["trainee"], signed_in(personas["unit_admin"])
    page = reverse("office-people:edit", args=[trainee.pk])
    html = browser.get(page).content.decode()
    assert trainee.phone not in html and trainee.id_number not in html
    data = {
        "name": "王敏敏",
        "gender": "F",
        "ethnicity": "回族",
        "political_status": "群众",
        "email": "",
        "new_phone": "123",
        "managed_by": trainee.managed_by_id,
        "birth_date": "1985-06-01",
        "is_active": "on",
    }
    refused = browser.post(page, data)
    assert "手机号应为 11 位" in refused.content.decode()
    done = browser.post(page, data | {"new_phone": "13900009999"})
    assert done.status_code == 302
    trainee.refresh_from_db()
    assert (trainee.name, trainee.phone, trainee.ethnicity) == ("王敏敏", "13900009999", "回族")
    assert trainee.initials == "wmm"
    other = Unit.objects.get(code="YS-SF")
    outside = browser.post(page, data | {"new_phone": "", "managed_by": other.pk})
    assert outside.status_code == 200, "a unit outside the scope is no choice"


def test_the_export_masks_and_neutralises(personas, signed_in) -> None:
    trainee = personas["trainee"]
    User.objects.filter(pk=trainee.pk).update(email="=1+1@example.cn")
    browser = signed_in(personas["unit_admin"])
    answer = browser.get(PEOPLE, {"export": "xlsx"})
    rows = [[cell.value for cell in row] for row in read_workbook("x", answer.content).sheets[0].rows()]
    assert rows[0][:3] == ["姓名", "工号", "单位"]
    mine = next(row for row in rows if row[1] == "T0001")
    assert "*" in mine[9] and "*" in mine[10] and mine[11].startswith("'=")
    assert all("曾伟" not in row for row in rows)
    text = b"".join(browser.get(PEOPLE, {"export": "csv"}).streaming_content).decode()
    assert "王敏" in text and "曾伟" not in text and trainee.id_number not in text


def test_a_posting_is_registered_and_the_unit_follows(personas, signed_in) -> None:
    trainee, browser = personas["trainee"], signed_in(personas["training_office"])
    unit = Unit.objects.get(code="YS-SF")
    data = {
        "unit": unit.pk,
        "post": "处长",
        "level": "county_head",
        "rank": "",
        "starts_on": "2024-05-01",
        "ends_on": "",
    }
    answer = browser.post(reverse("office-people:posting", args=[trainee.pk]), data)
    assert answer.status_code == 302
    trainee.refresh_from_db()
    old, new = trainee.postings.order_by("starts_on")
    assert trainee.unit == unit and old.ends_on == date(2024, 4, 30) and new.post == "处长"
    again = browser.post(reverse("office-people:posting", args=[trainee.pk]), data).content.decode()
    assert "须在这之后" in again


def test_resetting_access_shows_the_code_once(personas, signed_in, client) -> None:
    trainee, browser = personas["trainee"], signed_in(personas["unit_admin"])
    answer = browser.post(reverse("office-people:reset", args=[trainee.pk]))
    html = answer.content.decode()
    code = html.split('letter-spacing: 0.08em">')[1].split("<")[0]
    trainee.refresh_from_db()
    assert not trainee.has_usable_password()
    data = {
        "work_number": "T0001",
        "code": code,
        "password": "Qingshan-lvshui-9",
        "again": "Qingshan-lvshui-9",
    }
    assert client.post("/activate/", data).status_code == 302


def test_slips_are_ordered_for_a_unit_and_belong_to_who_asked(personas, signed_in) -> None:
    from core import jobs
    from core.models import Job

    clerk, unit = personas["unit_admin"], Unit.objects.get(code="YS-SJ")
    new = UserFactory(unit=unit, new=True, name="张𬭎", work_number="N9001")
    browser = signed_in(clerk)
    page = reverse("office-people:slips")
    answer = browser.post(page, {"unit": unit.pk, "whom": "new", "form": "pdf", "valid_days": 30})
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    jobs.run_now(job)
    job.refresh_from_db()
    assert job.state == "done" and job.result["people"] == 1
    result = reverse("jobs:result", args=[job.pk])
    assert b"".join(browser.get(result).streaming_content).startswith(b"%PDF")
    assert signed_in(personas["training_office"]).get(result).status_code == 404
    assert new.activation_codes.filter(used_at=None, voided_at=None).count() == 1
    nobody = browser.post(
        page, {"unit": Unit.objects.get(code="YS-SJ-02").pk, "whom": "new", "form": "pdf", "valid_days": 30}
    )
    assert "没有选中任何人员" in nobody.content.decode()


def test_units_are_renamed_with_their_past_kept(personas, signed_in) -> None:
    browser, unit = signed_in(personas["training_office"]), Unit.objects.get(code="YS-SJ")
    assert "市数据局" in browser.get(reverse("office-units:inspect", args=[unit.pk])).content.decode()
    data = {"code": "YS-SJJ", "name": "市数据管理局", "on": "2026-01-01", "document_no": "云编〔2026〕1号"}
    assert browser.post(reverse("office-units:rename", args=[unit.pk]), data).status_code == 302
    unit.refresh_from_db()
    assert unit.valid_to == date(2025, 12, 31)
    new = Unit.objects.get(code="YS-SJJ")
    assert {child.code for child in new.get_children()} == {"YS-SJ-01", "YS-SJ-02"}
    clerk = User.objects.get(work_number="U0001")
    assert clerk.unit == new and clerk.grants.filter(role="unit_admin", unit=new, ends_on=None).exists()
    page = browser.get(reverse("office-units:inspect", args=[unit.pk])).content.decode()
    assert "市数据管理局" in page and "云编〔2026〕1号" in page
    assert "更名为市数据管理局" in browser.get("/office/units/").content.decode()


def test_roles_are_given_and_taken_by_the_security_administrator(personas, signed_in) -> None:
    browser, teacher = signed_in(personas["security_admin"]), personas["lecturer"]
    data = {
        "work_number": teacher.work_number,
        "role": "class_teacher",
        "unit": "",
        "starts_on": "2026-09-01",
    }
    assert browser.post("/office/role-grants/new/", data).status_code == 302
    grant = RoleGrant.objects.get(user=teacher, role="class_teacher")
    assert User.objects.get(pk=teacher.pk).has_perm("wagtailadmin.access_admin")
    own = browser.post("/office/role-grants/new/", data | {"work_number": "S0002", "role": "leader"})
    assert "不能给自己授权" in own.content.decode()
    three = browser.post("/office/role-grants/new/", data | {"work_number": "S0003", "role": "system_admin"})
    assert "须由不同的人担任" in three.content.decode()
    nobody = browser.post("/office/role-grants/new/", data | {"work_number": "Z9"})
    assert "没有这个工号" in nobody.content.decode()
    assert browser.post(reverse("office-grants:end", args=[grant.pk])).status_code == 302
    assert not User.objects.get(pk=teacher.pk).has_perm("wagtailadmin.access_admin")


def test_only_the_trades_menu_is_shown(personas, signed_in) -> None:
    html = signed_in(personas["training_office"]).get(PEOPLE).content.decode()
    for words in (
        "/office/pages/",
        "/office/images/",
        "/office/settings",
        "/office/users/",
        "/office/groups/",
    ):
        assert words not in html.split('id="main"')[0] or words == "/office/pages/", words
