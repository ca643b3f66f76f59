"""Who makes a request of the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xoplatform.models import ApiKey, EndUser, Role, Scope

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from xoplatform.models import App


@dataclass(frozen=True)
class Caller:
    """A program with a key, an end user with a token that a key minted, or a staff user with a session."""

    key: ApiKey | None = None
    end_user: EndUser | None = None
    user: AbstractBaseUser | AnonymousUser | None = None
    #: With an end user's token: the site that had it minted has signed the person in.
    signed_in: bool = False

    @property
    def mark(self) -> str:
        """Tells this caller from all others; goes into logs, so it lets nobody in."""
        if self.end_user is not None:
            return f"person:{self.end_user.pk}"
        if self.key is not None:
            return f"key:{self.key.prefix}"
        return f"staff:{self.user.pk if self.user else None}"

    @property
    def actor(self) -> Any:
        """Who goes into the audit for what this caller does: the staff user or the key; None for an end user."""
        return self.user if self.end_user is None and self.key is None else (None if self.end_user else self.key)

    @property
    def who(self) -> str:
        """In an error's sentence."""
        if self.end_user is not None:
            return "An end user's token"
        return f"The key “{self.key.name}”" if self.key is not None else "Your account"

    def role_in(self, app: App) -> Role | None:
        """A staff user's role; None for everybody else. One query."""
        return app.role_of(self.user) if self.user is not None and self.key is None else None

    def has_scope(self, scope: Scope, *, to_write: bool) -> bool:
        """Whether the key may do what needs ``scope``; `Scope.READ` lets it read everything."""
        held = self.key.scopes if self.key is not None else []
        return scope in held or (not to_write and Scope.READ in held)
