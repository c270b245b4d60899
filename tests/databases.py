"""Test databases: migrated once per state of the code, copied per worker, copied again after a test that committed.

A copy instead of a flush keeps what migrations wrote (the page tree's root, permissions) and the append-only triggers.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, connections

BASE = Path(settings.BASE_DIR)
FOLDER = Path(settings.TEST_VAR)
APPS = ("core", "people", "competencies", "records", "assessments", "courses", "cohorts", "certificates", "portal", "cms")


def fingerprint() -> str:
    """Changes with the migrations, with what runs after them, and with the versions of Django and Wagtail."""
    digest = hashlib.sha256(f"{version('django')} {version('wagtail')}".encode())
    for app in APPS:
        names = [*sorted((BASE / app).rglob("migrations/*.py")), BASE / app / "models.py", BASE / app / "apps.py"]
        for path in [*names, BASE / app / "roles.py", BASE / app / "permissions.py"]:
            if path.is_file():
                digest.update(path.read_bytes())
    digest.update((BASE / "core" / "append_only.py").read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def one_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(name: str) -> None:
    command = [sys.executable, str(BASE / "manage.py"), "migrate", "--verbosity=0"]
    environment = {**os.environ, "LINGHANG_TEST_DB_NAME": name, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run(command, env=environment, check=True, cwd=BASE)


class SqliteCopies:
    """Files beside one another; a copy is a copy of the file."""

    def __init__(self, worker: str) -> None:
        self.template = FOLDER / f"template-{fingerprint()}.sqlite3"
        self.name = str(FOLDER / f"worker-{worker}-{os.getpid()}.sqlite3")

    def prepare(self) -> None:
        if self.template.exists():
            return
        unfinished = self.template.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _migrate(str(unfinished))
        for old in FOLDER.glob("template-*.sqlite3"):
            old.unlink()
        unfinished.rename(self.template)

    def copy(self) -> None:
        self.drop()
        shutil.copyfile(self.template, self.name)

    def drop(self) -> None:
        connections["default"].close()
        for suffix in ("", "-wal", "-shm"):
            Path(self.name + suffix).unlink(missing_ok=True)


class PostgresCopies:
    """Databases made from a template database."""

    def __init__(self, worker: str) -> None:
        self.template = f"linghang_template_{fingerprint()}"
        self.name = f"linghang_test_{worker}_{os.getpid()}"

    def _maintain(self, *statements: str) -> None:
        at = settings.DATABASES["default"]
        place = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"] or None}
        with psycopg.connect(dbname="postgres", autocommit=True, connect_timeout=3, **place) as maintenance:
            for statement in statements:
                maintenance.execute(statement)

    def prepare(self) -> None:
        try:
            self._maintain(f'CREATE DATABASE "{self.template}"')
        except psycopg.errors.DuplicateDatabase:
            return
        try:
            _migrate(self.template)
        except subprocess.CalledProcessError:
            self._maintain(f'DROP DATABASE "{self.template}"')
            raise

    def copy(self) -> None:
        self.drop()
        self._maintain(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')

    def drop(self) -> None:
        connections["default"].close()
        self._maintain(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def copies(worker: str) -> SqliteCopies | PostgresCopies:
    return SqliteCopies(worker) if connection.vendor == "sqlite" else PostgresCopies(worker)
