from __future__ import annotations

from .action import Action
from .audit_entry import AuditEntry
from .authorization_attempt import AuthorizationAttempt
from .authorization_link import AuthorizationLink
from .authorization_profile import AuthorizationProfile
from .connection import Connection
from .held_grant import HeldGrant
from .link_batch import LinkBatch, MailPace
from .operation_call import OperationCall

__all__ = [
    "Action",
    "AuditEntry",
    "AuthorizationAttempt",
    "AuthorizationLink",
    "AuthorizationProfile",
    "Connection",
    "HeldGrant",
    "LinkBatch",
    "MailPace",
    "OperationCall",
]
