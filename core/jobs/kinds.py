"""What a job of a kind does: registered by the apps in their ``jobs.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.models import Job


def _nothing_more(job: Job) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """``total`` plans once, ``step`` does number n, ``finish`` ends the job; each runs in a transaction of its own.

    ``total`` and ``finish``: a DomainError fails the job with its sentence.
    ``step``: a DomainError undoes this step, is listed as a refusal, and the job goes on; with
    ``stop_on_refusal`` it fails the job instead. Any other exception undoes the step and is tried again,
    five times in all. ``step`` returns the words shown under the bar, ``finish`` the job's ``result``.
    """

    name: str
    title: str
    total: Callable[[Job], int]
    step: Callable[[Job, int], str | None]
    finish: Callable[[Job], dict[str, Any] | None] = _nothing_more
    stop_on_refusal: bool = False


_kinds: dict[str, JobKind] = {}


def register(kind: JobKind) -> JobKind:
    """Make the kind known; ValueError when another kind has the name."""
    if _kinds.get(kind.name, kind) != kind:
        raise ValueError(f"job kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind
    return kind


def kind_named(name: str) -> JobKind:
    """The registered kind; DomainError when this build does not know it."""
    if name not in _kinds:
        raise DomainError(_("系统不认识这类后台任务（%(name)s），请联系管理员。") % {"name": name}, code="unknown_kind")
    return _kinds[name]
