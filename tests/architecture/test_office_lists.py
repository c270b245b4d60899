"""Every list of the office: it keeps filters, and it finds the people that it shows by the initials of their names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, TestCase
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.snippets.models import get_snippet_models

from core import clock
from core.viewsets import KeepsViews, ScopedModelViewSet
from tests.architecture.url_scene import NOW, Scene, build
from tests.architecture.url_table import ROWS
from tests.factories.people import make_personas

pytestmark = [
    pytest.mark.xdist_group("urls"),
    pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile"),
]
# Who acted stands in an export; the list is about somebody else.
ACTORS = {("RoleGrant", "granted_by")}


def _members(registered: Any) -> Iterator[Any]:
    if isinstance(registered, (list, tuple)):
        for one in registered:
            yield from _members(one)
    elif hasattr(registered, "registerables"):
        yield from _members(list(registered.registerables))
    else:
        yield registered


def viewsets() -> dict[str, ScopedModelViewSet]:
    """Every scoped viewset that the product registers, by its name."""
    every = [one for hook in hooks.get_hooks("register_admin_viewset") for one in _members(hook())]
    return {one.name: one for one in every if isinstance(one, ScopedModelViewSet)}


def people_shown(viewset: ScopedModelViewSet) -> list[str]:
    """The ways from a row to the people whom the list names, with dots; an empty one where the row is a person."""
    user = get_user_model()
    if viewset.model is user:
        return [""]
    columns = [*_given(viewset.list_display), *_given(viewset.list_export)]
    named = [str(getattr(column, "name", column)) for column in columns]
    ways = [*_to_people(viewset.model, user), *_through_one(viewset.model, user)]
    return [way for way in ways if any(_names(name, way) for name in named) and not _acted(viewset, way)]


def _given(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _to_people(model: type[Model], user: Any) -> list[str]:
    return [f.name for f in model._meta.get_fields() if f.concrete and f.is_relation and f.related_model is user]


def _through_one(model: type[Model], user: Any) -> list[str]:
    links = [f for f in model._meta.get_fields() if f.concrete and f.many_to_one and f.related_model is not user]
    return [f"{link.name}.{way}" for link in links for way in _to_people(link.related_model, user)]


def _names(column: str, way: str) -> bool:
    return column == way or str(column).startswith(f"{way}.")


def _acted(viewset: ScopedModelViewSet, way: str) -> bool:
    return (viewset.model.__name__, way) in ACTORS


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Built once for this module in a transaction that is never kept; the clock stands."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.freeze(NOW):
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = build(make_personas())
        yield made
        transaction.set_rollback(True)


def reader_of(scene: Scene, viewset: ScopedModelViewSet) -> Any:
    """Somebody who opens the list: the office, where it may."""
    row = next(row for row in ROWS if row.name == f"{viewset.name}:index")
    roles = row.roles.split()
    return scene.personas["training_office" if "training_office" in roles else roles[0]]


def listed(person: Any, viewset: ScopedModelViewSet, **query: str) -> HttpResponse:
    client = Client()
    client.force_login(person)
    return client.get(f"{reverse(f'{viewset.name}:index')}?{urlencode(query)}")


@pytest.mark.parametrize("name", sorted(viewsets()))
def test_the_list_keeps_filters_under_a_name(scene: Scene, name: str) -> None:
    viewset = viewsets()[name]
    page = listed(reader_of(scene, viewset), viewset, q="wm").content.decode()
    assert f'name="place" value="{name}:index"' in page
    assert 'name="query" value="q=wm"' in page


@pytest.mark.parametrize("name", sorted(name for name, one in viewsets().items() if people_shown(one)))
def test_initials_find_the_people_of_the_list(scene: Scene, name: str) -> None:
    viewset = viewsets()[name]
    reader = reader_of(scene, viewset)
    for way in people_shown(viewset):
        row = person = listed(reader, viewset).context["object_list"][0]
        for step in filter(None, way.split(".")):
            person = getattr(person, step)
        for words in (person.initials, person.work_number, person.name):
            found = listed(reader, viewset, q=words)
            assert row in found.context["object_list"], (way, words)
        assert row not in listed(reader, viewset, q=f"zz{person.initials}zz").context["object_list"]


def test_lists_that_name_people_are_known() -> None:
    found = {name for name, one in viewsets().items() if people_shown(one)}
    known = {"office-people", "office-grants", "office-reads", "office_seats", "office_submissions"}
    assert known | {"course_enrolments", "records_hours", "office_certificates"} <= found


def test_content_that_filters_keeps_filters_too() -> None:
    filtered = [model.snippet_viewset for model in get_snippet_models() if model.snippet_viewset.filterset_class]
    assert filtered
    assert [one for one in filtered if not issubclass(one.index_view_class, KeepsViews)] == []


def test_the_control_a_list_without_initials_is_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    search = BaseListingView.search_queryset

    def blind(self: Any, rows: Any) -> Any:
        self.search_fields = [name for name in self.search_fields if "initials" not in name]
        return search(self, rows)

    monkeypatch.setattr(BaseListingView, "search_queryset", blind)
    viewset = viewsets()["office_seats"]
    reader = scene.personas["training_office"]
    row = viewset.model._default_manager.visible_to(reader).last()
    assert row not in listed(reader, viewset, q=row.user.initials).context["object_list"]


@pytest.mark.parametrize("name", ["discipline", "leave-requests", "appraisals", "members"])
def test_the_lists_of_a_class_find_their_people(scene: Scene, name: str) -> None:
    client, person = Client(), scene.personas["trainee"]
    client.force_login(scene.personas["class_teacher"])
    url = reverse(f"cohorts:{name}", kwargs=scene.own["cohort"])
    assert person.name not in client.get(url, {"q": f"zz{person.initials}zz"}).content.decode()
    for words in (person.initials, person.work_number, person.name):
        assert person.name in client.get(url, {"q": words}).content.decode().replace(f'value="{words}"', "")
