from __future__ import annotations

import pytest

from integrations import api
from integrations.errors import UnknownProvider
from tests.factories import AppFactory, ConnectionFactory


def test_providers_are_named_for_people() -> None:
    assert api.providers()["jira"].title == "JIRA"


def test_operations_carry_their_schemas() -> None:
    create = api.operations("jira")["createIssue"]
    assert (create.method, create.path, create.idempotent) == ("POST", "/rest/api/3/issue", False)
    assert create.body is not None
    assert create.body["required"] == ["fields"]
    assert api.operations("jira")["getIssue"].parameters["required"] == ["issueIdOrKey"]


def test_what_changes_something_is_never_repeated_blindly() -> None:
    blind = {name for name, operation in api.operations("jira").items() if operation.idempotent}
    assert not blind & {"createIssue", "editIssue", "deleteIssue", "addComment", "doTransition"}


def test_an_unknown_provider_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownProvider):
        api.templates("nonesuch")


@pytest.mark.django_db
def test_an_app_has_one_action_per_provider() -> None:
    assert [action.provider for action in api.actions_of(AppFactory())] == list(api.providers())


@pytest.mark.django_db
def test_a_token_is_handed_out_without_being_shown() -> None:
    row = ConnectionFactory()
    token = api.access_token(row.pk)
    assert token.value.reveal() == row.access_token.reveal()
    assert "hidden" not in f"{token} {token!r}"
