"""How a call that changes something is looked for when its answer was lost: data of the operation, not code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from xoplatform.core.templating import MISSING, Template, lookup, parse_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xoplatform.core.templating import Path

    from .operations import JSON

#: How far the provider's clock may be behind ours.
SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Reconcile:
    """Which operation is asked, where its answer lists candidates, and by what the one that was sent is known.

    Without ``items`` the answer itself is the one candidate: the thing that was changed, as it is now. With ``gone``
    it is the thing that was to be removed, and "no such thing" (404) says that it was.
    ``parameters`` and ``body`` are filled from ``request.parameters``, ``request.body`` and ``minutes``, the time since
    the call left, rounded up. ``same`` are paths in a candidate with what was sent; what was not sent tells nothing.
    ``created`` is where a candidate says when it was made (ISO 8601); ``result`` is what is told of the one found.
    """

    operation: str
    parameters: Template
    body: Template | None
    items: Path | None
    same: tuple[tuple[Path, Template], ...]
    created: Path | None
    result: Template
    gone: bool = False

    def candidates(self, body: JSON) -> list[Any] | None:
        """The list in the answer; None where there is none."""
        if self.items is None:
            return [body] if isinstance(body, dict) else None
        found = lookup(self.items, body)
        return found if isinstance(found, list) else None

    def fits(self, item: Any, request: Mapping[str, Any], since: datetime) -> bool:
        """Whether a candidate is what was sent at ``since``, as far as can be told."""
        known = self._known(request)
        if not known or not all(_is_there(lookup(path, item), value) for path, value in known):
            return False
        return self.created is None or _is_since(lookup(self.created, item), since)

    def sees_all(self, request: Mapping[str, Any]) -> bool:
        """Whether everything that a change sent can be compared: then a thing that shows all of it has been changed."""
        return self.items is not None or len(self._known(request)) == _count(request.get("body"))

    def _known(self, request: Mapping[str, Any]) -> list[tuple[Path, Any]]:
        sent = [(path, template.render({"request": request})) for path, template in self.same]
        return [(path, value) for path, value in sent if value is not None]

    def told(self, item: Any) -> dict[str, Any]:
        """What is said of the candidate that was found."""
        told: dict[str, Any] = self.result.render({"item": item})
        return told


def _count(value: Any) -> int:
    """How many values a structure holds."""
    if isinstance(value, dict | list):
        return sum(_count(part) for part in (value.values() if isinstance(value, dict) else value))
    return 1


def _is_there(found: Any, sent: Any) -> bool:
    """Whether a value is what was sent, or one of a list is."""
    if isinstance(found, list) and not isinstance(sent, list):
        return any(_plain(entry) == _plain(sent) for entry in found)
    return bool(_plain(found) == _plain(sent))


def _plain(value: Any) -> Any:
    """Providers trim texts, and take keys and names in any case."""
    return value.strip().casefold() if isinstance(value, str) else value


def _is_since(value: Any, since: datetime) -> bool:
    if value is MISSING or not isinstance(value, str):
        return False
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and moment >= since - SKEW


def read_reconcile(raw: Mapping[str, Any]) -> Reconcile:
    """From an operation's file, its shape checked. Raises TemplateSyntax."""
    return Reconcile(
        operation=raw["operation"],
        parameters=Template(raw.get("parameters", {})),
        body=Template(raw["body"]) if "body" in raw else None,
        items=parse_path(raw["items"]) if "items" in raw else None,
        same=tuple((parse_path(path), Template(text)) for path, text in raw.get("same", {}).items()),
        created=parse_path(raw["created"]) if "created" in raw else None,
        result=Template(raw.get("result", {})),
        gone=raw.get("gone", False),
    )
