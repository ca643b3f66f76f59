from __future__ import annotations

from typing import TYPE_CHECKING

from integrations import checks

if TYPE_CHECKING:
    from django.conf import LazySettings


def test_the_providers_that_ship_are_as_they_should_be() -> None:
    assert checks.providers_load(None) == []


def test_something_that_is_not_a_key_is_reported(settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = ["nonsense"]
    assert [found.id for found in checks.encryption_keys(None)] == ["integrations.E002"]


def test_a_missing_registration_is_reported_with_the_settings(settings: LazySettings) -> None:
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "me", ""
    [found] = checks.system_clients(None)
    assert found.hint == "Set XO_JIRA_CLIENT_SECRET."
