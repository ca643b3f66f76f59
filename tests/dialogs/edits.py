"""Edits of the dialog `samples.creating`, as the tabs of two people send them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from dialogs.flows import author
from dialogs.flows.edit import Saved, Sent, edit

if TYPE_CHECKING:
    from dialogs.models import DialogTask

#: Two open tabs.
ADA, BOB = uuid.uuid4(), uuid.uuid4()


def save(row: DialogTask, *ops: dict[str, Any], base: int | None = None, client: uuid.UUID = ADA, **more: Any) -> Saved:
    user = more.pop("user", None)
    return edit(row, Sent(list(ops), base=base, client=client, edit_id=more.pop("edit_id", uuid.uuid4())), user)


def titled(name: str, title: str) -> dict[str, Any]:
    return {"op": "set_node", "name": name, "title": title}


def patch(name: str, **properties: Any) -> dict[str, Any]:
    return {"op": "set_node", "name": name, "properties_patch": properties}


def moved(name: str) -> dict[str, Any]:
    return {"op": "set_node", "name": name, "position": {"x": 5, "y": 6}}


ADD = {"op": "add_node", "node": {"name": "more", "kind": "message", "properties": {"texts": ["More"]}}}
LEAD = {"op": "set_transitions", "source": "done", "transitions": [{"target": "more"}, {"target": "@end"}]}


def nodes_of(row: DialogTask) -> dict[str, dict[str, Any]]:
    return {entry["name"]: entry for entry in author.draft_document(row)["nodes"]}
