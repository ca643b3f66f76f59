"""Two workers rotate and are killed, again and again, while tokens are renewed and read."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from django.db.models import Sum

from integrations.models import Action, Connection
from tests.factories import ActionFactory, EndUserFactory
from xoplatform.core.keyring import fingerprint, new_key
from xoplatform.encryption import keys, rotation
from xoplatform.models import EncryptionKey, SecretRotation

from .rotating import Fire, worker

if TYPE_CHECKING:
    from django.conf import LazySettings

ROWS = 120
SEED = 20261124


@pytest.fixture
def pks(transactional_db: None, settings: LazySettings) -> list[int]:
    """Connections from before the new key; settings have both keys, the new one in front."""
    EncryptionKey.objects.all().delete()
    settings.XO_ENCRYPTION_KEYS = [new_key()]
    keys.note()
    action: Action = ActionFactory(enabled=True)
    people = EndUserFactory.create_batch(ROWS, app=action.app)
    Connection.objects.bulk_create(
        Connection(
            pk=person.pk,
            action=action,
            end_user=person,
            access_token=f"hidden-access-{person.pk}",
            refresh_token=f"hidden-refresh-{person.pk}",
        )
        for person in people
    )
    settings.XO_ENCRYPTION_KEYS = [new_key(), *settings.XO_ENCRYPTION_KEYS]
    keys.note()
    return [person.pk for person in people]


def done() -> int:
    return SecretRotation.objects.aggregate(all=Sum("done"))["all"] or 0


@pytest.mark.proof
def test_no_token_is_lost_or_misread(pks: list[int], settings: LazySettings) -> None:
    new, old = settings.XO_ENCRYPTION_KEYS
    with Fire(pks).burning(SEED) as fire:
        for enough in (1, ROWS):
            workers = [worker([new, old], page=5) for _ in range(2)]
            patience = time.monotonic() + 60
            while done() < enough and time.monotonic() < patience:
                assert not fire.wrong
            for process in workers:
                process.kill()
                process.wait()
            assert not rotation.ended()
        last = worker([new, old], page=50)
        assert last.wait(60) == 0
    assert not fire.wrong, f"seed {SEED}"
    assert fire.written
    assert EncryptionKey.objects.get(fingerprint=fingerprint(old)).retired_at
    settings.XO_ENCRYPTION_KEYS = [new]
    for row in Connection.objects.all():
        assert row.access_token.reveal() == fire.written.get(row.pk, f"hidden-access-{row.pk}")
        assert row.refresh_token.reveal() == f"hidden-refresh-{row.pk}"
