"""Every kind of node has a page in the guide, with what its author can set and a picture of its panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.nodes.registry import KINDS

PAGES = Path(__file__).resolve().parents[2] / "docs" / "guide" / "nodes"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_node_has_a_page_that_the_index_leads_to(kind: str) -> None:
    name = f"{kind.replace('_', '-')}.md"
    assert (PAGES / name).read_text().startswith(f"# {kind.replace('_', ' ').capitalize()}\n")
    assert f"({name})" in (PAGES / "README.md").read_text()


@pytest.mark.parametrize("kind", KINDS)
def test_its_page_has_a_picture_of_its_panel(kind: str) -> None:
    name = kind.replace("_", "-")
    picture = f"../../pictures/node-{name}.png"
    assert picture in (PAGES / f"{name}.md").read_text()
    assert (PAGES / picture).resolve().is_file()
