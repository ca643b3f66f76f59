"""Colours, kept as #rrggbb; known by their CSS name, as #rgb or #rrggbb, or as rgb(…)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from dialogs.nodes.saying import say
from dialogs.nodes.values.base import Circumstances, Found, Reading, Several, Span, Unfit, ValueType, shortened
from dialogs.nodes.values.matching import Names
from dialogs.nodes.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.ASCII)
RGB = re.compile(r"rgb\( ?(\d{1,3}) ?[, ] ?(\d{1,3}) ?[, ] ?(\d{1,3}) ?\)?", re.ASCII)
HIGHEST = 255
SHADES = ("dark", "light", "medium", "pale", "deep", "dim", "hot")


class Colour(ValueType):
    """A colour, as #rrggbb."""

    name = "colour"

    def read(self, text: str, around: Circumstances) -> Reading:
        words = plain(text[:200])
        named = _named().exact(words.replace(" ", "")) or _named().exact(words)
        if named:
            return Found(named)
        if (match := HEX.fullmatch(words)) and ("#" in text or any(map(str.isdigit, words))):
            digits = match[1] if len(match[1]) > len("rgb") else "".join(digit * 2 for digit in match[1])
            return Found(f"#{digits}")
        if (match := RGB.fullmatch(words)) and all(int(part) <= HIGHEST for part in match.groups()):
            return Found("#" + "".join(f"{int(part):02x}" for part in match.groups()))
        if only := _named().only(words):
            return Found(only)
        if likely := _named().near(words):
            return Several(tuple((_title(one), one) for one in likely))
        sentence = "“{words}” is not a colour I know. Give a name such as teal, or #008080."
        return Unfit(say(sentence, words=shortened(text)))

    def spots(self, text: str, around: Circumstances) -> Iterator[Span]:
        return (span for span, _ in _named().mentions(text))


@lru_cache(maxsize=1)
def _named() -> Names[str]:
    import webcolors  # type: ignore[import-untyped]

    names = webcolors.names(webcolors.CSS3)
    return Names({spoken: webcolors.name_to_hex(name) for name in names for spoken in _spoken(name, names)})


def _spoken(name: str, names: Collection[str]) -> set[str]:
    """A name of CSS as people write it, too: "darkolivegreen" is "dark olive green"."""
    shade = next((shade for shade in SHADES if name.startswith(shade) and name != shade), "")
    rest = name.removeprefix(shade)
    bases = sorted((base for base in names if rest.endswith(base) and rest != base), key=len)
    whole = {rest, *(f"{rest.removesuffix(base)} {base}" for base in bases)}
    return {name} | {f"{shade} {words}".strip() for words in whole}


def _title(value: str) -> str:
    import webcolors

    return f"{webcolors.hex_to_name(value)} ({value})"
