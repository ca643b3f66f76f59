"""What pages say about a registration that its provider refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from integrations.flows.client_fault_mails import page_of_fault
from integrations.flows.clients import place_of

from .base import title_of, vendor_of
from .display import moment

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from integrations.models import ClientFault


@dataclass(frozen=True)
class FaultNote:
    """A refused client as the banner shows it; ``page`` is empty where nothing can be corrected here."""

    title: str
    vendor: str
    where: str
    who: str
    words: str
    since: SafeString | str
    retry: SafeString | str
    page: str


def note_of(fault: ClientFault | None) -> FaultNote | None:
    """The banner's contents; None without a fault."""
    if fault is None:
        return None
    place = place_of(fault.provider, fault.profile)
    return FaultNote(
        title=title_of(fault.provider),
        vendor=vendor_of(fault.provider),
        where=place.where,
        who=place.who,
        words=fault.words,
        since=moment(fault.since),
        retry=moment(fault.retry_at) if fault.retry_at > timezone.now() else "with the next call",
        page=page_of_fault(fault) if fault.profile_id is not None else "",
    )
