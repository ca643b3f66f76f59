from __future__ import annotations

import pytest

from dialogs.nodes.words import position, yes_or_no

YES = ["yes", "Yes!", "yeah, do it", "y", "of course", "ok", "Sure thing.", "please do", "yes please", "👍", "👍🏽",
       "why not",
       "no problem", "go ahead", "yep, delete it", "I confirm", "absolutely", "fine"]  # fmt: skip
NO = ["no", "NO.", "nope", "of course not", "Of course not!", "certainly not", "n", "no thanks", "👎", "don't",
      "do not",
      "please don't", "no way, yes is wrong", "no yes", "never", "i'd rather not", "not now", "no, wait"]  # fmt: skip
UNSURE = ["maybe", "not sure", "I don't know", "DEMO-1", "what?", "", "...", "knowledge", "yesterday", "ok but don't",
          "yes and no", "the issue is fine as it is", "nothing"]  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_yes(text: str) -> None:
    assert yes_or_no(text) == "yes"


@pytest.mark.parametrize("text", NO)
def test_no(text: str) -> None:
    assert yes_or_no(text) == "no"


@pytest.mark.parametrize("text", UNSURE)
def test_neither(text: str) -> None:
    assert yes_or_no(text) == "unsure"


def test_a_node_adds_words_of_its_own() -> None:
    assert yes_or_no("Make it so", ("make it so",)) == "yes"
    assert yes_or_no("belay that", (), ("belay that",)) == "no"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("#3", 3),
        ("the second one", 2),
        ("option 1", 1),
        ("1st", 1),
        ("number 4.", 4),
        ("two", None),
        ("x", None),
    ],
)
def test_positions(text: str, number: int | None) -> None:
    assert position(text) == number
