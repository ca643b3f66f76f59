"""Hypothesis looks for a course of tasks that raises, loops, or lets one conversation's state into another's."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.engine import Bot, State, compile_graph
from dialogs.engine.settings import SPECS
from dialogs.nodes.asking import INTERRUPTIONS, PRECEDENCE
from tests.dialogs.engine.stand_ins import Chat
from tests.dialogs.engine.tasks import Document, arrow, criterion, node, task

RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = ("red", "green", "blue")
TITLES = {"red": "Paint it Red", "green": "Grow Grass", "blue": "Sing the Blues"}

SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "interruptions": st.sampled_from(INTERRUPTIONS),
        "discard_notice": st.booleans(),
        "resume": st.sampled_from(["ask", "notify", "silent"]),
        "most_held": st.integers(1, 5),
        "amend": st.just(True),
        "after_amending": st.sampled_from(["resume", "rerun", "rerun_clear"]),
        "idle_minutes": st.integers(5, 60),
        "timeout_minutes": st.integers(5, 600),
    },
)
ASKING = st.fixed_dictionaries(
    {
        "prompts": st.just(["What?"]),
        "retries": st.integers(1, 9),
        "type": st.sampled_from(["number", "email", "number", "string"]),
    },
    optional={
        "requirement": st.sampled_from(["mandatory", "optional"]),
        "precedence": st.sampled_from(PRECEDENCE),
        "interruptions": st.sampled_from(INTERRUPTIONS),
    },
)
SUB = st.fixed_dictionaries(
    {"task": st.sampled_from([*NAMES, "gone"])},
    optional={
        "afterwards": st.sampled_from(["return", "end"]),
        "values_in": st.just([{"key": "entities.n0", "value": "{{context.entities.n1}}"}]),
        "values_out": st.just([{"key": "entities.n1", "value": "{{dialog}}"}]),
    },
)
SAID = st.sampled_from([
    "paint it red", "grow grass", "sing the blues", "7", "yes", "no", "1", "2", "3", "cancel", "blue", "a@b.example",
    "paint it red", "grow grass", "sing the blues", "change n0 to 9", "no, n1 is purple", "hm", "later",
])  # fmt: skip
#: Who speaks, after how many minutes, and what.
COURSES = st.lists(st.tuples(st.booleans(), st.sampled_from([0] * 9 + [6, 20, 700]), SAID), min_size=6, max_size=25)


@st.composite
def tasks(draw: Any, name: str) -> Document:
    kinds = draw(
        st.lists(st.sampled_from(["entity", "entity", "dialog", "message", "confirmation"]), min_size=3, max_size=3)
    )
    nodes = [node("later", "intent", utterances=["later"])]
    for index, kind in enumerate(kinds):
        properties: dict[str, Any] = {
            "entity": draw(ASKING),
            "dialog": dict(draw(SUB)),
            "message": {"texts": ["So: {{context.entities.n0}}."]},
            "confirmation": {"prompts": ["Sure?"], "retries": 1},
        }[kind]
        if kind == "dialog" and properties.get("afterwards") == "end":
            properties.pop("values_out", None)
        nodes.append(node(f"n{index}", kind, **properties))
    arrows = [arrow(name, "n0"), arrow("later", draw(st.sampled_from(["n1", "@end"])))]
    for index in range(3):
        if draw(st.booleans()):
            asked = criterion("intent", "FollowupIntents", "equals", draw(st.sampled_from(["later", *NAMES])))
            arrows.append(arrow(f"n{index}", "later", asked))
        arrows.append(arrow(f"n{index}", draw(st.sampled_from([f"n{index + 1}" if index < 2 else "@end", "n0", None]))))
    own = {key: value for key, value in draw(SETTINGS).items() if key not in {"most_held", "timeout_minutes"}}
    return task(name, TITLES[name], [], nodes, arrows) | {"settings": own}


def whole(state: State) -> bool:
    """Whether a state holds together, and is as small as it has to be."""
    waits = state.waiting in {"answer", "authorization", "question"}
    bounded = len(state.frames) <= 8 and len(state.held) <= 5 and len(state.queue) <= 5
    at_rest = state.task or not (state.frames or state.held or state.queue or state.question)
    return bool(state.task) is waits and bounded and bool(at_rest)


@RELAXED
@given(st.tuples(*(tasks(name) for name in NAMES)), SETTINGS, COURSES)
def test_two_conversations_of_one_bot_go_any_course_without_meeting(
    documents: tuple[Document, ...], app: dict[str, Any], course: list[tuple[bool, int, str]]
) -> None:
    bot = Bot({f"{one['name']}/1": compile_graph(one) for one in documents}, settings=app)
    chats = (Chat(), Chat())
    for mark, chat in zip(("ADA-ONLY", "BO-ONLY"), chats, strict=True):
        chat.bot = bot
        chat.stored = State(context={"session": {"UserSession": {"mark": mark}}}).to_json()
    for second, minutes, words in course:
        chat, other = chats[second], chats[not second]
        before = json.dumps(other.stored)
        chat.later(minutes=minutes)
        replies = chat.say(words)
        assert len(replies) < 100
        assert whole(chat.state)
        assert json.dumps(other.stored) == before
        text = json.dumps(chat.stored) + json.dumps(chat.turn.trace, allow_nan=False) + "".join(replies)
        assert ("BO-ONLY", "ADA-ONLY")[second] not in text
        assert chat.state.context["session"] == {"UserSession": {"mark": ("ADA-ONLY", "BO-ONLY")[second]}}


def test_every_setting_is_tried() -> None:
    assert set(SPECS) == set(SETTINGS.wrapped_strategy.optional)  # type: ignore[attr-defined]
