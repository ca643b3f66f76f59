"""Links for many people: asked for at once, made in the background, counted as they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, F, Max
from django.utils import timezone

from integrations.flows import audit
from integrations.flows.queue import enqueue_on_commit
from integrations.models import Action, AuthorizationLink, LinkBatch
from xoplatform.models import EndUser

from .audience import Delivery, to_invite
from .making import Channel, require_use, unsent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: People whose links are made in one transaction.
CHUNK = 500
#: A batch this old is prepared, or its job was lost. A second job beside a slow one does no harm.
QUIET = timedelta(minutes=2)


def request_batch(action: Action, end_users: Iterable[EndUser] | None = None, user: Any = None) -> LinkBatch:
    """Asks for a link to each of these people, or to everybody who needs one; returns at once when it is everybody.

    Nobody gets two of one batch; asked twice for everybody, it is one batch until its links are made. ``user`` is the
    staff user or the API key that asked. Raises LinksNotUsed, or EndUserElsewhere for somebody of another App.
    """
    require_use(action)
    chosen = None if end_users is None else list(end_users)
    for person in chosen or ():
        require_use(action, person)
    with transaction.atomic():
        Action.objects.select_for_update().get(pk=action.pk)  # so that two requests at once see each other
        batch = _under_way(action) if chosen is None else None
        if batch is None:
            batch = _begun(action, chosen, user)
    batch.refresh_from_db()
    return batch


def _under_way(action: Action) -> LinkBatch | None:
    """A round for everybody whose links are still being made: another one beside it would mail people twice.

    It goes on to those who have come since.
    """
    batch = LinkBatch.objects.filter(action=action, everybody=True, prepared_at=None).first()
    if batch is not None:
        LinkBatch.objects.filter(pk=batch.pk).update(last_end_user_id=_newest(action))
        enqueue_on_commit("prepare_links", **_arguments(batch))
    return batch


def _newest(action: Action) -> int:
    return EndUser.objects.filter(app_id=action.app_id).aggregate(pk=Max("pk"))["pk"] or 0


def _begun(action: Action, chosen: list[EndUser] | None, user: Any) -> LinkBatch:
    batch = LinkBatch.objects.create(
        action=action,
        created_by=audit.staff_of(user),
        everybody=chosen is None,
        last_end_user_id=_newest(action) if chosen is None else 0,
        prepared_at=None if chosen is None else timezone.now(),
    )
    if chosen is not None:
        _make(batch, chosen)
    audit.note(
        action.app,
        audit.Verb.LINK_CREATED,
        actor=user,
        provider=action.provider,
        details={"channel": "mail", "everybody": chosen is None, "people": len(chosen or ())},
    )
    enqueue_on_commit("prepare_links" if chosen is None else "send_links", **_arguments(batch))
    return batch


def _arguments(batch: LinkBatch) -> dict[str, Any]:
    return {"batch_id": batch.pk} if batch.everybody else {}


def prepare(batch_id: int) -> None:
    """Makes the links of a batch, chunk by chunk. Killed and started again, it goes on where it was."""
    while batch := LinkBatch.objects.select_related("action").filter(pk=batch_id, prepared_at=None).first():
        people = list(
            to_invite(batch.action)
            .filter(pk__gt=batch.prepared_to, pk__lte=batch.last_end_user_id)
            .order_by("pk")[:CHUNK]
        )
        _advance(batch, people)


def unprepared() -> list[int]:
    """Batches that nobody has been working on for a while: their job was lost."""
    before = timezone.now() - QUIET
    return list(LinkBatch.objects.filter(prepared_at=None, created_at__lt=before).values_list("pk", flat=True))


def _advance(batch: LinkBatch, people: Sequence[EndUser]) -> None:
    """The next chunk. Two workers at the same batch make no link twice: the UPDATE lets one of them through."""
    position = people[-1].pk if people else batch.last_end_user_id
    with transaction.atomic():
        rows = LinkBatch.objects.filter(pk=batch.pk, prepared_to=batch.prepared_to, prepared_at=None)
        if not rows.update(prepared_to=position, prepared_at=None if people else timezone.now()):
            return
        _make(batch, people)
        enqueue_on_commit("send_links")


def _make(batch: LinkBatch, people: Sequence[EndUser]) -> None:
    now = timezone.now()
    with_email = [person for person in people if person.email]
    AuthorizationLink.objects.bulk_create(
        (
            unsent(
                batch.action,
                person,
                Channel.MAIL,
                batch=batch,
                created_by_id=batch.created_by_id,
                delivery=Delivery.QUEUED,
                send_after=now,
            )
            for person in with_email
        ),
        batch_size=CHUNK,
    )
    missing = len(people) - len(with_email)
    LinkBatch.objects.filter(pk=batch.pk).update(without_email=F("without_email") + missing)


@dataclass(frozen=True)
class Progress:
    """How far a batch is, in people; ``waiting`` includes mails that are being sent."""

    total: int
    sent: int
    waiting: int
    failed: int
    unknown: int
    withdrawn: int
    without_email: int
    prepared: bool

    @property
    def done(self) -> bool:
        return self.prepared and not self.waiting


def progress_of(batches: Sequence[LinkBatch]) -> dict[int, Progress]:
    """The progress of each of these batches by its id, in one query."""
    counts: dict[int, dict[str, int]] = {batch.pk: {} for batch in batches}
    rows = AuthorizationLink.objects.filter(batch__in=counts).order_by()
    for pk, delivery, number in rows.values_list("batch", "delivery").annotate(Count("pk")):
        counts[pk][delivery] = number
    return {batch.pk: _progress(batch, counts[batch.pk]) for batch in batches}


def _progress(batch: LinkBatch, by_delivery: dict[str, int]) -> Progress:
    return Progress(
        total=sum(by_delivery.values()),
        sent=by_delivery.get(Delivery.SENT, 0),
        waiting=by_delivery.get(Delivery.QUEUED, 0) + by_delivery.get(Delivery.SENDING, 0),
        failed=by_delivery.get(Delivery.FAILED, 0),
        unknown=by_delivery.get(Delivery.UNKNOWN, 0),
        withdrawn=by_delivery.get(Delivery.NONE, 0),
        without_email=batch.without_email,
        prepared=batch.prepared_at is not None,
    )
