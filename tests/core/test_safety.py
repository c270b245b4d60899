from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from core import safety

SAFE = {
    "DEBUG": False,
    "ALLOWED_HOSTS": ["linghang.example.cn"],
    "SECRET_KEY": "k" * 50,
    "FIELD_KEY": "f" * 50,
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
}
LOCAL_CACHE = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def reasons(**changes):
    return list(safety.unsafe_settings(SimpleNamespace(**{**SAFE, **changes})))


def test_a_safe_profile_has_no_reason_against_it():
    assert reasons() == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"DEBUG": True}, "DEBUG"),
        ({"ALLOWED_HOSTS": ["*"]}, "LINGHANG_HOSTS"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "django-insecure-" + "x" * 50}, "SECRET_KEY"),
        ({"FIELD_KEY": ""}, "FIELD_KEY"),
        ({"FIELD_KEY": "k" * 50}, "不能相同"),
        ({"CACHES": LOCAL_CACHE}, "缓存"),
    ],
)
def test_each_unsafe_setting_is_named(changes, words):
    (reason,) = reasons(**changes)
    assert words in reason


def test_debug_on_the_own_machine_is_fine():
    assert reasons(DEBUG=True, ALLOWED_HOSTS=["127.0.0.1", "localhost"]) == []


def test_an_unsafe_profile_does_not_start(settings):
    settings.ALLOWED_HOSTS = ["*"]
    with pytest.raises(ImproperlyConfigured, match="逐个列出"):
        safety.refuse_unsafe_settings()


@pytest.mark.django_db
def test_the_test_database_is_as_safe_as_the_demos():
    assert list(safety.unsafe_databases(["default"])) == []


@pytest.mark.django_db
def test_sqlite_without_full_synchronisation_is_named(monkeypatch):
    if connection.vendor != "sqlite":
        assert list(safety.unsafe_databases(["default"])) == []
        return
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "transaction_mode", "DEFERRED")
    assert "IMMEDIATE" in next(iter(safety.unsafe_databases(["default"])))


GATEWAY = {"url": "https://sms.example.cn/send"}
OUTSIDE = {"WAGTAILADMIN_BASE_URL": "https://linghang.example.cn"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({**OUTSIDE, "LINGHANG_SMS": {"url": "http://sms.example.cn/send"}}, "LINGHANG_SMS_URL 必须以 https://"),
        ({**OUTSIDE, "LINGHANG_WECOM": {"url": "http://127.0.0.1:80"}}, "LINGHANG_WECOM_URL 必须以 https://"),
        ({"LINGHANG_SMS": GATEWAY}, "LINGHANG_BASE_URL"),
        ({"LINGHANG_MAIL": True, "WAGTAILADMIN_BASE_URL": "http://127.0.0.1:8000"}, "LINGHANG_BASE_URL"),
        ({"LINGHANG_MAIL": True, "WAGTAILADMIN_BASE_URL": "http://linghang.example.cn"}, "LINGHANG_BASE_URL"),
        ({"LINGHANG_MAIL": True, "WAGTAILADMIN_BASE_URL": "https://[::1]/"}, "LINGHANG_BASE_URL"),
        ({**OUTSIDE, "LINGHANG_FAKE_CHANNELS": ["sms"]}, "LINGHANG_FAKE_CHANNELS"),
    ],
)
def test_each_unsafe_way_out_is_named(changes, words):
    (reason,) = reasons(**changes)
    assert words in reason
    assert reasons(**changes, LINGHANG_DEMO=True) == []


def test_safe_ways_out_have_no_reason_against_them():
    assert reasons(**OUTSIDE, LINGHANG_SMS=GATEWAY, LINGHANG_WECOM=GATEWAY, LINGHANG_MAIL=True) == []


@pytest.mark.parametrize(("host", "backend"), [("", "dummy"), ("mail.example.cn", "smtp")])
def test_without_a_mail_server_nothing_tries_to_send(host, backend):
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.demo", "LINGHANG_MAIL_HOST": host}
    shown = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.EMAIL_BACKEND)"],
        cwd=Path(__file__).resolve().parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == f"django.core.mail.backends.{backend}.EmailBackend"
