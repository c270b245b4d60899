"""A walk through every door of a scoped viewset, those at the side included; each app calls it for its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.forms import model_to_dict
from django.test import Client

from core.spreadsheets.cells import FORMULA_STARTS
from core.spreadsheets.reader import read_workbook

ROW_DOORS = ("edit", "delete", "history", "history-results", "usage", "inspect", "copy", "reorder")
REFUSED = (302, 403, 404, 405)
OFFICE = "/office/"


@dataclass
class Walk:
    """What the walk found: the status of each door on one's own row, and every leak in words."""

    own: dict[str, int] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)

    def expect(self, holds: bool, leak: str) -> None:
        if not holds:
            self.leaks.append(leak)


def body(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return content.decode("utf-8", "replace")


def links_to(base: str, row: Model) -> Iterator[str]:
    for door in ROW_DOORS:
        yield f"{base}{door}/{row.pk}/"


def check_side_doors(
    client_in: Client,
    client_out: Client,
    viewset_url_base: str,
    own: Model,
    other: Model,
    *,
    words: Sequence[str] = (),
    hidden: Sequence[str] = (),
    chooser_url_base: str = "",
    bulk_actions: Sequence[str] = (),
) -> dict[str, int]:
    """``client_in`` sees ``own`` and not ``other``; ``client_out`` sees neither. AssertionError lists every leak.

    ``words`` are the texts by which a person recognises own and other (default: their names); ``hidden`` are
    texts that no list, filter or form may offer; the result is door → status on one's own row.
    """
    base, walk = viewset_url_base, Walk()
    own_words, other_words = words or (str(own), str(other))
    before = model_to_dict(other)
    _lists(walk, client_in, base, own, other, own_words, other_words, hidden)
    _exports(walk, client_in, base, own_words, other_words)
    for client in (client_in, client_out):
        _pings(walk, client, other)
        _bulk(walk, client, other, other_words, bulk_actions)
        if chooser_url_base:
            _chooser(walk, client, chooser_url_base, other, other_words)
        _reports(walk, client, other_words)
    _rows(walk, client_in, base, own, other, hidden)
    _outside(walk, client_out, base, own, own_words)
    now = type(other)._default_manager.filter(pk=other.pk).first()
    walk.expect(now is not None and model_to_dict(now) == before, "the row outside the scope was changed or deleted")
    assert not walk.leaks, "\n".join(walk.leaks)
    return walk.own


def _lists(
    walk: Walk,
    client: Client,
    base: str,
    own: Model,
    other: Model,
    own_words: str,
    other_words: str,
    hidden: Sequence[str],
) -> None:
    for door in ("", "results/"):
        response = client.get(base + door)
        text = body(response)
        walk.own[door or "index"] = response.status_code
        walk.expect(response.status_code == 200 and own_words in text, f"{base}{door}: one's own row is missing")
        for word in (other_words, *hidden):
            walk.expect(word not in text, f"{base}{door}: shows {word}")
        found = body(client.get(base + door, {"q": other_words}))
        for link in links_to(base, other):
            walk.expect(link not in text + found, f"{base}{door}: links to {link}")
        for query in ("\x00", '"', "*", "'--", "%"):
            status = client.get(base + door, {"q": query}).status_code
            walk.expect(status == 200, f"{base}{door}?q={query!r}: {status}")


def _exports(walk: Walk, client: Client, base: str, own_words: str, other_words: str) -> None:
    for kind in ("csv", "xlsx"):
        response = client.get(base, {"export": kind})
        if "attachment" not in response.get("Content-Disposition", ""):
            walk.own[f"export {kind}"] = 404
            continue
        data = b"".join(response.streaming_content) if response.streaming else response.content
        cells = [cell.text for row in read_workbook(kind, data).sheets[0].rows() for cell in row]
        walk.own[f"export {kind}"] = response.status_code
        walk.expect(any(own_words in c for c in cells), f"export {kind}: one's own row is missing")
        walk.expect(not any(other_words in c for c in cells), f"export {kind}: shows {other_words}")
        raw = [c.value for row in read_workbook(kind, data).sheets[0].rows() for c in row if c.kind == "text"]
        walk.expect(not any(str(v).startswith(FORMULA_STARTS) for v in raw), f"export {kind}: holds a formula")


def _rows(walk: Walk, client: Client, base: str, own: Model, other: Model, hidden: Sequence[str]) -> None:
    for door in ROW_DOORS:
        mine = client.get(f"{base}{door}/{own.pk}/")
        walk.own[door] = mine.status_code
        for word in hidden:
            walk.expect(word not in body(mine), f"{door}: offers {word}")
    for method in (client.get, client.post):
        for door in ROW_DOORS:
            status = method(f"{base}{door}/{other.pk}/").status_code
            walk.expect(status == 404, f"{door} {method.__name__} outside the scope: {status}")


def _outside(walk: Walk, client: Client, base: str, own: Model, own_words: str) -> None:
    for door in ("", "results/", "?export=csv", "?export=xlsx"):
        response = client.get(base + door)
        refused = response.status_code in REFUSED
        walk.expect(refused or own_words not in body(response), f"outsider at {base}{door}: sees {own_words}")
    for link in links_to(base, own):
        for method in (client.get, client.post):
            status = method(link).status_code
            walk.expect(status in REFUSED, f"outsider {method.__name__} {link}: {status}")


def _pings(walk: Walk, client: Client, other: Model) -> None:
    label = f"{other._meta.app_label}/{other._meta.model_name}"
    status = client.post(f"{OFFICE}editing-sessions/ping/{label}/{other.pk}/0/").status_code
    walk.expect(status in REFUSED, f"editing-session ping outside the scope: {status}")


def _bulk(walk: Walk, client: Client, other: Model, other_words: str, actions: Sequence[str]) -> None:
    label = f"{other._meta.app_label}/{other._meta.model_name}"
    for action in (*actions, "delete"):
        for chosen in (str(other.pk), "all", "0", "x"):
            response = client.get(f"{OFFICE}bulk/{label}/{action}/", {"id": chosen})
            refused = response.status_code in REFUSED
            walk.expect(refused or other_words not in body(response), f"bulk {action} {chosen}: shows {other_words}")
        client.post(f"{OFFICE}bulk/{label}/{action}/?id={other.pk}")


def _chooser(walk: Walk, client: Client, base: str, other: Model, other_words: str) -> None:
    for door in ("", "results/", "chosen-multiple/"):
        response = client.get(base + door, {"id": other.pk, "multiple": "1"})
        refused = response.status_code in REFUSED
        walk.expect(refused or other_words not in body(response), f"chooser {door}: shows {other_words}")
    found = client.get(f"{base}results/", {"q": other_words})
    walk.expect(f"chosen/{other.pk}/" not in body(found), "chooser search: offers the row")
    status = client.get(f"{base}chosen/{other.pk}/").status_code
    walk.expect(status in REFUSED, f"chooser chosen outside the scope: {status}")


def _reports(walk: Walk, client: Client, other_words: str) -> None:
    for door in ("site-history/", "site-history/results/", "site-history/?export=csv"):
        status = client.get(f"{OFFICE}reports/{door}").status_code
        walk.expect(status in REFUSED, f"report {door}: {status}")
    for door in ("locked/", "workflow/", "workflow_tasks/", "aging-pages/", "page-types-usage/"):
        response = client.get(f"{OFFICE}reports/{door}")
        refused = response.status_code in REFUSED
        walk.expect(refused or other_words not in body(response), f"report {door}: shows {other_words}")
    for door in ("login/", "password_reset/", "users/"):
        response = client.get(OFFICE + door)
        elsewhere = response.status_code == 302 and not response["Location"].startswith(OFFICE)
        walk.expect(elsewhere or response.status_code == 404, f"{OFFICE}{door}: Wagtail's own page opens")
