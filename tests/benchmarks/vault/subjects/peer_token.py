"""Where Authlib and requests-oauthlib keep tokens: a model such as Authlib's documentation shows for Django."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connection, models

from tests.benchmarks.vault.endpoint import access_token, refresh_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from . import Grant


class PeerToken(models.Model):
    """One user's token, in plain text as the documentation has it. Its table lives only while the bench runs."""

    name = models.CharField(max_length=40)
    token_type = models.CharField(max_length=40, default="Bearer")
    access_token = models.TextField()
    refresh_token = models.TextField()
    expires_at = models.PositiveIntegerField()

    objects: ClassVar[models.Manager[PeerToken]] = models.Manager()

    class Meta:
        app_label = "vault"

    def __str__(self) -> str:
        return str(self.pk)

    def to_token(self) -> dict[str, Any]:
        return {
            "access_token": self.access_token,
            "token_type": self.token_type,
            "refresh_token": self.refresh_token,
            "expires_at": self.expires_at,
        }

    def keep(self, token: dict[str, Any]) -> None:
        self.access_token = token["access_token"]
        self.refresh_token = token["refresh_token"]
        self.expires_at = int(token["expires_at"])
        with borrowed():
            self.save()


def make_table(grants: Sequence[Grant]) -> None:
    with borrowed():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {PeerToken._meta.db_table}")
        with connection.schema_editor() as editor:
            editor.create_model(PeerToken)
        PeerToken.objects.bulk_create(
            PeerToken(
                pk=grant.number,
                name="atlassian",
                access_token=access_token(grant.number),
                refresh_token=refresh_token(grant.number),
                expires_at=int(grant.expires_at),
            )
            for grant in grants
        )


def find(number: int) -> PeerToken:
    with borrowed():
        return PeerToken.objects.get(pk=number)


@contextmanager
def borrowed() -> Iterator[None]:
    """Gives this thread's connection back to the pool at the end, where there is one; SQLite's stays open."""
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            connection.close()
