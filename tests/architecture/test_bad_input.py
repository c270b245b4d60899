"""Whatever is sent to any address: never an accident, nothing half-saved, a sentence that a person can read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.architecture import hostile
from tests.architecture import test_urls as urls
from tests.architecture.url_scene import Scene
from tests.architecture.url_table import MISSING, OPEN, ROWS, VISITOR, Row

# Two workers share the work; each builds the scene once.
ADDRESSES, FORMS = pytest.mark.xdist_group("bad-addresses"), pytest.mark.xdist_group("bad-forms")
scene = urls.scene
quietly = urls.quietly

# Who asks: the first of these to whom the table opens the address.
ASKING = (
    "class_teacher",
    "training_office",
    "trainee",
    "lecturer",
    "unit_admin",
    "leader",
    "content_editor",
    "security_admin",
    "audit_admin",
    "system_admin",
    VISITOR,
)
LEAVES = ("people:sign-out", "core:language", "core:display")  # change the browser alone
# What is written about an attempt, not by it: a refusal may leave these.
LOGS = {
    "axes",
    "sessions",
    "people.filereadlog",
    "people.fileread",
    "people.signinlog",
    "wagtailsearch",
    "cohorts.scan",
}


BEFORE_SIGN_IN = ("people:sign-in", "people:activate")


def asker(row: Row) -> str | None:
    if row.name in BEFORE_SIGN_IN:
        return VISITOR
    return next((who for who in ASKING if row.expected(who) == OPEN), None)


@pytest.fixture(scope="module")
def browsers(scene: Scene) -> dict[str, Client]:
    return {who: urls.browser_of(scene, who) for who in ASKING}


# What an answer may be.


def accident(response: HttpResponse, about: str) -> Iterator[str]:
    if response.status_code >= 500:
        trouble = getattr(response, "exc_info", None)
        yield f"{about}: {response.status_code} {trouble[1]!r:.300}" if trouble else f"{about}: {response.status_code}"


def counted_tables() -> list[str]:
    left_out = ("axes", "sessions", "wagtailsearch", "contenttypes")
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return sorted(
        m._meta.db_table for m in models if m._meta.app_label not in left_out and m._meta.label_lower not in LOGS
    )


def counts() -> dict[str, int]:
    """Rows per table, in one query."""
    tables = counted_tables()
    columns = ", ".join(f"(SELECT count(*) FROM {connection.ops.quote_name(table)})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


class Writes:
    """Whether anything was put in or taken out, perhaps in vain; only then the rows are worth counting."""

    any = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.any = self.any or sql.lstrip().startswith(("INSERT", "DELETE"))
        return execute(sql, params, many, context)


SHOWS_WHAT_IT_DID = ("office-people:reset", "office-people:slips", "cohorts:calendar-open")  # a code that is seen once


@cache
def standing() -> dict[str, int]:
    """The rows of the scene, which every request leaves as they were."""
    return counts()


def refusing(response: HttpResponse) -> bool:
    """The answer says no: the form again with its errors, a page that refuses, or a message that does."""
    found = response.wsgi_request.resolver_match
    if response.status_code == 200 and found and found.view_name in SHOWS_WHAT_IT_DID:
        return False
    if response.status_code in (301, 302, 303):
        return any(message.level_tag == "error" for message in get_messages(response.wsgi_request))
    return response.status_code >= 400 or is_page(response)


def is_page(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


CHINESE = re.compile(r"[\u4e00-\u9fff].*[。；！？]|[\u4e00-\u9fff]{4,}", re.DOTALL)
SAYS = re.compile(r"errorlist|error-message|invalid-feedback|is-invalid|role=\"alert\"|alert-|messages|w-field__errors")


def silent(response: HttpResponse, about: str) -> Iterator[str]:
    """A refusal without a sentence; a redirect says it on the next page."""
    if response.status_code in (301, 302, 303, 304, 405) or response.streaming:
        return
    text = response.content.decode(errors="replace")
    if response.status_code >= 400 and not CHINESE.search(text.encode().decode("unicode_escape", "ignore") + text):
        yield f"{about}: {response.status_code} without a sentence: {text[:80]!r}"
    elif response.status_code == 200 and is_page(response) and not SAYS.search(text):
        yield f"{about}: the page again, without a word"


def post(client: Client, url: str, data: Any, **more: Any) -> tuple[HttpResponse, list[str]]:
    """The answer, and the tables in which a refusal left rows; all is taken back."""
    client.cookies.pop("messages", None)  # words of an earlier request
    kept = {name: morsel.value for name, morsel in client.cookies.items()}
    with urls.undone():
        before, writes = standing(), Writes()
        with connection.execute_wrapper(writes):
            response = client.post(url, data, **more)
            if response.streaming:
                b"".join(response.streaming_content)
        changed: list[str] = []
        if writes.any and response.status_code < 500 and refusing(response):
            after = counts()
            changed = [table for table in before if before[table] != after[table]]
    for name, value in kept.items():
        client.cookies[name] = value
    return response, changed


def told(client: Client, url: str, data: Any, about: str, *, speaks: bool = False, **more: Any) -> Iterator[str]:
    try:
        response, changed = post(client, url, data, **more)
    except UnicodeEncodeError:  # what no browser can send
        return
    yield from accident(response, about)
    if changed:
        yield f"{about}: {response.status_code}, refused, yet rows in {', '.join(changed)}"
    if response.status_code >= 400 or speaks:
        yield from silent(response, about)


# Pages.


def pages(browsers: dict[str, Client]) -> list[tuple[Row, Client]]:
    return [(row, browsers[who]) for row in ROWS if row.method == "GET" and (who := asker(row))]


def address(row: Row, scene: Scene) -> str:
    return urls.url_of(row.name, scene.own.get(row.thing))


def with_query(url: str, names: list[str], turn: int) -> str:
    values = hostile.QUERY
    pairs = (f"{name}={values[(turn + at) % len(values)]}" for at, name in enumerate(names))
    return f"{url}?{'&'.join(pairs)}"


def shown(client: Client, url: str) -> str:
    response = urls.ask(client, "GET", url)
    return response.content.decode(errors="replace") if not response.streaming and is_page(response) else ""


@ADDRESSES
def test_no_query_makes_an_accident(scene: Scene, browsers: dict[str, Client]):
    """Every value in every field of a page's filters; other pages get a few at once."""
    found: list[str] = []
    for row, client in pages(browsers):
        url = address(row, scene)
        fields = [n for form in hostile.forms(shown(client, url), url, "get") for n in form.kinds]
        names = [*dict.fromkeys(fields), *(n for n in hostile.GENERIC if n not in fields)]
        listing = bool(fields) or "index" in row.name or "list" in row.name
        for turn in range(0, len(hostile.QUERY), 5 if listing else 10):
            hurt = with_query(url, names, turn)
            found += accident(urls.ask(client, "GET", hurt), f"{row.name} {hurt[:160]}")
        if listing:
            for at, value in enumerate(hostile.QUERY[:4]):
                name = ("page", "p", "q", "ordering")[at % 4]
                found += accident(urls.ask(client, "GET", f"{url}?{name}={value}"), f"{row.name} ?{name}={value}")
    assert found == [], "\n".join(found)


