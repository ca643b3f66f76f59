from __future__ import annotations

from .action import Action
from .audit_entry import AuditEntry
from .authorization_attempt import AuthorizationAttempt
from .authorization_link import AuthorizationLink
from .authorization_profile import AuthorizationProfile
from .client_fault import ClientFault
from .connection import Connection
from .held_grant import HeldGrant
from .link_batch import LinkBatch, MailPace
from .operation_call import OperationCall
from .token_refresh import RefreshRun, TokenRefresh
from .vault_tally import VaultTally

__all__ = [
    "Action",
    "AuditEntry",
    "AuthorizationAttempt",
    "AuthorizationLink",
    "AuthorizationProfile",
    "ClientFault",
    "Connection",
    "HeldGrant",
    "LinkBatch",
    "MailPace",
    "OperationCall",
    "RefreshRun",
    "TokenRefresh",
    "VaultTally",
]
