"""Files that come with a message that did not answer the question for one."""

from __future__ import annotations

from typing import Any

from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import Document, line, node, task

PICTURE = {"name": "a.png", "content_type": "image/png", "size": 1000, "id": "1"}
TABLE = {"name": "b.csv", "content_type": "text/csv", "size": 1000, "id": "2"}
SCRIPT = {"name": "c.sh", "content_type": "text/x-sh", "size": 1000, "id": "3"}


def asking(*entities: Document) -> Document:
    nodes = [*entities, node("said", "message", texts=["Thanks."])]
    return task("send", "Send", ["send a picture"], nodes, line("send", *(each["name"] for each in nodes)))


def file(name: str = "picture", **properties: Any) -> Document:
    return node(name, "entity", **{"type": "attachment", "prompts": [f"Which {name}?"], **properties})


def entities(chat: Chat) -> Any:
    """The values as they were when the last turn ended."""
    return {path: change for step in chat.turn.trace["steps"] for path, change in step.get("changes", {}).items()}


def test_one_with_the_first_message_is_taken_and_noted() -> None:
    chat = Chat(asking(file()))
    assert chat.say("send a picture", PICTURE) == ["Thanks."]
    assert chat.steps["picture"]["decisions"] == ["“a.png” had come with an earlier message."]


def test_one_that_came_before_waits_for_its_question() -> None:
    chat = Chat(asking(node("title", "entity", prompts=["Title?"]), file()))
    assert chat.say("send a picture", PICTURE) == ["Title?"]
    assert chat.say("Ducks") == ["Thanks."]


def test_one_with_the_answer_to_another_question_waits_too() -> None:
    chat = Chat(asking(node("title", "entity", prompts=["Title?"]), file()))
    chat.say("send a picture")
    assert chat.say("Ducks", PICTURE) == ["Thanks."]


def test_each_question_takes_the_file_of_its_kind_and_none_is_taken_twice() -> None:
    both = Chat(asking(file("picture", file_types=["image/*"]), file("table", file_types=[".csv"]), file("rest")))
    assert both.say("send a picture", TABLE, PICTURE) == ["Which rest?"]
    assert both.state.context["entities"] == {"picture": PICTURE, "table": TABLE}
    assert both.say("", SCRIPT) == ["Thanks."]


def test_of_several_one_is_chosen_by_name_without_being_sent_again() -> None:
    chat = Chat(asking(file(), node("title", "entity", prompts=["Title?"])))
    assert chat.say("send a picture", PICTURE, TABLE) == ["Which one do you mean? 1) a.png 2) b.csv"]
    assert chat.say("b.csv") == ["Title?"]
    assert chat.state.context["entities"]["picture"] == TABLE


def test_one_of_another_kind_is_refused_with_the_question() -> None:
    chat = Chat(asking(file(file_types=["image/*"])))
    assert chat.say("send a picture", SCRIPT) == [
        "“c.sh” is not of a kind that is wanted here (image/*). Which picture?"
    ]


def test_an_author_may_have_earlier_files_left_alone() -> None:
    chat = Chat(asking(file(extraction="none")))
    assert chat.say("send a picture", PICTURE) == ["Which picture?"]


def test_one_that_was_found_may_have_to_be_confirmed() -> None:
    chat = Chat(asking(file(confirm_value="extracted")))
    assert chat.say("send a picture", PICTURE) == ["Picture: a.png. Is that right?"]
    assert chat.say("", TABLE) == ["Thanks."]


def test_an_optional_one_may_be_answered_without_a_word() -> None:
    chat = Chat(asking(file(requirement="optional"), node("title", "entity", prompts=["Title?"])))
    chat.say("send a picture")
    assert chat.say("", PICTURE) == ["Title?"]
    assert chat.state.context["entities"]["picture"] == PICTURE


def test_it_is_not_lost_while_it_is_asked_which_task_is_meant() -> None:
    other = {**asking(file()), "name": "post", "title": "Post", "start": "post"}
    other["nodes"] = [node("post", "intent", utterances=["post a picture"]), *other["nodes"][1:]]
    other["transitions"] = line("post", "picture", "said")
    chat = Chat(asking(file()), other)
    chat.say("a picture", PICTURE)
    assert chat.state.waiting == "choice"
    assert chat.say("1") == ["Thanks."]


def test_a_file_of_one_task_is_not_found_by_the_next() -> None:
    chat = Chat(asking(node("title", "entity", prompts=["Title?"]), file()))
    chat.say("send a picture", PICTURE)
    chat.say("cancel")
    chat.say("send a picture")
    assert chat.say("Ducks") == ["Which picture?"]
