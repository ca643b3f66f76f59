"""What the deletion of an action takes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.models import Action
from integrations.signals import describe_deletion

from .links.finding import live

if TYPE_CHECKING:
    from django.dispatch import Signal

    from xoplatform.models import App


@dataclass(frozen=True)
class Losses:
    """``people`` have connections of their own; ``live_links`` can still be used; the dialog tasks stop working."""

    connections: int
    people: int
    links: int
    live_links: int
    dialog_tasks: list[str]


def losses_of(action: Action) -> Losses:
    """What is deleted with the action, and what stops without it."""
    return Losses(
        connections=action.connections.count(),
        people=action.connections.exclude(end_user=None).count(),
        links=action.links.count(),
        live_links=live().filter(action=action).count(),
        dialog_tasks=lines_of(describe_deletion, action.app, action.provider),
    )


def lines_of(signal: Signal, app: App, provider: str) -> list[str]:
    """What the receivers of ``describe_action`` or ``describe_deletion`` have to say; one that fails says nothing."""
    answers = signal.send_robust(sender=Action, app=app, provider=provider)
    return [line for _receiver, answer in answers if isinstance(answer, list) for line in answer]
