"""What all endpoints of conversations have in common: whose they are, and for whom a caller may talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.urls import reverse

from dialogs.errors import UnknownFile
from dialogs.flows import conversations, uploads
from dialogs.flows.attachments import read_files
from xoplatform.models import EndUser, Scope
from xoplatform.rest.access import Access
from xoplatform.rest.errors import NotAllowed
from xoplatform.rest.views import AppView

if TYPE_CHECKING:
    from typing import Any

    from dialogs.flows.accept import Taken
    from dialogs.models import Conversation

A_KEY = "a key with the scope “chat”"


class ChatView(AppView):
    """Keys see all of the App's conversations; an end user's token, that person's alone; staff read all and talk in
    their own.
    """

    access: ClassVar = Access(Scope.CHAT, people=True)

    @property
    def talks_for_people(self) -> bool:
        """Whether the caller is, or may say what is said by, the people it sees: then it is told their links."""
        return self.caller.end_user is not None or (
            self.caller.key is not None and self.caller.has_scope(Scope.CHAT, to_write=True)
        )

    def find(self, *, lock: bool = False) -> Conversation:
        """The conversation that the address names. Raises UnknownConversation."""
        return conversations.find(self.app, self.kwargs["conversation"], self.caller.end_user, lock=lock)

    def speaker(self) -> EndUser | None:
        """For whom alone the caller may talk; None where it may for anybody."""
        if self.caller.end_user is not None:
            return self.caller.end_user
        if self.caller.key is not None:
            return None
        return EndUser.objects.for_staff(self.app, self.caller.user)

    def read_files(
        self, attachments: list[dict[str, Any]] | None, person: EndUser | None
    ) -> tuple[dict[str, Any], ...]:
        """What a message says of its files, which must be this person's; without one, the conversation says who it is.

        Raises UnknownFile and BadMessage.
        """
        if not attachments:
            return ()
        known = uploads.filled_in(self.app, person or self.find().end_user, attachments)
        if any(entry.keys() == {"id"} for entry in known):
            raise UnknownFile
        return read_files(known)

    def address_of(self, message: Taken) -> str:
        """Where a message can be asked about."""
        return reverse("api-message", args=[self.app.slug, message.conversation, message.client_message_id])

    def require_key(self, *, vouched: bool) -> None:
        """Raises NotAllowed where somebody else than a key says that the person is signed in."""
        if vouched and (self.caller.key is None or self.caller.end_user is not None):
            raise NotAllowed(who=self.caller.who, needed=f"{A_KEY} to say person_signed_in")
