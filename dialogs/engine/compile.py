"""From a frozen document to something that runs: everything that can be prepared is prepared here, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class CompiledGraph:
    """A dialog task ready to run. Immutable; share it between threads and conversations."""

    name: str
    title: str
    description: str
    start: str


def compile_graph(document: Mapping[str, Any]) -> CompiledGraph:
    """Prepare a document of format 1.

    Raises:
        InvalidGraph: it cannot run; all the reasons are in ``problems``.
    """
    raise NotImplementedError(document)
