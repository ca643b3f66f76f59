"""What people read when a call does not go through: what happened, what was not done, who can mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

#: Why a grant is gone, as far as we can know.
Loss = Literal["refused", "not_renewable", "other_client"]

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
    """Nobody has authorized the action yet, or this person has not."""
    if not action.pre_authorized:
        return f"I need your permission to use {title} for you. Nothing was sent."
    return (
        f"{title} is not authorized in {action.app.name}. Nothing was sent. "
        "A developer of the App can authorize it under Actions."
    )


def unusable(title: str, connection: Connection) -> str:
    """There is a grant that cannot be used as it is."""
    if connection.end_user_id is not None:
        return f"Your authorization of {title} is not complete or has ended. Nothing was sent. Please authorize again."
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


def lost(title: str, connection: Connection, loss: Loss) -> str:
    """Why a grant no longer works, kept on the connection and told to whoever can mend it."""
    account = connection.account_name or connection.account_id or "the account"
    if loss == "not_renewable":
        why = f"The authorization of {account} at {title} has ended, and it came without the right to be renewed."
    elif loss == "other_client":
        why = f"The authorization of {account} was given to another registered app, so it cannot be renewed."
    else:
        why = (
            f"{title} no longer accepts the authorization of {account}. Usually the access was ended in the account's "
            "settings, the password was changed, or it lay unused for too long."
        )
    return f"{why} Nothing was sent. It has to be authorized again."


def client_refused(title: str, connection: Connection, operation: Operation) -> str:
    """The provider does not accept the App's registration; said in chat, so it names no setting."""
    whose = "Your authorization" if connection.end_user_id is not None else "The authorization itself"
    return (
        f"{title} refuses the registration that the team of {connection.action.app.name} configured, so "
        f"“{operation.title}” was not carried out. Nothing was sent. {whose} is fine: nobody has to authorize again. "
        "A developer of the App can correct the registration under Actions."
    )


def silence(raw: str) -> str:
    """A failed request in words, for "could not be reached: …"."""
    if "Timeout" in raw:
        return "it did not answer in time"
    if "SSL" in raw:
        return "its certificate is not valid"
    if raw.startswith("status "):
        return f"it answered with {raw.removesuffix(' without JSON')}"
    return "no connection" if raw.endswith(("Error", "Exception")) else "it is out of order for the moment"


def token_ended(title: str, connection: Connection) -> str:
    """The provider takes an API token for nobody's; there is nothing that could renew it."""
    account = connection.account_name or connection.login or "the account"
    return (
        f"{title} no longer accepts the API token of {account}: it has ended, or was removed there. "
        "Nothing was changed. It has to be connected again with a new one."
    )


def needs_oauth(title: str, operation: Operation) -> str:
    """An operation of the platform, which knows only OAuth, was asked for with an API token."""
    return (
        f"“{operation.title}” cannot be asked of {title} with an API token. Nothing was sent. "
        "A developer of the App can choose the method OAuth under Actions."
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


def status_of(host: str, status: int) -> str:
    """A free request was answered with an error."""
    return f"{host} answered with status {status}."


def unknown_at(host: str, title: str) -> str:
    """The same for a free request."""
    return (
        f"“{title}” was sent, but the answer of {host} was lost, so it is unknown whether it was carried out. It was "
        "not sent again. Look there before you repeat it."
    )


def out_of_reach_at(host: str, title: str, outcome: str) -> str:
    """The same for a free request."""
    what = "did not answer in time" if outcome == "timed_out" else "could not be reached"
    return f"{host} {what}, so “{title}” was not carried out. Nothing was changed. Try again in a moment."


def reconciled(title: str, operation: Operation, outcome: str) -> str:
    """What a look for a lost call came to."""
    what = f"“{operation.title}”"
    return {
        "found": f"I looked in {title}: {what} was carried out.",
        "not_found": f"I looked in {title} and saw no sign that {what} was carried out, but it may show up later. "
        f"It was not sent again. Look in {title} before you repeat it.",
        "cannot_tell": f"Whether {what} was carried out could not be found out in {title}. It was not sent again. "
        f"Look in {title} before you repeat it.",
    }[outcome]
