"""What shares something slow goes to one process; everything else is free to go to any."""

from __future__ import annotations

import re
from pathlib import Path

from .scheduling import scope_of

#: What lets so many callers loose.
CROWD = re.compile(r"(?:ThreadPoolExecutor|Barrier|at_once)\((\d+)|target=\w+\) for \w+ in range\((\d+)")
#: With a hundred connections there is room for one crowd, and for this many callers in each of the other processes.
FEW = 20

ROOT = Path(__file__).resolve().parents[1]


def test_the_journeys_in_the_browser_share_one_stack() -> None:
    assert scope_of("tests/browser/test_basic_journey.py::test_a") == "tests/browser/"
    assert scope_of("tests/browser/test_people_journey.py::test_b") == "tests/browser/"


def test_a_file_with_a_browser_or_a_stack_of_its_own_stays_whole() -> None:
    for path in ("tests/integrations/views/test_in_a_browser.py", "tests/journeys/test_demo.py"):
        assert scope_of(f"{path}::test_a[light]") == scope_of(f"{path}::test_b") == path


def test_other_tests_are_handed_out_one_by_one() -> None:
    nodeid = "tests/integrations/flows/test_refresh.py::test_a"
    assert scope_of(nodeid) == nodeid


def test_every_file_that_starts_a_browser_is_known() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    users = {path for path in files if re.search(r"^ *from playwright", (ROOT / path).read_text(), re.MULTILINE)}
    assert "tests/browser/test_people_journey.py" in users
    assert [path for path in users if scope_of(f"{path}::test") == f"{path}::test"] == []


def test_no_two_crowds_run_at_once() -> None:
    files = {path: path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    crowds = [name for path, name in files.items() if largest_crowd(path.read_text()) > FEW]
    assert "tests/integrations/flows/test_expiry.py" in crowds
    assert len({scope_of(f"{name}::test_{number}") for number, name in enumerate(crowds)}) == 1


def largest_crowd(source: str) -> int:
    """The number of callers that a file lets loose at once."""
    return max((int(one or other) for one, other in CROWD.findall(source)), default=0)
