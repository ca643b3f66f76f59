"""Properties of a node, one sentence for each that changed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from dialogs.engine.settings import Settings
from dialogs.nodes.fields import specs_of
from dialogs.nodes.registry import KINDS

from .model import Line
from .texts import changed_lines, changed_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Longer texts are compared line by line.
SHORT: Final = 80
#: Deepest mapping that is told key by key.
DEEPEST: Final = 6
LIMIT: Final = 120


def changed_properties(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    """What changed between two nodes' properties, in the kind's own order."""
    titles = _titles(kind)
    known = [name for name in titles if name in before or name in after]
    others = [name for name in {**before, **after} if name not in titles]
    for name in (*known, *others):
        yield from changed_value(titles.get(name) or spoken(name), before.get(name), after.get(name))


def changed_settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Line]:
    """What changed between two sets of settings of conversations, whether a dialog's or an App's."""
    titles = {name: spec.title for name, spec in specs_of(Settings).items()}
    for name in (*titles, *(name for name in {**before, **after} if name not in titles)):
        yield from changed_value(titles.get(name) or spoken(name), before.get(name), after.get(name))


def _titles(kind: str) -> dict[str, str]:
    return {name: spec.title for name, spec in specs_of(KINDS[kind]).items()} if kind in KINDS else {}


def spoken(name: str) -> str:
    """A property's name where no kind knows its title: "error_prompts" is "Error prompts"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def changed_value(title: str, before: Any, after: Any, depth: int = 0) -> Iterator[Line]:
    """Nothing where both are the same; 1, 1.0 and true are not."""
    if before == after and _json(before) == _json(after):
        return
    if isinstance(before, dict) and isinstance(after, dict) and depth < DEEPEST:
        for key in {**before, **after}:
            yield from changed_value(f"{title} > {key}", before.get(key), after.get(key), depth + 1)
    elif _is_texts(before) and _is_texts(after):
        yield _changed_list(title, before or [], after or [])
    elif _is_long(before) or _is_long(after):
        yield changed_lines(title, _lines(before), _lines(after))
    else:
        yield Line(f"{title}: {_sentence(before, after)}.")


def _sentence(before: Any, after: Any) -> str:
    if before is None:
        return f"set to {short(after)}"
    if after is None:
        return f"no longer set; was {short(before)}"
    return f"now {short(after)}, was {short(before)}"


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and "\n" not in one for one in value)


def _is_long(value: Any) -> bool:
    if isinstance(value, str):
        return "\n" in value or len(value) > SHORT
    return isinstance(value, dict | list) and len(_json(value)) > SHORT


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    return value.splitlines() if isinstance(value, str) else _json(value, indent=2).splitlines()


def _changed_list(title: str, before: list[str], after: list[str]) -> Line:
    if sorted(before) == sorted(after):
        return Line(f"{title}: the order changed.", changed_lines(title, before, after).diff)
    added, removed = [one for one in after if one not in before], [one for one in before if one not in after]
    parts = [f"added {', '.join(map(short, added))}"] if added else []
    parts += [f"removed {', '.join(map(short, removed))}"] if removed else []
    words = "; ".join(parts) or "how often each stands there changed"
    if len(words) > LIMIT:
        return changed_text(title, "\n".join(before), "\n".join(after))
    return Line(f"{title}: {words}.")


def short(value: Any) -> str:
    """A value as a sentence holds it."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"“{_cut(value)}”"
    return _cut(_json(value))


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LIMIT else f"{text[:LIMIT]}…"


def _json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=str, sort_keys=True)
