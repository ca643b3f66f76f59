"""What can be chosen on the Authorization tab, and why the rest cannot be chosen yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from integrations.errors import ClientMissing
from integrations.flows.clients import client_of
from integrations.models import Action

if TYPE_CHECKING:
    from integrations.catalog.base import Provider
    from integrations.catalog.manifest import Manifest

LATER = "Comes with a later release."
SENTENCES = {
    "pre_authorize": "You authorize once, here. Everybody who uses the App then works with that account's rights.",
    "allow_users": "Each person authorizes with their own account and works with its rights.",
    "oauth": "You sign in at the provider and allow access there. Your password is never seen here.",
    "basic": "An account's e-mail and API token are typed in here.",
    "system": "The app that this installation has registered with the provider. Nothing to set up.",
    "custom": "An app of your own, described by an authorization profile.",
}


@dataclass(frozen=True)
class Option:
    """One card of a group of which one is chosen. ``unavailable`` says why it cannot be pressed."""

    value: str
    title: str
    description: str
    is_chosen: bool
    unavailable: str = ""


@dataclass(frozen=True)
class Edition:
    """``refusal`` says why sites of this edition can't be authorized."""

    value: str
    title: str
    is_chosen: bool
    refusal: str


def form_choices(action: Action, provider: Provider, wanted: dict[str, str]) -> dict[str, Any]:
    """The groups of the form. ``wanted`` holds choices made on the way here but not saved yet."""
    offered = provider.manifest.authorization
    groups: dict[str, Any] = {"editions": _editions(provider.manifest, wanted.get("edition", action.edition))}
    for name, field, known, chosen in (
        ("types", Action.AuthorizationType, offered.types, wanted.get("authorization_type", action.authorization_type)),
        ("methods", Action.Method, offered.methods, wanted.get("method", action.method)),
        ("cards", Action.Card, offered.cards, wanted.get("card", action.card)),
    ):
        groups[name] = [
            Option(value, str(label), SENTENCES[value], value == chosen, "" if value in known else LATER)
            for value, label in field.choices
        ]
    groups["cards"] = _cards(groups["cards"], action)
    return groups


def _editions(manifest: Manifest, chosen: str) -> list[Edition]:
    names = [name for name in Action.Edition.values if name in (*manifest.editions, *manifest.refused_editions)]
    return [_edition(Action.Edition(name), manifest, is_chosen=name == chosen) for name in names]


def _edition(edition: Action.Edition, manifest: Manifest, *, is_chosen: bool) -> Edition:
    reason = manifest.refused_editions.get(edition.value, "")
    words = f"{manifest.title}'s {edition.label} edition can't be authorized: {reason}" if reason else ""
    return Edition(edition.value, str(edition.label), is_chosen, words)


def _cards(options: list[Option], action: Action) -> list[Option]:
    """System steps back where the operator has set up no client; Custom is then the one that is left."""
    missing = _missing_client(action)
    if not missing:
        return options
    system, *rest = options
    rest = [replace(option, is_chosen=not option.unavailable) for option in rest]
    return [replace(system, is_chosen=False, unavailable=missing), *rest]


def _missing_client(action: Action) -> str:
    """The settings that the System card lacks, in words; empty when it can be used."""
    try:
        client_of(Action(app=action.app, provider=action.provider, card=Action.Card.SYSTEM))
    except ClientMissing as error:
        return f"Not set up: {error.details['where']} must be set. {error.details['who']} can do that."
    return ""
