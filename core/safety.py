"""A profile that would be unsafe in use does not start: each reason is a sentence that says what to set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

LEAST_KEY = 40  # characters
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
FULL = 2  # PRAGMA synchronous


def unsafe_settings(conf: Any = settings) -> Iterator[str]:
    """What of the settings alone forbids a start."""
    if conf.DEBUG and not set(conf.ALLOWED_HOSTS) <= LOOPBACK:
        yield "DEBUG 只能在本机地址上打开：请去掉 LINGHANG_DEBUG，或把 LINGHANG_HOSTS 留空。"
    if "*" in conf.ALLOWED_HOSTS:
        yield "LINGHANG_HOSTS 不能是“*”：请逐个列出本系统的域名。"
    for name in ("SECRET_KEY", "FIELD_KEY"):
        if len(getattr(conf, name, "")) < LEAST_KEY or "insecure" in getattr(conf, name, ""):
            yield f"{name} 至少要有 {LEAST_KEY} 个随机字符：请重新生成并妥善保管。"
    if getattr(conf, "SECRET_KEY", "") == getattr(conf, "FIELD_KEY", None):
        yield "SECRET_KEY 与 FIELD_KEY 不能相同：字段加密要用独立的密钥。"
    if conf.CACHES["default"]["BACKEND"].endswith(("locmem.LocMemCache", "dummy.DummyCache")):
        yield "缓存不能放在单个进程里：多个进程要共用同一份计数和锁定，请改用数据库或 Redis 缓存。"


def unsafe_databases(aliases: list[str]) -> Iterator[str]:
    """SQLite that would lose acknowledged commits at a power cut."""
    for alias in aliases:
        connection = connections[alias]
        if connection.vendor != "sqlite":
            continue
        with connection.cursor() as cursor:
            journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
            synchronous = cursor.execute("PRAGMA synchronous").fetchone()[0]
        if journal != "wal" or synchronous != FULL:
            found = f"现为 {journal}、{synchronous}"
            yield f"SQLite 须用 WAL 日志和 synchronous=FULL（{found}）：请使用 config.settings.databases。"
        if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
            yield "SQLite 须用 IMMEDIATE 事务：请使用 config.settings.databases。"


def refuse_unsafe_settings() -> None:
    """Called where a process begins to serve; raises with every reason."""
    reasons = list(unsafe_settings())
    if reasons:
        raise ImproperlyConfigured("\n".join(reasons))


@register()
def settings_are_safe(app_configs: Any, **kwargs: Any) -> list[Error]:
    if getattr(settings, "LINGHANG_TESTING", False):
        return []
    return [Error(reason, id="linghang.E010") for reason in unsafe_settings()]


@register("database")
def databases_are_safe(app_configs: Any, databases: list[str] | None = None, **kwargs: Any) -> list[Error]:
    return [Error(reason, id="linghang.E011") for reason in unsafe_databases(databases or [])]
