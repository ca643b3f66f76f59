"""Home: what needs attention in a person's Apps, and what happened today.

The frame knows nothing of the apps that stand on it, so they register what they have to say::

    @attention
    def actions_in_error(apps: AppQuerySet) -> Iterable[Attention]: ...

    @figure
    def conversations_today(apps: AppQuerySet) -> Iterable[Figure]: ...

Providers get the Apps this person may see as a queryset and answer with few queries for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from .app_choice import choice_of
from .models import App, AppQuerySet

if TYPE_CHECKING:
    from django.http import HttpRequest

#: So many lines are shown; a longer list helps nobody to begin.
SHOWN = 20


@dataclass(frozen=True)
class Attention:
    """Something a person should look at: what happened, in which App, and where it is mended."""

    app: App
    title: str
    detail: str
    link: str
    level: Literal["error", "warn", "info"] = "warn"
    #: The verb on the button.
    label: str = "Look"


@dataclass(frozen=True)
class Figure:
    """One number about today, with a link to what it counts."""

    title: str
    value: int
    detail: str = ""
    link: str = ""


AttentionProvider = Callable[[AppQuerySet], Iterable[Attention]]
FigureProvider = Callable[[AppQuerySet], Iterable[Figure]]
AnyAttention = TypeVar("AnyAttention", bound=AttentionProvider)
AnyFigure = TypeVar("AnyFigure", bound=FigureProvider)

_attention: list[AttentionProvider] = []
_figures: list[FigureProvider] = []


def attention(provider: AnyAttention) -> AnyAttention:
    """Registers a provider of things that need attention."""
    _attention.append(provider)
    return provider


def figure(provider: AnyFigure) -> AnyFigure:
    """Registers a provider of numbers about today."""
    _figures.append(provider)
    return provider


def attention_in(apps: AppQuerySet) -> list[Attention]:
    """What needs attention in these Apps, the most urgent first."""
    urgency = {"error": 0, "warn": 1, "info": 2}
    found = [one for provider in _attention for one in provider(apps)]
    return sorted(found, key=lambda one: urgency[one.level])


def figures_of(apps: AppQuerySet) -> list[Figure]:
    """Numbers about today in these Apps."""
    return [one for provider in _figures for one in provider(apps)]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Unfold's callback: what Home shows this person."""
    apps = App.objects.visible_to(request.user)
    needs = attention_in(apps)
    context.update(
        title="Home",
        attention=needs[:SHOWN],
        attention_left_out=max(0, len(needs) - SHOWN),
        figures=figures_of(apps),
        apps=choice_of(request).apps,
    )
    return context
