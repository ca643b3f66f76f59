"""An App whose people authorize for themselves, and a mail server that can be made to misbehave."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from integrations.flows import links
from integrations.models import Action, AuthorizationLink, MailPace
from tests.factories import ActionFactory, EndUserFactory
from xoplatform.models import EndUser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.core.mail import EmailMessage

#: The path of `Stubborn`, for the setting EMAIL_BACKEND.
STUBBORN = f"{__name__}.Stubborn"


class Stubborn(EmailBackend):
    """Django's mail backend in memory, which first asks ``answer`` what becomes of each mail, and ``opening`` of each
    connection. Either may raise."""

    answer: ClassVar[Callable[[EmailMessage], None]]
    opening: ClassVar[Callable[[], None]]

    def open(self) -> bool:
        type(self).opening()
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            type(self).answer(message)
        return int(super().send_messages(email_messages))

    @classmethod
    def behave(cls) -> None:
        cls.answer = staticmethod(lambda _message: None)
        cls.opening = staticmethod(lambda: None)


Stubborn.behave()


def allowing(**columns: Any) -> Action:
    """An enabled action under Allow users."""
    action: Action = ActionFactory(enabled=True, authorization_type=Action.AuthorizationType.ALLOW_USERS, **columns)
    return action


def people(action: Action, count: int) -> list[EndUser]:
    """So many end users with an e-mail each."""
    rows = [EndUser(app=action.app, external_id=f"person-{n}", email=f"person-{n}@example.com") for n in range(count)]
    return EndUser.objects.bulk_create(rows)


def person(action: Action, **columns: Any) -> EndUser:
    found: EndUser = EndUserFactory(app=action.app, **columns)
    return found


def batch_of(action: Action) -> Any:
    """A batch for everybody, with its links made."""
    batch = links.request_batch(action)
    links.prepare(batch.pk)
    batch.refresh_from_db()
    return batch


def time_passes(by: timedelta = timedelta(hours=1)) -> None:
    """So much later, as far as mails are concerned."""
    MailPace.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    rows = AuthorizationLink.objects.filter(send_after__isnull=False)
    for link in rows:
        moved = {"send_after": link.send_after - by if link.send_after else None}
        if link.claimed_at:
            moved["claimed_at"] = link.claimed_at - by
        AuthorizationLink.objects.filter(pk=link.pk).update(**moved)


def send_all() -> None:
    """As the workers do, without waiting for the pace."""
    for _slice in range(100):
        MailPace.objects.update(next_at=timezone.now() - timedelta(seconds=1))
        if links.send_slice()[1] is None:
            return
