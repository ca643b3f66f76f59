"""How an App's conversations behave where people do not go straight on: settings of the App, a dialog, a node.

The App's apply unless a dialog says otherwise; a node may say what becomes of interruptions there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dialogs.nodes.asking import INTERRUPTIONS
from dialogs.nodes.fields import Flag, Number, OneOf, declare, read_properties, specs_of

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY: Final = 24 * 60
#: Younger silences are none: nothing need be looked up for them.
LEAST_IDLE: Final = 5
#: Those that only make sense for a conversation as a whole.
OF_THE_APP: Final = frozenset({"timeout_minutes", "most_held"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    interruptions: str = declare(
        OneOf(
            title="When another task is asked for",
            help="What becomes of the task under way. A task is only left for words that ask for another one beyond "
            "doubt and are no answer.",
            options=INTERRUPTIONS,
            default="hold",
        )
    )
    discard_notice: bool = declare(
        Flag(title="Say that a task was discarded", help="When another task takes its place.", default=True)
    )
    resume: str = declare(
        OneOf(
            title="Coming back to a task on hold",
            help="When the other one is over. The one put aside last comes back first.",
            options=("ask", "notify", "silent"),
            default="notify",
        )
    )
    most_held: int = declare(
        Number(
            title="Tasks on hold",
            help="When there are more, the oldest is dropped.",
            default=3,
            low=1,
            high=5,
            whole=True,
        )
    )
    amend: bool = declare(
        Flag(
            title="Values given earlier can be changed",
            help="By words such as “no, the project is OPS” or “change the summary to …”; English only.",
            default=False,
        )
    )
    after_amending: str = declare(
        OneOf(
            title="After such a change",
            help="Going through a dialog again makes its calls again, too.",
            options=("resume", "rerun", "rerun_clear"),
            default="resume",
        )
    )
    idle_minutes: int = declare(
        Number(
            title="A pause, in minutes",
            help="After it a message that is no clear answer is looked at as a new request.",
            default=15,
            low=LEAST_IDLE,
            high=DAY,
            whole=True,
        )
    )
    timeout_minutes: int = declare(
        Number(
            title="Time-out of a conversation, in minutes",
            help="After it a task under way is ended and the next message starts afresh.",
            default=DAY,
            low=LEAST_IDLE,
            high=30 * DAY,
            whole=True,
        )
    )


#: Which settings belong together, as forms show them.
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Interruptions": ("interruptions", "discard_notice", "resume", "most_held"),
    "Amending": ("amend", "after_amending"),
    "Pauses": ("idle_minutes", "timeout_minutes"),
}
#: What the choices say to a person; the words of a setting's help explain them.
CHOICES: Final[Mapping[str, str]] = {
    "hold": "Put this one aside, then come back to it",
    "discard": "End this one",
    "queue": "Do the other one afterwards",
    "ask": "Ask the person",
    "forbid": "Go on with this one",
    "notify": "Say so and go on",
    "silent": "Just ask its question again",
    "resume": "Go on where the dialog was",
    "rerun": "Go through it again from the changed value on",
    "rerun_clear": "Go through it again without the values that were given later",
}
SPECS: Final = specs_of(Settings)
DEFAULTS: Final[Mapping[str, Any]] = {name: spec.default for name, spec in SPECS.items()}


def settings_of(*layers: Mapping[str, Any]) -> Settings:
    """The settings that hold where later layers override earlier ones. What cannot be read is passed over."""
    given = {name: value for layer in layers for name, value in layer.items() if value is not None}
    wrong = dict(complaints(given))
    kept = {name: value for name, value in given.items() if name not in wrong}
    values, _ = read_properties(Settings, kept)
    return Settings(**values)


def complaints(given: Mapping[str, Any], *, of_a_dialog: bool = False) -> list[tuple[str, str]]:
    """What is wrong with settings, as (name, half a sentence); a dialog has not all that an App has."""
    _, wrong = read_properties(Settings, given)
    if of_a_dialog:
        wrong += [(name, "is a setting of the App") for name in given if name in OF_THE_APP]
    return [(name, words.replace("a property of this kind of node", "a setting")) for name, words in wrong]


def schema(*, of_a_dialog: bool = False) -> dict[str, Any]:
    """The JSON Schema of the settings, for forms and editors. None of them is required: the layer above has them."""
    names = [name for name in SPECS if not (of_a_dialog and name in OF_THE_APP)]
    return {
        "type": "object",
        "title": "Settings",
        "properties": {name: SPECS[name].schema() for name in names},
        "additionalProperties": False,
    }
