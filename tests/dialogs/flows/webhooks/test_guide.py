"""What the guide says of webhooks is so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.flows.converse import post_message
from dialogs.flows.webhooks.types import TYPES
from tests.dialogs.hooks import work

if TYPE_CHECKING:
    from dialogs.models import Webhook
    from tests.dialogs.receiver import Receiver
    from xoplatform.models import App, EndUser

GUIDE = (Path(__file__).resolve().parents[4] / "docs" / "guide" / "webhooks.md").read_text()


def block(language: str) -> str:
    found: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return found[0]


def keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: keys(one) for name, one in value.items()}
    return [keys(one) for one in value] if isinstance(value, list) else None


@pytest.mark.usefixtures("greets")
def test_its_check_accepts_what_we_send_and_its_example_has_the_form_of_it(
    app: App, person: EndUser, hook: Webhook, receiver: Receiver
) -> None:
    post_message(app, person, "say hello")
    work()
    sent = next(one for one in receiver.received if one.json["type"] == "message.created")
    pasted: dict[str, Any] = {}
    exec(block("python"), pasted)
    assert pasted["is_genuine"](hook.secret.reveal(), sent.headers, sent.body)
    assert not pasted["is_genuine"](hook.secret.reveal(), sent.headers, sent.body + b" ")
    assert keys(json.loads(block("json"))) == keys(sent.json)


def test_every_event_is_named() -> None:
    assert [name for name in TYPES if f"`{name}`" not in GUIDE] == []
