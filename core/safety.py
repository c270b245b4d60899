"""A profile that would be unsafe in use does not start: each reason is a sentence that says what to set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

LEAST_KEY = 40  # characters
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
UNBRACKETED = LOOPBACK | {"::1"}
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
    if not getattr(conf, "LINGHANG_DEMO", False):
        yield from unsafe_channels(conf)


def unsafe_channels(conf: Any) -> Iterator[str]:
    """What of the ways out of the house forbids a start outside the demo."""
    fakes = list(getattr(conf, "LINGHANG_FAKE_CHANNELS", ()))
    if fakes:
        yield f"演示渠道不会真正发出消息（{'、'.join(fakes)}）：请去掉 LINGHANG_FAKE_CHANNELS。"
    providers = {name: getattr(conf, name, {}) for name in ("LINGHANG_SMS", "LINGHANG_WECOM")}
    for name, provider in providers.items():
        if provider and not provider["url"].startswith("https://"):
            yield f"{name}_URL 必须以 https:// 开头：密钥和号码不能明文传送。"
    used = getattr(conf, "LINGHANG_MAIL", False) or any(providers.values())
    base = urlsplit(getattr(conf, "WAGTAILADMIN_BASE_URL", ""))
    if used and (base.scheme != "https" or not base.hostname or base.hostname in UNBRACKETED):
        yield "外发消息里的链接要能打开：请把 LINGHANG_BASE_URL 设为本系统对外的 https:// 地址。"


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
