"""Strict readers of the environment: a value that cannot be read stops the start with a sentence."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str | None = None) -> str:
    """The value of ``name``; without a default an unset or empty variable is an error."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}; see docs/configuration.md.")
    return default


def flag(name: str, default: bool) -> bool:
    """A yes/no value: 1/0, true/false, yes/no, on/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE | FALSE:
        return value in TRUE
    raise ImproperlyConfigured(f"{name} must be one of 1, 0, true, false, yes, no, on, off; it is {value!r}.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """A whole number not below ``least``."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}; it is {value!r}.")
    return int(value)


def listing(name: str, default: list[str] | None = None) -> list[str]:
    """A comma-separated list; without a default an unset variable is an error."""
    if default is not None and not os.environ.get(name, "").strip():
        return list(default)
    return [part.strip() for part in text(name).split(",") if part.strip()]
