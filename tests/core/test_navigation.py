"""Menus come from the apps: who sees which entry, which one is marked, and that every name leads somewhere."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from core import navigation
from core.navigation import Entry, Menus, resolved

pytestmark = pytest.mark.urls("tests.core.shell_urls")
VISITOR, MEMBER = SimpleNamespace(is_authenticated=False), SimpleNamespace(is_authenticated=True)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with empty menus and leaves the product's as they were."""
    monkeypatch.setattr(navigation, "_menus", {face: [] for face in navigation.FACES})
    for name in ("_tiles", "_footer", "_user_menu", "_help", "_faces"):
        monkeypatch.setattr(navigation, name, [])


def menus(path: str = "/plain/", user: object = VISITOR) -> Menus:
    request = RequestFactory().get(path)
    request.user = user  # type: ignore[assignment]
    return Menus(request)


def test_entries_stand_in_their_order_whatever_the_order_of_registering() -> None:
    navigation.register("cadre", "班级", "deeper", order=30, icon="users")
    navigation.register("cadre", "首页", "plain", order=10, icon="home")
    assert [link.label for link in menus().cadre] == ["首页", "班级"]


def test_registering_twice_changes_nothing() -> None:
    for _ in range(2):
        navigation.register("public", "首页", "plain", order=10, icon="home")
    assert len(menus().public) == 1


def test_an_entry_is_shown_to_those_it_is_for() -> None:
    navigation.register("office", "学员", "plain", order=1, icon="users", visible=navigation.signed_in)
    assert not menus(user=VISITOR).office
    assert [link.label for link in menus(user=MEMBER).office] == ["学员"]


def test_the_most_exact_entry_alone_is_marked() -> None:
    navigation.register("public", "一", "plain", order=1, icon="home")
    navigation.register("public", "二", "deeper", order=2, icon="home")
    assert [link.active for link in menus("/plain/deeper/").public] == [False, True]
    assert [link.active for link in menus("/plain/").public] == [True, False]
    assert [link.active for link in menus("/elsewhere/").public] == [False, False]


def test_the_home_page_is_marked_on_itself_only() -> None:
    entries = [Entry("首页", "plain", 1, active_prefix="/")]
    assert [link.active for link in resolved(entries, VISITOR, "/")] == [True]
    assert [link.active for link in resolved(entries, VISITOR, "/plain/")] == [False]


def test_feedback_knows_the_page_it_was_opened_from() -> None:
    navigation.register_footer("意见反馈", "deeper", order=1, from_page=True)
    assert menus("/plain/").footer[0].url == "/plain/deeper/?from=%2Fplain%2F"


def test_a_visitor_is_offered_to_sign_in_and_a_member_to_sign_out() -> None:
    navigation.register_sign_in("登录", "plain")
    navigation.register_user_menu("退出", "deeper", order=9, icon="logout", method="post")
    assert [link.label for link in menus(user=VISITOR).user_menu] == ["登录"]
    assert [(link.label, link.method) for link in menus(user=MEMBER).user_menu] == [("退出", "post")]


def test_a_name_without_an_address_is_left_out_and_named_by_the_check() -> None:
    navigation.register("public", "无", "nowhere:at-all", order=1, icon="home")
    navigation.register("public", "有", "plain", order=2, icon="home")
    assert [link.label for link in menus().public] == ["有"]
    assert [warning.msg for warning in navigation.names_resolve(None)] == ["导航登记的地址名称不存在：nowhere:at-all"]


def test_help_face_and_tiles() -> None:
    navigation.register_help("plain")
    navigation.register_face("leaders", "领导视图", "deeper", order=3, icon="report", visible=navigation.signed_in)
    navigation.register_home_tile("证书查验", "plain", order=1, icon="certificate", text="不需要账号。")
    assert menus().help_url == "/plain/"
    assert [link.label for link in menus(user=MEMBER).faces] == ["领导视图"]
    assert [(tile.label, tile.text) for tile in menus().home_tiles] == [("证书查验", "不需要账号。")]
    assert len(navigation.everything()) == 3
