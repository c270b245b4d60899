"""The public pages: what a visitor reads, and how many queries that costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail import hooks
from wagtail.log_actions import registry

from cms.models import CasePage, CoursePage, LawPage, LawRecord, TrackPage
from core.office_frame import menu_of
from courses.models import Course, CourseEdition
from tests.factories.cms import COURSE

PAGES = [
    "/",
    "/tracks/",
    "/tracks/digital/",
    "/tracks/service/",
    f"/tracks/digital/{COURSE}/",
    "/cases/",
    "/cases/one-stop-online/",
    "/laws/",
    "/laws/online-government-services/",
    "/laws/table/",
    "/help/",
    "/about/",
    "/privacy/",
]


def body(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_every_public_page_opens_and_speaks_chinese(site: dict[str, Any], client: Client):
    for url in PAGES:
        text = body(client, url)
        assert "None" not in text, url
        assert "本系统为非涉密系统" in text, url
        assert reverse("cms:feedback") in text, url
        assert 'href="/help/' in text, url


def test_the_home_page_says_what_this_is_and_shows_the_ways_in(site: dict[str, Any], client: Client, signed_in):
    text = body(client, "/")
    for words in ("学有所据", "六个专题", "数字政府", "政治能力与决策执行", "流程再造", "面馆开张前", "核验结业"):
        assert words in text
    assert 'action="/verify/"' in text
    assert "示范内容，使用前须经审核" in text
    text = body(signed_in(site["trainee"]), "/")
    assert "进入我的首页" in text and "登录学习" not in text


def test_before_the_content_is_loaded_the_first_page_is_ours(db: None, client: Client):
    page = client.get("/").content.decode()
    assert "网站内容尚未载入" in page and "本系统为非涉密系统" in page and "Wagtail" not in page
    assert f'href="{reverse("people:sign-in")}"' in page and f'href="{reverse("certificates:verify")}"' in page


def test_a_track_lists_its_courses_cases_laws_and_indicators(site: dict[str, Any], client: Client):
    text = body(client, "/tracks/digital/")
    for words in ("政务服务流程再造", "面馆开张前", "国务院关于在线政务服务的若干规定", "数据共享与业务协同"):
        assert words in text
    assert "一个岗位等了十四个月" not in text
    assert "一个岗位等了十四个月" in body(client, "/tracks/talent/")
    assert "本专题的课程正在筹备" in body(client, "/tracks/service/")


def test_a_course_page_shows_outcomes_and_outline_and_one_button(site: dict[str, Any], client: Client):
    text = body(client, f"/tracks/digital/{COURSE}/")
    assert "能画出一个事项的现状流程图" in text and "一次申请的全程" in text
    assert reverse("courses:course", kwargs={"key": COURSE}) in text


def test_a_course_page_may_vanish_without_harm(site: dict[str, Any], client: Client):
    CoursePage.objects.get().delete()
    assert Course.objects.filter(key=COURSE).exists() and CourseEdition.objects.exists()
    assert reverse("courses:course", kwargs={"key": COURSE}) in body(client, "/tracks/digital/")


def test_the_page_of_a_withdrawn_course_is_not_there(site: dict[str, Any], client: Client):
    Course.objects.update(live=False)
    assert client.get(f"/tracks/digital/{COURSE}/").status_code == 404
    assert "政务服务流程再造" not in body(client, "/")


def test_a_case_tells_its_story_in_order(site: dict[str, Any], client: Client):
    text = body(client, "/cases/one-stop-online/")
    places = [
        text.index(f">{part}</h2>") for part in ("背景", "过程", "数据", "结果", "讨论", "教学提示", "依据与来源")
    ]
    assert places == sorted(places)
    assert "93%" in text and "流程再造与审批精简" in text and "虚构" in text


def test_a_law_page_gives_the_facts_and_what_was_not_checked(site: dict[str, Any], client: Client):
    text = body(client, "/laws/online-government-services/")
    for words in ("国务院令第716号", "2019年4月26日", "以官方发布为准", "第七条", "实务提示", "核对情况"):
        assert words in text
    assert "2019-04-26" not in text


def test_the_table_names_every_law_and_how_it_was_checked(site: dict[str, Any], client: Client):
    text = body(client, "/laws/table/")
    assert "共 29 部" in text and "中华人民共和国数据安全法" in text
    assert text.count("以官方发布为准") >= 28 and "未核对" in text
    assert "2021-06-10" not in text


def test_the_help_page_has_a_section_for_each_role(site: dict[str, Any], client: Client):
    text = body(client, "/help/")
    for anchor in ("start", "learn", "exam", "class", "certificate", "verify", "unit-admin", "office", "roll-call"):
        assert f'id="{anchor}"' in text and f'href="#{anchor}"' in text
    for anchor in ("marking", "leaders", "content", "admins", "feedback"):
        assert f'id="{anchor}"' in text


def test_pages_speak_english_when_asked(site: dict[str, Any], client: Client):
    client.cookies["django_language"] = "en"
    text = body(client, "/")
    assert "Six tracks" in text and "Verify a certificate" in text and 'lang="en"' in text
    assert "Table of laws" in body(client, "/laws/table/")


QUERIES = {"/": 24, "/tracks/": 12, "/tracks/digital/": 24, "/cases/": 12, "/laws/": 12, "/laws/table/": 8}


def copies(page: Any, number: int) -> None:
    """More pages of the same kind beside it."""
    for index in range(number):
        page.copy(update_attrs={"slug": f"{page.slug}-{index}", "title": f"{page.title}{index}"}, copy_revisions=False)


def test_pages_cost_few_queries_and_longer_lists_no_more(site: dict[str, Any], client: Client):
    for url, most in QUERIES.items():
        client.get(url)
        assert count(client, url) <= most, url
    with_two = count(client, "/cases/"), count(client, "/tracks/digital/")
    copies(CasePage.objects.get(slug="one-stop-online"), 8)
    assert (count(client, "/cases/"), count(client, "/tracks/digital/")) == with_two


def count(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


# --- the office ---


def menu_names(user: Any, rf) -> set[str]:
    """The main menu as the Wagtail admin builds it for the person."""
    request = rf.get("/office/")
    request.user = user
    return {item.name for item in menu_of(request)}


WAGTAILS = {"explorer", "images", "documents", "snippets", "settings", "reports", "help"}


@pytest.mark.parametrize("role", ["training_office", "class_teacher", "unit_admin", "leader", "audit_admin"])
def test_wagtails_own_menus_are_hidden_from_everybody_else(personas: dict[str, Any], rf, role: str):
    shown = menu_names(personas[role], rf) & WAGTAILS
    assert shown <= ({"reports"} if role == "audit_admin" else set())


def test_editors_keep_pages_images_documents_and_the_table_of_laws(personas: dict[str, Any], rf):
    assert {"explorer", "images", "documents", "laws"} <= menu_names(personas["content_editor"], rf)
    assert "laws" not in menu_names(personas["training_office"], rf)


def test_the_start_page_of_the_office_counts_pages_for_editors_only(site: dict[str, Any], signed_in):
    for role, words in (("content_editor", True), ("training_office", False)):
        text = signed_in(site[role]).get("/office/").content.decode()
        assert "工作台" in text
        assert ("搜索全部页面" in text) is words
        assert "Wagtail 8" not in text and "editor guide" not in text


def test_others_cannot_open_the_page_explorer_or_the_files(site: dict[str, Any], signed_in):
    browser = signed_in(site["class_teacher"])
    home = TrackPage.objects.first().get_parent().get_parent()
    for url in (f"pages/{home.pk}/", "images/", "documents/", "snippets/cms/lawrecord/"):
        assert browser.get(f"/office/{url}").status_code in (302, 403), url


def test_editors_write_and_the_training_office_publishes(site: dict[str, Any]):
    page = LawPage.objects.first()
    editor = page.permissions_for_user(site["content_editor"])
    office = page.permissions_for_user(site["training_office"])
    assert (editor.can_edit(), editor.can_publish()) == (True, False)
    assert office.can_publish()


@pytest.mark.parametrize("url", ["/_util/login/", "/_util/login/?next=/cases/"])
def test_wagtails_own_sign_in_leads_to_ours(db: None, client: Client, url: str):
    answer = client.get(url)
    assert answer.status_code == 302 and answer.url.startswith("/sign-in/")


@pytest.mark.parametrize("url", ["/_util/authenticate_with_password/1/1/", "/office/failwhale/"])
def test_doors_that_this_product_does_not_have(db: None, client: Client, url: str):
    assert client.get(url).status_code == 404


def test_the_offices_scripts_speak_chinese(personas: dict[str, Any], signed_in, client: Client):
    text = signed_in(personas["content_editor"]).get("/office/jsi18n/").content.decode()
    assert "\\u63d2\\u5165\\u5185\\u5bb9\\u5757" in text or "插入内容块" in text
    assert client.get("/office/jsi18n/").status_code == 302


def test_each_log_action_of_ours_is_registered(db: None):
    assert hooks.get_hooks("register_log_actions")
    for action in ("feedback_sent", "feedback_answered", "feedback_closed", "curriculum_loaded"):
        assert registry.action_exists(f"cms.{action}")


def law_values(**changes: str) -> dict[str, str]:
    """The form of a row of the table of laws, filled in."""
    named = {"title": "示范条例", "short": "示范条例", "kind": "行政法规"}
    return {**named, "status": "以官方发布为准", "checked_against": "未核对", **changes}


def test_an_editor_adds_a_law_with_the_dates_as_people_write_them(personas: dict[str, Any], signed_in):
    editor = signed_in(personas["content_editor"])
    url = "/office/snippets/cms/lawrecord/add/"
    assert editor.post(url, law_values(revised="2015年3月15日、2023-03-13")).status_code == 302
    row = LawRecord.objects.get(title="示范条例")
    assert row.revised == ["2015-03-15", "2023-03-13"]
    shown = editor.get(f"/office/snippets/cms/lawrecord/edit/{row.pk}/").content.decode()
    assert "2015年3月15日、2023年3月13日" in shown
    refused = editor.post(url, law_values(title="另一部", revised="2023年13月40日")).content.decode()
    assert "不是日期" in refused and not LawRecord.objects.filter(title="另一部").exists()
