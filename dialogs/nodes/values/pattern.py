"""Texts of a given form. An author's regular expression can be one that never ends, so only plain ones run here.

A plain one has no groups, at most two open-ended repetitions and a handful of optional characters: on a text of at most
`LONGEST` characters it takes a few milliseconds at worst. JavaScript and Python agree on it. All others run in the
script sandbox, under its limits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dialogs.nodes.effects import ScriptRunner

LONGEST: Final = 1000
SECONDS: Final = 0.25
MOST_OPEN_ENDED: Final = 2
MOST_OPTIONAL: Final = 4

CLASS: Final = r"\[\^?(?:\\[dDsSwW\\\].^$*+?()|{}/-]|[^\]\\\[&~|])+\]"
ESCAPED: Final = r"\\[dDsSwW.^$*+?()|{}\[\]\\/-]"
ATOM: Final = rf"(?:{CLASS}|{ESCAPED}|[^\\.^$*+?()|{{}}\[\]]|\.)"
PLAIN: Final = re.compile(rf"\^?(?:{ATOM}(?:[*+?]|\{{\d{{1,3}}(?:,\d{{0,3}})?\}})?)*\$?")
OPEN_ENDED: Final = re.compile(r"(?<!\\)[*+]|,\d*\}")
#: A class may start with a "-" or hold a range, but two signs in a row mean set operations to some engines.
DOUBLED: Final = re.compile(r"--|\[-?\]")

IN_JAVASCRIPT: Final = "print(new RegExp('^(?:' + context.pattern + ')$').test(context.text))"


@lru_cache(maxsize=512)
def plain_pattern(pattern: str) -> re.Pattern[str] | None:
    """The compiled pattern if it is a plain one, else None."""
    if not PLAIN.fullmatch(pattern) or DOUBLED.search(pattern):
        return None
    if len(OPEN_ENDED.findall(pattern)) > MOST_OPEN_ENDED or pattern.count("?") > MOST_OPTIONAL:
        return None
    try:
        return re.compile(pattern.removeprefix("^").removesuffix("$") if _anchored(pattern) else pattern, re.ASCII)
    except re.error:
        return None


def _anchored(pattern: str) -> bool:
    return not pattern.endswith("\\$")


def matches(pattern: str, text: str, scripts: ScriptRunner) -> bool:
    """Whether the whole ``text`` has the form of ``pattern``, a JavaScript regular expression.

    A pattern that takes too long on this text, or is broken, matches nothing.
    """
    if len(text) > LONGEST:
        return False
    if compiled := plain_pattern(pattern):
        return compiled.fullmatch(text) is not None
    return scripts.run(IN_JAVASCRIPT, {"pattern": pattern, "text": text}, SECONDS).printed == ("true",)


def broken(pattern: str, scripts: ScriptRunner) -> str | None:
    """What is wrong with a pattern, or None."""
    if plain_pattern(pattern):
        return None
    return scripts.run("new RegExp(context.pattern)", {"pattern": pattern}, SECONDS).error
