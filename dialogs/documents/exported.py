"""The file that carries dialogs from one App to another: format 1, checked so that errors name line and node."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml
from jsonschema import Draft202012Validator

from .errors import UnreadableDocument
from .loading import as_if_begun, check, complaints, parsed
from .yaml_writer import write_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Where = list[str | int]

EXPORT: Final = 1
SCHEMA: Final = Path(__file__).with_name("schema") / "export-1.json"
#: Most bytes of a file. An App with all of a provider's templates is a twentieth of it.
MOST_BYTES: Final = 4 * 1024 * 1024
HEAD: Final = (
    "# Dialogs exported from XO Platform. No secrets, no connections; import it under Dialogs, Export and import.\n"
)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def write_export(content: Mapping[str, Any]) -> str:
    """The file's text. `load_export` gives back an equal content."""
    return HEAD + write_yaml({"export": EXPORT, **content})


def load_export(text: str | bytes) -> dict[str, Any]:
    """What an exported file holds; a single dialog document of format 1 counts as an export of that task.

    Raises UnreadableDocument, which names line, task and node.
    """
    content = _storable(parsed(text, MOST_BYTES))
    if not isinstance(content, dict):
        raise UnreadableDocument(reason="it is no mapping with “export” and “tasks”.")
    if "export" not in content and "format" in content:
        check(content)
        content = {"export": EXPORT, "content": "task", "tasks": [content]}
    elif content.get("export") != EXPORT:
        raise UnreadableDocument(reason=f"its export format is {content.get('export')!r}; this version reads {EXPORT}.")
    if wrong := list(_wrong(content))[:5]:
        reason = " ".join(f"{_line(text, path)}{words}" for path, words in wrong)
        raise UnreadableDocument(reason=reason)
    return content


def _storable(value: Any) -> Any:
    """The value as JSON holds it. YAML knows more: sets, numbers that are none, keys that are no texts."""
    try:
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (TypeError, ValueError, RecursionError):
        raise UnreadableDocument(reason="it holds something that is no text, number, list or mapping.") from None
    if "\\u0000" in written:
        raise UnreadableDocument(reason="it holds the character NUL, which cannot be stored.")
    return json.loads(written)


def _wrong(content: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    for error in _validator().iter_errors(content):
        path = list(error.absolute_path)
        where = ".".join(map(str, path)) or "the file"
        yield path, f"In {where}: {error.message.replace(chr(39), '')[:200]}."
    tasks = content.get("tasks")
    for index, task in enumerate(tasks if isinstance(tasks, list) else ()):
        if isinstance(task, dict):
            for path, words in _wrong_task(task):
                yield ["tasks", index, *path], f"Task “{task.get('name', index + 1)}”: {words}"
    yield from _twice(["tasks"], tasks, "task")
    yield from _twice(["tests"], content.get("tests"), "test")


def _wrong_task(task: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    if task.get("format") != 1:
        yield ["format"], f"its format is {task.get('format')!r}; this version reads format 1."
    elif found := complaints(as_if_begun(task)):
        yield from found
    else:
        yield from _twice(["nodes"], task["nodes"], "node")
        yield from _loose_ends(task)


def _loose_ends(task: Mapping[str, Any]) -> Iterator[tuple[Where, str]]:
    known = {node["name"] for node in task["nodes"]}
    containers = {node["name"] for node in task["nodes"] if not node.get("parent")}
    for index, node in enumerate(task["nodes"]):
        if node.get("parent") and node["parent"] not in containers:
            yield ["nodes", index], f"node {node['name']} stands in {node['parent']}, which is no outer node."
    for index, row in enumerate(task["transitions"]):
        for end in (row["source"], row.get("target")):
            if end and not end.startswith("@") and end not in known:
                yield ["transitions", index], f"a transition of {row['source']} names {end}, which is no node."


def _twice(path: Where, entries: Any, noun: str) -> Iterator[tuple[Where, str]]:
    seen: set[Any] = set()
    for index, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = entry.get("name") if isinstance(entry, dict) else None
        if isinstance(name, str) and name in seen:
            yield [*path, index], f"a second {noun} is named {name}."
        seen.add(name if isinstance(name, str) else None)


def _line(text: str | bytes, path: Sequence[str | int]) -> str:
    """ "Line 12: " for the place that a path leads to, or as near as there is a line; nothing for what is no YAML."""
    try:
        node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return ""
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        node = below
    return f"Line {node.start_mark.line + 1}: " if node is not None else ""


def _below(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
        return node.value[step] if step < len(node.value) else None
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    return None
