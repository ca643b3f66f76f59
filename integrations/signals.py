"""What integrations tell whoever listens, each sent once the change is committed unless it says otherwise."""

from __future__ import annotations

from typing import NamedTuple

from django.dispatch import Signal


class ConnectionChange(NamedTuple):
    """What became of one connection. It names no account and holds no token."""

    connection_id: int
    #: None for the App's own; otherwise with the channel's id of the person.
    end_user_id: int | None
    external_id: str | None
    #: "authorized", "choosing_site", "site_changed", "needs_authorization" or "disconnected".
    change: str
    state: str
    site_id: str = ""
    site_name: str = ""
    site_url: str = ""


#: action_id, app_id, provider
action_enabled = Signal()
#: action_id, app_id, provider
action_disabled = Signal()
#: connection_id, action_id, app_id, end_user_id (None for the App's own)
connection_authorized = Signal()
#: app, provider. Sent while the Actions page is drawn; each receiver returns lines about the action's use,
#: such as "5 of 10 templates installed".
describe_action = Signal()
#: app, provider. Sent while a deletion is confirmed; each receiver returns the names of what will stop working.
describe_deletion = Signal()
#: app, provider. Asks which operations the App's dialogs call; each receiver returns (title, [operationId, …]) of
#: every dialog task that calls the provider, so that scopes can be compared before a person meets the error.
operations_in_use = Signal()
#: call. Sent while one call's page is drawn; each receiver returns (title, address) of what it was made for.
describe_call = Signal()
#: app_id, provider, changes (an iterable of `ConnectionChange`, to be looked at while the signal is sent). Sent within
#: the transaction of the change, so that what a receiver stores is committed with it or not at all.
connections_changed = Signal()
#: app_id, provider, reason (why the action is in error now; None when it works again). Sent within the transaction.
action_failed_or_mended = Signal()
