"""A class filled on the screens: the office opens, three levels name and review on the phone, the cadre reads it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from core import clock
from people.models import Role, User
from planning.models import CallUp, Nomination, Quota
from tests.browser import DESK, axe_violations, english_on_chinese, overflowing
from tests.cohorts.test_leave_in_browser import chromium, phone_of, whole
from tests.conftest import MOMENT
from tests.factories.cohorts import CohortFactory
from tests.factories.people import UserFactory
from tests.factories.planning_calls import STARTS, Scene, cadres, call_up, named, planned, scene
from tests.journeys.looking import SETTLED, WAGTAILS_OWN

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with clock.freeze(MOMENT):
        yield


def desk_of(browser: Browser, user: User, server: Any) -> Page:
    page = phone_of(browser, user, server)
    page.set_viewport_size({"width": DESK, "height": 900})
    return page


def office_whole(page: Page) -> None:
    """Our part of the office's page, at rest; Wagtail's own frame is tested elsewhere."""
    page.evaluate(SETTLED)
    assert axe_violations(page, exclude=WAGTAILS_OWN) == []
    assert overflowing(page) == []
    assert english_on_chinese(page) == []


def reads(page: Page, words: str) -> None:
    """The words stand on the page, once it has come."""
    page.get_by_text(words).first.wait_for()


def opened_by_the_office(browser: Browser, where: Scene, cohort: Any, server: Any) -> Page:
    office = desk_of(browser, where.office, server)
    office.goto(reverse("planning:call-up", args=[cohort.public_id]))
    office_whole(office)
    office.get_by_role("link", name="安排调训").click()
    office.get_by_label("按名额选派").check()
    office.get_by_label("主题").select_option(label="数字政府")
    office.get_by_label("人数").fill("2")
    office.get_by_label("报名截止").fill("2026-09-25")
    office.get_by_label("逐级审核").check()
    office_whole(office)
    office.get_by_role("button", name="保存").click()
    office.get_by_role("link", name="分配名额").first.click()
    office.get_by_role("link", name="按比例建议").click()
    reads(office, "保存后才生效")
    office_whole(office)
    office.get_by_role("button", name="保存名额").click()
    office.get_by_role("button", name="开放报名并通知单位").click()
    reads(office, "已开放报名，并通知了各单位管理员")
    office_whole(office)
    return office


def test_from_the_opening_to_the_cadres_desk(live_server: Any) -> None:
    where = scene()
    cohort = planned(host=where.city, made_by=where.office)
    busy, one, two, three = cadres(where.section, 4)
    other = CohortFactory(confirmed=True, members=[busy], starts_on=STARTS, ends_on=STARTS, days=0)
    with chromium() as browser:
        office = opened_by_the_office(browser, where, cohort, live_server)
        assert Quota.objects.get().places == 2

        section = phone_of(browser, where.admins["section"], live_server)
        section.goto(reverse("planning:nominations"))
        reads(section, "1 个班次还剩 2 个名额")
        whole(section)
        section.get_by_role("link", name=cohort.full_title).click()
        whole(section)
        section.get_by_role("link", name="提名人选").click()
        whole(section)
        reads(section, f"同期已在“{other.full_title}”")
        for person in (one, two, three):
            section.locator(f'input[name=users][value="{person.pk}"]').check()
        section.get_by_label("推荐理由").fill("业务骨干")
        section.get_by_role("button", name="提名勾选的人").click()
        reads(section, "名额为 2 人，已用 0 人，还剩 2 人，这次需要 3 人")
        whole(section)
        section.locator(f'input[name=users][value="{three.pk}"]').uncheck()
        section.get_by_role("button", name="提名勾选的人").click()
        reads(section, "已提名 2 人")
        whole(section)
        section.goto(reverse("planning:nominations-hanging"))
        reads(section, "公路管理处：管公路")
        whole(section)

        for key in ("division", "bureau"):
            phone = phone_of(browser, where.admins[key], live_server)
            for person in (one, two):
                phone.goto(reverse("planning:nominations"))
                phone.get_by_role("link", name=person.name).first.click()
                whole(phone)
                phone.get_by_label("同意", exact=True).check()
                phone.get_by_role("button", name="提交意见").click()
                reads(phone, "意见已记录")
            whole(phone)
            phone.context.close()

        cadre = phone_of(browser, one, live_server)
        cadre.goto(reverse("planning:my-nominations"))
        reads(cadre, "单位已审核，正等培训处确认")
        whole(cadre)

        office.goto(reverse("planning_hanging:index"))
        assert axe_violations(office, exclude=WAGTAILS_OWN) == []
        assert one.name in office.inner_text("body") and where.office.name in office.inner_text("body")
        office.goto(reverse("planning:call-up", args=[cohort.public_id]))
        for box in office.locator("input[name=rows]").all():
            box.check()
        office.get_by_role("button", name="确认", exact=True).click()
        reads(office, "将影响 2 人")
        office_whole(office)
        office.get_by_role("button", name="确认 2 人").click()
        reads(office, "已确认 2 人，并通知了本人和单位")

        cadre.reload()
        reads(cadre, f"您已确认参加“{cohort.full_title}”，2026年10月12日开班")
        whole(cadre)
    assert CallUp.objects.get().taken == 2 and Nomination.objects.filter(state="confirmed").count() == 2


def test_an_open_class_is_asked_for_and_the_unit_stands_in(live_server: Any) -> None:
    where = scene()
    row = call_up(where, basis="open", places=1)
    (one,) = cadres(where.section, 1)
    User.objects.filter(pk=one.pk).update(name="欧阳慕容·阿卜杜热合曼·买买提江")
    with chromium() as browser:
        cadre = phone_of(browser, User.objects.get(pk=one.pk), live_server)
        cadre.goto(reverse("planning:open-classes"))
        whole(cadre)
        cadre.get_by_text("报名", exact=True).last.click()
        cadre.get_by_label("报名理由").fill("负责数据共享")
        cadre.get_by_role("button", name="提交报名").click()
        reads(cadre, "正由养护科审核")
        whole(cadre)

        admin = phone_of(browser, where.admins["section"], live_server)
        helper = UserFactory(unit=where.section, name="代班", role=Role.TRAINEE)
        admin.goto(reverse("planning:stand-ins"))
        whole(admin)
        admin.get_by_label("代办人工号").fill(helper.work_number)
        admin.get_by_label("开始日期").fill(str(MOMENT.date()))
        admin.get_by_label("结束日期").fill(str(date(2026, 9, 18)))
        admin.get_by_role("button", name="保存代办").click()
        reads(admin, "代办中")
        whole(admin)

        beside = phone_of(browser, helper, live_server)
        beside.goto(reverse("planning:nominations"))
        whole(beside)
        beside.get_by_role("link", name="欧阳慕容").click()
        whole(beside)
        beside.get_by_label("不同意").check()
        beside.get_by_label("理由").fill("本月有专项检查")
        beside.get_by_role("button", name="提交意见").click()
        cadre.reload()
        reads(cadre, "未通过，原因：本月有专项检查")
        whole(cadre)
    assert row.nominations.get().steps.get(position=0).on_behalf_of == where.admins["section"]


def test_the_pages_hold_with_many_and_long(live_server: Any) -> None:
    where = scene()
    row = call_up(where, places=60, quotas={where.bureau: 60})
    named(where, row, cadres(where.section, 55), by=where.admins["section"])
    with chromium() as browser:
        phone = phone_of(browser, where.clerk, live_server)
        for name in ("nominations", "nominations-hanging"):
            phone.goto(reverse(f"planning:{name}"))
            whole(phone)
        office = desk_of(browser, where.office, live_server)
        office.goto(reverse("planning:call-up", args=[row.cohort.public_id]))
        office_whole(office)
