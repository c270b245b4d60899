"""The two database profiles: SQLite that survives a power cut, and PostgreSQL with time-outs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config import env

SQLITE_START = (
    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
    "PRAGMA recursive_triggers=ON;PRAGMA foreign_keys=ON"
)


def sqlite(path: Path) -> dict[str, Any]:
    """A file with WAL, synchronous FULL and immediate transactions."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_START},
    }


def postgres(name: str | None = None, *, idle_seconds: int = 10) -> dict[str, Any]:
    """PostgreSQL from PG* variables; connect 3 s, statement 15 s, idle in transaction 10 s (0: for ever), lock 3 s."""
    idle = f"-c idle_in_transaction_session_timeout={idle_seconds * 1000}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name or env.text("PGDATABASE"),
        "USER": env.text("PGUSER", "postgres"),
        "PASSWORD": env.text("PGPASSWORD", " ").strip(),
        "HOST": env.text("PGHOST", "127.0.0.1"),
        "PORT": env.text("PGPORT", "5432"),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": f"-c statement_timeout=15000 {idle} -c lock_timeout=3000",
        },
    }
