"""Test databases: migrated once per state of the code, copied per worker, copied again after a test that committed.

A copy instead of a flush keeps what migrations wrote (the page tree's root, permissions) and the append-only triggers.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, connections

BASE = Path(settings.BASE_DIR)
FOLDER = Path(settings.TEST_VAR)
KEPT_SECONDS = 24 * 3600  # another run beside this one may still copy an older template
APPS = (
    "core",
    "people",
    "competencies",
    "records",
    "assessments",
    "courses",
    "cohorts",
    "planning",
    "certificates",
    "portal",
    "cms",
)


@cache
def fingerprint() -> str:
    """Changes with the checkout, its migrations, what runs after them, and the versions of Django and Wagtail."""
    digest = hashlib.sha256(f"{BASE} {version('django')} {version('wagtail')}".encode())
    for app in APPS:
        folders = (sorted((BASE / app / folder).glob("*.py")) for folder in ("migrations", "models"))
        files = (BASE / app / f"{name}.py" for name in ("models", "apps", "roles", "permissions"))
        for path in [*(path for folder in folders for path in folder), *files]:
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


def _on(name: str, *words: str) -> None:
    """Run a command of Python on the database of that name, with the settings of the tests."""
    environment = {**os.environ, "LINGHANG_TEST_DB_NAME": name, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    subprocess.run([sys.executable, *words], env=environment, check=True, cwd=BASE)


def _migrate(name: str) -> None:
    _on(name, str(BASE / "manage.py"), "migrate", "--verbosity=0")


class SqliteCopies:
    """Files beside one another; a copy is a copy of the file."""

    template: Path
    name: str

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
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                old.unlink()
        unfinished.rename(self.template)

    def exists(self) -> bool:
        return self.template.exists()

    def adopt(self, name: str) -> None:
        """A finished database becomes the template."""
        with sqlite3.connect(name) as finished:
            finished.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finished.close()
        Path(name).rename(self.template)

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

    @staticmethod
    def _connect() -> psycopg.Connection:
        at = settings.DATABASES["default"]
        place = {"host": at["HOST"], "port": at["PORT"], "user": at["USER"], "password": at["PASSWORD"] or None}
        return psycopg.connect(dbname="postgres", autocommit=True, connect_timeout=3, **place)

    def _maintain(self, *statements: str) -> None:
        with self._connect() as maintenance:
            for statement in statements:
                maintenance.execute(statement)

    def adopt(self, name: str) -> None:
        """A finished database becomes the template."""
        self._maintain(
            f'DROP DATABASE IF EXISTS "{self.template}" WITH (FORCE)',
            f'ALTER DATABASE "{name}" RENAME TO "{self.template}"',
        )

    def exists(self) -> bool:
        with self._connect() as maintenance:
            found = maintenance.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.template])
            return found.fetchone() is not None

    def prepare(self) -> None:
        """A run that was killed half-way leaves no template behind that the next one would trust."""
        if self.exists():
            return
        unfinished = f"{self.template}_unfinished"
        self._maintain(
            f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)',
            f'CREATE DATABASE "{unfinished}"',
        )
        _migrate(unfinished)
        self.adopt(unfinished)

    def copy(self) -> None:
        self.drop()
        self._maintain(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')

    def drop(self) -> None:
        connections["default"].close()
        self._maintain(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def copies(worker: str) -> SqliteCopies | PostgresCopies:
    return SqliteCopies(worker) if connection.vendor == "sqlite" else PostgresCopies(worker)


# The demo's story: played once per state of its content, on a copy of the migrated database.

STORY_SOURCES = ("portal/demo", "cms/curriculum", "competencies/data", "tests/journeys/story.py")


@cache
def story_fingerprint() -> str:
    """Changes with the database, with the demo's steps and with what they load."""
    digest = hashlib.sha256(fingerprint().encode())
    for source in STORY_SOURCES:
        place = BASE / source
        for path in sorted([place] if place.is_file() else place.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def story_files() -> Path:
    """Images, documents and private files that the story's database names."""
    return FOLDER / f"story-files-{connection.vendor}-{story_fingerprint()}"


def story_copies(worker: str) -> SqliteCopies | PostgresCopies:
    """Copies of the database in which the demo's class has gone the whole way; call ``prepare_story`` first."""
    copy = copies(f"story-{worker}")
    if isinstance(copy, SqliteCopies):
        copy.template = FOLDER / f"story-{story_fingerprint()}.sqlite3"
    else:
        copy.template = f"linghang_story_{story_fingerprint()}"
    return copy


def prepare_story(copy: SqliteCopies | PostgresCopies, worker: str) -> None:
    """Play the story into a migrated copy, which then becomes the template; again when something changed or is gone."""
    if copy.exists() and story_files().is_dir():
        return
    stage = copies(f"stage-{worker}")
    stage.prepare()
    stage.copy()
    shutil.rmtree(story_files(), ignore_errors=True)
    try:
        _on(stage.name, "-m", "tests.journeys.story", str(story_files()))
        copy.adopt(stage.name)
    finally:
        stage.drop()
