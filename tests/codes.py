"""The page of the API's error codes, made from the errors themselves: ``python -m tests.codes`` writes it."""

from __future__ import annotations

import os
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xoplatform.core.errors import PlatformError

PAGE = Path(__file__).resolve().parents[1] / "docs" / "guide" / "api" / "errors.md"
PACKAGES = ("xoplatform", "integrations", "dialogs")
#: Programs of their own, and what is run by name.
APART = ("migrations", "sandbox", "management", "settings", "wsgi", "stack", "supervised", "prepare", "__main__")
HEAD = """# Error codes

Made from the errors of the product; a test keeps it complete. `code` never changes its meaning. The words may change;
the parts in braces are filled in.

| status | code | words |
| --- | --- | --- |
"""


def page() -> str:
    """The whole page."""
    rows = {(error.status, error.code, words_of(error)) for error in errors()} | set(of_the_framework())
    return HEAD + "".join(f"| {status} | `{code}` | {words} |\n" for status, code, words in sorted(rows))


def errors() -> Iterator[type[PlatformError]]:
    """Every error of the product's own, wherever it is declared."""
    from xoplatform.core.errors import PlatformError

    for name in PACKAGES:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not set(found.name.split(".")) & set(APART):
                import_module(found.name)
    waiting = [PlatformError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.__module__.split(".")[0] in PACKAGES and "code" in vars(error):
            yield error


def of_the_framework() -> Iterator[tuple[int, str, str]]:
    """What Django REST Framework refuses by itself."""
    from rest_framework import exceptions

    yield 400, "invalid", "Some of what was sent cannot be used. Nothing was changed."
    for error in (
        exceptions.PermissionDenied,
        exceptions.MethodNotAllowed,
        exceptions.NotAcceptable,
        exceptions.UnsupportedMediaType,
    ):
        yield error.status_code, str(error.default_code), str(error.default_detail)


def words_of(error: type[PlatformError]) -> str:
    return error.sentence().replace("|", "\\|")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import_module("django").setup()
    PAGE.write_text(page())
