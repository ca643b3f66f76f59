"""Every command of the API's guide is run as it stands there, page by page and in order, against a stack of its own."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from . import stack

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.proof

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(?:bash|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
#: A command that fails ends the page, as does an answer of 400 and above. Nothing is shown but what fails.
BEFORE = """set -euo pipefail
curl() { command curl --fail --silent --show-error --max-time 90 "$@"; }
"""
#: What lets somebody in, which no output may show.
KEY = re.compile(r"\b(?:xop?_|whsec_)[\w:.-]+")
#: Seconds that one page may take.
LONGEST = 180


def commands_of(page: Path) -> str:
    """All of a page's commands; the prompt of a console is left out."""
    return "".join(re.sub(r"^\$ ", "", block, flags=re.MULTILINE) for block in BLOCK.findall(page.read_text()))


PAGES = sorted(
    (page for page in (ROOT / "docs" / "guide" / "api").glob("*.md") if commands_of(page)),
    key=lambda page: (page.name != "README.md", page.name),
)


@pytest.fixture(scope="module")
def environment() -> Iterator[dict[str, str]]:
    """What a reader has after ``make run``: its addresses, the App ``demo``, and a key that may do everything."""
    with stack.running() as found:
        key = subprocess.run(
            [ROOT / ".venv/bin/python", "manage.py", "create_api_key", "demo", "Reader",
             "--scope", "chat", "--scope", "people", "--scope", "configuration"],
            env=found, cwd=ROOT, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        yield {**found, "XO": f"{found['XO_BASE_URL']}/api/v1", "APP": "demo", "KEY": key}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_work(page: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-x", "-c", BEFORE + commands_of(page)],
        env={**environment, "PATH": os.environ["PATH"]}, cwd=ROOT, capture_output=True, text=True, timeout=LONGEST,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, KEY.sub("(a key)", f"{done.stderr[-4000:]}\n{done.stdout[-4000:]}")
