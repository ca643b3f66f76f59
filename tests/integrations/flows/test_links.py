from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from integrations import api
from integrations.flows import links
from integrations.link_errors import (
    ActionNotEnabled,
    CodesUsedUp,
    EndUserElsewhere,
    LinkExpired,
    LinkRevoked,
    LinksNotUsed,
    LinkUnknown,
    LinkUsed,
    NoMailAddress,
)
from integrations.models import AuditEntry, AuthorizationLink
from tests.factories import ActionFactory, EndUserFactory

from .mailing import allowing, person

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.django_db


def token_in(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def expire(link: AuthorizationLink) -> None:
    AuthorizationLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_a_link_leads_back_to_its_person_and_looking_it_up_changes_nothing(settings: LazySettings) -> None:
    settings.XO_BASE_URL = "https://bots.example.com"
    action = allowing()
    ada = person(action)
    link, url = links.create(action, ada, "mail")
    assert url.startswith("https://bots.example.com/authorize/")
    found = links.resolve(token_in(url))
    assert (found.pk, found.end_user, found.action, found.state) == (link.pk, ada, action, "pending")


def test_the_token_itself_is_kept_nowhere() -> None:
    action = allowing()
    link, url = links.create(action, person(action), "mail")
    row = AuthorizationLink.objects.filter(pk=link.pk).values().get()
    assert token_in(url) not in str(row)
    assert token_in(url) not in str(list(AuditEntry.objects.values()))


def test_a_mailed_link_lives_a_week_and_one_in_chat_an_hour() -> None:
    action = allowing()
    ada = person(action)
    lives = {channel: links.create(action, ada, channel)[0].expires_at - timezone.now() for channel in ("mail", "chat")}
    assert lives["mail"] > timedelta(days=6, hours=23)
    assert lives["chat"] < timedelta(minutes=61)


@pytest.mark.parametrize(
    ("channel", "vouched", "needed"),
    [("mail", False, False), ("chat", False, True), ("chat", True, False), ("api", False, True)],
)
def test_a_code_is_needed_unless_the_mailbox_or_the_channel_says_who_it_is(
    channel: str, vouched: bool, needed: bool
) -> None:
    action = allowing()
    link, _url = links.create(action, person(action), channel, vouched=vouched)
    assert link.code_needed is needed


def test_no_link_is_made_where_staff_authorized_for_everybody() -> None:
    action = ActionFactory(enabled=True)
    with pytest.raises(LinksNotUsed):
        links.create(action, person(action), "chat")


def test_no_link_is_made_for_a_person_of_another_app() -> None:
    with pytest.raises(EndUserElsewhere):
        links.create(allowing(), EndUserFactory(), "chat")


def test_an_unknown_token_opens_nothing() -> None:
    with pytest.raises(LinkUnknown):
        links.resolve("nonesuch")


def test_a_used_link_is_told_from_an_expired_and_a_revoked_one() -> None:
    action = allowing()
    for end, error in ((links.mark_used, LinkUsed), (expire, LinkExpired), (links.revoke, LinkRevoked)):
        link, url = links.create(action, person(action), "mail")
        end(link)
        with pytest.raises(error) as raised:
            links.resolve(token_in(url))
        assert raised.value.link == link


def test_a_link_works_once() -> None:
    action = allowing()
    link, _url = links.create(action, person(action), "mail")
    links.mark_used(link)
    with pytest.raises(LinkUsed):
        links.mark_used(link)


def test_using_one_link_ends_the_others_of_that_person_and_nobody_elses() -> None:
    action = allowing()
    ada, ben = person(action), person(action)
    used, other = links.create(action, ada, "mail")[0], links.create(action, ada, "chat")[0]
    bens = links.create(action, ben, "mail")[0]
    links.mark_used(used)
    other.refresh_from_db()
    bens.refresh_from_db()
    assert (other.state, bens.state) == ("revoked", "pending")


def test_an_expired_link_can_neither_be_opened_nor_used() -> None:
    action = allowing()
    link, _url = links.create(action, person(action), "mail")
    expire(link)
    links.mark_opened(link)
    assert link.state == "pending"
    with pytest.raises(LinkExpired):
        links.mark_used(link)


def test_opening_is_noted_once() -> None:
    action = allowing()
    link, _url = links.create(action, person(action), "mail")
    links.mark_opened(link)
    first = link.opened_at
    links.mark_opened(link)
    assert (link.state, link.opened_at) == ("opened", first)
    assert AuditEntry.objects.filter(verb="link_opened").count() == 1


def test_revoking_twice_is_told() -> None:
    action = allowing()
    link, _url = links.create(action, person(action), "mail")
    assert links.revoke(link)
    assert not links.revoke(link)


def test_a_code_opens_its_own_link_however_it_is_typed() -> None:
    action = allowing()
    ada = person(action)
    link, _url = links.create(action, ada, "chat")
    code = links.new_code(link)
    typed = f" {code[:3].lower()}-{code[3:]} "
    assert links.check_code(action.app_id, ada.pk, "jira", typed) == link
    assert code not in str(AuthorizationLink.objects.values().get())


def test_a_code_of_one_person_is_no_use_to_another() -> None:
    action = allowing()
    ada, eve = person(action), person(action)
    code = links.new_code(links.create(action, ada, "chat")[0])
    links.new_code(links.create(action, eve, "chat")[0])
    assert links.check_code(action.app_id, eve.pk, "jira", code) is None


def test_five_wrong_codes_end_the_guessing() -> None:
    action = allowing()
    ada = person(action)
    code = links.new_code(links.create(action, ada, "chat")[0])
    for _guess in range(5):
        assert links.check_code(action.app_id, ada.pk, "jira", "WRONG2") is None
    assert links.check_code(action.app_id, ada.pk, "jira", code) is None


def test_a_fresh_code_does_not_bring_back_spent_guesses() -> None:
    action = allowing()
    ada = person(action)
    link, _url = links.create(action, ada, "chat")
    links.new_code(link)
    for _guess in range(5):
        links.check_code(action.app_id, ada.pk, "jira", "WRONG2")
    link.refresh_from_db()
    with pytest.raises(CodesUsedUp):
        links.new_code(link)


def test_using_a_link_withdraws_the_others_but_an_expired_one_stays_expired() -> None:
    action = allowing()
    ada = person(action)
    used, other, late = (links.create(action, ada, "chat")[0] for _ in range(3))
    expire(late)
    links.mark_used(used)
    other.refresh_from_db()
    late.refresh_from_db()
    assert other.state == "revoked"
    assert late.state == "pending"
    with pytest.raises(LinkExpired):
        links.require_live(late)


def test_an_old_code_is_void() -> None:
    action = allowing()
    ada = person(action)
    link, _url = links.create(action, ada, "chat")
    first, second = links.new_code(link), links.new_code(link)
    assert links.check_code(action.app_id, ada.pk, "jira", first) is None
    assert links.check_code(action.app_id, ada.pk, "jira", second) == link
    AuthorizationLink.objects.update(code_expires_at=timezone.now())
    assert links.check_code(action.app_id, ada.pk, "jira", second) is None


def test_sending_again_replaces_the_link_before() -> None:
    action = allowing()
    first = links.send(action, person(action))
    second = links.resend(first)
    first.refresh_from_db()
    assert (first.state, second.state, second.delivery) == ("revoked", "pending", "queued")


def test_a_person_without_an_e_mail_cannot_be_mailed() -> None:
    action = allowing()
    with pytest.raises(NoMailAddress):
        links.send(action, person(action, email=""))


def test_nobody_is_mailed_while_the_action_is_disabled() -> None:
    action = allowing()
    action.status = "disabled"
    with pytest.raises(ActionNotEnabled):
        links.send(action, person(action))


def test_dialogs_get_a_link_through_the_door() -> None:
    action = allowing()
    ada = person(action)
    info = api.authorization_link(action.app_id, ada.pk, "jira", "conversation-1")
    link = links.resolve(token_in(info.url))
    assert (link.end_user, link.channel, link.reference, info.code_needed) == (ada, "chat", "conversation-1", True)
    assert token_in(info.url) not in repr(info)


def test_the_door_gives_no_link_to_a_stranger_or_for_an_action_that_is_off() -> None:
    action = allowing()
    with pytest.raises(EndUserElsewhere):
        api.authorization_link(action.app_id, EndUserFactory().pk, "jira")
    off = allowing(status="disabled")
    with pytest.raises(ActionNotEnabled):
        api.authorization_link(off.app_id, person(off).pk, "jira")
