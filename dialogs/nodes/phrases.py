"""What nodes say when the author wrote nothing for the case. One place, so that it can be translated in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def too_many_tries(what: str) -> str:
    return f"I could not understand an answer for “{what}”, so I stopped here. Nothing was done. Start again any time."


def going_on_without(what: str, reason: str) -> str:
    return f"{reason} I go on without “{what}”."


def did_you_mean(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return f"Did you mean “{titles[0]}”?"
    return "Which one do you mean? " + numbered(titles)


def numbered(titles: Sequence[str]) -> str:
    """The titles with numbers to answer by."""
    return " ".join(f"{number}) {title}" for number, title in enumerate(titles, start=1))


def unclear_yes_or_no() -> str:
    return "I did not understand that. Please answer yes or no."


def nothing_to_say(node: str) -> str:
    return f"This is done, but there are no words for its result (message “{node}”). The App's developers can add them."


def authorize_first() -> str:
    return "I need your permission for this first."


def script_failed() -> str:
    return "A script of this dialog did not work, so I stopped here. What was done before it stays done."


def call_failed(outcome: str, what: str) -> str:
    """What happened, what was not done, who can mend it: for a call that got no usable answer."""
    return {
        "unreachable": f"“{what}” could not be reached, so nothing was changed there. Try again later; if it stays so, "
        "tell the App's owner.",
        "timed_out": f"“{what}” did not answer in time, and as far as is known nothing was changed there. Try again "
        "later; if it stays so, tell the App's owner.",
        "unknown": f"The answer of “{what}” was lost on the way, so it is not known whether it was done. It was not "
        "tried again. Please look there before you repeat it.",
        "refused": f"“{what}” was not carried out: this App may not do it as it is set up. Its owner can mend that.",
    }[outcome]
