"""The bare Django loop: the floor's work through the ORM and, over HTTP, through one view."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import connection, models, transaction

from .dialog import Provider, step


class BareState(models.Model):
    """A conversation's state in one row. Its table lives only while the benchmark runs."""

    state: Any = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[BareState]] = models.Manager()

    class Meta:
        app_label = "benchmarks"

    def __str__(self) -> str:
        return str(self.pk)


class BareDjango:
    """One SELECT, one committed UPDATE."""

    def __init__(self, provider_url: str) -> None:
        self._provider = Provider(provider_url)

    def prepare(self) -> None:
        """Makes the table anew."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {BareState._meta.db_table}")
        with connection.schema_editor() as editor:
            editor.create_model(BareState)

    def open(self, conversation: int) -> None:
        BareState.objects.create(pk=conversation)

    def turn(self, conversation: int, text: str) -> str:
        row = BareState.objects.get(pk=conversation)
        row.state, reply = step(row.state, text, self._provider)
        with transaction.atomic():
            row.save(update_fields=["state"])
        return reply
