"""Reads a provider's YAML files and says what is wrong with them, all of it at once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

from integrations.errors import CatalogInvalid

if TYPE_CHECKING:
    from pathlib import Path

SCHEMAS = "schemas"


@cache
def _validator(path: Path) -> Draft202012Validator:
    return Draft202012Validator(yaml.safe_load(path.read_text(encoding="utf-8")))


def read(path: Path, schema: Path) -> dict[str, Any]:
    """The file's content, checked. Raises CatalogInvalid naming the file and every fault in it."""
    short = f"{path.parent.name}/{path.name}"
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CatalogInvalid(file=short, problems=" ".join(str(error).split())) from error
    faults = sorted(_validator(schema).iter_errors(content), key=lambda e: e.json_path)
    if faults:
        words = "; ".join(f"{fault.json_path.removeprefix('$.')}: {fault.message}" for fault in faults)
        raise CatalogInvalid(file=short, problems=words)
    return content  # type: ignore[no-any-return]
