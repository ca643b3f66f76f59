"""What the clock does for one connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integrations.flows import client_faults
from integrations.flows.clients import client_of
from integrations.models.statements import due_connection

from . import leases, renewal

if TYPE_CHECKING:
    from integrations.models import TokenRefresh


def renew_ahead(connection_id: int) -> TokenRefresh.Outcome | None:
    """Renews a connection that is due, in this thread; None if there is nothing to do, or somebody else does it.

    Raises what `client_of` raises. Open no database transaction around it.
    """
    row = due_connection(connection_id)
    if row is None or client_faults.rests(row.action, client_of(row.action)):
        return None
    lease = leases.claim(row, ahead=True)
    return renewal.renew(lease) if lease else None
