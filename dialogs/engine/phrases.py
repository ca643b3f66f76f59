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
