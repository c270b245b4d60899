"""Which way things may depend: imports, relations, URL names, templates."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.urls import URLPattern, URLResolver, get_resolver
from importlinter.cli import lint_imports

from tests.architecture.house import APPS, ROOT, may_know, sources, where

NAME = re.compile(r"""["']([a-z_]+):([a-z][a-z0-9_-]*)["']""")
TEMPLATE = re.compile(r"""\{%\s*(?:include|extends)\s+["']([^"']+)["']""")


def test_imports_go_down():
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_what_runs_needs_nothing_that_only_tests_install():
    """``make demo`` installs the first list of pyproject.toml alone."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    for_tests = {re.split(r"[\[<>=]", line)[0].lower() for line in groups["dev"]}
    homes = {module: {name.lower() for name in names} for module, names in packages_distributions().items()}
    wrong = [
        f"{where(path)}: {module}"
        for app in (*APPS, "config")
        for path in sources(app)
        for module in imported(path)
        if homes.get(module, set()) & for_tests
    ]
    assert wrong == []


def imported(path: Path) -> set[str]:
    """The first part of every module that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def relations() -> Iterator[tuple[str, str, str]]:
    """(app, field, app it points at) of every relation between our apps; the user is the one exception."""
    for model in apps.get_models():
        app = model._meta.app_label
        for field in [*model._meta.fields, *model._meta.local_many_to_many]:
            target = field.related_model
            if app in APPS and target and target._meta.label != settings.AUTH_USER_MODEL:
                yield app, f"{model._meta.label}.{field.name}", target._meta.app_label


def test_relations_point_down():
    wrong = [field for app, field, other in relations() if other in APPS and not may_know(app, other)]
    assert wrong == []


def test_people_begin_without_any_other_app():
    source = (ROOT / "people" / "migrations" / "0001_people.py").read_text()
    tree = ast.parse(source)
    depends = {node.elts[0].value for node in ast.walk(tree) if isinstance(node, ast.Tuple) and node.elts
               and isinstance(node.elts[0], ast.Constant)}  # fmt: skip
    assert not depends & (set(APPS) - {"people"})


def namespaces(resolver: URLResolver | None = None) -> dict[str, str]:
    """Namespace → the app of ours whose views answer there."""
    found: dict[str, str] = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            for entry in pattern.url_patterns:
                app = _app_of(entry)
                if pattern.namespace and app:
                    found.setdefault(pattern.namespace, app)
            found |= {k: v for k, v in namespaces(pattern).items() if k not in found}
    return found


def _app_of(entry: URLPattern | URLResolver) -> str:
    """The app of a view; of a viewset's view the app of its model."""
    callback = getattr(entry, "callback", None)
    if callback is None:
        return ""
    model = getattr(callback, "view_initkwargs", {}).get("model")
    module = model.__module__ if isinstance(model, type) else getattr(callback, "__module__", "")
    app = module.split(".")[0]
    return app if app in APPS else ""


def used_names() -> Iterator[tuple[str, Path, str]]:
    """(app, file, namespace) of every URL name written in our code and templates."""
    for app in APPS:
        for path in [*sources(app), *sources(app, "*.html")]:
            for namespace, _ in NAME.findall(path.read_text()):
                yield app, path, namespace


def test_url_names_point_down():
    owners = namespaces()
    assert {"people", "jobs", "certificates"} <= set(owners)
    wrong = [
        f"{where(path)} names {namespace}:…"
        for app, path, namespace in used_names()
        if namespace in owners and not may_know(app, owners[namespace])
    ]
    assert sorted(set(wrong)) == []


def template_owner(name: str) -> str:
    """The app in whose folder a template lies; empty for those of other packages."""
    for app in APPS:
        if (ROOT / app / "templates" / name).is_file():
            return app
    return ""


def test_templates_include_and_extend_downwards():
    wrong = []
    for app in APPS:
        for path in sources(app, "*.html"):
            for name in TEMPLATE.findall(path.read_text()):
                owner = template_owner(name)
                if owner and not may_know(app, owner):
                    wrong.append(f"{where(path)} uses {name}")
    assert wrong == []


def local_imports(path: Path) -> Iterator[str]:
    """Imports of our own packages inside functions; ``ready`` of an app's configuration has to."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name != "ready":
            for inner in ast.walk(node):
                module = getattr(inner, "module", None) or (
                    inner.names[0].name if isinstance(inner, ast.Import) else ""
                )
                if isinstance(inner, ast.Import | ast.ImportFrom) and module.split(".")[0] in APPS:
                    yield f"{where(path)}: {module} in {node.name}"


def test_no_cycle_is_broken_by_an_import_inside_a_function():
    assert [line for app in APPS for path in sources(app) for line in local_imports(path)] == []


def test_the_control_sees_an_import_inside_a_function(tmp_path, monkeypatch):
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    from cohorts.models import Cohort\n    return Cohort\n")
    monkeypatch.setattr("tests.architecture.test_borders.where", str)
    assert list(local_imports(bad)) == [f"{bad}: cohorts.models in f"]


def test_a_low_app_may_not_know_a_high_one():
    assert not may_know("people", "cohorts")
    assert not may_know("cms", "portal")
    assert may_know("cohorts", "people")


def test_signals_are_few_and_each_stands_in_the_table():
    names = {
        name
        for app in APPS
        if (ROOT / app / "signals.py").is_file()
        for name in re.findall(r"^(\w+)(?:: \w+)? = Signal\(", (ROOT / app / "signals.py").read_text(), re.MULTILINE)
    }
    assert 0 < len(names) < 10
    table = (ROOT / "docs" / "architecture.md").read_text()
    assert [name for name in sorted(names) if f"`{name}`" not in table] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
