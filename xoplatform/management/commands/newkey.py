from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from xoplatform.core.crypto import new_key


class Command(BaseCommand):
    help = (
        "Prints a new encryption key. Put it in front of the others in XO_ENCRYPTION_KEYS, then run rotate_encryption."
    )
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(new_key())
