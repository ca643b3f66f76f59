from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from integrations.models import AuthorizationAttempt, AuthorizationProfile, Connection, HeldGrant
from tests.factories import ConnectionFactory, ProfileFactory
from xoplatform import jobs
from xoplatform.core.crypto import SecretUnreadable
from xoplatform.core.fields import EncryptedTextField, sealed
from xoplatform.core.keyring import fingerprint, new_key
from xoplatform.encryption import keys, reencryption, rotation
from xoplatform.models import EncryptionKey, SecretRotation

if TYPE_CHECKING:
    from django.conf import LazySettings

pytestmark = pytest.mark.django_db

AT_ONCE = timedelta(0)


def rotate() -> str:
    out = StringIO()
    call_command("rotate_encryption", stdout=out)
    return out.getvalue()


def column(name: str = "access_token") -> EncryptedTextField:
    field = Connection._meta.get_field(name)
    assert isinstance(field, EncryptedTextField)
    return field


@pytest.fixture
def ring(settings: LazySettings) -> list[str]:
    """A new key before an old one, and three connections and a profile from before."""
    EncryptionKey.objects.all().delete()
    old, new = new_key(), new_key()
    settings.XO_ENCRYPTION_KEYS = [old]
    keys.note()
    ConnectionFactory.create_batch(3)
    ProfileFactory()
    settings.XO_ENCRYPTION_KEYS = [new, old]
    keys.note()
    return [new, old]


def everything_reads() -> bool:
    profile = AuthorizationProfile.objects.get()
    secrets = [secret for row in Connection.objects.all() for secret in (row.access_token, row.refresh_token)]
    return len({secret.reveal() for secret in [*secrets, profile.client_secret]}) == 7


def is_retired(key: str) -> bool:
    return EncryptionKey.objects.get(fingerprint=fingerprint(key)).retired_at is not None


def test_after_rotation_the_old_key_can_be_dropped(ring: list[str], settings: LazySettings) -> None:
    said = rotate()
    assert "Connection.access_token: 3 re-encrypted" in said
    assert f"number 2 ({fingerprint(ring[1])})" in said
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    assert everything_reads()
    assert not keys.lost()


def test_rotation_finds_every_encrypted_field() -> None:
    found = {(field.model, field.name) for field in reencryption.encrypted_fields()}
    assert found >= {
        (Connection, "access_token"),
        (Connection, "refresh_token"),
        (AuthorizationProfile, "client_secret"),
        (AuthorizationAttempt, "verifier"),
        (HeldGrant, "access_token"),
    }


def test_it_goes_on_where_it_stopped(ring: list[str]) -> None:
    pages = 0
    while rotation.advance(0, settle=AT_ONCE, page=1):
        pages += 1
        assert everything_reads()
    assert pages >= 14  # seven values, re-encrypted and verified
    assert rotation.ended()
    assert sum(rotation.rows().values_list("done", flat=True)) == 7
    assert is_retired(ring[1])


def test_the_older_key_is_kept_until_a_later_look_found_nothing(ring: list[str]) -> None:
    assert not rotation.advance(60)
    assert not is_retired(ring[1])  # a process that was not restarted yet may still use it
    SecretRotation.objects.update(moved_at=timezone.now() - rotation.SETTLE)
    assert not rotation.advance(60)
    assert is_retired(ring[1])


def test_what_an_old_process_stores_in_between_is_found(ring: list[str], settings: LazySettings) -> None:
    rotation.advance(60)
    settings.XO_ENCRYPTION_KEYS = ring[::-1]
    late = Connection.objects.all()[0]
    Connection.objects.filter(pk=late.pk).update(**sealed(late, access_token="late"))
    settings.XO_ENCRYPTION_KEYS = ring
    while rotation.advance(60, settle=AT_ONCE) or not rotation.ended():
        pass
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    assert Connection.objects.get(pk=late.pk).access_token.reveal() == "late"
    assert rotation.rows().get(column=str(column())).round == 3  # the second found it, so a third had to look


def test_an_old_process_does_not_turn_it_back(ring: list[str], settings: LazySettings) -> None:
    rotation.advance(60)
    settings.XO_ENCRYPTION_KEYS = ring[::-1]
    keys.note()
    assert not rotation.advance(60)
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    assert everything_reads()


