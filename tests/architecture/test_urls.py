"""Every address of the product × every persona: who may open it, who may send something to it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, TestCase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core import clock
from tests.architecture.url_scene import NOW, Scene, build
from tests.architecture.url_table import (
    AREAS,
    EVERYBODY,
    FORBIDDEN,
    MISSING,
    NOT_SO,
    OPEN,
    ROWS,
    SIGN_IN,
    VISITOR,
    Area,
    Row,
)
from tests.architecture.url_table import REFUSED as EITHER
from tests.factories.people import make_personas

pytestmark = [
    pytest.mark.xdist_group("urls"),
    # Wagtail leaves the temporary file of a rendition to the collector.
    pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile"),
]
REFUSED = {SIGN_IN, FORBIDDEN, MISSING, NOT_SO}


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver; ``name`` with its namespace, the route where it has no name."""

    name: str
    route: str
    arguments: dict[str, str]  # name of the argument → name of its converter
    positional: int


def addresses(resolver: URLResolver | None = None, space: str = "", before: str = "") -> Iterator[Address]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = space + (f"{pattern.namespace}:" if pattern.namespace else "")
            yield from addresses(pattern, inner, route)
        else:
            yield _address(pattern, space, route)


def _address(pattern: URLPattern, space: str, route: str) -> Address:
    found = re.findall(r"<(?:(\w+):)?(\w+)>", route.replace("?P<", "<"))
    named = {name: kind or "regex" for kind, name in found}
    positional = 0 if named else route.count("(") - route.count("(?")
    return Address(space + pattern.name if pattern.name else route, route, named, positional)


def rows_of(name: str) -> list[Row]:
    return [row for row in ROWS if row.name == name]


def area_of(name: str) -> Area | None:
    """The most exact area."""
    found = [area for area in AREAS if name.startswith(area.prefix)]
    return max(found, key=lambda area: len(area.prefix)) if found else None


# The table and the resolver know the same addresses.


def test_every_address_stands_in_the_table():
    assert sorted({a.name for a in addresses() if not rows_of(a.name) and not area_of(a.name)}) == []


def test_every_row_has_its_address():
    there = {address.name for address in addresses()}
    assert [row.name for row in ROWS if row.name not in there] == []
    assert [area.prefix for area in AREAS if not any(name.startswith(area.prefix) for name in there)] == []


def test_no_row_stands_twice():
    keys = [(row.name, row.method, row.thing) for row in ROWS]
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


def test_the_control_finds_an_address_without_a_row(monkeypatch):
    monkeypatch.setattr("tests.architecture.test_urls.ROWS", [row for row in ROWS if row.name != "people:account"])
    assert [a.name for a in addresses() if not rows_of(a.name) and not area_of(a.name)] == ["people:account"]


# Asking.

# Between them these open every address; the others are refused by the same predicates, whichever database answers.
ON_BOTH_DATABASES = ("trainee", "class_teacher", "unit_admin", "training_office", "leader", "content_editor")


def asked_by(personas: Iterable[str]) -> pytest.MarkDecorator:
    """A test for each persona, on both databases or once."""
    kinds = {persona: () if persona in ON_BOTH_DATABASES else pytest.mark.once for persona in personas}
    return pytest.mark.parametrize("persona", [pytest.param(who, marks=marks) for who, marks in kinds.items()])


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Built once for this module in a transaction that is never kept; the clock stands."""
    with django_db_blocker.unblock(), transaction.atomic(), clock.freeze(NOW):
        with TestCase.captureOnCommitCallbacks(execute=True):
            made = build(make_personas())
        yield made
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def quietly(caplog: pytest.LogCaptureFixture) -> None:
    """Refusals are what is asked for here: nobody needs them in the log."""
    cache.clear()
    caplog.set_level(logging.CRITICAL, "django.request")


@pytest.fixture
def plain_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals without a page around them; how the page looks is asked for below."""
    for status in (403, 404):
        monkeypatch.setattr(f"config.urls.handler{status}", partial(_plain, status=status), raising=False)


def _plain(request: HttpRequest, exception: Exception, *, status: int) -> HttpResponse:
    return HttpResponse(status=status)


