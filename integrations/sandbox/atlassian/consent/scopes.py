"""Scopes in the words that the consent page shows."""

from __future__ import annotations

from integrations.sandbox.atlassian.contract.checker import contract

WORDS = {
    "offline_access": "Keep this access while you are away, until you revoke it.",
    "read:me": "View your profile: name, e-mail address, picture, time zone.",
    "report:personal-data": "Report which accounts it keeps personal data about.",
    "manage:jira-webhook": "Register and manage Jira webhooks.",
    "manage:jira-project": "Create and edit project settings.",
}


def in_words(scopes: str) -> list[tuple[str, str]]:
    """Each asked scope with what it means; one nobody knows is shown by its name alone."""
    known = {**contract().scope_words, **WORDS}
    return [(scope, known.get(scope, "")) for scope in scopes.split()]
