"""The product's vault: ``access_token`` for a caller, the keeper's run for what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from integrations.models import Action, Connection, TokenRefresh
from tests.benchmarks.vault.endpoint import SCOPE, access_token, refresh_token
from xoplatform.models import App, EndUser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from . import Grant

#: Apps that share the connections.
APPS = 10
#: Seconds that a caller waits at most.
BUDGET = 120.0


class Vault:
    def prepare(self, grants: Sequence[Grant]) -> None:
        empty()
        actions = [enabled_action(number) for number in range(APPS)]
        people = EndUser.objects.bulk_create(
            EndUser(app=actions[grant.number % APPS].app, external_id=f"vault-{grant.number}") for grant in grants
        )
        Connection.objects.bulk_create(
            [_row(grant, actions[grant.number % APPS], person) for grant, person in zip(grants, people, strict=True)]
        )

    def token(self, number: int) -> str:
        from integrations.flows.refresh import access_token as of_connection

        return of_connection(number, budget=BUDGET).value.reveal()

    def renew_due(self, numbers: Sequence[int], threads: int) -> list[str]:
        from integrations.flows import keeping

        keeping.keep_alive()
        late = Connection.objects.filter(pk__in=numbers, generation=1)
        return ["NotRenewed"] * late.count()

    def stored(self, number: int) -> str:
        return Connection.objects.get(pk=number).refresh_token.reveal()


def empty() -> None:
    """Removes all connections, in few statements."""
    for model in (TokenRefresh, Connection, EndUser):
        rows = model._default_manager.all()
        rows._raw_delete(rows.db)  # a cascade would fetch every row first


def enabled_action(number: int) -> Action:
    """The action of the App of this number."""
    app, _ = App.objects.get_or_create(slug=f"vault-{number}", defaults={"name": f"Vault {number}"})
    enabled = {"status": Action.Status.ENABLED, "first_enabled_at": timezone.now(), "edition": "developer"}
    action, _ = Action.objects.update_or_create(app=app, provider="jira", defaults=enabled)
    return action


def _row(grant: Grant, action: Action, person: EndUser) -> Connection:
    expires_at = datetime.fromtimestamp(grant.expires_at, UTC)
    return Connection(
        pk=grant.number,
        action=action,
        end_user=person,
        account_id=str(grant.number),
        site_id="site",
        scopes=SCOPE.split(),
        client_id="bench",
        access_token=access_token(grant.number),
        refresh_token=refresh_token(grant.number),
        expires_at=expires_at,
        refresh_expires_at=expires_at + timedelta(days=90),
        authorized_at=expires_at - timedelta(hours=1),
        last_refreshed_at=expires_at - timedelta(hours=1),
        last_used_at=timezone.now(),
        due_at=expires_at - timedelta(minutes=10),
        generation=1,
    )
