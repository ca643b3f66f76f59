"""What search can see: like Jira's index it may lag behind the issues themselves."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from .jira_records import Issue

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A version of an issue (None: it is gone) and the moment from which search sees it.
Version = tuple[float, Issue | None]


class SearchIndex:
    """Versions of issues in the order in which search will see them."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._versions: dict[str, list[Version]] = {each.id: [(0.0, copy.deepcopy(each))] for each in issues}

    def note(self, issue: Issue, visible_at: float) -> None:
        """Takes a copy of an issue as it is now."""
        self._versions.setdefault(issue.id, []).append((visible_at, copy.deepcopy(issue)))

    def note_removal(self, issue: Issue, visible_at: float) -> None:
        self._versions.setdefault(issue.id, []).append((visible_at, None))

    def visible(self, now: float) -> dict[str, Issue]:
        """The issues by id as search sees them at this moment."""
        found = {}
        for key in list(self._versions):
            if (issue := self._current(key, now)) is not None:
                found[key] = issue
        return found

    def _current(self, key: str, now: float) -> Issue | None:
        versions = self._versions[key]
        past = [place for place, (visible_at, _) in enumerate(versions) if visible_at <= now]
        if not past:
            return None
        kept = self._versions[key] = versions[past[-1] :]
        issue = kept[0][1]
        if issue is None and len(kept) == 1:
            del self._versions[key]
        return issue
