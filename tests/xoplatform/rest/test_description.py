"""The API's description as it was reviewed: a change of the API shows as a change of a file."""

from __future__ import annotations

from pathlib import Path

import yaml
from django.core.management import call_command

SNAPSHOT = Path(__file__).parent / "openapi.yaml"
#: Characters that the page of the documentation shows of an operation in one line.
LINE = 110


def test_the_description_is_the_one_that_was_reviewed(tmp_path: Path) -> None:
    made = tmp_path / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(made))
    assert made.read_text() == SNAPSHOT.read_text(), (
        "The API has changed. If that is meant, make the snapshot anew and look at the difference: "
        f"manage.py spectacular --file {SNAPSHOT.relative_to(Path.cwd())}"
    )


def test_every_operation_says_in_a_line_what_it_does() -> None:
    paths = yaml.safe_load(SNAPSHOT.read_text())["paths"]
    told = {one["operationId"]: one.get("summary", "") for path in paths.values() for one in path.values()}
    assert {name: summary for name, summary in told.items() if not 0 < len(summary) <= LINE} == {}
