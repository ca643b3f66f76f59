from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dialogs.errors import BadMessage
from dialogs.flows.attachments import MOST_FILES, read_files
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from tests.dialogs.factories import task
from tests.dialogs.samples import arrow, document, node

if TYPE_CHECKING:
    from xoplatform.models import App, EndUser

PICTURE: dict[str, Any] = {
    "name": "a.png",
    "content_type": "image/png",
    "size": 1000,
    "url": "https://files.example/a.png",
}


@pytest.mark.parametrize(
    "value",
    [
        "a.png",
        [PICTURE] * (MOST_FILES + 1),
        ["a.png"],
        [{**PICTURE, "size": "1000"}],
        [{**PICTURE, "size": True}],
        [{**PICTURE, "size": -1}],
        [{**PICTURE, "name": "x" * 256}],
        [{**PICTURE, "url": "file:///etc/passwd"}],
        [{**PICTURE, "url": "javascript:alert(1)"}],
        [{"name": "a.png", "size": 1}],
        [{"url": "https://files.example/a.png", "size": 1}],
    ],
)
def test_what_tells_no_file_is_refused_at_the_door(value: Any) -> None:
    with pytest.raises(BadMessage, match="attachment"):
        read_files(value)


def test_only_what_tells_about_a_file_is_kept() -> None:
    assert read_files([{**PICTURE, "token": "x"}]) == (PICTURE,)
    assert read_files(None) == ()


def test_a_file_answers_a_question_for_one_without_a_word(app: App, person: EndUser) -> None:
    nodes = [
        node("send", "intent", utterances=["send a picture"]),
        node("picture", "entity", type="attachment", prompts=["Which?"], file_types=["image/*"]),
        node("told", "message", texts=["{{context.entities.picture.name}}"]),
    ]
    publish(task(app, document("send", nodes, [arrow("send", "picture"), arrow("picture", "told")])))
    first = post_message(app, person, "send a picture")
    again = post_message(app, person, "here", conversation=first.conversation)
    assert again.replies[0]["text"].startswith("No file came with your message.")
    script = {**PICTURE, "name": "a.sh", "content_type": "text/x-sh"}
    again = post_message(app, person, "", conversation=first.conversation, files=read_files([script]))
    assert "not of a kind that is wanted" in again.replies[0]["text"]
    last = post_message(app, person, "", conversation=first.conversation, files=read_files([PICTURE]))
    assert last.replies[0]["text"] == "a.png"
