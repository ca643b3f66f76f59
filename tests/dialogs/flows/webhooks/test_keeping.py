"""Webhooks as they are kept: what may be saved, what is secret, and what is forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from dialogs import jobs
from dialogs.errors import BadWebhook, TooManyWebhooks
from dialogs.flows.webhooks import keeping
from dialogs.models import Webhook, WebhookDelivery, WebhookEvent
from integrations.models import AuditEntry
from tests.dialogs.hooks import happen, is_signed, work

if TYPE_CHECKING:
    from tests.dialogs.receiver import Receiver
    from xoplatform.models import App

MESSAGES = ["message.created"]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "ftp://hooks.example.com/",
        "http://hooks.example.com/",
        "https:///path",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com:port/",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/" + "x" * 500,
    ],
)
def test_an_address_to_which_nothing_may_go_is_refused(app: App, url: str) -> None:
    with pytest.raises(BadWebhook) as refused:
        keeping.create(app, "Ours", url, MESSAGES)
    assert refused.value.details["field"] == "url"
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize("events", [[], ["message.deleted"], [*MESSAGES, "no.such"]])
def test_only_events_that_exist_can_be_chosen(app: App, events: list[str]) -> None:
    with pytest.raises(BadWebhook, match=r"message\.created, conversation\.state_changed"):
        keeping.create(app, "Ours", "https://hooks.example.com/", events)


def test_an_app_has_twenty_webhooks_at_most(app: App) -> None:
    for number in range(keeping.MOST):
        keeping.create(app, f"Number {number}", "https://hooks.example.com/", MESSAGES)
    with pytest.raises(TooManyWebhooks, match="20 webhooks"):
        keeping.create(app, "One more", "https://hooks.example.com/", MESSAGES)


def test_secrets_are_encrypted_bound_to_their_row_and_hidden(app: App) -> None:
    hook, secret = keeping.create(app, "Ours", "https://hooks.example.com/", MESSAGES)
    keeping.rotate_secret(hook)
    stored = Webhook.objects.get()
    assert stored.earlier_secret.reveal() == secret
    assert secret not in stored.secret.ciphertext + stored.earlier_secret.ciphertext + repr(stored.__dict__)


def test_a_ping_goes_out_at_once_whatever_is_chosen(app: App, receiver: Receiver) -> None:
    hook, secret = keeping.create(app, "Errors", receiver.url, ["action.error"])
    row = keeping.ping(hook)
    assert row.state == WebhookDelivery.State.DELIVERED
    assert receiver.received[0].json["type"] == "ping"
    assert is_signed(receiver.received[0], secret)


def test_a_ping_that_fails_is_told_and_not_repeated(app: App, hook: Webhook, receiver: Receiver) -> None:
    receiver.answer = lambda _received: (401, None)
    row = keeping.ping(hook)
    assert (row.state, row.next_attempt_at) == (WebhookDelivery.State.GIVEN_UP, None)
    assert row.attempts[0]["error"] == "It answered 401."
    work()
    assert len(receiver.received) == 1


@pytest.mark.parametrize(("days", "left"), [(30, 1), (0, 2)])
def test_old_events_go_with_the_traces(app: App, hook: Webhook, settings: Any, days: int, left: int) -> None:
    settings.XO_TRACE_DAYS = days
    happen(app.pk, 2)
    work()
    old = WebhookEvent.objects.order_by("pk")[0]
    WebhookEvent.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    jobs.prune_traces()
    assert WebhookEvent.objects.count() == WebhookDelivery.objects.count() == left


def test_the_audit_tells_what_was_changed_and_where_a_webhook_leads(app: App) -> None:
    hook, _secret = keeping.create(app, "Ours", "https://hooks.example.com/", MESSAGES)
    keeping.change(hook, "Ours", "https://other.example.com/", MESSAGES, active=False)
    details = AuditEntry.objects.get(verb="webhook_changed").details
    assert details == {"changed": ["url", "active"], "host": "other.example.com", "events": MESSAGES, "active": False}


def test_what_changes_nothing_is_not_in_the_audit(app: App) -> None:
    hook, _secret = keeping.create(app, "Ours", "https://hooks.example.com/", MESSAGES)
    keeping.change(hook, " Ours ", "https://hooks.example.com/ ", MESSAGES, active=True)
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["webhook_created"]


def test_the_audit_holds_no_secret_of_a_webhook(app: App) -> None:
    hook, secret = keeping.create(app, "Ours", "https://hooks.example.com/hidden/path?token=hidden", MESSAGES)
    keeping.change(hook, "Mine", hook.url, MESSAGES, active=True)
    rotated = keeping.rotate_secret(hook)
    keeping.delete(hook)
    stored = str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.count() == 4
    assert not [value for value in (secret, rotated, "hidden", "whsec_") if value in stored]


def test_without_its_audit_entry_nothing_is_done_to_a_webhook(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_more: Any) -> None:
        raise LookupError

    hook, secret = keeping.create(app, "Ours", "https://hooks.example.com/", MESSAGES)
    monkeypatch.setattr("integrations.flows.audit.note", fail)
    for attempt in (keeping.delete, keeping.rotate_secret):
        with pytest.raises(LookupError):
            attempt(hook)
    assert Webhook.objects.get(pk=hook.pk).secret.reveal() == secret