def browser_of(scene: Scene, persona: str) -> Client:
    client = Client(raise_request_exception=False)
    if persona != VISITOR:
        client.force_login(scene.personas[persona], backend="people.backends.RoleBackend")
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever a request writes is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, method: str, url: str, data: dict[str, Any] | None = None) -> HttpResponse:
    """The answer; what the request wrote and the cookies it took away are put back."""
    kept = deepcopy(client.cookies)
    with undone():
        response = client.post(url, data) if method == "POST" else client.get(url)
        if response.streaming:
            b"".join(response.streaming_content)  # which closes it
    client.cookies = kept
    return response


def outcome(response: HttpResponse, url: str) -> str:
    """The answer in a word: open, sign-in, 403, 404, 405; an accident by its last line."""
    status = response.status_code
    if status in (301, 302, 303):
        place = urlsplit(response.url).path
        if place in (reverse("people:sign-in"), "/office/login/") and url != reverse("people:sign-out"):
            return SIGN_IN
        turned_away = url.startswith(OFFICE) and place == OFFICE != url
        return FORBIDDEN if turned_away else OPEN
    if status in (403, 404, 405):
        return str(status)
    if status >= 500:
        accident = getattr(response, "exc_info", None)
        return f"{status} {accident[1]!r}" if accident else str(status)
    return OPEN


OFFICE = "/office/"


def as_meant(got: str, wanted: str, url: str, persona: str) -> bool:
    """Wagtail turns a signed-in person without access away to the sign-in page, which ends in a refusal."""
    if got == SIGN_IN and wanted in (FORBIDDEN, EITHER) and persona != VISITOR:
        return url.startswith(OFFICE)
    return got in (FORBIDDEN, MISSING) if wanted == EITHER else got == wanted


def url_of(name: str, kwargs: dict[str, Any] | None) -> str:
    return kwargs["url"] if kwargs and "url" in kwargs else reverse(name, kwargs=kwargs)


def deviations(row: Row, scene: Scene, client: Client, persona: str) -> Iterator[str]:
    """What the table says and the product does otherwise, on both sides of the scene."""
    for foreign in (False, True) if row.thing else (False,):
        things = scene.foreign if foreign else scene.own
        url, wanted = url_of(row.name, things.get(row.thing)), row.expected(persona, foreign=foreign)
        got = outcome(ask(client, row.method, url, things.get(row.data)), url)
        whose = " of others" if foreign else ""
        if not as_meant(got, wanted, url, persona):
            yield f"{row.method} {row.name}{whose}: {got} instead of {wanted}"
        if row.method == "GET" and wanted != OPEN:
            yield from accepted(client, url, f"{row.name}{whose}")


def accepted(client: Client, url: str, about: str) -> Iterator[str]:
    """Nothing may be sent to where one may not look; a body that cannot be read (400) was not acted upon."""
    answer = ask(client, "POST", url)
    sent = outcome(answer, url)
    if sent not in REFUSED and answer.status_code != 400:
        yield f"POST {about}: {sent}"


@asked_by(EVERYBODY)
@pytest.mark.usefixtures("plain_refusals")
def test_a_persona_opens_exactly_what_the_table_says(persona: str, scene: Scene):
    client = browser_of(scene, persona)
    told = [line for row in ROWS for line in deviations(row, scene, client, persona)]
    assert told == [], "\n".join(told)


def test_the_control_sees_a_wrong_row(scene: Scene):
    wrong = Row("people:account", roles="leader")
    assert list(deviations(wrong, scene, browser_of(scene, "trainee"), "trainee"))[:1] == [
        "GET people:account: open instead of 403"
    ]


# Areas: everything of Wagtail's that has no row of its own.

BY_ARGUMENT = {
    "page_id": ("page", "page_id"),
    "parent_page_id": ("page", "page_id"),
    "page_to_move_id": ("page", "page_id"),
    "destination_id": ("elsewhere", "page_id"),
    "page_pk": ("page", "page_id"),
    "image_id": ("image", "image_id"),
    "document_id": ("document", "document_id"),
    "doc_id": ("document", "document_id"),
}
BY_SPACE = {
    "course_courses": "course_row",
    "course_lessons": "lesson_row",
    "course_enrolments": "enrolment_row",
    "course_anomalies": "anomaly_row",
    "course_question_chooser": "question_row",
    "office_certificates": "certificate_row",
    "office_exams": "exam_row",
    "office_seats": "seat_row",
    "office_questions": "question_row",
    "office_blueprints": "blueprint_row",
    "office_rubrics": "rubric_row",
    "feedbackmessage": "feedback_row",
}
WORDS = {
    "content_type_app_name": "cms",
    "content_type_model_name": "casepage",
    "app_label": "cms",
    "app_name": "cms",
    "model_name": "casepage",
    "action": "delete",
    "action_name": "approve",
    "filter_spec": "original",
    "revision_id_a": "earliest",
    "revision_id_b": "latest",
}
BY_KIND = {"int": 1, "uuid": UUID(int=1), "str": "1", "slug": "x", "path": "x", "regex": "1"}


