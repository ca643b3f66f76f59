"""Everything that keeps a draft from being published, in one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from dialogs.graph.problems import Problem

    from .ports import ScriptRunner


def problems_of(
    document: Mapping[str, Any],
    operations: Mapping[str, Collection[str]] | None = None,
    scripts: ScriptRunner | None = None,
) -> list[Problem]:
    """The problems of a document, each with its node. ``operations`` are names by provider; without them, and without
    ``scripts``, operations and scripts are not looked at."""
    raise NotImplementedError
