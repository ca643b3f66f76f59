"""Session values that are not of one conversation alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from dialogs.engine.scopes import SharedValue, mentioned
from dialogs.nodes.person import Person
from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import line, node, task

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tests.dialogs.engine.tasks import Document


@dataclass
class Store:
    """Keeps what turns share, and counts how often it was asked."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)

    def read(self, scopes: Collection[str]) -> dict[str, dict[str, Any]]:
        self.asked.append(sorted(scopes))
        return {scope: self.values.get(scope, {}) for scope in scopes}

    def keep(self, values: tuple[SharedValue, ...]) -> None:
        for one in values:
            self.values.setdefault(one.scope, {})[one.key] = one.value


class SharingChat(Chat):
    def __init__(self, store: Store, *documents: Document) -> None:
        super().__init__(*documents)
        self.store = store
        self.ports = replace(self.ports, scopes=store, person=Person(name="Ada", email="ada@x.example", locale="de"))

    def say(self, text: str, *files: Mapping[str, Any]) -> list[str]:
        replies = super().say(text, *files)
        self.store.keep(self.turn.shared)
        return replies


def script(name: str, code: str, *after: Document) -> Document:
    nodes = [node("s", "script", code=code), *after]
    return task(name, name.title(), [f"run {name}"], nodes, line(name, "s", *(one["name"] for one in after)))


def say(text: str) -> Document:
    return node("m", "message", texts=[text])


def test_a_value_of_the_app_is_there_in_every_conversation_and_not_in_the_state() -> None:
    store = Store()
    one = SharingChat(store, script("put", "BotContext.put('n', (BotContext.get('n') || 0) + 1)"))
    one.say("run put")
    assert one.turn.shared == (SharedValue("BotContext", "n", 1),)
    one.say("run put")
    other = SharingChat(store, task("show", "Show", ["run show"], [say("{{context.BotContext.n}}")], line("show", "m")))
    assert other.say("run show") == ["2"]
    assert other.turn.shared == ()
    assert "session" not in other.state.context


def test_only_a_task_that_mentions_a_scope_reads_it_and_once_a_turn() -> None:
    store = Store()
    chat = SharingChat(store, script("own", "context.session = {BotUserSession: {a: 1}}", say("{{context.session}}")))
    assert chat.say("run own") == ['{"BotUserSession": {"a": 1}}']
    assert store.asked == []
    assert chat.state.context == {"session": {"BotUserSession": {"a": 1}}}
    inner = script("inner", "UserSession.put('a', 1); BotContext.put('b', 2)")
    outer = task("outer", "Outer", ["go"], [node("d", "dialog", task="inner"), say("{{context.UserSession.a}}")],
                 line("outer", "d", "m"))  # fmt: skip
    chat = SharingChat(store, outer, inner)
    assert chat.say("go") == ["1"]
    assert store.asked == [["UserSession"], ["BotContext"]]


@pytest.mark.parametrize("before", [";", "\n", "\t", "1;", "\r\n", "\u202f"])
def test_a_script_mentions_a_scope_wherever_a_line_of_it_begins(before: str) -> None:
    assert mentioned({"code": f"let x = 1{before}UserSession.put('a', x)"}) == {"UserSession"}
    assert mentioned({"code": f"{before}myUserSession.put('a', 1)"}) == set()


def test_what_stays_is_kept_between_turns_and_what_is_deleted_or_emptied_goes() -> None:
    store = Store({"UserSession": {"a": 1, "b": 2, "c": 3}})
    asking = node("q", "entity", prompts=["{{context.UserSession.c}}?"])
    code = "UserSession.delete('a'); context.session.UserSession.b = null; UserSession.put('d', {x: 4}, 30)"
    chat = SharingChat(store, script("t", code, asking, say("{{context.UserSession.d.x}}")))
    assert chat.say("run t") == ["3?"]
    assert sorted(chat.turn.shared, key=lambda one: one.key) == [
        SharedValue("UserSession", "a", None),
        SharedValue("UserSession", "b", None),
        SharedValue("UserSession", "d", {"x": 4}, 30),
    ]
    assert "session" not in chat.state.context
    assert chat.say("x") == ["4"]


def test_who_the_person_is_can_be_read_and_not_changed() -> None:
    chat = SharingChat(Store(), script("who", "UserContext.put('name', 'Eve')", say("{{context.UserContext.email}}")))
    assert chat.say("run who") == ["ada@x.example"]
    assert chat.turn.shared == ()
    assert chat.state.context == {}


def test_a_scope_that_grew_too_large_is_left_as_it_was_and_the_trace_says_so() -> None:
    store = Store({"BotContext": {"a": 1}})
    chat = SharingChat(store, script("big", "BotContext.put('b', 'x'.repeat(70000))"))
    chat.say("run big")
    assert chat.turn.shared == ()
    assert chat.turn.trace["not_kept"] == ["BotContext"]


def test_a_task_that_goes_on_after_another_one_sees_what_that_one_left() -> None:
    store = Store()
    asking = script("ask", "UserSession.put('x', 0)", node("q", "entity", type="number", prompts=["?"]),
                    say("{{context.UserSession.x}}"))  # fmt: skip
    chat = SharingChat(store, asking, script("other", "UserSession.put('x', 7)"))
    chat.say("run ask")
    assert chat.say("run other")[-1] == "?"
    assert chat.say("1") == ["7"]


def test_the_size_of_the_state_does_not_grow_with_what_is_shared() -> None:
    store = Store({"BotContext": {"a": "x" * 30_000}})
    asking = node("q", "entity", type="number", prompts=["{{context.BotContext.b}}?"], retries=10)
    chat = SharingChat(store, task("t", "T", ["go"], [asking], line("t", "q")))
    chat.say("go")
    before = chat.state.size
    for _ in range(5):
        chat.say("hm")
    assert chat.state.size == before
