"""The frame of the office is drawn once and kept: nobody is shown a menu that was drawn for somebody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from core import office_frame
from people.services import end_grant

HOME = "/office/"
OFFICE = ("training_office", "class_teacher", "unit_admin", "content_editor", "system_admin", "audit_admin")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_frame, "_kept", {})


def modules(browser: Any) -> dict[str, list[Any]]:
    page = browser.get(HOME).content.decode()
    text = page.split('id="wagtail-sidebar-props" type="application/json">')[1].split("</script>")[0]
    return {module["_type"].rsplit(".")[-1]: module["_args"] for module in json.loads(text)["modules"]}


def labels(entries: list[Any]) -> list[Any]:
    """What a person reads in the menu, groups with what stands in them."""
    return [
        [entry["_args"][0]["label"], *(labels(part) for part in entry["_args"][1:] if isinstance(part, list))]
        for entry in entries
    ]


def menu(browser: Any) -> list[Any]:
    return labels(modules(browser)["MainMenuModule"][0])


@pytest.fixture
def browsers(personas: dict[str, Any], signed_in: Any) -> dict[str, Any]:
    return {role: signed_in(personas[role]) for role in OFFICE}


def shown_alone(browsers: dict[str, Any]) -> dict[str, list[Any]]:
    """Each menu with nothing kept from anybody."""
    found = {}
    for role, browser in browsers.items():
        office_frame._kept.clear()
        found[role] = menu(browser)
    return found


def shown_after_others(browsers: dict[str, Any]) -> dict[str, list[Any]]:
    for browser in browsers.values():
        menu(browser)
    return {role: menu(browser) for role, browser in browsers.items()}


def test_nobody_sees_a_menu_kept_for_others(browsers: dict[str, Any]) -> None:
    alone = shown_alone(browsers)
    assert shown_after_others(browsers) == alone
    assert len({str(words) for words in alone.values()}) == len(OFFICE)  # the six differ


def test_a_key_that_holds_less_would_be_found(browsers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = shown_alone(browsers)
    office_frame._kept.clear()
    monkeypatch.setattr(office_frame, "_words", lambda value: "")
    assert shown_after_others(browsers) != alone


def test_the_second_drawing_is_the_kept_one(browsers: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    first = menu(browsers["training_office"])
    monkeypatch.setattr(office_frame, "JSContext", None)  # drawing anew would fail
    assert menu(browsers["training_office"]) == first


def test_a_grant_that_ends_takes_its_menu_away_at_once(personas: dict[str, Any], browsers: dict[str, Any]) -> None:
    teacher = browsers["class_teacher"]
    assert ["班次"] in menu(teacher)
    grant = personas["class_teacher"].grants.get(role="class_teacher")
    end_grant(actor=personas["security_admin"], grant=grant)
    assert teacher.get(HOME).status_code in (302, 403)


def test_the_person_and_the_language_are_never_kept(personas: dict[str, Any], browsers: dict[str, Any]) -> None:
    chinese, teacher = modules(browsers["training_office"]), modules(browsers["class_teacher"])
    assert chinese["MainMenuModule"][2]["name"] != teacher["MainMenuModule"][2]["name"]
    personas["training_office"].language = "en"
    personas["training_office"].save(update_fields=["language"])
    english = modules(browsers["training_office"])
    assert labels(english["MainMenuModule"][0])[0] != labels(chinese["MainMenuModule"][0])[0]
    assert "Keyboard shortcuts" in browsers["training_office"].get(HOME).content.decode()
    assert "Keyboard shortcuts" not in browsers["class_teacher"].get(HOME).content.decode()


def test_the_field_above_the_menu_searches_what_the_person_works_with(browsers: dict[str, Any]) -> None:
    people, pages = reverse("office-people:index"), reverse("wagtailadmin_pages:search")
    found = {role: modules(browser).get("SearchModule") for role, browser in browsers.items()}
    assert found["training_office"] == found["class_teacher"] == found["unit_admin"] == [people]
    assert found["content_editor"] == [pages]
    assert found["system_admin"] is found["audit_admin"] is None


def test_the_auditor_has_a_way_to_the_site_history_and_nobody_else(browsers: dict[str, Any]) -> None:
    found = {role for role, browser in browsers.items() if "全站操作记录" in str(menu(browser))}
    assert found == {"audit_admin"}


@pytest.mark.parametrize("address", [HOME, "/office/people/"])
def test_every_page_of_the_office_ends_with_feedback_help_and_the_warning(
    browsers: dict[str, Any], address: str
) -> None:
    page = browsers["training_office"].get(address).content.decode()
    footer = page.split('<footer class="lh-office-footer">')[1].split("</footer>")[0]
    assert "本系统为非涉密系统" in footer and "意见反馈" in footer and "本页帮助" in footer
    assert page.count("本系统为非涉密系统") == 1 and page.index("lh-office-footer") < page.rindex("</main>")
