"""Filters kept under a name: one's own, per list, replaced under the same name."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict

from core.errors import DomainError
from core.models import SavedView
from core.saved_views import MOST, keep_view, views_of

pytestmark = pytest.mark.django_db
HERE = "cohorts:members:7"


def test_a_view_keeps_filters_without_page_and_empty_ones(personas: dict[str, Any]) -> None:
    one = personas["class_teacher"]
    keep_view(owner=one, place=HERE, name=" 第1组请假 ", query="flag=over&group=3&page=2&q=&csrfmiddlewaretoken=x")
    (found,) = views_of(one, HERE, QueryDict("group=3&flag=over"))
    assert (found["view"].name, found["url"], found["active"]) == ("第1组请假", "?flag=over&group=3", True)
    assert views_of(one, "cohorts:members:8", QueryDict()) == []
    assert views_of(personas["other_teacher"], HERE, QueryDict()) == []


def test_the_same_name_replaces_and_nothing_is_no_view(personas: dict[str, Any]) -> None:
    one = personas["class_teacher"]
    keep_view(owner=one, place=HERE, name="请假", query="flag=over")
    keep_view(owner=one, place=HERE, name="请假", query="flag=none")
    assert SavedView.objects.get().query == "flag=none"
    with pytest.raises(DomainError, match="还没有选择任何筛选条件"):
        keep_view(owner=one, place=HERE, name="全部", query="page=3")
    with pytest.raises(DomainError, match="请给这组筛选起个名字"):
        keep_view(owner=one, place=HERE, name="  ", query="flag=over")


def test_a_list_has_room_for_a_dozen(personas: dict[str, Any]) -> None:
    one = personas["class_teacher"]
    for n in range(MOST):
        keep_view(owner=one, place=HERE, name=f"第{n}组", query=f"group={n}")
    with pytest.raises(DomainError, match="最多保存 12 组"):
        keep_view(owner=one, place=HERE, name="再一组", query="group=99")
    keep_view(owner=one, place=HERE, name="第1组", query="group=1&flag=over")


def test_keeping_and_dropping_lead_back_to_the_list(personas: dict[str, Any], signed_in: Any) -> None:
    browser = signed_in(personas["class_teacher"])
    given = {"place": HERE, "name": "请假", "query": "flag=over", "next": "/office/?flag=over"}
    assert browser.post("/views/", given)["Location"] == "/office/?flag=over"
    row = SavedView.objects.get()
    assert signed_in(personas["other_teacher"]).post(f"/views/{row.pk}/drop/").status_code == 404
    assert browser.post(f"/views/{row.pk}/drop/", {"next": "https://evil.example/"})["Location"] == "/"
    assert not SavedView.objects.exists()
