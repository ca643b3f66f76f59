"""Who may use an endpoint: each view declares it, and one place decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS

from xoplatform.models import Role, Scope

from .errors import NotAllowed

if TYPE_CHECKING:
    from .callers import Caller


class Keys(Enum):
    """What keys may do at an endpoint, whatever their scopes."""

    ALL = "all"
    READ = "read"
    NONE = "none"

    def may(self, *, to_write: bool) -> bool:
        return self is Keys.ALL or (self is Keys.READ and not to_write)


@dataclass(frozen=True)
class Access:
    """What a caller needs: a key the ``scope``, a staff user the role, which differs for reading and writing.

    ``people``: whether an end user's token will do; the view then shows nothing but this person's own.
    ``read`` or ``write`` None: no staff session will do, only a key.
    ``also_read``, ``also_write``: further scopes that let a key read or write.
    ``keys``: what could give somebody rights over the App is for staff alone, or read by keys at most.
    """

    scope: Scope
    read: Role | None = Role.VIEWER
    write: Role | None = Role.DEVELOPER
    people: bool = False
    also_read: tuple[Scope, ...] = ()
    also_write: tuple[Scope, ...] = ()
    keys: Keys = Keys.ALL

    def require(self, caller: Caller, role: Role | None, method: str) -> None:
        """Raises NotAllowed with what is missing. ``role`` is the staff user's in the App."""
        lacking = self.lacking(caller, role, method)
        if lacking:
            raise NotAllowed(who=caller.who, needed=lacking)

    def lacking(self, caller: Caller, role: Role | None, method: str) -> str:
        """What the caller would need for this, in words; empty when nothing is missing."""
        to_write = method not in SAFE_METHODS
        if caller.end_user is not None:
            return "" if self.people else "a key"
        if caller.key is not None:
            if not self.keys.may(to_write=to_write):
                return "a staff user's session"
            allowed = any(caller.has_scope(scope, to_write=to_write) for scope in self.scopes(to_write=to_write))
            return "" if allowed else f"the scope “{self.scope.value}”"
        needed = self.write if to_write else self.read
        if needed is None:
            return f"a key with the scope “{self.scope.value}”"
        return "" if role is not None and role.covers(needed) else f"the role “{needed.value}”"

    def scopes(self, *, to_write: bool) -> tuple[Scope, ...]:
        """Those of which a key needs one."""
        return (self.scope, *(self.also_write if to_write else self.also_read))
