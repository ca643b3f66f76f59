"""A test as a form: its turns as fields, and the fields as turns. What was typed stays, right or wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dialogs.errors import BadTest
from dialogs.flows.testing import check_turns
from dialogs.flows.testing.script import MATCHES, MOST_TURNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Replies of one turn that a form can hold.
MOST_REPLIES: Final = 50


@dataclass
class TurnForm:
    """One turn's fields as texts. ``errors`` are sentences, shown with it."""

    number: int
    say: str = ""
    by_itself: bool = False
    any_replies: bool = False
    replies: list[dict[str, str]] = field(default_factory=list)
    waits_mode: str = "any"
    waits: str = ""
    values: str = ""
    calls: str = ""
    #: Names of the files that come with what is said; they are kept as they are.
    files: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The replies, and an empty row to add one."""
        return [*self.replies, {"match": "", "text": ""}]


def shown(turns: Sequence[Mapping[str, Any]]) -> list[TurnForm]:
    """A test's turns as the form shows them at first."""
    return [_shown(number, turn) for number, turn in enumerate(turns)]


def _shown(number: int, turn: Mapping[str, Any]) -> TurnForm:
    expect = turn.get("expect") or {}
    waits, replies = expect.get("waits"), expect.get("replies")
    return TurnForm(
        number=number,
        say=turn.get("say") or "",
        by_itself=turn.get("say") is None,
        any_replies=replies is None,
        replies=[{"match": one["match"], "text": one.get("text", "")} for one in replies or ()],
        waits_mode="any" if waits is None else "at" if waits else "none",
        waits=waits or "",
        values="\n".join(f"{path} = {_written(value)}" for path, value in (expect.get("values") or {}).items()),
        calls=json.dumps(turn["calls"], ensure_ascii=False, indent=2) if turn.get("calls") else "",
        files=[file["name"] for file in turn.get("files") or ()],
    )


def _written(value: Any) -> str:
    """A value as a line holds it: a text as it is, unless it would be read as something else."""
    if isinstance(value, str) and value == value.strip() and "\n" not in value and _read(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def filled(data: Mapping[str, str]) -> list[TurnForm]:
    """The form as it was sent, without the turns that were marked to be deleted."""
    count = data.get("turns", "0")
    numbers = range(min(int(count), MOST_TURNS) if count.isdecimal() else 0)
    return [_filled(number, data) for number in numbers if not data.get(f"t{number}-delete")]


def _filled(number: int, data: Mapping[str, str]) -> TurnForm:
    name = f"t{number}-"
    return TurnForm(
        number=number,
        say=data.get(f"{name}say", "").replace("\r\n", "\n"),
        by_itself=bool(data.get(f"{name}itself")),
        any_replies=bool(data.get(f"{name}any")),
        replies=_replies(name, data),
        waits_mode=data.get(f"{name}waits-mode", "any"),
        waits=data.get(f"{name}waits", "").strip(),
        values=data.get(f"{name}values", ""),
        calls=data.get(f"{name}calls", ""),
    )


def _replies(name: str, data: Mapping[str, str]) -> list[dict[str, str]]:
    rows = []
    for index in range(MOST_REPLIES):
        match = data.get(f"{name}r{index}-match")
        if match is None:
            break
        # Browsers send line breaks as CRLF; replies have what was typed on the canvas.
        text = data.get(f"{name}r{index}-text", "").replace("\r\n", "\n")
        if match in MATCHES:
            rows.append({"match": match, "text": text})
    return rows


def turns_of(forms: Sequence[TurnForm], before: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """The turns that a form means, or None with the reasons in the forms. ``before`` has what no field shows."""
    turns = [_turn(form, before[form.number] if form.number < len(before) else {}) for form in forms]
    if any(form.errors for form in forms):
        return None
    for form, turn in zip(forms, turns, strict=True):
        try:
            check_turns([turn])
        except BadTest as error:
            form.errors.append(error.message)
    return None if any(form.errors for form in forms) else turns


def _turn(form: TurnForm, before: Mapping[str, Any]) -> dict[str, Any]:
    expect: dict[str, Any] = {"values": _values(form)}
    if not form.any_replies:
        expect["replies"] = form.replies
    if form.waits_mode != "any":
        expect["waits"] = form.waits if form.waits_mode == "at" else ""
    if form.waits_mode == "at" and not form.waits:
        form.errors.append("Name the node that should wait, or choose another way to check it.")
    return {
        **{key: before[key] for key in ("at", "standings", "openings", "event", "files") if before.get(key)},
        "say": None if form.by_itself else form.say,
        "expect": expect,
        "calls": _calls(form),
    }


def _values(form: TurnForm) -> dict[str, Any]:
    found = {}
    for line in filter(str.strip, form.values.splitlines()):
        path, equals, value = line.partition("=")
        if not equals or not path.strip():
            form.errors.append(f"“{line.strip()}” is no value to check. Write a path, “=”, and what stands there.")
            continue
        found[path.strip()] = _read(value.strip())
    return found


def _calls(form: TurnForm) -> list[Any]:
    if not form.calls.strip():
        return []
    try:
        calls = json.loads(form.calls)
    except (ValueError, RecursionError) as error:
        form.errors.append(f"The provider's answers are not JSON: {error}.")
        return []
    if not isinstance(calls, list):
        form.errors.append("The provider's answers must be a list in square brackets.")
        return []
    return calls