STRANGE: dict[type, tuple[Any, ...]] = {
    int: (0, 99999999999999999999),
    str: ("\x00", "'\"", "长" * 300, "0000-00-00", "99999999999999999999"),
}


@ADDRESSES
def test_no_address_makes_an_accident(scene: Scene, browsers: dict[str, Client]):
    """Keys beyond 64 bit, NUL, days that do not exist: not there, and not an accident."""
    found: list[str] = []
    for row in ROWS:
        kwargs, who = scene.own.get(row.thing), asker(row)
        if not kwargs or not who or "url" in kwargs:
            continue
        url = urls.url_of(row.name, kwargs)
        for value in kwargs.values():
            for strange in STRANGE.get(type(value), ()):
                hurt = url.replace(f"/{value}/", f"/{hostile.quote(str(strange))}/")
                answer = urls.ask(browsers[who], row.method, hurt)
                found += accident(answer, f"{row.method} {row.name} {hurt[:120]}")
    assert found == [], "\n".join(found)


# Forms.


@dataclass
class Target:
    """A form of ours and the browser that may send it."""

    name: str
    url: str
    client: Client
    form: hostile.Form


def name_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return MISSING


def targets(scene: Scene, browsers: dict[str, Client]) -> list[Target]:
    """Every form on every page, once; and what the table names and no page of the scene shows."""
    found: dict[str, Target] = {}
    for row, client in pages(browsers):
        page = address(row, scene)
        for form in hostile.forms(shown(client, page), page, "post"):
            url = form.action if form.action.startswith("/") else page
            name = name_of(url)
            key = f"{name} {' '.join(sorted({hostile.alike(kind) for kind in form.kinds}))}"
            if name not in LEAVES and name != MISSING:
                found.setdefault(key, Target(name, url, client, form))
    named = {target.name for target in found.values()}
    for row in ROWS:
        if row.method == "POST" and row.name not in {*named, *LEAVES} and (who := asker(row)):
            url = address(row, scene)
            found[row.name] = Target(
                row.name, url, browsers[who], hostile.Form(url, {}, dict.fromkeys(GUESSED, "text"))
            )
    return list(found.values())


