"""What integrations tell whoever listens, each sent once the change is committed."""

from __future__ import annotations

from django.dispatch import Signal

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
