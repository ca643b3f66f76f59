"""What the engine itself says. One place, so that it can be translated in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialogs.nodes.phrases import numbered

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_LISTED = 12


def too_long(size: int, most: int) -> str:
    return (
        f"Your message is {size:,} characters long; {most:,} is the most I can take. I did not read it, and we are "
        "where we were. Please send a shorter one."
    )


def empty() -> str:
    return "Your message was empty, so nothing was done. Please write what you mean."


def not_understood(titles: Sequence[str]) -> str:
    if not titles:
        return "I cannot do anything yet: no dialog of this App is published. Its developers can change that."
    listed = ", ".join(titles[:MOST_LISTED]) + (" and more" if len(titles) > MOST_LISTED else "")
    return f"I did not understand that, so nothing was done. What I can do: {listed}."


def nothing_to_cancel(titles: Sequence[str]) -> str:
    listed = f" What I can do: {', '.join(titles[:MOST_LISTED])}." if titles else ""
    return f"There is nothing under way that I could stop.{listed}"


def which(titles: Sequence[str]) -> str:
    if len(titles) == 1:
        return f"Do you want this: {titles[0]}?"
    return f"Which of these do you want? {numbered(titles)}"


def canceled(title: str) -> str:
    return f"I stopped “{title}” here. What was done before stays done; nothing more was."


def gone(title: str) -> str:
    return f"“{title or 'This dialog'}” is no longer available, so I had to stop it here. Nothing more was done."


def went_in_circles(title: str, most: int) -> str:
    return (
        f"“{title}” went through {most} steps without an end, so I stopped it. What was done before stays done. The "
        "App's developers can mend it."
    )


def too_large(what: str) -> str:
    return (
        f"“{what}” gave me more data than I can work with, so I stopped here. What was done before stays done. The "
        "App's developers can ask for less at once."
    )


#: The way out of "which of these instead?".
STAY = "Ignore that and continue"


def open_link(url: str, minutes: int, *, code_needed: bool) -> str:
    """Where to authorize; ``minutes`` is how long the link still works."""
    code = " At the end the page shows a code of six characters; type it here." if code_needed else ""
    time = _span(minutes)
    return f"Open this link to authorize, then I go on from here by myself: {url} (it works for {time}).{code}"


def _span(minutes: int) -> str:
    for size, unit in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}" + ("s" if count > 1 else "")
    return "less than a minute"


def wait_for_others() -> str:
    return "Once that is done I go on from here by myself; say “cancel” if you do not want to wait."


def still_waiting() -> str:
    return "I cannot go on before that."


def link_ran_out() -> str:
    return "The last link has run out, so here is a new one."


def new_link() -> str:
    return "Here is a new link."


def no_code_shown() -> str:
    return "If that is a code, it is not one that a page shows you now: it works for a few minutes, and only once."


def wrong_code(tries_left: int) -> str:
    again = "Please look at the page again and type the code that it shows."
    tries = "1 try is" if tries_left == 1 else f"{tries_left} tries are"
    return f"That is not the code, so nothing was connected. {tries} left. {again}"


def no_more_tries() -> str:
    return "That was not the code either, and no tries are left, so nothing was connected. Here is a new link."


def leave_for(current: str, other: str) -> str:
    return f"“{current}” waits for your authorization. Shall I drop it and start “{other}” instead?"


def which_instead(current: str, choices: Sequence[str]) -> str:
    return f"“{current}” waits for your authorization. What shall I do? {numbered(choices)}"
