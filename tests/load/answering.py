"""People by the thousand, and the answer to one of their messages. Needs Django to be set up."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections

from dialogs.errors import StillWorking
from dialogs.flows.converse import Patience, post_message
from tests.benchmarks.xo import SLUG, Product
from xoplatform.models import App, EndUser

from .talks import Heard, Message

if TYPE_CHECKING:
    from dialogs.flows.perform import Answer

CHANNEL = "load"
#: How often a channel sends a message again that was not taken.
AGAIN = 20


def prepare(people: int) -> None:
    """An App with a published dialog and a connected action, and so many people who never talked to it."""
    Product().prepare()
    app = App.objects.get(slug=SLUG)
    rows = (EndUser(app=app, external_id=name_of(number)) for number in range(1, people + 1))
    EndUser.objects.bulk_create(rows, batch_size=1000)


def name_of(talk: int) -> str:
    """What the channel calls the person of this conversation."""
    return f"{CHANNEL}-{talk}"


def close() -> None:
    connections.close_all()


@dataclass
class Counted(Patience):
    """Counts how often a turn was computed again and how often it waited."""

    agains: int = 0
    waits: int = 0

    def again(self) -> None:
        self.agains += 1
        super().again()

    def wait(self) -> None:
        self.waits += 1
        super().wait()

    @property
    def stale(self) -> int:
        return self.agains - self.waits  # waiting asks `again`, too


def answer(message: Message, began: float) -> Heard:
    """Answers as a channel's request would be, whichever process has it; ``began`` is by `time.perf_counter`."""
    patience, refused = Counted(), 0
    try:
        end_user = EndUser.objects.select_related("app").get(app__slug=SLUG, external_id=name_of(message.talk))
        while True:
            try:
                told = _post(end_user, message, patience)
                break
            except StillWorking:
                refused += 1
                if refused > AGAIN:
                    raise
                patience.__post_init__()
    except Exception as error:  # noqa: BLE001 -- whatever a person would have met is a fault of the run
        return Heard(message.talk, error=f"{type(error).__name__}: {error}"[:300])
    text = "\n".join(reply["text"] for reply in told.replies)
    seconds = time.perf_counter() - began
    return Heard(message.talk, told.conversation, text, "", seconds, patience.stale, patience.waits, refused)


def _post(end_user: EndUser, message: Message, patience: Patience) -> Answer:
    return post_message(
        end_user.app,
        end_user,
        message.text,
        conversation=message.conversation,
        client_message_id=message.client_message_id,
        channel=CHANNEL,
        patience=patience,
    )
