from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core import mail
from django.utils import timezone

from integrations.admin.link_states import TITLES
from integrations.flows import links
from integrations.flows.links.states import in_state, word_of
from integrations.models import AuthorizationLink, MailPace
from tests.factories import ActionFactory, EndUserFactory
from tests.integrations.flows.mailing import allowing, batch_of, send_all

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import DjangoAssertNumQueries

    from integrations.models import Action
    from xoplatform.models import App

LINKS = "/admin/integrations/authorizationlink/"
BATCHES = "/admin/integrations/linkbatch/"


@pytest.fixture
def action(app: App) -> Action:
    found: Action = ActionFactory(app=app, enabled=True, authorization_type="allow_users")
    return found


@pytest.fixture
def sent(action: Action) -> AuthorizationLink:
    """A link that was mailed to Ada."""
    link = links.send(action, EndUserFactory(app=action.app, name="Ada Ames"))
    send_all()
    link.refresh_from_db()
    return link


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def choose(client: Client, name: str, *chosen: AuthorizationLink, confirmed: bool = True) -> Any:
    data = {"action": name, "_selected_action": [link.pk for link in chosen], **({"post": "yes"} if confirmed else {})}
    return client.post(LINKS, data, follow=True)


def test_the_list_says_to_whom_when_and_what_became_of_it(developer: Client, sent: AuthorizationLink) -> None:
    page = text(developer.get(LINKS, {"app": sent.action.app_id}))
    for words in ("Ada Ames", "JIRA", "Sent", "in 6 days"):
        assert words in page


def test_no_page_shows_a_token_or_its_hash(developer: Client, sent: AuthorizationLink) -> None:
    token = next(line for line in mail.outbox[0].body.splitlines() if "/authorize/" in line).rstrip("/").split("/")[-1]
    for address in (LINKS, f"{LINKS}{sent.pk}/change/"):
        page = text(developer.get(address))
        assert token not in page
        assert sent.token_hash not in page


def test_people_are_found_by_name_and_state(developer: Client, sent: AuthorizationLink) -> None:
    links.send(sent.action, EndUserFactory(app=sent.action.app, name="Ben Bell"))
    assert "Ben Bell" not in text(developer.get(LINKS, {"q": "ames"}))
    waiting = text(developer.get(LINKS, {"state": "waiting"}))
    assert "Ben Bell" in waiting
    assert "Ada Ames" not in waiting


@pytest.mark.django_db
def test_filter_and_badge_say_the_same_of_every_link() -> None:
    action = allowing()
    past, future = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    for state in AuthorizationLink.State:
        for delivery in AuthorizationLink.Delivery:
            for expires_at in (past, future):
                link, _url = links.create(action, EndUserFactory(app=action.app), "mail")
                AuthorizationLink.objects.filter(pk=link.pk).update(
                    state=state, delivery=delivery, expires_at=expires_at
                )
    for word in TITLES:
        shown = {link.pk for link in AuthorizationLink.objects.all() if word_of(link) == word}
        assert set(AuthorizationLink.objects.filter(in_state(word)).values_list("pk", flat=True)) == shown, word


def test_sending_again_asks_first(developer: Client, sent: AuthorizationLink) -> None:
    assert "Send again: 1 link?" in text(choose(developer, "resend_chosen", sent, confirmed=False))
    assert AuthorizationLink.objects.count() == 1


def test_sending_again_mails_one_new_link_per_person(developer: Client, sent: AuthorizationLink) -> None:
    assert "1 link will be sent by mail." in text(choose(developer, "resend_chosen", sent))
    send_all()
    assert len(mail.outbox) == 2
    sent.refresh_from_db()
    assert sent.state == "revoked"


def test_who_has_authorized_is_not_mailed_again(developer: Client, sent: AuthorizationLink) -> None:
    links.mark_used(sent)
    assert "have authorized already" in text(choose(developer, "resend_chosen", sent))
    assert AuthorizationLink.objects.count() == 1


def test_revoking_asks_first_and_then_revokes(developer: Client, sent: AuthorizationLink) -> None:
    assert "Revoke: 1 link?" in text(choose(developer, "revoke_chosen", sent, confirmed=False))
    assert "1 link revoked." in text(choose(developer, "revoke_chosen", sent))
    sent.refresh_from_db()
    assert sent.state == "revoked"


@pytest.mark.parametrize("action_name", ["resend_chosen", "revoke_chosen"])
def test_a_viewer_sees_links_and_changes_none(viewer: Client, sent: AuthorizationLink, action_name: str) -> None:
    assert "Ada Ames" in text(viewer.get(LINKS))
    choose(viewer, action_name, sent)
    sent.refresh_from_db()
    assert sent.state == "pending"
    assert AuthorizationLink.objects.count() == 1


def test_strangers_neither_see_nor_change_links(sign_in: Any, sent: AuthorizationLink) -> None:
    stranger = sign_in("stranger")
    assert stranger.get(f"{LINKS}{sent.pk}/change/").status_code in (302, 403, 404)
    choose(stranger, "revoke_chosen", sent)
    sent.refresh_from_db()
    assert sent.state == "pending"


def test_a_failure_is_told_in_words_on_the_links_page(developer: Client, sent: AuthorizationLink) -> None:
    AuthorizationLink.objects.update(delivery="failed", send_error="The mail server answered 550: no such user")
    assert "550: no such user" in text(developer.get(f"{LINKS}{sent.pk}/change/"))
    assert "550: no such user" in text(developer.get(LINKS))


def test_a_mail_server_that_is_down_is_told_above_the_list(developer: Client, sent: AuthorizationLink) -> None:
    MailPace.objects.update(last_error="The mail server does not take mail: no answer.")
    assert "The mail server does not take mail" in text(developer.get(LINKS))


def test_a_round_shows_its_progress_and_leads_to_its_failures(developer: Client, action: Action) -> None:
    EndUserFactory.create_batch(3, app=action.app)
    EndUserFactory(app=action.app, email="")
    batch = batch_of(action)
    send_all()
    failed = AuthorizationLink.objects.first()
    assert failed
    AuthorizationLink.objects.filter(pk=failed.pk).update(delivery="failed")
    page = text(developer.get(f"{BATCHES}{batch.pk}/change/"))
    assert "2 of 3" in page
    assert "Without e-mail, in chat" in page
    listed = text(developer.get(f"{LINKS}?batch__id__exact={batch.pk}&delivery__exact=failed"))
    assert str(failed.end_user) in listed
    assert f"{LINKS}{failed.pk}/change/" in listed
    assert listed.count('name="_selected_action"') == 1
    assert "2 of 3 sent, 1 could not be sent" in text(developer.get(BATCHES))


def test_lists_cost_the_same_for_many_rows(
    developer: Client, action: Action, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    EndUserFactory.create_batch(30, app=action.app)
    for _round in range(10):
        links.request_batch(action, action.app.end_users.all())
    for address in (LINKS, BATCHES):
        developer.get(address)
        with django_assert_max_num_queries(18):
            developer.get(address)


def test_the_side_bar_leads_there(developer: Client, app: App) -> None:
    assert "Links sent" in text(developer.get(f"/admin/apps/{app.slug}/"))
