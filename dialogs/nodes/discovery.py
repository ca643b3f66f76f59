"""Finding the classes of a folder, so that adding one is adding a file."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def classes_in(package: str, base: type[T]) -> Iterator[type[T]]:
    """The subclasses of ``base`` that modules of ``package`` define, in the order of the files."""
    for module in iter_modules(import_module(package).__path__, f"{package}."):
        for entry in vars(import_module(module.name)).values():
            if isinstance(entry, type) and issubclass(entry, base) and entry.__module__ == module.name:
                yield entry
