"""Append-only tables: triggers against UPDATE, DELETE and TRUNCATE, put in place after every migrate.

A model joins with ``append_only = True``; with ``frozen_columns = (…)`` only those columns are guarded
against UPDATE (and the row against DELETE). SQLite drops triggers whenever it rebuilds a table, hence
the installation on ``post_migrate`` and the start-up check that names a missing one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.db import connections, models

FUNCTION = """
CREATE OR REPLACE FUNCTION linghang_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = '23001'; END $$
"""


def guarded_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if getattr(m, "append_only", False) or getattr(m, "frozen_columns", ())]


def _columns(model: type[models.Model]) -> str:
    frozen = getattr(model, "frozen_columns", ())
    return ", ".join(f'"{model._meta.get_field(name).column}"' for name in frozen)


def _triggers(model: type[models.Model], vendor: str) -> Iterator[tuple[str, str]]:
    """Pairs of trigger name and the statement that makes it."""
    table, columns = model._meta.db_table, _columns(model)
    update = f"UPDATE OF {columns}" if columns else "UPDATE"
    for event, name in ((update, f"{table}_no_update"), ("DELETE", f"{table}_no_delete")):
        if vendor == "sqlite":
            body = f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
            yield name, f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" {body}'
        else:
            run = "FOR EACH ROW EXECUTE FUNCTION linghang_append_only()"
            yield name, f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" {run}'
    if vendor == "postgresql":
        name = f"{table}_no_truncate"
        run = "FOR EACH STATEMENT EXECUTE FUNCTION linghang_append_only()"
        yield name, f'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" {run}'


def present(using: str = "default") -> set[str]:
    """The names of the triggers that the database holds and has not switched off."""
    connection = connections[using]
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def missing(using: str = "default") -> list[str]:
    """The names of guarded tables' triggers that are not there."""
    connection = connections[using]
    there, tables = present(using), set(connection.introspection.table_names())
    wanted = [m for m in guarded_models() if m._meta.db_table in tables]
    return [name for m in wanted for name, _ in _triggers(m, connection.vendor) if name not in there]


def install_after_migrate(using: str, **kwargs: Any) -> None:
    """Receiver of ``post_migrate``: it comes once per app, and the last one finds every table."""
    install(using)


def install(using: str = "default") -> None:
    """Put every missing trigger in place; safe to repeat."""
    absent = set(missing(using))
    connection = connections[using]
    with connection.cursor() as cursor:
        if absent and connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for model in guarded_models():
            for name, statement in _triggers(model, connection.vendor):
                if name in absent:
                    _put_in_place(cursor, connection.vendor, model._meta.db_table, name, statement)


def _put_in_place(cursor: Any, vendor: str, table: str, name: str, statement: str) -> None:
    """Make the trigger; on PostgreSQL one that is there but switched off is made again and switched on."""
    if vendor == "postgresql":
        cursor.execute(f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"')
    cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Lift the triggers; only the flush of a test database may do this."""
    connection, there = connections[using], present(using)
    with connection.cursor() as cursor:
        for model in guarded_models():
            for name, _ in _triggers(model, connection.vendor):
                if name in there:
                    where = f' ON "{model._meta.db_table}"' if connection.vendor == "postgresql" else ""
                    cursor.execute(f'DROP TRIGGER "{name}"{where}')


@register("database")
def triggers_in_place(app_configs: Any, databases: list[str] | None = None, **kwargs: Any) -> list[Error]:
    """Names each guarded table whose trigger is missing."""
    return [
        Error(f"只追加表的触发器缺失：{name}", hint="运行 manage.py migrate 可以重新安装。", id="linghang.E001")
        for using in databases or []
        for name in missing(using)
    ]
