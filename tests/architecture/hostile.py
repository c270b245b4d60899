"""What people, and programs that mean harm, send instead of what was asked: values, and the forms found on pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup, Tag
from django.core.files.uploadedfile import SimpleUploadedFile

# For addresses, percent-encoded: a lone surrogate and half a character are not UTF-8 at all.
QUERY = (
    "-1",
    "x",
    "%00",
    "a%00b",
    "%27%22%3E%3Cscript%3E",
    quote("长") * 100 + "x" * 9_000,
    "%ED%A0%80",
    "%E9%A2",
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "99999999999999999999",
    "-99999999999999999999",
    "1e999",
    "NaN",
    "%C2%B2",  # ², a digit that is no number
    "(((((",
    "%25_%5C",
    "__all__",
    "00000000-0000-0000-0000-000000000000",
)
GENERIC = ("page", "p", "q", "ordering", "order_by", "export", "year", "unit", "cohort", "state", "tab", "from", "to",
           "next", "back", "_export", "id", "ids[]", "no-such-filter", "search_fields")  # fmt: skip

TEXT = ("\x00", "\x07\x1b[31m\u202e", "长" * 5000, "🌻" * 300, "<b>'\";--", " \t\n", "\ud800")
NUMBER = ("-1", "99999999999999999999", "1e999", "NaN", "Infinity", "²", "0", "")
DATE = ("0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "10000-01-01", "昨天", "")
TIME = ("25:00", "99:99", "0", "\x00", "")
CHOICE = ("no-such-choice", "99999999999999999999", "-1", "\x00", "00000000-0000-0000-0000-000000000000", "987654321")
EVERYWHERE = ("\x00\x01", "长" * 5000, "99999999999999999999")
BODIES = (
    ("application/json", b"{"),
    ("application/json", b"[]"),
    ("application/json", b"null"),
    ("application/json", b'{"sequence": 1e999, "answers": 7, "position": {}}'),
    ("application/json", b"[" * 50_000),
    ("application/json", b"\xff\xfe"),
    ("multipart/form-data", b"no boundary"),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=a"),
    ("application/x-www-form-urlencoded", b"a=%ED%A0%80&b=%00&%00=1&=&&&"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(1200))),
    ("text/plain", "长".encode("gb18030")),
)


def files() -> tuple[SimpleUploadedFile, ...]:
    """Empty, of another type than the name says, a name that leads elsewhere."""
    return (
        SimpleUploadedFile("empty.xlsx", b""),
        SimpleUploadedFile("roster.xlsx", b"MZ\x90\x00 this is a program"),
        SimpleUploadedFile("roster.csv", b"\x00\xff\xfe\x00"),
        SimpleUploadedFile("../../etc/x.pdf", b"<html>"),
        SimpleUploadedFile("x" * 180 + ".exe", b"MZ\x90\x00"),
        SimpleUploadedFile("half.xlsx", b"PK\x03\x04" + b"\x00" * 40),
        SimpleUploadedFile("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40),
    )


@dataclass
class Form:
    """A form as a page shows it: where it goes, what stands in it, of which kind each field is."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


def forms(html: str, url: str, method: str) -> Iterator[Form]:
    """The forms of that method on a page."""
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all("form"):
        if str(tag.get("method", "get")).lower() == method:
            form = Form(str(tag.get("action") or url).split("#")[0])
            for found in _fields(soup, tag):
                _add(form, found)
            yield form


def _fields(soup: BeautifulSoup, form: Tag) -> Iterator[Tag]:
    kinds = ["input", "select", "textarea", "button"]
    yield from form.find_all(kinds)
    if form.get("id"):
        yield from soup.find_all(kinds, attrs={"form": form["id"]})


def _add(form: Form, tag: Tag) -> None:
    name, kind = tag.get("name"), str(tag.get("type") or tag.name)
    if not name or name == "csrfmiddlewaretoken" or tag.has_attr("disabled"):
        return
    given = list(_given(tag, kind))
    form.values.setdefault(str(name), []).extend(given)
    form.kinds.setdefault(str(name), tag.name if tag.name in ("select", "textarea") else kind)


def _given(tag: Tag, kind: str) -> Iterator[str]:
    """What a browser would send, and something fitting where a person would have to write."""
    if tag.name == "select":
        options = [o for o in tag.find_all("option") if o.get("value")]
        chosen = [o for o in options if o.has_attr("selected")] or options[:1]
        yield from (str(o["value"]) for o in chosen)
    elif tag.name == "textarea":
        yield tag.get_text() or "示范文字，供检查用。"
    elif kind in ("checkbox", "radio", "submit"):
        yield str(tag.get("value", "on"))
    elif kind not in ("file", "button"):
        yield str(tag.get("value") or FITTING.get(kind, "示范"))


FITTING = {"date": "2026-09-15", "time": "09:00", "datetime-local": "2026-09-15T09:00", "number": "3", "hidden": ""}
BROKEN: dict[str, tuple[str, ...]] = {
    "number": NUMBER,
    "date": DATE,
    "datetime-local": (*DATE, "0001-01-01T00:00", "9999-12-31T23:59"),
    "time": TIME,
    "select": CHOICE,
    "radio": CHOICE,
    "checkbox": CHOICE,
    "hidden": CHOICE,
    "submit": CHOICE,
}


def alike(name: str) -> str:
    """The name without its number: rows of a table of fields are read by the same code."""
    return re.sub(r"\d+", "0", name)


def wholly_broken(form: Form) -> Iterator[dict[str, Any]]:
    """Nothing at all; then the same garbage in every field."""
    yield {}
    for value in EVERYWHERE:
        yield dict.fromkeys(form.kinds, value)


def broken_in_one_field(form: Form, start: int, each: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the page shows, with one field that is wrong; ``each`` wrong values per field, others with every field."""
    turn, seen = start, set()
    for name, kind in form.kinds.items():
        if alike(name) in seen:
            continue
        seen.add(alike(name))
        wrong: tuple[Any, ...] = files() if kind == "file" else BROKEN.get(kind, TEXT)
        for step in range(len(wrong) if kind == "file" else min(each, len(wrong))):
            value = wrong[(turn + step) % len(wrong)]
            yield f"{name}={str(value)[:30]!r}", {**form.values, name: value}
        turn += each
