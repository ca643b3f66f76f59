"""Registrations that their provider refuses: who may ask with one again, and when.

A refused client ID or secret is the configuration's fault. No connection is touched by it, and of all that use the
client only one caller asks again from time to time, so that thousands of connections do not send thousands of requests
that are bound to fail. Another client ID or secret is tried at once.

A renewal looks whether the client `rests`, asks `may_ask` once it has the lease, and calls `note` if the client is
refused, `clear` if it was accepted.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from integrations.models import Action, ClientFault
from integrations.models.statements import client_fault_of
from xoplatform.core.crypto import Secret
from xoplatform.logs import redact
from xoplatform.models import App

from . import audit
from .queue import enqueue_on_commit

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from integrations.models import AuthorizationProfile
    from integrations.oauth import OAuthClient

#: How long a refused client rests: doubled with each further refusal, up to the second.
REST = (timedelta(seconds=30), timedelta(minutes=10))
#: How long the one who asks again has at least; longer than all requests of one renewal may take.
TRIAL = timedelta(seconds=60)
#: Where an action in memory remembers whether `standing` found a fault.
_MEMO = "_client_fault_found"


def standing(action: Action, client: OAuthClient) -> ClientFault | None:
    """The fault that keeps this client from being asked with now, or None: ask. One query when all is well.

    Of many who come when its rest is over, exactly one gets None; one UPDATE decides. Whoever gets None must ask: until
    the trial is over nobody else will. A fault of another client ID or secret is ended here.
    """
    fault = client_fault_of(**_place(action))
    action.__dict__[_MEMO] = fault is not None
    if fault is None:
        return None
    if fault.mark != mark_of(client.client_id, client.client_secret):
        _end(fault, "another client ID or secret")
        return None
    now = timezone.now()
    if fault.retry_at > now:
        return fault
    mine = ClientFault.objects.filter(pk=fault.pk, refusals=fault.refusals, retry_at=fault.retry_at)
    taken = mine.update(refusals=fault.refusals + 1, retry_at=now + max(_rest(fault.refusals + 1), TRIAL))
    return None if taken else fault


def rests(action: Action, client: OAuthClient) -> bool:
    """Whether nobody may ask with this client now. Takes no trial, unlike `standing`, so anybody may look."""
    fault = client_fault_of(**_place(action))
    action.__dict__[_MEMO] = fault is not None
    same = fault is not None and fault.mark == mark_of(client.client_id, client.client_secret)
    return fault is not None and same and fault.retry_at > timezone.now()


def may_ask(action: Action, client: OAuthClient) -> bool:
    """Whether the caller may ask, or is the one who tries again. Costs nothing where `rests` found no fault."""
    return action.__dict__.get(_MEMO) is False or standing(action, client) is None


def note(action: Action, client: OAuthClient, words: str) -> None:
    """The provider refused this client, in these ``words``. The first time it is audited, and told to who can mend it.

    Requests that were under way together count as one refusal, so that the rest grows with time and not with traffic.
    """
    mark, now = mark_of(client.client_id, client.client_secret), timezone.now()
    seen: dict[str, Any] = {"words": redact(words[:300]), "last_seen_at": now}
    action.__dict__[_MEMO] = True
    with transaction.atomic():
        fault = _of(action).select_for_update().first()
        if fault is not None and fault.mark != mark:
            _end(fault, "another client ID or secret")
            fault = None
        if fault is None:
            fresh = {**seen, "mark": mark, "since": now, "retry_at": now + _rest(1)}
            fault, begun = ClientFault.objects.get_or_create(**_place(action), defaults=fresh)
            if begun:
                _audit(fault, audit.Verb.CLIENT_REFUSED, {"reason": seen["words"]})
                enqueue_on_commit("tell_client_fault", fault_id=fault.pk)
            return
        if fault.retry_at <= now:
            seen |= {"refusals": fault.refusals + 1, "retry_at": now + _rest(fault.refusals + 1)}
        ClientFault.objects.filter(pk=fault.pk).update(**seen)


def clear(action: Action) -> None:
    """The client was accepted. Costs nothing where `standing` has just found no fault for the same ``action``.

    A fault that somebody notes between `standing` and here stays for one rest, and is then cleared by the one who asks.
    """
    if action.__dict__.get(_MEMO, True):
        for fault in _of(action):
            _end(fault, "the client is accepted again")
        action.__dict__[_MEMO] = False


def clear_changed(profile: AuthorizationProfile, *, anyway: bool) -> None:
    """A profile was saved: ends its faults if they are of another client ID or secret, or ``anyway``."""
    for fault in ClientFault.objects.filter(profile=profile):
        if anyway or fault.mark != mark_of(profile.client_id, profile.client_secret):
            _end(fault, "the profile was changed")


def mark_of(client_id: str, secret: Secret | str) -> str:
    """Tells one pair of client ID and secret from another; neither can be read from it."""
    plain = secret.reveal() if isinstance(secret, Secret) else secret
    pair = f"{len(client_id)}:{client_id}{plain}"
    return salted_hmac("integrations.client_fault", pair, algorithm="sha256").hexdigest()


def faults_of(action: Action) -> QuerySet[ClientFault]:
    """The fault of the client that this action uses, if there is one; none for API tokens, which need no client."""
    return ClientFault.objects.none() if action.method == Action.Method.BASIC else _of(action)


def apps_of(fault: ClientFault) -> QuerySet[App]:
    """The Apps that use the refused client."""
    if fault.profile_id is not None:
        return App.objects.filter(authorization_profiles=fault.profile_id)
    users = Action.objects.filter(
        provider=fault.provider,
        card=Action.Card.SYSTEM,
        method=Action.Method.OAUTH,
        status__in=(Action.Status.ENABLED, Action.Status.ERROR),
    )
    return App.objects.filter(pk__in=users.values("app"))


def _place(action: Action) -> dict[str, Any]:
    return {"provider": action.provider, "profile_id": action.profile_id if action.card == Action.Card.CUSTOM else None}


def _of(action: Action) -> QuerySet[ClientFault]:
    return ClientFault.objects.filter(**_place(action))


def _rest(refusals: int) -> timedelta:
    return min(REST[0] * (1 << min(refusals - 1, 10)), REST[1])


def _end(fault: ClientFault, why: str) -> None:
    with transaction.atomic():
        same = ClientFault.objects.filter(pk=fault.pk, mark=fault.mark)
        if same.delete()[0]:
            _audit(fault, audit.Verb.CLIENT_MENDED, {"reason": why})


def _audit(fault: ClientFault, verb: str, details: dict[str, Any]) -> None:
    what = fault.profile.name if fault.profile else "System"
    for app in apps_of(fault):
        audit.note(app, verb, provider=fault.provider, what=what, details=details)
