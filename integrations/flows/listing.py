"""Long lists, read in the order of an index whatever they are narrowed to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from integrations.models import Connection


def of_actions(rows: QuerySet[Connection], actions: Sequence[int]) -> QuerySet[Connection]:
    """Connections of these actions, still in the order of an index: the action's own, or the primary key."""
    if len(actions) == 1:
        return rows.filter(action_id=actions[0])
    # The sum hides the column from the planner, which would otherwise read and sort all rows of each action.
    return rows.alias(of_action=F("action_id") + 0).filter(of_action__in=actions)
