"""What the frame tells whoever listens."""

from __future__ import annotations

from django.dispatch import Signal

#: end_user, pseudonym. Sent inside the transaction that erases a person, before their row goes: whoever keeps
#: something about them that does not go with the row removes it now. A receiver that fails stops the erasure.
end_user_erasing = Signal()
#: end_user. Asks what an erasure will remove; each receiver returns sentences for the page that asks.
describe_erasure = Signal()
#: key, what ("created", "changed", "rotated" or "revoked"), by (a staff user, or None for the command line), details.
#: Sent inside the transaction of the change.
api_key_changed = Signal()
#: app, name (of the webhook), what ("created", "changed", "rotated" or "deleted"), by (a staff user or an API key, or
#: None for the platform), details. Sent inside the transaction of the change.
webhook_changed = Signal()
