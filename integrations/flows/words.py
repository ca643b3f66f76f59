"""What people read when a call does not go through: what happened, what was not done, who can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from integrations.catalog.operations import Operation
    from integrations.models import Action, Connection


def not_enabled(title: str, action: Action | None) -> str:
    """The action is not enabled, or was never set up."""
    where = f" in {action.app.name}" if action else ""
    disabled = action is not None and action.status == "disabled"
    state = "is disabled" if disabled else "is not set up"
    return f"{title} {state}{where}. Nothing was sent. A developer of the App can enable it under Actions."


def in_error(title: str, action: Action) -> str:
    """The App's own grant was lost."""
    return (
        f"The authorization of {title} in {action.app.name} has ended. Nothing was sent. "
        "A developer of the App can authorize it again under Actions."
    )


def no_grant(title: str, action: Action) -> str:
    """Nobody has authorized the action yet."""
    who = "A developer of the App can authorize it under Actions." if action.pre_authorized else "Authorize it first."
    return f"{title} is not authorized in {action.app.name}. Nothing was sent. {who}"


def unusable(title: str, connection: Connection) -> str:
    """There is a grant that cannot be used as it is."""
    if connection.state == "choosing_site":
        return f"No site of {title} has been chosen yet. Nothing was sent. A developer of the App can choose it."
    return f"{title} has to be authorized again. Nothing was sent. A developer of the App can do that under Actions."


def foreign_site(title: str, connection: Connection) -> str:
    """The pinned site is not among those of the grant."""
    return (
        f"The {title} site {connection.site_name} is not part of this authorization. Nothing was sent. "
        "A developer of the App can choose another site or authorize again."
    )


def missing_scopes(title: str, operation: Operation, scopes: Sequence[str]) -> str:
    """The grant lacks scopes that the operation needs; they are named."""
    return (
        f"The authorization of {title} does not cover “{operation.title}”: it lacks {', '.join(scopes)}. "
        "Nothing was changed. A developer of the App can authorize it again with these scopes."
    )


def rejected(title: str, connection: Connection) -> str:
    """The provider refuses a token that it gave out a moment ago."""
    account = connection.account_name or connection.account_id or "the account"
    return (
        f"{title} refuses the authorization of {account} although it was just renewed. Nothing was changed. "
        "It has to be authorized again."
    )


def site_gone(title: str, connection: Connection) -> str:
    """The provider no longer lets the App into the pinned site."""
    return (
        f"The {title} site {connection.site_name} no longer lets this App in. Nothing was changed. "
        "The administrator of the site can install the app again."
    )


def unknown(title: str, operation: Operation) -> str:
    """A call that changes something left, and its answer was lost."""
    return (
        f"“{operation.title}” was sent to {title}, but its answer was lost, so it is unknown whether it was carried "
        f"out. It was not sent again. Look in {title} before you repeat it."
    )


def out_of_reach(title: str, operation: Operation, outcome: str) -> str:
    """The provider could not be reached, or not in time; ``outcome`` says which."""
    what = "did not answer in time" if outcome == "timed_out" else "could not be reached"
    return f"{title} {what}, so “{operation.title}” was not carried out. Nothing was changed. Try again in a moment."
