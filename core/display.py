"""How a person wants to see the pages: colours, size of type, contrast. Kept in a cookie, never in the account."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse

COOKIE = "display"
YEAR = 365 * 24 * 3600
THEMES = ("system", "light", "dark")
TEXTS = ("normal", "large")
CONTRASTS = ("normal", "high")


@dataclass(frozen=True)
class Display:
    """One choice of each kind; the cookie reads ``theme.text.contrast``."""

    theme: str = "system"
    text: str = "normal"
    contrast: str = "normal"

    def as_cookie(self) -> str:
        return ".".join(asdict(self).values())


def read(value: str) -> Display:
    """The choice that a cookie holds; anything unknown falls back to what is usual."""
    theme, text, contrast = [*value.split("."), "", "", ""][:3]
    return Display(
        theme=theme if theme in THEMES else "system",
        text=text if text in TEXTS else "normal",
        contrast=contrast if contrast in CONTRASTS else "normal",
    )


def wanted(request: HttpRequest) -> Display:
    """What this browser asked for earlier."""
    return read(request.COOKIES.get(COOKIE, ""))


def remember(response: HttpResponse, choice: Display) -> None:
    """Readable by our script, which applies the choice before the first paint."""
    response.set_cookie(COOKIE, choice.as_cookie(), max_age=YEAR, samesite="Lax")
