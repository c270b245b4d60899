"""The moment at which a request arrived, taken before any work on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from core import clock

View = Callable[..., HttpResponse]


def noting_arrival(view: View) -> View:
    """``request.arrived_at`` for a view whose outcome depends on seconds."""

    @wraps(view)
    def timed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.arrived_at = clock.now()  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return timed
