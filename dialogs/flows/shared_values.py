"""Session values that outlive a conversation: read in one query when a task mentions them, kept with the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from dialogs.models import SharedValue

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dialogs.engine import scopes
    from dialogs.models import Conversation


@dataclass(frozen=True)
class SharedScopes:
    """`Scopes` of one conversation's person and App."""

    app_id: int
    end_user_id: int

    @classmethod
    def of(cls, conversation: Conversation) -> SharedScopes:
        return cls(conversation.app_id, conversation.end_user_id)

    def _owners(self) -> dict[str, str]:
        return {
            "UserSession": f"user/{self.end_user_id}",
            "BotContext": f"app/{self.app_id}",
            "EnterpriseContext": "all",
        }

    def read(self, names: Collection[str]) -> dict[str, dict[str, Any]]:
        """The values of these scopes that have not expired. One query."""
        owners = {owner: scope for scope, owner in self._owners().items() if scope in names}
        found: dict[str, dict[str, Any]] = {scope: {} for scope in owners.values()}
        rows = SharedValue.objects.filter(owner__in=owners).filter(_lasting())
        for owner, key, value in rows.values_list("owner", "key", "value"):
            found[owners[owner]][key] = value
        return found

    def keep(self, values: Sequence[scopes.SharedValue]) -> None:
        """Stores values; one that is none counts as run out from now on. Call it in the transaction of the turn.

        Of two turns that set the same key at once the later one holds; other keys stay as they are. One statement,
        whose rows are locked in one order: two turns never wait for each other.
        """
        rows = [self._row(self._owners()[one.scope], one) for one in values]
        rows.sort(key=lambda row: (row.owner, row.key))
        unique, changed = ["owner", "key"], ["value", "expires_at"]
        SharedValue.objects.bulk_create(rows, update_conflicts=True, update_fields=changed, unique_fields=unique)

    def _row(self, owner: str, one: scopes.SharedValue) -> SharedValue:
        minutes = 0 if one.value is None else one.minutes
        ends = None if minutes is None else timezone.now() + timedelta(minutes=min(minutes, MOST_MINUTES))
        return SharedValue(
            owner=owner,
            app_id=None if one.scope == "EnterpriseContext" else self.app_id,
            end_user_id=self.end_user_id if one.scope == "UserSession" else None,
            key=one.key,
            value="" if one.value is None else one.value,
            expires_at=ends,
        )


#: Ten years; a date has an end.
MOST_MINUTES = 10 * 366 * 24 * 60
AT_A_TIME = 1000


def _lasting() -> Q:
    return Q(expires_at=None) | Q(expires_at__gt=timezone.now())


@transaction.atomic
def drop_expired() -> int:
    """Deletes values whose time is over, `AT_A_TIME` of them; how many. A turn that just sets one is not waited for."""
    expired = SharedValue.objects.select_for_update(skip_locked=True).filter(expires_at__lte=timezone.now())
    keys = list(expired.values_list("pk", flat=True)[:AT_A_TIME])
    return SharedValue.objects.filter(pk__in=keys).delete()[0]
