"""The rules of the house that no linter holds: names, sizes, foreign keys, migrations."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "denrei"
LONGEST_FILE = 400

#: Names under which everything ends up. There is always a noun or a verb of the field instead.
BANNED_NAMES = frozenset({"utils", "helpers", "services", "common", "managers", "base"})


def modules() -> list[Path]:
    """Return every Python file of the product."""
    return sorted(SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Return a path as the tests show it."""
    return path.relative_to(ROOT).as_posix()


def is_migration(path: Path) -> bool:
    """Tell whether a file is a migration: generated in part, and as long as it must be."""
    return path.parent.name == "migrations"


def layers() -> dict[str, int]:
    """Return the floor of each package by the layers contract of pyproject.toml; 0 is the top."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (house,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {
        package.strip(" ()"): floor
        for floor, layer in enumerate(house)
        for package in layer.split("|")
    }


def our_package(model: type[models.Model]) -> str | None:
    """Return the package below `denrei` that owns a model, None for somebody else's."""
    root, _, rest = model.__module__.partition(".")
    return rest.partition(".")[0] if root == "denrei" else None


def foreign_keys() -> Iterator[tuple[str, str, str]]:
    """Yield (name, package of the model, package it points to) within the product."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            target: Any = field.related_model if field.concrete and field.is_relation else None
            if target is None or isinstance(target, str):
                continue
            here, there = our_package(model), our_package(target)
            if here is not None and there is not None:
                yield f"{model._meta.label}.{field.name}", here, there


def test_no_module_has_a_name_that_says_nothing() -> None:
    parts = {name_of(path): {path.stem, *path.relative_to(SOURCE).parts[:-1]} for path in modules()}

    assert [name for name, words in parts.items() if words & BANNED_NAMES] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in modules()
        if not is_migration(path) and ast.get_docstring(ast.parse(path.read_bytes())) is None
    ]

    assert silent == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules()
        if not is_migration(path)
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_every_package_of_the_house_has_a_floor() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}

    assert set() == packages - set(layers())


def test_foreign_keys_go_down_the_house_as_imports_do() -> None:
    floor = layers()
    wrong = [
        f"{name}: {here} -> {there}"
        for name, here, there in foreign_keys()
        if here != there and floor[here] >= floor[there]
    ]

    assert wrong == []


@pytest.fixture(scope="module")
def migrations() -> MigrationLoader:
    """Return the migrations as they lie on disk; no database is asked."""
    return MigrationLoader(None, ignore_no_migrations=True)


def our_migrations(loader: MigrationLoader) -> dict[str, list[str]]:
    """Return for each of our apps the names of its migrations, sorted."""
    ours: dict[str, list[str]] = {}
    for app, name in sorted(loader.graph.nodes):
        if apps.get_app_config(app).name.startswith("denrei."):
            ours.setdefault(app, []).append(name)
    return ours


def test_migrations_of_an_app_are_one_line(migrations: MigrationLoader) -> None:
    forks = {}
    for app, names in our_migrations(migrations).items():
        parents = [
            [
                parent.key
                for parent in migrations.graph.node_map[app, name].parents
                if parent.key[0] == app
            ]
            for name in names
        ]
        expected = [[], *([(app, name)] for name in names[:-1])]
        if parents != expected:
            forks[app] = parents

    assert forks == {}


def test_migrations_are_numbered_from_one_without_a_gap(migrations: MigrationLoader) -> None:
    ours = our_migrations(migrations)
    expected = {app: [f"{n:04}" for n in range(1, len(names) + 1)] for app, names in ours.items()}

    assert expected == {app: [name[:4] for name in names] for app, names in ours.items()}
