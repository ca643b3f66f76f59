"""What import-linter cannot see: keys between tables, sizes, and words that must be there."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db.models import CASCADE, DO_NOTHING, PROTECT, SET_NULL, Model

from xoplatform.models import App

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("xoplatform", "integrations", "dialogs")
#: Tables of the whole installation: the pace of its mails, the runs of its clock, what it counted, and its keys.
OF_ALL = {
    "integrations.MailPace",
    "integrations.RefreshRun",
    "integrations.VaultTally",
    "xoplatform.EncryptionKey",
    "xoplatform.KeptAnswer",  # belongs to a caller, and is gone after a day
    "xoplatform.SecretRotation",
}
#: A package may point to tables of those before it.
ORDER = {name: place for place, name in enumerate(PACKAGES)}


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def keys() -> Iterator[tuple[str, type[Model], Any]]:
    """Every relation of our tables: package, model and field."""
    for package in PACKAGES:
        for model in apps.get_app_config(package).get_models():
            for field in model._meta.get_fields():
                if field.concrete and field.is_relation:
                    yield package, model, field


def test_foreign_keys_follow_the_directions_of_imports() -> None:
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for package, model, field in keys()
        if ORDER.get(field.related_model._meta.app_label, -1) > ORDER[package]
    ]
    assert not wrong


def test_deleting_an_app_is_never_stopped_by_what_belongs_to_it() -> None:
    """PROTECT refuses even when the protecting row goes in the same deletion; RESTRICT knows better."""
    stopping = (PROTECT, DO_NOTHING)
    wrong = [f"{m._meta.label}.{f.name}" for _package, m, f in keys() if f.remote_field.on_delete in stopping]
    assert not wrong


def test_every_table_belongs_to_an_app_or_says_why_not() -> None:
    """What belongs to an App is deleted with it; only these outlive any App."""
    owned: set[type[Model]] = {App}
    seen: list[type[Model]] = [App]
    while seen:
        for relation in seen.pop()._meta.related_objects:
            model = relation.related_model
            if relation.on_delete in (CASCADE, SET_NULL) and isinstance(model, type) and model not in owned:
                owned.add(model)
                seen.append(model)
    ours = {model for package in PACKAGES for model in apps.get_app_config(package).get_models()}
    assert {model._meta.label for model in ours - owned} == OF_ALL


@pytest.mark.parametrize("path", sources(*PACKAGES, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_no_function_is_longer_than_60_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources(*PACKAGES)
        for node in functions(path)
        if (node.end_lineno or node.lineno) - node.lineno >= 60
    ]
    assert not long


def test_nine_files_in_ten_are_shorter_than_200_lines() -> None:
    lengths = sorted(len(path.read_text().splitlines()) for path in sources(*PACKAGES))
    assert lengths[int(len(lengths) * 0.9)] <= 200


def test_every_public_function_in_flows_says_what_it_means() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in sources("integrations/flows", "dialogs/flows")
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert not silent


def test_every_error_says_what_happened_in_its_docstring() -> None:
    from xoplatform.core.errors import PlatformError

    for path in sources(*PACKAGES):
        if path.name == "errors.py":
            __import__(".".join(path.relative_to(ROOT).with_suffix("").parts))
    silent = []
    queue = list(PlatformError.__subclasses__())
    while queue:
        error = queue.pop()
        queue += error.__subclasses__()
        if error.__module__.split(".")[0] in PACKAGES and len(error.__doc__ or "") < 20:
            silent.append(error.__qualname__)
    assert not silent
