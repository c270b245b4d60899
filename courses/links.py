"""Pages of higher apps that pages of courses lead to; each is registered by its app."""

from __future__ import annotations

from django.urls import reverse

_names: dict[str, str] = {}


def register_evidence_page(url_name: str) -> None:
    """Let a higher app name the page on which people read the evidence of their own profile."""
    _names["evidence"] = url_name


def evidence_url(dimension: str) -> str:
    """The evidence of one dimension (its code); empty where no page is registered."""
    return reverse(_names["evidence"]) + f"#dimension-{dimension}" if "evidence" in _names else ""
