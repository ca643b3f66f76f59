"""What integrations tell whoever listens, each sent once the change is committed."""

from __future__ import annotations

from django.dispatch import Signal

#: action_id, app_id, provider
action_enabled = Signal()
#: action_id, app_id, provider
action_disabled = Signal()
#: connection_id, action_id, app_id, end_user_id (None for the App's own)
connection_authorized = Signal()
