"""Append-only tables refuse change and deletion; a lost trigger is named, and put back."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import DatabaseError, connection, models, transaction
from django.test.utils import isolate_apps

from core import append_only

pytestmark = pytest.mark.django_db


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(table: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, title, state FROM {table} ORDER BY id")
        return cursor.fetchall()


def refused(statement: str) -> bool:
    """Whether the database refuses the statement by name of the table."""
    try:
        with transaction.atomic():
            run(statement)
    except DatabaseError as refusal:
        return "append-only" in str(refusal)
    return False


@pytest.fixture
def tables(monkeypatch):
    """Two guarded tables of this test alone: one wholly append-only, one frozen in its title."""
    with isolate_apps("core"):

        class Ledger(models.Model):
            append_only = True
            title = models.CharField(max_length=20)
            state = models.CharField(max_length=20)

            class Meta:
                app_label = "core"

        class Sealed(models.Model):
            frozen_columns = ("title",)
            title = models.CharField(max_length=20)
            state = models.CharField(max_length=20)

            class Meta:
                app_label = "core"

        for table in ("core_ledger", "core_sealed"):
            run(
                f"CREATE TABLE {table} (id integer PRIMARY KEY, title varchar(20), state varchar(20))",
                f"INSERT INTO {table} VALUES (1, '原文', 'open')",
            )
        monkeypatch.setattr(append_only, "guarded_models", lambda: [Ledger, Sealed])
        append_only.install()
        yield


class TestRefusals:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE core_ledger SET state = 'x'",
            "UPDATE core_ledger SET state = state WHERE id = 1",
            "DELETE FROM core_ledger",
            "DELETE FROM core_ledger WHERE id = 1",
            "INSERT INTO core_ledger VALUES (1, 'x', 'x') ON CONFLICT (id) DO UPDATE SET state = 'x'",
            "UPDATE core_sealed SET title = 'x'",
            "UPDATE core_sealed SET state = 'y', title = 'x'",
            "DELETE FROM core_sealed",
        ],
    )
    def test_change_and_deletion(self, tables, statement):
        assert refused(statement)
        assert rows("core_ledger") == rows("core_sealed") == [(1, "原文", "open")]

    @pytest.mark.parametrize("statement", ["TRUNCATE core_ledger", "TRUNCATE core_sealed CASCADE"])
    def test_emptying_a_table(self, tables, statement):
        if connection.vendor == "sqlite":  # which has no TRUNCATE; its DELETE without WHERE is refused above
            statement = statement.replace("TRUNCATE ", "DELETE FROM ").removesuffix(" CASCADE")
        assert refused(statement)

    def test_replacing_a_row(self, tables):
        if connection.vendor == "sqlite":
            assert refused("REPLACE INTO core_ledger VALUES (1, 'x', 'x')")
        assert rows("core_ledger") == [(1, "原文", "open")]

    def test_new_rows_and_open_columns_are_allowed(self, tables):
        run("INSERT INTO core_ledger VALUES (2, '新行', 'open')", "UPDATE core_sealed SET state = 'revoked'")
        assert rows("core_ledger")[1] == (2, "新行", "open")
        assert rows("core_sealed") == [(1, "原文", "revoked")]

    def test_control_without_the_triggers_everything_goes(self, tables):
        append_only.remove()
        run("UPDATE core_ledger SET state = 'x'", "UPDATE core_sealed SET title = 'x'", "DELETE FROM core_sealed")
        assert rows("core_ledger") == [(1, "原文", "x")] and rows("core_sealed") == []


class TestKeeping:
    def test_a_table_that_was_rebuilt_lost_its_triggers_and_is_named(self, tables):
        """As SQLite's schema editor does it, and as a restore into a new table would on PostgreSQL."""
        run(
            "CREATE TABLE core_rebuilt (id integer PRIMARY KEY, title varchar(20), state varchar(20))",
            "INSERT INTO core_rebuilt SELECT * FROM core_ledger",
            "DROP TABLE core_ledger",
            "ALTER TABLE core_rebuilt RENAME TO core_ledger",
        )
        assert not refused("UPDATE core_ledger SET state = 'x'")
        names = append_only.missing()
        assert {"core_ledger_no_update", "core_ledger_no_delete"} <= set(names)
        assert not [name for name in names if "sealed" in name]
        messages = [str(e.msg) for e in run_checks(tags=["database"], databases=["default"]) if e.id == "linghang.E001"]
        assert "只追加表的触发器缺失：core_ledger_no_update" in messages
        append_only.install()
        assert append_only.missing() == [] and refused("UPDATE core_ledger SET state = 'y'")

    def test_a_trigger_that_was_switched_off_is_named_and_switched_on_again(self, tables):
        if connection.vendor == "postgresql":
            run("ALTER TABLE core_ledger DISABLE TRIGGER core_ledger_no_update")
        else:
            run("DROP TRIGGER core_ledger_no_update")
        assert append_only.missing() == ["core_ledger_no_update"]
        append_only.install()
        assert append_only.missing() == [] and refused("UPDATE core_ledger SET state = 'y'")

    def test_installing_twice_and_removing_twice_is_harmless(self, tables):
        append_only.install()
        append_only.remove()
        append_only.remove()
        assert len(append_only.missing()) == (6 if connection.vendor == "postgresql" else 4)
        append_only.install()
        assert append_only.missing() == []


def test_the_products_tables_are_guarded_after_migrate():
    guarded = {model._meta.label for model in append_only.guarded_models()}
    assert "people.PersonalFileRead" in guarded and "people.NoticeAcceptance" in guarded
    assert append_only.missing() == []
