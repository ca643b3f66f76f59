"""How Schemathesis is set up: what names things that exist, and which refusals are right."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from .cast import Stage

#: How often a part of an address names something that exists; else it is made up.
OFTEN = 0.75
#: Well-formed requests that may still be refused: not allowed, unknown, in the wrong state, or against a rule.
REFUSALS = ["2xx", 304, 400, 401, 403, 404, 409, 410, 412, 422, 429, 503]
#: What a malformed request may be answered.
REJECTIONS = [400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 429]


def write(file: Path, stage: Stage) -> Path:
    """Writes the configuration file and returns it."""
    lines = []
    for name, values in stage.names.items():
        lines += [
            f"[dictionaries.{name}]",
            f"values = {json.dumps([value if isinstance(value, int) else str(value) for value in values])}",
            "",
        ]
    lines.append("[parameters]")
    for name in stage.names:
        often = 1.0 if name == "app" else OFTEN
        lines.append(f'"path.{name}" = {{ dictionary = "{name}", probability = {often} }}')
    lines += ["", *_check("positive_data_acceptance", REFUSALS), *_check("negative_data_rejection", REJECTIONS)]
    file.write_text("\n".join(lines))
    return file


def _check(name: str, statuses: list[Any]) -> list[str]:
    return [f"[checks.{name}]", f"expected-statuses = {json.dumps(statuses)}", ""]
