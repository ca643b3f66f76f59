"""Connections by the thousand, each with a grant of its own at the sandbox. Needs Django to be set up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection as database
from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone

from integrations.models import Action, Connection, RefreshRun, TokenRefresh
from xoplatform.core.fields import sealed
from xoplatform.models import App, EndUser

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.sandbox import Sandbox


def add(sandbox: Sandbox, number: int, apps: int) -> None:
    """So many connections that nothing is due of: nine tenths of them in one App, the rest spread over the others."""
    actions = [_action(place) for place in range(apps)]
    crowd = number - number // 10 if apps > 1 else number
    homes = [actions[0]] * crowd + [actions[1 + n % max(apps - 1, 1)] for n in range(number - crowd)]
    people = EndUser.objects.bulk_create(
        EndUser(app=action.app, external_id=f"load-{n}") for n, action in enumerate(homes)
    )
    site = sandbox.cloud_id()
    rows = Connection.objects.bulk_create(
        Connection(
            action=action, end_user=person, account_id="load", account_name="Load", site_id=site, site_name="acme",
            sites=[{"id": site, "name": "acme", "url": ""}], client_id=sandbox.client_id, generation=1,
            authorized_at=timezone.now(), sites_looked_at=timezone.now(),
        )
        for action, person in zip(homes, people, strict=True)
    )  # fmt: skip
    _store(rows, [sandbox.grant(client_id=sandbox.client_id) for _row in rows])
    database.close()


def _action(place: int) -> Action:
    app = App.objects.create(name=f"Load {place}", slug=f"load-{place}")
    return Action.objects.create(
        app=app,
        provider="jira",
        edition=Action.Edition.DEVELOPER,
        status=Action.Status.ENABLED,
        authorization_type=Action.AuthorizationType.ALLOW_USERS,
    )


def _store(rows: Sequence[Connection], answers: Iterable[dict[str, Any]]) -> None:
    with transaction.atomic():
        for row, tokens in zip(rows, answers, strict=True):
            secrets = sealed(row, access_token=tokens["access_token"], refresh_token=tokens["refresh_token"])
            Connection.objects.filter(pk=row.pk).update(scopes=tokens["scope"].split(), **secrets)


def let_expire(first: float, within: float) -> datetime:
    """From now on all of them are due; the tokens end from ``first`` seconds on, spread over ``within`` seconds."""
    now = timezone.now()
    rows = list(Connection.objects.order_by("pk"))
    for place, row in enumerate(rows):
        row.expires_at = now + timedelta(seconds=first + within * place / len(rows))
        row.due_at = row.expires_at - timedelta(minutes=10)
        row.warned_for = row.expires_at  # kept for the reckoning: a renewal writes another expiry
    Connection.objects.bulk_update(rows, ["expires_at", "due_at", "warned_for"], batch_size=100)
    database.close()
    return now


def waiting() -> int:
    """How many are still to be renewed."""
    left = Connection.objects.filter(generation=1).count()
    database.close()
    return left


def owner() -> int | None:
    """The number of the process that has the open run."""
    run = RefreshRun.objects.filter(ended_at=None).first()
    database.close()
    return int(run.owner.split("/")[-2]) if run else None


def reckon(began: datetime) -> dict[str, Any]:
    """What became of them, by what is stored."""
    rows = Connection.objects.exclude(last_refreshed_at=None)
    last = rows.order_by("-last_refreshed_at").values_list("last_refreshed_at", flat=True).first()
    slack = rows.aggregate(least=Min(F("warned_for") - F("last_refreshed_at")))["least"]
    outcomes = TokenRefresh.objects.order_by().values_list("outcome", flat=True)
    first = TokenRefresh.objects.aggregate(at=Min("started_at"))["at"]
    small = Connection.objects.exclude(action__app__slug="load-0").order_by("-last_refreshed_at").first()
    return {
        "renewed": rows.filter(generation=2, state=Connection.State.CONNECTED).count(),
        "renewed_after_their_end": rows.filter(last_refreshed_at__gte=F("warned_for")).count(),
        "least_time_left_s": round(slack.total_seconds(), 1) if slack else None,
        "wall_s": round((last - began).total_seconds(), 1) if last else None,
        "begins_after_s": round((first - began).total_seconds(), 1) if first else None,
        "small_apps_done_after_s": _seconds(small, began),
        "outcomes": {name: list(outcomes).count(name) for name in set(outcomes)},
        "runs": RefreshRun.objects.count(),
    }


def _seconds(row: Connection | None, began: datetime) -> float | None:
    return round((row.last_refreshed_at - began).total_seconds(), 1) if row and row.last_refreshed_at else None


def tokens() -> Iterable[tuple[str, str]]:
    """Access and refresh token of every connection."""
    for row in Connection.objects.order_by("pk").iterator():
        yield row.access_token.reveal(), row.refresh_token.reveal()
