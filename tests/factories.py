"""Rows for tests. Staff are real users with real roles; tokens are marked so that a leak is found by searching."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from integrations.models import Action, AuthorizationProfile, ClientFault, Connection, RefreshRun, TokenRefresh
from xoplatform.models import App, EndUser, Member, Role


class AppFactory(DjangoModelFactory[App]):
    class Meta:
        model = App

    name = factory.Sequence(lambda n: f"Helpdesk {n}")
    slug = factory.Sequence(lambda n: f"helpdesk-app-{n}")


class StaffFactory(DjangoModelFactory[Any]):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"member{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    is_staff = True


class MemberFactory(DjangoModelFactory[Member]):
    class Meta:
        model = Member

    app = factory.SubFactory(AppFactory)
    user = factory.SubFactory(StaffFactory)
    role = Role.DEVELOPER


class EndUserFactory(DjangoModelFactory[EndUser]):
    class Meta:
        model = EndUser

    app = factory.SubFactory(AppFactory)
    external_id = factory.Sequence(lambda n: f"channel-{n}")
    email = factory.LazyAttribute(lambda person: f"{person.external_id}@example.com")


class ProfileFactory(DjangoModelFactory[AuthorizationProfile]):
    class Meta:
        model = AuthorizationProfile

    app = factory.SubFactory(AppFactory)
    name = factory.Sequence(lambda n: f"Our registration {n}")
    identity_provider = "Jira"
    client_id = "our-client"
    client_secret = "hidden-client-secret"


class ActionFactory(DjangoModelFactory[Action]):
    class Meta:
        model = Action

    app = factory.SubFactory(AppFactory)
    provider = "jira"
    edition = Action.Edition.DEVELOPER

    class Params:
        enabled = factory.Trait(status=Action.Status.ENABLED, first_enabled_at=factory.LazyFunction(timezone.now))


class ConnectionFactory(DjangoModelFactory[Connection]):
    """A grant that works for an hour; ``expired=True`` for one whose token has just ended."""

    class Meta:
        model = Connection

    action = factory.SubFactory(ActionFactory, enabled=True)
    account_id = "account-ada"
    account_name = "Ada Example"
    site_id = "site-acme"
    site_name = "acme"
    site_url = "https://acme.example.net"
    sites = factory.LazyAttribute(lambda row: [{"id": row.site_id, "name": row.site_name, "url": row.site_url}])
    scopes = factory.LazyFunction(lambda: ["read:jira-work", "write:jira-work", "read:jira-user", "offline_access"])
    client_id = "sandbox-client"
    access_token = factory.Sequence(lambda n: f"hidden-access-{n}")
    refresh_token = factory.Sequence(lambda n: f"hidden-refresh-{n}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))
    generation = 1

    class Params:
        expired = factory.Trait(expires_at=factory.LazyFunction(lambda: timezone.now() - timedelta(seconds=1)))


class TokenRefreshFactory(DjangoModelFactory[TokenRefresh]):
    """A refresh that worked a minute ago; ``outcome`` for another, ``open=True`` for one that is under way."""

    class Meta:
        model = TokenRefresh

    connection = factory.SubFactory(ConnectionFactory)
    generation = 1
    lease = factory.Sequence(lambda n: f"lease-{n}")
    owner = "machine/1/1"
    outcome = TokenRefresh.Outcome.RENEWED
    requests = 1
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))
    ended_at = factory.LazyAttribute(lambda row: row.started_at + timedelta(milliseconds=row.asked_ms or 0))
    asked_ms = 200
    kept_ms = 1.5

    class Params:
        open = factory.Trait(outcome=TokenRefresh.Outcome.STARTED, ended_at=None, asked_ms=None, kept_ms=None)


class RefreshRunFactory(DjangoModelFactory[RefreshRun]):
    """A pass of the clock that ended just now."""

    class Meta:
        model = RefreshRun

    owner = "machine/1/1"
    started_at = factory.LazyFunction(timezone.now)
    until = factory.LazyAttribute(lambda row: row.started_at + timedelta(minutes=2))
    ended_at = factory.LazyAttribute(lambda row: row.started_at)


class ClientFaultFactory(DjangoModelFactory[ClientFault]):
    """A registration that its provider has refused since a moment ago."""

    class Meta:
        model = ClientFault

    provider = "jira"
    profile = factory.SubFactory(ProfileFactory)
    mark = "mark"
    words = "invalid_client"
    since = factory.LazyFunction(timezone.now)
    last_seen_at = factory.LazyAttribute(lambda row: row.since)
    retry_at = factory.LazyAttribute(lambda row: row.since + timedelta(minutes=5))


def staff(app: App, role: Role = Role.DEVELOPER) -> Any:
    """A staff user with this role in the App."""
    return MemberFactory(app=app, role=role).user
