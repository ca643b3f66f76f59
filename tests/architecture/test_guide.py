"""What the guide promises about nodes: a page for each kind, and everything that dialogs can use named on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogs.engine.variables import RESPONSE_KEYS
from dialogs.nodes.fields import specs_of
from dialogs.nodes.registry import KINDS
from xoplatform.core.formats import FILTERS

NODES = Path(__file__).resolve().parents[2] / "docs" / "guide" / "nodes"
#: Kinds whose page is a table of their properties, by title.
TABLES = ("service", "message")


def page(kind: str) -> Path:
    return NODES / f"{kind.replace('_', '-')}.md"


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_node_has_a_page_that_the_index_leads_to(kind: str) -> None:
    assert page(kind).is_file()
    assert f"({page(kind).name})" in (NODES / "README.md").read_text()


@pytest.mark.parametrize("kind", TABLES)
def test_every_property_is_on_the_page_of_its_kind(kind: str) -> None:
    text = page(kind).read_text().lower()
    titles = [spec.title for spec in specs_of(KINDS[kind]).values()]
    assert [title for title in titles if title.lower() not in text] == []


def test_every_filter_is_told_where_texts_are() -> None:
    text = page("message").read_text()
    assert [name for name in FILTERS if f"`{name}`" not in text] == []


def test_every_part_of_a_response_is_told_where_services_are() -> None:
    text = page("service").read_text()
    assert [key for key in RESPONSE_KEYS if f"`{key}`" not in text] == []
