"""What a turn did, for people to read later: redacted, and small, for there is one with every turn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from xoplatform.logs import HIDDEN, redact

from .context import ContextTooLarge, measured

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dialogs.nodes.base import NodeKind
    from dialogs.nodes.effects import OperationRequest, OperationResult

    from .intents import Candidate
    from .ports import Clock

WRITE: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
#: Most characters of a changed value or a logged line, and of a body; most lines of a script's log.
MOST_OF_A_VALUE, MOST_OF_A_BODY, MOST_LOG_LINES = 200, 2000, 20


class Trace:
    """Collects the steps of one turn. Keys with nothing to tell are left out."""

    __slots__ = ("_clock", "_intents", "_shared", "_started", "_step_started", "_tasks", "_within", "steps")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._started = clock.elapsed()
        self._step_started = self._started
        self._intents: list[dict[str, Any]] = []
        self._within: dict[str, Any] = {}
        self._tasks: list[dict[str, str]] = []
        self._shared: list[str] = []
        self.steps: list[dict[str, Any]] = []

    def intents(self, ranked: Sequence[Candidate], names: Mapping[str, str]) -> None:
        self._intents = [
            {"task": names.get(found.key, found.key), "utterance": found.utterance, "score": found.score}
            for found in ranked[:3]
        ]

    def within(self, task: str, depth: int) -> None:
        """In which task the next steps are; told only of sub-dialogs, ``depth`` tasks above the outermost."""
        self._within = {"task": task, "depth": depth} if depth else {}

    def moved(self, what: str, task: str) -> None:
        """What became of a task as a whole: "held", "resumed", "discarded", "queued", "timed_out"."""
        self._tasks.append({"what": what, "task": task})

    def full(self, scopes: Sequence[str]) -> None:
        """Scopes of the session of which nothing was kept, since they have grown too large."""
        if scopes:
            self._shared = list(scopes)

    def forget(self) -> None:
        """Take back the step that was begun last: it was only tried."""
        self.steps.pop()

    def begin(self, node: NodeKind) -> None:
        self._step_started = self._clock.elapsed()
        step = {"node": node.name, "kind": node.kind, "started_ms": _ms(self._step_started - self._started)}
        self.steps.append(step | ({"title": node.title} if node.title else {}) | self._within)

    def end(self, status: str, error: str = "") -> None:
        """Close the step that was begun last: "done", "waiting", "failed", or "interrupted" by a wish for another."""
        step = self.steps[-1]
        step["duration_ms"] = _ms(self._clock.elapsed() - self._step_started)
        step["status"] = status
        if error:
            step["error"] = error

    def changed(self, changes: Mapping[str, Any], *, sensitive: bool = False) -> None:
        if changes:
            kept = dict.fromkeys(changes, HIDDEN) if sensitive else redact(changes)
            self.steps[-1].setdefault("changes", {}).update(
                {path: shortened(value, MOST_OF_A_VALUE) for path, value in kept.items()}
            )

    def decided(self, decisions: Sequence[str]) -> None:
        """How values were found; see `Step`."""
        if decisions:
            told = self.steps[-1].setdefault("decisions", [])
            told += [shortened(redact(words), MOST_OF_A_VALUE) for words in decisions[: MOST_LOG_LINES - len(told)]]

    def responded(self, path: str, status_code: int | None, outcome: str) -> None:
        """That a response was put into the context; what it said is in the step's own response."""
        self.steps[-1].setdefault("changes", {})[path] = {"statusCode": status_code, "outcome": outcome}

    def logged(self, lines: Sequence[str]) -> None:
        if lines:
            logs = self.steps[-1].setdefault("logs", [])
            logs += [shortened(redact(line), MOST_OF_A_VALUE) for line in lines[: MOST_LOG_LINES - len(logs)]]

    def called(self, request: OperationRequest, result: OperationResult) -> None:
        """The request and answer as the caller redacted them; where it gave none, as the engine knows them."""
        # By its name a trace is found; what was sent shows only method and address.
        self.steps[-1]["operation"] = request.operation
        sent = result.trace.get("request")
        known = {"operation": request.operation, "parameters": dict(request.parameters), "body": request.body}
        self.steps[-1]["request"] = _small(sent) if sent else redact(_small(known))
        if whose := result.trace.get("connection"):
            self.steps[-1]["connection"] = _small(whose)
        if (age := result.trace.get("kept_for_s")) is not None:
            self.steps[-1]["kept_for_s"] = age
        if result.reconciled:
            self.steps[-1]["reconciled"] = _small(result.reconciled)
        got = result.trace.get("response")
        known = {"outcome": result.outcome, "status": result.status_code, "body": result.body}
        self.steps[-1]["response"] = _small({**known, "body": None, **got}) if got else redact(_small(known))

    def happened(self, kind: str) -> None:
        """That something came from outside for this step."""
        self.steps[-1]["event"] = kind

    def exchanged(self, result: OperationResult) -> None:
        """A request of ours to a system that is no provider, and its answer, as the caller redacted them."""
        self.steps[-1]["request"] = _small(result.trace.get("request") or {})
        known = {"outcome": result.outcome, "status": result.status_code}
        self.steps[-1]["response"] = _small({**known, **(result.trace.get("response") or {})})

    def to_json(self) -> dict[str, Any]:
        document = {"steps": self.steps, "duration_ms": _ms(self._clock.elapsed() - self._started)}
        told: dict[str, list[Any]] = {"intents": self._intents, "tasks": self._tasks, "not_kept": self._shared}
        return document | {name: entries for name, entries in told.items() if entries}


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _small(parts: Mapping[str, Any]) -> dict[str, Any]:
    """What is worth keeping of a request or response, each part shortened and fit for a store of JSON."""
    told = {key: part for key, part in parts.items() if part not in (None, "", {}, [])}
    try:
        kept, _ = measured(told)
    except ContextTooLarge:
        kept = dict.fromkeys(told, "…")
    return {key: shortened(part, MOST_OF_A_BODY) for key, part in kept.items()}


def shortened(value: Any, most: int) -> Any:
    """The value, or the beginning of its JSON where that is longer than ``most`` characters."""
    if value is None or isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else WRITE(value)
    return value if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], prefix: str = "", depth: int = 3
) -> dict[str, Any]:
    """The paths at which two contexts differ, with the later value; null for what is gone."""
    found: dict[str, Any] = {}
    for key in {**before, **after}:
        old, new = before.get(key), after.get(key)
        if old is new or old == new:
            continue
        path = f"{prefix}{key}"
        if depth > 1 and isinstance(old, dict) and isinstance(new, dict):
            found |= differences(old, new, f"{path}.", depth - 1)
        else:
            found[path] = new
    return found
