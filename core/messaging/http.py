"""A small HTTP client for providers: JSON in and out, bounded in time and size, no redirects, addresses in no error."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

TIMEOUT = 10.0  # seconds to connect, and for each read
LARGEST = 64 * 1024  # bytes of an answer; providers say less
PASSING = frozenset({401, 403, 407, 408, 425, 429})  # may be otherwise later: a key renewed, a limit over


class Unreachable(Exception):
    """No answer: no connection, a time-out, a broken line."""


@dataclass(frozen=True)
class Answer:
    """What came back; ``data`` is the JSON object, empty where there was none; ``after`` in seconds."""

    status: int
    data: Mapping[str, Any]
    after: float | None = None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def may_pass(self) -> bool:
        """Whether the same request may be taken later."""
        return self.status in PASSING or self.status >= 500


class _NoRedirects(HTTPRedirectHandler):
    """A provider that sends us elsewhere is not followed: keys and addresses would go along."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirects)


def call(
    url: str,
    *,
    body: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = TIMEOUT,
) -> Answer:
    """GET, or POST of ``body`` as JSON. Unreachable where no whole answer came."""
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    sent = {"Accept": "application/json", **({"Content-Type": "application/json"} if data else {}), **(headers or {})}
    request = Request(url, data=data, headers=sent)  # noqa: S310 - the scheme is checked where settings are read
    try:
        with _opener().open(request, timeout=timeout) as response:
            return _answer(response)
    except HTTPError as refused:
        with refused:
            return _answer(refused)
    except (URLError, http.client.HTTPException, OSError) as trouble:
        raise Unreachable(type(trouble).__name__) from None


def _answer(response: Any) -> Answer:
    return Answer(response.status, _object(response.read(LARGEST)), retry_after(response.headers.get("Retry-After")))


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def retry_after(value: str | None, *, now: datetime | None = None) -> float | None:
    """Seconds of a Retry-After header, given as a number or as a date; None where it says nothing."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())