def test_an_operator_can_go_back_to_an_older_key(ring: list[str], settings: LazySettings) -> None:
    rotate()
    settings.XO_ENCRYPTION_KEYS = ring[::-1]
    rotate()
    settings.XO_ENCRYPTION_KEYS = ring[1:]
    assert everything_reads()


def test_what_no_key_reads_is_left_alone_and_reported(ring: list[str], settings: LazySettings) -> None:
    before = list(Connection.objects.values_list("access_token", flat=True))
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    with pytest.raises(CommandError, match="7 secrets cannot be read"):
        rotate()
    after = Connection.objects.values_list("access_token", flat=True)
    assert [secret.ciphertext for secret in after] == [secret.ciphertext for secret in before]
    with pytest.raises(SecretUnreadable):
        Connection.objects.all()[0].access_token.reveal()
    assert keys.lost() == [fingerprint(ring[1])]


def test_a_lost_key_that_came_back_is_used_up_and_retired(ring: list[str], settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    while rotation.advance(60, settle=AT_ONCE) or not rotation.ended():
        pass
    settings.XO_ENCRYPTION_KEYS = ring
    while rotation.advance(60, settle=AT_ONCE) or not rotation.ended():
        pass
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    assert everything_reads()
    assert not keys.lost()


def test_a_lost_key_is_asked_for_no_more_once_nothing_needs_it(ring: list[str], settings: LazySettings) -> None:
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    Connection.objects.all().delete()
    AuthorizationProfile.objects.all().delete()
    rotate()
    assert not keys.lost()


def test_rotation_never_overwrites_a_newer_token(ring: list[str]) -> None:
    page = reencryption.read(column(), "")
    newer = Connection.objects.all()[1]
    Connection.objects.filter(pk=newer.pk).update(**sealed(newer, access_token="newer"))
    assert reencryption.write(column(), page) == 2
    assert Connection.objects.get(pk=newer.pk).access_token.reveal() == "newer"


def test_two_that_do_the_same_page_count_it_once(ring: list[str]) -> None:
    mine = SecretRotation.objects.create(fingerprint=fingerprint(ring[0]), column=str(column()))
    theirs = SecretRotation.objects.get()
    rotation._step(column(), mine, 2)
    rotation._step(column(), theirs, 2)
    assert (theirs.done, theirs.found, theirs.last_pk) == (2, 2, mine.last_pk)


def test_a_slow_one_does_not_move_the_next_round(ring: list[str]) -> None:
    slow = SecretRotation.objects.create(fingerprint=fingerprint(ring[0]), column=str(column()))
    rotation.advance(60)
    rotation._step(column(), slow, 2)
    assert (slow.round, slow.last_pk) == (2, "")


def test_a_row_saved_as_it_was_brings_no_old_key_back(ring: list[str], settings: LazySettings) -> None:
    before = AuthorizationProfile.objects.get()
    rotate()
    before.description = "Saved by somebody who read it before."
    before.save()
    settings.XO_ENCRYPTION_KEYS = ring[:1]
    assert everything_reads()


class TestJob:
    @pytest.fixture
    def queued(self, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, bool]]:
        """What goes to the queue."""
        found: list[dict[str, bool]] = []
        monkeypatch.setattr(jobs.rotate_secrets, "apply_async", lambda kwargs, countdown: found.append(kwargs))
        return found

    def test_without_a_new_key_there_is_nothing_to_do(self, queued: list[dict[str, bool]]) -> None:
        jobs.rotate_secrets()
        assert not SecretRotation.objects.exists()
        assert not queued

    def test_a_slice_that_ended_before_the_work_calls_the_next(
        self, ring: list[str], queued: list[dict[str, bool]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "SLICE", 0)
        jobs.rotate_secrets()
        assert queued == [{"goes_on": True}]
        jobs.rotate_secrets()  # the clock: leaves it in their hands
        assert len(queued) == 1
        SecretRotation.objects.update(moved_at=timezone.now() - rotation.IN_HANDS)
        jobs.rotate_secrets()  # they died
        assert len(queued) == 2


def test_a_new_key_is_printed() -> None:
    out = StringIO()
    call_command("newkey", stdout=out)
    assert len(out.getvalue().strip()) == 44
