"""The fixed cast: Olive owns, Devi develops, Vic views, Stan works elsewhere, Rooty sees all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.factories import AppFactory, MemberFactory, StaffFactory
from xoplatform.models import App, Role

if TYPE_CHECKING:
    from collections.abc import Callable

CAST = {"olive": Role.OWNER, "devi": Role.DEVELOPER, "vic": Role.VIEWER}


@pytest.fixture
def app(db: None) -> App:
    """An App with Olive, Devi and Vic; Stan owns another one."""
    app = AppFactory(name="Helpdesk Bot", slug="helpdesk")
    for username, role in CAST.items():
        MemberFactory(app=app, role=role, user=StaffFactory(username=username))
    MemberFactory(
        app=AppFactory(name="Elsewhere", slug="elsewhere"), role=Role.OWNER, user=StaffFactory(username="stan")
    )
    StaffFactory(username="rooty", is_superuser=True)
    return app


@pytest.fixture
def sign_in(app: App) -> Callable[[str], Client]:
    """A browser in which the named one of the cast is signed in."""

    def browser(username: str) -> Client:
        client = Client()
        user: Any = get_user_model().objects.get(username=username)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser
