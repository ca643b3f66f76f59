"""Finds the providers: every folder of ``integrations/providers`` with a manifest.yaml. Nobody names one."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from integrations.errors import UnknownOperation, UnknownProvider
from xoplatform.core.http import trust_setting

from .base import Provider
from .manifest import load_manifest
from .operations import Operation, load_operation
from .templates import load_template

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parent.parent / "providers"


def load(folder: Path) -> Provider:
    """The provider in this folder. Raises CatalogInvalid."""
    manifest = load_manifest(folder / "manifest.yaml")
    for address in manifest.addresses:
        trust_setting(address.setting)
    operations = [load_operation(path) for path in sorted((folder / "operations").glob("*.yaml"))]
    templates = [load_template(path) for path in sorted((folder / "templates").glob("*.yaml"))]
    kind: type[Provider] = Provider
    if (folder / "provider.py").exists():
        kind = import_module(f"integrations.providers.{folder.name}.provider").PROVIDER
    return kind(manifest, {o.name: o for o in operations}, tuple(sorted(templates, key=lambda t: t.order)))


@cache
def providers() -> Mapping[str, Provider]:
    """All providers by name, in the order of their titles. Raises CatalogInvalid."""
    found = [load(path.parent) for path in ROOT.glob("*/manifest.yaml")]
    return MappingProxyType({p.manifest.name: p for p in sorted(found, key=lambda p: p.manifest.title)})


def provider(name: str) -> Provider:
    """The provider of this name. Raises UnknownProvider."""
    try:
        return providers()[name]
    except KeyError:
        raise UnknownProvider(provider=name) from None


def operation(provider_name: str, name: str) -> Operation:
    """An operation by its operationId. Raises UnknownProvider or UnknownOperation."""
    found = provider(provider_name)
    try:
        return found.operations[name]
    except KeyError:
        raise UnknownOperation(provider=found.manifest.title, operation=name) from None
