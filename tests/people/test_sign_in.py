"""Coming in: sentences for everything that can go wrong, and first things first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from people.models import NoticeAcceptance, User
from tests.factories.people import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def enter(browser: Client, number: str, password: str, **extra):
    return browser.post("/sign-in/", {"username": number, "password": password}, **extra)


def words(answer) -> str:
    return answer.content.decode()


def test_the_page_speaks_chinese_and_has_the_agreed_fields(client) -> None:
    html = words(client.get("/sign-in/"))
    assert 'name="username"' in html and 'name="password"' in html
    for sentence in ("工号", "密码", "用纸条上的激活码设置密码", "忘记密码"):
        assert sentence in html


def test_signing_in_and_out(personas) -> None:
    browser = Client()
    answer = enter(browser, " T0001 ", PASSWORD)
    assert answer.status_code == 302
    assert browser.get("/account/").status_code == 200
    assert browser.get("/sign-out/").status_code == 405, "only a POST signs out"
    assert browser.post("/sign-out/").status_code == 302
    assert browser.get("/account/").url.startswith("/sign-in/?next=")


def test_one_sentence_whoever_is_asked_for(personas, client) -> None:
    closed = personas["other_trainee"]
    User.objects.filter(pk=closed.pk).update(is_active=False)
    answers = [enter(client, number, "wrong") for number in ("T0001", "T0002", "NOBODY")]
    answers.append(enter(client, "T0002", PASSWORD))
    assert {answer.status_code for answer in answers} == {422}
    assert all("工号或密码不正确，请重新输入" in words(answer) for answer in answers)


@pytest.mark.parametrize(
    ("wanted", "goes"),
    [
        ("/account/", "/account/"),
        ("https://evil.example/", None),
        ("//evil.example", None),
        ("javascript:alert(1)", None),
    ],
)
def test_next_is_followed_within_the_site_only(wanted, goes, personas) -> None:
    browser = Client()
    answer = browser.post("/sign-in/", {"username": "T0001", "password": PASSWORD, "next": wanted})
    assert answer.status_code == 302
    assert answer.url == goes if goes else "evil" not in answer.url and "javascript" not in answer.url


def test_a_lock_out_is_for_the_login_not_for_the_office_behind_one_address(personas) -> None:
    office = {"REMOTE_ADDR": "10.1.2.3"}
    for _ in range(settings.AXES_FAILURE_LIMIT):
        answer = enter(Client(), "T0001", "wrong", **office)
    assert answer.status_code == 429
    assert "已暂停登录" in words(answer) and "15 分钟后再试" in words(answer)
    assert enter(Client(), "T0001", PASSWORD, **office).status_code == 429, "the right password waits as well"
    assert enter(Client(), "T0001", PASSWORD, REMOTE_ADDR="10.9.9.9").status_code == 429, "from everywhere"
    assert enter(Client(), "T0002", PASSWORD, **office).status_code == 302, "a colleague signs in"


def test_resetting_access_lifts_the_lock_out(personas) -> None:
    from people import services

    for _ in range(settings.AXES_FAILURE_LIMIT):
        enter(Client(), "T0001", "wrong")
    code = services.reset_access(actor=personas["unit_admin"], user=personas["trainee"]).code
    data = {
        "work_number": "T0001",
        "code": code,
        "password": "Qingshan-lvshui-9",
        "again": "Qingshan-lvshui-9",
    }
    assert Client().post("/activate/", data).status_code == 302
    assert enter(Client(), "T0001", "Qingshan-lvshui-9").status_code == 302


def test_a_session_ends_after_eight_hours(personas, client) -> None:
    enter(client, "T0001", PASSWORD)
    age = client.session.get_expiry_date() - client.session.get_expiry_date().now(
        tz=client.session.get_expiry_date().tzinfo
    )
    assert timedelta(hours=7) < age <= timedelta(hours=8)
    assert client.cookies["sessionid"]["max-age"] == "", "the browser forgets it when it closes"


def test_passwords_are_argon2id_with_the_lighter_parameters(personas) -> None:
    encoded = personas["trainee"].password
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert identify_hasher(encoded).algorithm == "argon2"


def test_a_password_given_by_somebody_else_has_to_go_first(client) -> None:
    user = UserFactory(must_change_password=True, notice_version="")
    enter(client, user.work_number, PASSWORD)
    for page in ("/account/", "/start/", "/office/", "/account/notice/"):
        assert client.get(page).url == "/account/password/", page
    htmx = client.get("/account/", headers={"HX-Request": "true"})
    assert htmx.status_code == 204 and htmx.headers["HX-Redirect"] == "/account/password/"
    weak = client.post("/account/password/", {"password": "12345678901", "again": "12345678901"})
    assert weak.status_code == 422 and "数字" in words(weak)
    differ = client.post("/account/password/", {"password": "Qingshan-lvshui-9", "again": "other"})
    assert "两遍输入的密码不一样" in words(differ)
    done = client.post("/account/password/", {"password": "Qingshan-lvshui-9", "again": "Qingshan-lvshui-9"})
    assert done.status_code == 302
    assert client.get("/account/").url == "/account/notice/", "then the notice"


def test_the_notice_is_read_once_and_its_version_kept(client) -> None:
    user = UserFactory(notice_version="")
    enter(client, user.work_number, PASSWORD)
    assert client.get("/start/").url == "/account/notice/"
    html = words(client.get("/account/notice/"))
    assert "个人信息保护法" in html and settings.LINGHANG_NOTICE_VERSION in html and "我已阅读，继续" in html
    assert client.post("/account/notice/").status_code == 302
    assert client.post("/account/notice/").status_code == 302, "twice changes nothing"
    assert NoticeAcceptance.objects.get(user=user).version == settings.LINGHANG_NOTICE_VERSION
    assert client.get("/account/").status_code == 200


def test_a_new_version_of_the_notice_is_shown_again(client, settings) -> None:
    user = UserFactory()
    client.force_login(user, backend="people.backends.RoleBackend")
    assert client.get("/account/").status_code == 200
    settings.LINGHANG_NOTICE_VERSION = "2099-01"
    assert client.get("/account/").url == "/account/notice/"


def test_changing_ones_password_asks_for_the_old_one(personas, signed_in) -> None:
    browser = signed_in(personas["trainee"])
    data = {"old": "wrong", "password": "Qingshan-lvshui-9", "again": "Qingshan-lvshui-9"}
    assert "现在的密码不正确" in words(browser.post("/account/password/", data))
    assert browser.post("/account/password/", data | {"old": PASSWORD}).status_code == 302
    assert browser.get("/account/").status_code == 200, "this browser stays signed in"


def test_the_account_shows_what_is_kept_masked(personas, signed_in) -> None:
    trainee = personas["trainee"]
    html = words(signed_in(trainee).get("/account/"))
    assert "王敏" in html and "市数据局综合处" in html and "乡科级正职" in html
    assert trainee.id_number not in html and trainee.phone not in html
    assert "还没有人查阅过您的档案" in html
    assert "None" not in html


def test_scripts_and_htmx_are_told_that_the_session_ended(client) -> None:
    script = client.get("/account/", headers={"Accept": "application/json"})
    assert script.status_code == 401 and "请重新登录" in script.json()["message"]
    assert client.get("/account/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/sign-in/"


def test_a_trainee_sent_to_the_office_reads_a_refusal_and_goes_in_no_circle(personas, signed_in) -> None:
    answer = signed_in(personas["trainee"]).get("/office/people/", follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) == 1


def test_leaving_the_office_signs_out(personas, signed_in) -> None:
    browser = signed_in(personas["training_office"])
    assert browser.get("/office/").status_code == 200
    assert browser.post("/office/logout/").status_code == 302
    assert browser.get("/account/").url.startswith("/sign-in/?next=")
