"""What there is to choose from, said in pages; and as it is remembered between a question and its answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from . import phrases
from .values.choice import Choice, Menu

if TYPE_CHECKING:
    from collections.abc import Mapping

Options = tuple[tuple[str, str], ...]

#: Quick replies that a channel shows at most; of more there are pages.
MOST_QUICK_REPLIES: Final = 12
PAGE: Final = 10
#: Items, and characters of their JSON, that are remembered with a conversation.
MOST_REMEMBERED, MOST_CHARACTERS = 60, 4000
MORE: Final = ("More", "more")


def page(options: Options, number: int = 0, *, always: bool = False) -> tuple[str, Options]:
    """What is said behind a question, and its quick replies, on page ``number``; nothing behind the last page.

    Few options need only quick replies; with ``always`` they are said, too. Numbers go on from page to page.
    """
    if len(options) <= MOST_QUICK_REPLIES:
        return ("" if number or not always else _listed(options, 0)), () if number else options
    shown = options[number * PAGE : (number + 1) * PAGE]
    rest = len(options) > (number + 1) * PAGE
    if not shown:
        return "", ()
    return _listed(shown, number * PAGE) + (f"\n{phrases.say_more()}" if rest else ""), (
        *shown,
        MORE,
    ) if rest else shown


def _listed(options: Options, before: int) -> str:
    return "".join(f"\n{number}) {title}" for number, (title, _) in enumerate(options, start=before + 1))


def stored(menu: Menu) -> dict[str, Any]:
    """A menu as it is remembered: its first items, and whether there were more ("cut")."""
    items: list[list[Any]] = []
    size = 0
    for choice in menu.choices[:MOST_REMEMBERED]:
        item = [choice.title, choice.value, list(choice.synonyms)]
        size += len(json.dumps(item, default=str))
        if size > MOST_CHARACTERS:
            break
        items.append(item)
    return {"items": items} | ({"cut": True} if len(items) < len(menu.choices) else {})


def shown(handed: Mapping[str, Any]) -> Menu | None:
    """The menu that was remembered; None where there was none."""
    items = handed.get("items")
    if not items:
        return None
    return Menu(Choice(value, title, tuple(synonyms)) for title, value, synonyms in items)
