"""The first staff account: made once, its generated password shown until somebody changes it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.transaction import atomic

from .models import App, Member, Role

USERNAME = "admin"


def ensure_first_account() -> bool:
    """Creates the account and a demo App of which it is the owner, unless any account exists. True if it did."""
    users = get_user_model().objects
    if users.exists():
        return False
    password = secrets.token_urlsafe(9)
    with atomic():
        user = users.create_superuser(USERNAME, f"{USERNAME}@localhost", password)
        app = App.objects.create(
            name="Demo App", slug="demo", description="Yours to try things out: connect JIRA, install dialogs, talk."
        )
        Member.objects.create(app=app, user=user, role=Role.OWNER)
        _note().write_text("")
        _note().chmod(0o600)
        _note().write_text(password)
    return True


def sign_in_to_show() -> tuple[str, str] | None:
    """User name and password of the first account while the generated password still holds."""
    note = _note()
    if not note.exists():
        return None
    password = note.read_text()
    user = get_user_model().objects.filter(username=USERNAME, is_active=True).first()
    if user is None or not user.check_password(password):
        note.unlink()
        return None
    return USERNAME, password


def _note() -> Path:
    return Path(os.fspath(settings.VAR_DIR)) / "first-sign-in"
