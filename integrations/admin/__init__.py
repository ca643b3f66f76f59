"""The face of integrations in the admin: importing the package registers its pages and model admins."""

from __future__ import annotations

from . import (
    action_admin,
    actions_page,
    attention,
    audit_admin,
    authorization_steps,
    basic_step,
    batch_admin,
    call_admin,
    configurations_page,
    connection_admin,
    ending_steps,
    link_admin,
    people_steps,
    profile_admin,
    profile_new,
    profile_trial,
    refresh_admin,
    scope_steps,
    vault_page,
)

__all__ = [
    "action_admin",
    "actions_page",
    "attention",
    "audit_admin",
    "authorization_steps",
    "basic_step",
    "batch_admin",
    "call_admin",
    "configurations_page",
    "connection_admin",
    "ending_steps",
    "link_admin",
    "people_steps",
    "profile_admin",
    "profile_new",
    "profile_trial",
    "refresh_admin",
    "scope_steps",
    "vault_page",
]
