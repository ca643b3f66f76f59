from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xoplatform.core.rotation import encrypted_fields, rotate


class Command(BaseCommand):
    help = "Re-encrypts every stored secret with the first key of XO_ENCRYPTION_KEYS; older keys can then be dropped."

    def handle(self, *_args: Any, **_options: Any) -> None:
        unreadable = 0
        for model, field in encrypted_fields():
            count = rotate(model, field)
            unreadable += count.unreadable
            self.stdout.write(f"{field}: {count.done} re-encrypted")
        if unreadable:
            raise CommandError(
                f"{unreadable} secrets cannot be read with any key and were left as they are. "
                "Put the key that made them back at the end of XO_ENCRYPTION_KEYS and run this again."
            )
