"""What the guide shows works: the check of a signature, and the nodes in its examples."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dialogs.graph.model import Node
from dialogs.nodes.registry import prepare
from dialogs.outside.signing import new_secret, signed

GUIDE = Path(__file__).resolve().parents[3] / "docs" / "guide" / "nodes"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (GUIDE / page).read_text(), re.DOTALL)


@pytest.fixture
def is_genuine() -> Any:
    """The function of the page, as a reader would paste it."""
    found: dict[str, Any] = {}
    exec(blocks("webhook.md", "python")[0], found)
    return found["is_genuine"]


def test_the_check_of_the_guide_accepts_what_we_send(is_genuine: Any) -> None:
    secret, body = new_secret(), b'{"type": "webhook"}'
    headers = signed(secret, "msg_1", body, datetime.now(UTC))
    assert is_genuine(secret, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine(new_secret(), headers, body)
    assert not is_genuine(secret, signed(secret, "msg_1", body, datetime.now(UTC) - timedelta(minutes=6)), body)


@pytest.mark.parametrize("page", ["webhook.md", "form.md", "agent-transfer.md"])
def test_the_node_of_the_guide_can_be_used(page: str) -> None:
    shown = json.loads(blocks(page, "json")[0])
    node, problems = prepare(
        Node(shown["name"], shown["kind"], title=shown.get("title", ""), properties=shown["properties"])
    )
    assert problems == []
    assert node is not None
