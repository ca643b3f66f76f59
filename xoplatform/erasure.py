"""Forgetting an end user for good."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import CASCADE, Q
from django.db.transaction import atomic, on_commit
from django_celery_results.models import TaskResult

from . import mailbox
from .models import EndUser
from .signals import describe_erasure, end_user_erasing

if TYPE_CHECKING:
    from django.db.models import Model


def erase(end_user: EndUser) -> str:
    """Removes the person with everything that is theirs, and returns the pseudonym that records keep instead.

    All or nothing: what listens to `end_user_erasing` works in the same transaction.
    """
    with atomic():
        person = EndUser.objects.select_for_update().get(pk=end_user.pk)
        pseudonym = f"erased-{secrets.token_hex(4)}"
        end_user_erasing.send(sender=EndUser, end_user=person, pseudonym=pseudonym)
        _forget_in_log(person)
        _forget_in_jobs(person)
        person.delete()
        on_commit(lambda: _forget_mails(end_user.email))
    return pseudonym


def consequences_of(end_user: EndUser) -> list[str]:
    """What an erasure removes, in sentences."""
    answers = describe_erasure.send_robust(sender=EndUser, end_user=end_user)
    told = [line for _receiver, answer in answers if isinstance(answer, list) for line in answer]
    return [*told, "Name, e-mail and the channel's id are forgotten. Nobody can bring them back."]


def _forget_in_log(person: EndUser) -> None:
    """The admin's own log names what was edited; rows that go with the person go from it too."""
    LogEntry.objects.filter(content_type=_type(EndUser), object_id=str(person.pk)).delete()
    for relation in EndUser._meta.related_objects:
        model = relation.related_model
        if relation.on_delete is CASCADE and isinstance(model, type):
            keys = model._default_manager.filter(**{relation.field.name: person}).values_list("pk", flat=True)
            for keys_of_some in _chunks([str(key) for key in keys]):
                LogEntry.objects.filter(content_type=_type(model), object_id__in=keys_of_some).delete()


def _forget_in_jobs(person: EndUser) -> None:
    """A job that failed may name the person in its error."""
    named = Q()
    for value in filter(None, (person.email, person.external_id)):
        named |= Q(result__contains=value) | Q(traceback__contains=value)
    TaskResult.objects.filter(named).update(result=None, traceback=None)


def _forget_mails(address: str) -> None:
    """Mail that stays on this machine goes too; a real mail server's is not ours to delete."""
    if not address or not mailbox.in_use():
        return
    for name in mailbox.names():
        mail = mailbox.read(name)
        if mail is not None and address in mail.to:
            (mailbox.mailbox_folder() / f"{name}.eml").unlink(missing_ok=True)


def _type(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model)


def _chunks(keys: list[str], size: int = 500) -> list[list[str]]:
    return [keys[at : at + size] for at in range(0, len(keys), size)]
