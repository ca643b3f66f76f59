from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from xoplatform.core.keyring import fingerprints
from xoplatform.encryption import keys, rotation

#: Seconds between two lines of progress.
PACE = 5.0


class Command(BaseCommand):
    help = (
        "Re-encrypts every stored secret with the first key of XO_ENCRYPTION_KEYS, then says which keys can be "
        "dropped. The worker does the same in the background; both may be stopped at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--give-up",
            metavar="FINGERPRINT",
            help="stop asking for a lost key; what only it could read stays unreadable",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        keys.note()
        if options["give_up"]:
            self._give_up(options["give_up"])
            return
        rotation.start()
        while rotation.advance(PACE, settle=timedelta(0)):
            self._tell_progress()
        self._tell_columns()
        if unreadable := rotation.unreadable():
            raise CommandError(
                f"{unreadable} secrets cannot be read with any key and were left as they are. "
                "Put the key that made them back at the end of XO_ENCRYPTION_KEYS and run this again."
            )
        self._tell_keys()

    def _give_up(self, fingerprint: str) -> None:
        if not keys.give_up(fingerprint):
            raise CommandError(f"No key {fingerprint} is missing here. Nothing was changed.")
        self.stdout.write(f"Key {fingerprint} is not asked for any more. What only it could read: authorize again.")

    def _tell_progress(self) -> None:
        for row in rotation.rows().filter(ended_at=None).exclude(last_pk=""):
            doing = "re-encrypting" if row.round == 1 else "verifying"
            self.stdout.write(f"{row.column}: {doing}, {row.done} re-encrypted, at row {row.last_pk}")

    def _tell_columns(self) -> None:
        for row in rotation.rows():
            left = f", {row.unreadable} unreadable" if row.unreadable else ""
            self.stdout.write(f"{row.column}: {row.done} re-encrypted{left}")

    def _tell_keys(self) -> None:
        _front, *older = fingerprints()
        if older:
            named = ", ".join(f"number {number} ({one})" for number, one in enumerate(older, 2))
            self.stdout.write(
                f"Older keys are needed no more: {named}. Once every process runs with the new key in front, run this "
                "once more, then drop them from XO_ENCRYPTION_KEYS."
            )