GUESSED = ("position", "answer", "choice", "note", "reason", "ids", "member", "group", "sequence", "client_key", "day")


@pytest.fixture(scope="module")
def every_form(scene: Scene, browsers: dict[str, Client]) -> list[Target]:
    return targets(scene, browsers)


@FORMS
def test_the_forms_are_found(every_form: list[Target]):
    names = {target.name for target in every_form}
    assert {"cohorts:leave-record", "cohorts:session-add", "people:sign-in", "cms:feedback"} <= names
    assert {row.name for row in ROWS if row.method == "POST"} - names <= set(LEAVES)


@FORMS
def test_garbage_in_every_field(every_form: list[Target]):
    found: list[str] = []
    for target in every_form:
        for data in hostile.wholly_broken(target.form):
            about = f"{target.name} all={str(next(iter(data.values()), 'nothing'))[:20]!r}"
            found += told(target.client, target.url, data, about, speaks=bool(data))
    assert found == [], "\n".join(found)


@FORMS
def test_one_field_is_wrong(every_form: list[Target]):
    found: list[str] = []
    for turn, target in enumerate(every_form):
        for wrong, data in hostile.broken_in_one_field(target.form, turn, 1):
            found += told(target.client, target.url, data, f"{target.name} {wrong}")
    assert found == [], "\n".join(found)


@FORMS
def test_bodies_that_are_no_form(every_form: list[Target]):
    found: list[str] = []
    for turn, target in enumerate(every_form):
        programs = target.name in ("courses:progress", "courses:session", "assessments:save", "courses:check")
        bodies = hostile.BODIES if programs else [hostile.BODIES[(turn + n) % len(hostile.BODIES)] for n in (0, 5)]
        for kind, body in bodies:
            about = f"{target.name} {kind} {body[:30]!r}"
            found += told(target.client, target.url, body, about, content_type=kind)
    assert found == [], "\n".join(found)


@FORMS
def test_the_control_sees_what_is_wrong():
    """An accident, a refusal in another language, and a page that comes back without a word."""
    page = "text/html; charset=utf-8"
    assert list(accident(HttpResponse(status=500), "here")) == ["here: 500"]
    assert list(silent(HttpResponse("Bad Request", status=400), "here"))
    assert list(silent(HttpResponse("<form></form>", content_type=page), "here")) == [
        "here: the page again, without a word"
    ]
    assert not list(silent(HttpResponse("请填写姓名。", status=422), "here"))
