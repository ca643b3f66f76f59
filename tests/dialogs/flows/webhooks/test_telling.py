"""What is recorded, by what happens: in the same transaction, and nothing where nobody listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from dialogs.errors import QueueUnreachable
from dialogs.flows import arrivals, conversations, events
from dialogs.flows.converse import post_message
from dialogs.flows.perform import perform
from dialogs.flows.turns import Said, Work
from dialogs.flows.webhooks import keeping, outbox
from dialogs.flows.webhooks.payload import payload_of
from dialogs.models import Conversation, Turn, Wait, Webhook, WebhookEvent
from integrations.flows import configure, disconnect, grants, sites
from integrations.models import Action, Connection
from tests.dialogs.hooks import types_told, work
from tests.dialogs.waiting import Talk, filling
from tests.factories import ActionFactory, ConnectionFactory, EndUserFactory
from xoplatform.erasure import erase

if TYPE_CHECKING:
    from tests.dialogs.receiver import Receiver
    from xoplatform.models import App, EndUser


def recorded(type_: str) -> list[Any]:
    return list(WebhookEvent.objects.filter(type=type_).order_by("pk").values_list("data", flat=True))


@pytest.mark.usefixtures("greets", "hook")
def test_a_reply_is_told_with_whom_it_is_for_and_that_its_asker_has_it(app: App, person: EndUser) -> None:
    answer = post_message(app, person, "say hello", client_message_id="m1", channel="web")
    assert recorded("message.created") == [
        {
            "conversation": str(answer.conversation),
            "sequence": 1,
            "channel": "web",
            "end_user": {"external_id": person.external_id},
            "state": "open",
            "in_reply_to": "m1",
            "delivered_in_answer": True,
            "replies": Turn.objects.get().replies,
        }
    ]


@pytest.mark.usefixtures("greets", "hook")
def test_a_reply_for_which_nobody_waited_is_told_as_such(app: App, person: EndUser) -> None:
    post_message(app, person, "say hello", in_answer=False)
    assert [one["delivered_in_answer"] for one in recorded("message.created")] == [False]


@pytest.mark.usefixtures("hook")
def test_what_a_conversation_says_by_itself_is_told(app: App, person: EndUser) -> None:
    talk = Talk(app, person, filling())
    talk.say("report it")
    wait = Wait.objects.get()
    arrivals.keep(wait, "canceled")
    events.take_arrivals(wait.conversation.public_id)
    first, last = recorded("message.created")
    assert (first["delivered_in_answer"], last["delivered_in_answer"]) == (True, False)
    assert (first["sequence"], last["sequence"]) == (1, 2)
    assert last["in_reply_to"] is None


@pytest.mark.usefixtures("hook")
def test_states_are_told_when_they_change_and_only_then(app: App, person: EndUser) -> None:
    talk = Talk(app, person, filling())
    talk.say("hm?")
    talk.say("hm?")
    talk.say("report it")
    changes = [(one["previous"], one["state"], one["sequence"]) for one in recorded("conversation.state_changed")]
    assert changes == [(None, "open", 0), ("open", "awaiting", 3)]


@pytest.mark.usefixtures("hook")
def test_opening_and_ending_without_a_word_are_told(app: App, person: EndUser) -> None:
    row = conversations.open_conversation(app, person, channel="web")
    for _ in range(2):
        conversations.end(row)
    changes = [(one["previous"], one["state"], one["sequence"]) for one in recorded("conversation.state_changed")]
    assert changes == [(None, "open", 0), ("open", "ended", 1)]


@pytest.mark.usefixtures("greets", "hook")
def test_what_was_told_of_a_forgotten_conversation_is_forgotten_too(app: App, person: EndUser) -> None:
    post_message(app, person, "say hello")
    conversations.forget(Conversation.objects.get())
    assert WebhookEvent.objects.count() == 0


@pytest.mark.usefixtures("hook")
def test_a_page_for_one_person_is_named_to_the_channel_and_hidden_in_the_log(
    app: App, person: EndUser, receiver: Receiver
) -> None:
    Talk(app, person, filling()).say("report it")
    work()
    (sent,) = [one.json for one in receiver.received if one.json["type"] == "message.created"]
    assert "/forms/" in sent["data"]["replies"][0]["form"]["url"]
    shown = payload_of(WebhookEvent.objects.get(type="message.created"), app.slug, addresses=False)
    assert "/forms/" not in str(shown)


@pytest.mark.usefixtures("greets", "hook")
def test_drafts_are_told_to_nobody(app: App, person: EndUser) -> None:
    post_message(app, person, "say hello", draft=True)
    assert WebhookEvent.objects.count() == 0


@pytest.mark.usefixtures("greets", "hook")
def test_what_is_taken_back_was_never_told(app: App, person: EndUser) -> None:
    with transaction.atomic():
        post_message(app, person, "say hello")
        transaction.set_rollback(True)
    assert WebhookEvent.objects.count() == 0


@pytest.mark.usefixtures("greets")
def test_without_webhooks_a_turn_makes_no_query_for_them(
    app: App, person: EndUser, django_assert_num_queries: Any
) -> None:
    first = post_message(app, person, "say hello")
    with django_assert_num_queries(5) as made:
        post_message(app, person, "Ada", conversation=first.conversation)
    assert not any("webhook" in query["sql"] for query in made.captured_queries)
    assert WebhookEvent.objects.count() == 0


@pytest.mark.usefixtures("greets", "hook")
def test_with_webhooks_a_turn_makes_one_statement_more(
    app: App, person: EndUser, django_assert_num_queries: Any
) -> None:
    first = post_message(app, person, "say hello")
    with django_assert_num_queries(6):
        post_message(app, person, "Ada", conversation=first.conversation)


@pytest.mark.usefixtures("greets", "hook")
def test_a_process_looks_again_after_a_few_seconds(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("dialogs.flows.webhooks.outbox.time.monotonic", lambda: now)
    assert "message.created" in outbox.wanted(app.pk)
    # As another process would turn it off.
    Webhook.objects.filter(app=app).update(active=False)
    assert "message.created" in outbox.wanted(app.pk)
    now += outbox.KNOWN_FOR + 0.1
    assert outbox.wanted(app.pk) == frozenset()


@pytest.mark.usefixtures("greets")
def test_a_queue_that_does_not_answer_fails_no_turn_and_loses_no_event(
    app: App, person: EndUser, hook: Webhook, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(_job: str, **_arguments: Any) -> None:
        raise QueueUnreachable

    monkeypatch.setattr(outbox, "enqueue", unreachable)
    outbox._tell([1])
    post_message(app, person, "say hello")
    WebhookEvent.objects.update(created_at="2026-01-01T00:00:00Z")
    work()
    assert sorted(types_told(receiver.received)) == ["conversation.state_changed", "message.created"]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_handed_to_a_worker_once_it_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    person = EndUserFactory.create()
    queued: list[tuple[str, Any]] = []
    monkeypatch.setattr(outbox, "enqueue", lambda job, **arguments: queued.append((job, arguments)))
    keeping.create(person.app, "Ours", "http://127.0.0.1:9/", ["message.created"])
    with transaction.atomic():
        perform(Work(Conversation(app=person.app, end_user=person), Said("hello")))
        assert queued == []
    assert queued == [("hand_out_events", {"event_ids": [WebhookEvent.objects.get().pk]})]


def changes(app: App) -> list[tuple[str, str]]:
    return [(one["change"], one["state"]) for one in recorded("connection.state_changed")]


@pytest.mark.usefixtures("hook")
def test_a_lost_grant_and_its_mending_are_told(app: App) -> None:
    row = ConnectionFactory.create(action__app=app)
    grants.lose_grant(row, "Jira no longer accepts it.")
    assert recorded("action.error") == [{"provider": "jira", "state": "error", "reason": "Jira no longer accepts it."}]
    row.refresh_from_db()
    with transaction.atomic():
        Connection.objects.filter(pk=row.pk).update(state=Connection.State.CONNECTED)
        row.refresh_from_db()
        grants.authorized(row)
    assert changes(app) == [("needs_authorization", "needs_authorization"), ("authorized", "connected")]
    assert recorded("action.mended") == [{"provider": "jira", "state": "enabled"}]


@pytest.mark.usefixtures("hook")
def test_a_connection_of_a_person_is_told_with_the_channels_id_and_no_account_or_token(
    app: App, person: EndUser
) -> None:
    row = ConnectionFactory.create(
        action__app=app, action__authorization_type=Action.AuthorizationType.ALLOW_USERS, end_user=person
    )
    disconnect.disconnect(row)
    (told,) = recorded("connection.state_changed")
    assert told["end_user"] == {"external_id": person.external_id}
    assert told["site"]["name"] == "acme"
    assert set(told) == {"connection", "provider", "end_user", "change", "state", "site"}
    assert changes(app) == [("disconnected", "disconnected")]


@pytest.mark.usefixtures("hook")
def test_a_site_that_changes_is_told(app: App) -> None:
    places = [{"id": f"site-{n}", "name": f"Site {n}", "url": f"https://{n}.example"} for n in (1, 2)]
    row = ConnectionFactory.create(action__app=app, sites=places, site_id="site-1")
    sites.choose_site(row, "site-2")
    assert changes(app) == [("site_changed", "connected")]
    assert recorded("connection.state_changed")[0]["site"]["id"] == "site-2"


@pytest.mark.usefixtures("hook")
def test_deleting_an_action_tells_of_each_connection(app: App, person: EndUser) -> None:
    action = ActionFactory.create(app=app, enabled=True)
    for someone in (None, person):
        ConnectionFactory.create(action=action, end_user=someone)
    configure.delete(action)
    assert changes(app) == [("disconnected", "disconnected")] * 2


def test_without_webhooks_connections_are_told_to_nobody(app: App) -> None:
    grants.lose_grant(ConnectionFactory.create(action__app=app), "Gone.")
    assert WebhookEvent.objects.count() == 0


@pytest.mark.usefixtures("greets", "hook")
def test_what_was_told_of_a_person_goes_with_them(app: App, person: EndUser) -> None:
    post_message(app, person, "say hello")
    work()
    erase(person)
    assert WebhookEvent.objects.count() == 0
