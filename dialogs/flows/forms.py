"""A form's page: what it shows, and taking what was filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from dialogs.bridges import scripts
from dialogs.engine.state import State
from dialogs.errors import UnknownAddress, WaitOver
from dialogs.models import Version
from dialogs.nodes.base import View
from dialogs.nodes.kinds.form import Form
from dialogs.nodes.kinds.form_fields import read_all
from dialogs.nodes.saying import speaking
from xoplatform import languages

from .arrivals import keep, over, require_open, wait_at
from .bots import compiled
from .perform import person_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dialogs.models import Wait
    from dialogs.nodes.kinds.form_fields import Field


@dataclass(frozen=True)
class OpenForm:
    """A form that waits to be filled in."""

    wait: Wait
    node: Form
    view: View

    @property
    def language(self) -> str:
        """In which its page speaks to the person."""
        return languages.best(*self.view.person.languages)

    def button(self) -> str:
        """What the button of the page says."""
        with speaking(self.view.person):
            return self.node.button(self.view)

    def shown(self) -> dict[str, str]:
        """What stands in the fields at first, by name."""
        return {field.name: field.shown(self.view) for field in self.node.fields}

    def read(self, given: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
        """The values by name, and what is wrong as sentences by name."""
        with speaking(self.view.person):
            return read_all(self.node.fields, given, self.view)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.node.fields


def open_form(token: str) -> OpenForm:
    """The form at an address. Looking at it changes nothing. Raises UnknownAddress and WaitOver."""
    wait = wait_at(token, "form")
    require_open(wait)
    state = State.from_json(wait.conversation.state)
    if state.event.get("id") != str(wait.key):
        raise over("left")
    try:
        node = compiled(int(state.task)).nodes.get(wait.node)
    except Version.DoesNotExist:
        node = None
    if not isinstance(node, Form):
        raise WaitOver(reason="its dialog is no longer there.", ended_by="gone")
    person = person_of(wait.conversation)
    return OpenForm(wait, node, View(state.context, timezone.now(), scripts(), state.turns, person=person))


def language_at(token: str) -> str | None:
    """Of the person whose form an address leads or led to; None where there is no such form."""
    try:
        conversation = wait_at(token, "form").conversation
    except UnknownAddress:
        return None
    return languages.of_person(conversation.end_user, conversation.app)


def submit(form: OpenForm, given: Mapping[str, str]) -> dict[str, str]:
    """Hands what was filled in to the conversation, which goes on by itself.

    What is wrong comes back as sentences by field; nothing is handed on then. Raises WaitOver when it was sent before.
    """
    values, errors = form.read(given)
    if not errors:
        keep(form.wait, "arrived", values)
    return errors


def cancel(form: OpenForm) -> None:
    """The person does not want to fill it in. Raises WaitOver."""
    keep(form.wait, "canceled")