def argument(address: Address, name: str, kind: str, things: dict[str, Any]) -> Any:
    """A value that means something where there is one, so that a refusal is no accident."""
    if name in BY_ARGUMENT:
        thing, key = BY_ARGUMENT[name]
        return things[thing][key]
    space = address.name.split(":")[0]
    if name == "pk" and space in BY_SPACE:
        return things[BY_SPACE[space]]["pk"]
    return WORDS.get(name, BY_KIND.get(kind, "1"))


def url_in_area(address: Address, area: Area, things: dict[str, Any]) -> str:
    if area.sample:
        return area.sample
    kwargs = {name: argument(address, name, kind, things) for name, kind in address.arguments.items()}
    return reverse(address.name, kwargs=kwargs)


def in_areas() -> Iterator[tuple[Address, Area]]:
    for address in addresses():
        area = area_of(address.name)
        if area and not rows_of(address.name):
            yield address, area


def let_in(address: Address, area: Area, scene: Scene, client: Client, persona: str) -> Iterator[str]:
    """Doors that open to somebody who is not named; accidents, whoever asks."""
    url = url_in_area(address, area, scene.own)
    got = outcome(ask(client, "GET", url), url)
    if got.startswith("5"):
        yield f"GET {address.name} {url}: {got}"
    elif persona not in area.may.split():
        if got not in REFUSED:
            yield f"GET {address.name} {url}: {got}"
        if got != SIGN_IN:  # where the gate of the office stands before every method
            yield from accepted(client, url, f"{address.name} {url}")


@asked_by(EVERYBODY)
@pytest.mark.usefixtures("plain_refusals")
def test_areas_are_refused_to_everybody_who_is_not_named(persona: str, scene: Scene):
    client = browser_of(scene, persona)
    told = [line for address, area in in_areas() for line in let_in(address, area, scene, client, persona)]
    assert told == [], "\n".join(told)


@asked_by(persona for persona in EVERYBODY if persona != VISITOR)
def test_nobody_goes_round_in_circles(persona: str, scene: Scene):
    client = browser_of(scene, persona)
    for url in (OFFICE, "/office/pages/", "/sign-in/", "/start/", "/"):
        with undone():
            answer = client.get(url, follow=True)
        assert len(answer.redirect_chain) < 4 and answer.status_code in (200, 403), (url, answer.redirect_chain)


# Not yours, or not there?


def nowhere(kwargs: dict[str, Any]) -> dict[str, Any]:
    """The same arguments with keys of nobody's."""
    strange: dict[type, Callable[[Any], Any]] = {int: lambda _: 987654321, str: lambda _: "nobody-has-this"}
    return {k: strange.get(type(v), lambda _: uuid4())(v) if k not in ("day", "half", "position") else v
            for k, v in kwargs.items()}  # fmt: skip


def words(response: HttpResponse, url: str) -> str:
    """The page without what differs every time: the token and the address itself."""
    text = response.content.decode(errors="replace").replace(url, "").replace(quote(url, safe=""), "")
    return re.sub(r'(csrfmiddlewaretoken"? value="|X-CSRFToken\W+)[\w-]+', "", text)


@pytest.mark.parametrize("persona", ["other_trainee", "other_teacher", "training_office", "other_leader", "lecturer"])
def test_not_yours_and_not_there_look_the_same(persona: str, scene: Scene):
    client, told = browser_of(scene, persona), []
    for row in [
        row for row in ROWS if row.thing not in ("", "file") and row.expected(persona, foreign=True) == MISSING
    ]:
        hidden = url_of(row.name, scene.foreign[row.thing])
        absent = reverse(row.name, kwargs=nowhere(scene.foreign[row.thing]))
        there, nothing = ask(client, row.method, hidden), ask(client, row.method, absent)
        if there.status_code != nothing.status_code or words(there, hidden) != words(nothing, absent):
            told.append(row.name)
    assert told == []
