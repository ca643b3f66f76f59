"""The admin of the frame: Apps, the people around them, staff accounts and the system's own pages."""

from __future__ import annotations

from xoplatform import overview

from . import api_keys, app, end_user, mailbox, member, staff, system

__all__ = ["api_keys", "app", "end_user", "mailbox", "member", "overview", "staff", "system"]
