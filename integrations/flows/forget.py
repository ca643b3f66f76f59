"""What integrations keep about an end user, and how it is forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.models import AuditEntry, AuthorizationLink, Connection, OperationCall

from . import audit

if TYPE_CHECKING:
    from xoplatform.models import EndUser

HIDDEN = "•••"


def held_about(end_user: EndUser) -> list[str]:
    """Sentences for the page that asks before an erasure."""
    connections = Connection.objects.filter(end_user=end_user).count()
    links = AuthorizationLink.objects.filter(end_user=end_user).count()
    calls = OperationCall.objects.filter(end_user=end_user).count()
    return [
        f"{counted(connections, 'connection')} with all tokens and {counted(links, 'authorization link')} are deleted.",
        f"What was sent and received in {counted(calls, 'call')} of providers is deleted; that they were made stays.",
    ]


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, such as "1 link" or "12,000 people"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def forget(end_user: EndUser, pseudonym: str) -> None:
    """Erases tokens and links of the person, the contents of their calls, and their name from the audit."""
    AuthorizationLink.objects.filter(end_user=end_user).delete()
    Connection.objects.filter(end_user=end_user).delete()
    OperationCall.objects.filter(end_user=end_user).update(
        request={}, response={}, path="", account="", reference="", error=""
    )
    _forget_in_audit(end_user, pseudonym)
    entry = audit.note(end_user.app, audit.Verb.ERASED)
    AuditEntry.objects.filter(pk=entry.pk).update(pseudonym=pseudonym)


def _forget_in_audit(end_user: EndUser, pseudonym: str) -> None:
    """Takes the person out of their entries. Flows write no names there; should one, it goes as well."""
    entries = AuditEntry.objects.filter(end_user=end_user)
    names = [value for value in (end_user.email, end_user.name, end_user.external_id) if len(value) > 1]
    for entry in entries.iterator():
        clean = {"object": _without(entry.object, names), "details": _without(entry.details, names)}
        if clean != {"object": entry.object, "details": entry.details}:
            AuditEntry.objects.filter(pk=entry.pk).update(**clean)
    entries.update(end_user=None, pseudonym=pseudonym)


def _without(value: Any, names: list[str]) -> Any:
    if isinstance(value, dict):
        return {key: _without(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    if isinstance(value, str):
        for name in names:
            value = value.replace(name, HIDDEN)
    return value
