"""What everything else belongs to: Apps with their people, the keys of programs, and the keys of stored secrets."""

from __future__ import annotations

from .api_key import ApiKey, KeyState, Scope
from .app import App, AppQuerySet, EndUser, EndUserManager, Member, Role
from .encryption import EncryptionKey, SecretRotation
from .kept_answer import KeptAnswer

__all__ = [
    "ApiKey",
    "App",
    "AppQuerySet",
    "EncryptionKey",
    "EndUser",
    "EndUserManager",
    "KeptAnswer",
    "KeyState",
    "Member",
    "Role",
    "Scope",
    "SecretRotation",
]
