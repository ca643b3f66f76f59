"""Token vault: whether grants are kept alive, for the whole installation or within one App."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from integrations.models import Connection, TokenRefresh
from integrations.vault import state
from integrations.vault.tally import Metric
from xoplatform.admin_site import app_page, page_context, system_page
from xoplatform.core.keyring import EncryptionKeyInvalid
from xoplatform.encryption import keys
from xoplatform.health import run_duties
from xoplatform.models import EncryptionKey, SecretRotation
from xoplatform.scoped_admin import APP_PARAMETER

from .client_faults import note_of
from .display import BAD, CONNECTION_TONES, OFF, REFRESH_TONES, moment
from .vault_plot import plot_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from xoplatform.models import App

State = Connection.State
Outcome = TokenRefresh.Outcome
#: Seconds between two looks of an open page.
AGAIN = 30
#: Seconds from which tenths of a millisecond tell nothing.
TENTHS = 0.02
#: What each outcome of a refresh means.
MEANING = {
    Outcome.RENEWED: "A new token was stored.",
    Outcome.UNAVAILABLE: "The provider gave no answer, or asked to wait. Tried again later; nothing is lost.",
    Outcome.CLIENT_REFUSED: "The provider refused client ID or secret. Connections are untouched.",
    Outcome.LOST: "The provider ended the grant. Somebody has to authorize again.",
    Outcome.ABANDONED: "The process ended half-way. Another one repeated the request.",
    Outcome.SUPERSEDED: "A newer grant was stored meanwhile, so this answer was not needed.",
}


@dataclass(frozen=True)
class Number:
    """One figure with what it means; ``link`` leads to the rows behind it."""

    title: str
    value: int
    detail: SafeString | str
    link: str
    tone: str = OFF


@dataclass(frozen=True)
class Ended:
    """Refreshes of the last day with one outcome."""

    title: str
    count: int
    meaning: str
    tone: str
    link: str


@system_page("vault/", name="system_vault")
def system_vault(request: HttpRequest) -> TemplateResponse:
    """The vault of the whole installation."""
    context = page_context(request, None, "Token vault") | _vault(None, None)
    context |= {
        "duties": [duty for duty in run_duties() if duty.error],
        "keys": EncryptionKey.objects.filter(retired_at=None).count(),
        "lost_keys": _lost_keys(),
        "rotations": list(SecretRotation.objects.filter(ended_at=None)),
    }
    return TemplateResponse(request, "integrations/admin/vault.html", context)


def _lost_keys() -> list[str]:
    try:
        return [fingerprint[:12] for fingerprint in keys.lost()]
    except EncryptionKeyInvalid:
        return []  # what is wrong then is more than a lost key, and stands under Health


@app_page("vault/", name="app_vault")
def app_vault(request: HttpRequest, app: App) -> TemplateResponse:
    """The same for the connections of one App."""
    actions = list(app.actions.values_list("pk", flat=True))
    context = page_context(request, app, "Token vault") | _vault(app, actions)
    return TemplateResponse(request, "integrations/admin/vault.html", context)


def _vault(app: App | None, actions: Sequence[int] | None) -> dict[str, Any]:
    figures = state.figures(actions)
    states = state.by_state(actions)
    clock = state.clock()
    return {
        "again": AGAIN,
        "now": timezone.localtime(),
        "anything": any(states.values()),
        "numbers": [*_states(app, states), *_at_work(app, actions)],
        "plot": plot_of(state.expiries(actions)),
        "held_back": [
            (one.reason or "No reason was noted.", one.count, moment(one.next_at)) for one in state.held_back(actions)
        ],
        "faults": [note_of(fault) for fault in state.faults(app.pk if app else None)],
        "clock": clock,
        "clock_ended": moment(clock.ended.ended_at) if clock.ended else "",
        "ended": _ended(app, figures.outcomes),
        "median": _time(figures.asked.quantile(Metric.ASKED, 0.5)),
        "slow": _time(figures.asked.quantile(Metric.ASKED, 0.95)),
        "window": _time(figures.kept.peak) if figures.outcomes[Outcome.RENEWED] else None,
        "waited": figures.waited,
        "longest_wait": _time(figures.waited.peak),
    }


def _time(seconds: float | None) -> str | None:
    """Such as "9.3 ms", "240 ms", "13.0 s"."""
    if seconds is None:
        return None
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.{0 if seconds >= TENTHS else 1}f} ms"


def _states(app: App | None, states: dict[str, int]) -> list[Number]:
    words = {
        State.CONNECTED: "ready to be used",
        State.CHOOSING_SITE: "authorized; the site is not chosen yet",
        State.NEEDS_AUTHORIZATION: "the grant is gone; somebody has to allow access again",
    }
    return [
        Number(
            str(name.label),
            states[name],
            words[name],
            _connections(app, state__exact=name),
            CONNECTION_TONES[name] if states[name] else OFF,
        )
        for name in (State.CONNECTED, State.CHOOSING_SITE, State.NEEDS_AUTHORIZATION)
    ]


def _at_work(app: App | None, actions: Sequence[int] | None) -> list[Number]:
    due, leases = state.due_now(actions), state.under_way(actions)
    late = due.age > state.LATE.total_seconds()
    return [
        Number(
            "Due now",
            due.count,
            _since(due.oldest, "the oldest was due {}", "nothing waits to be renewed"),
            _connections(app, renewal="due"),
            BAD if late else OFF,
        ),
        Number(
            "Under way",
            leases.count,
            _since(leases.oldest, "the longest began {}", "no provider is being asked"),
            _connections(app, renewal="under_way"),
        ),
    ]


def _since(value: Any, words: str, otherwise: str) -> SafeString | str:
    return format_html(words, moment(value)) if value else otherwise


def _ended(app: App | None, outcomes: dict[str, int]) -> list[Ended]:
    """Every outcome that occurred, and renewals in any case."""
    return [
        Ended(
            str(name.label), outcomes[name], words, REFRESH_TONES.get(name, OFF), _refreshes(app, outcome__exact=name)
        )
        for name, words in MEANING.items()
        if outcomes[name] or name == Outcome.RENEWED
    ]


def _connections(app: App | None, **query: str) -> str:
    return _list("connection", app, query)


def _refreshes(app: App | None, **query: str) -> str:
    return _list("tokenrefresh", app, query)


def _list(model: str, app: App | None, query: dict[str, str]) -> str:
    narrowed = {APP_PARAMETER: str(app.pk), **query} if app else query
    return f"{reverse(f'admin:integrations_{model}_changelist')}?{urlencode(narrowed)}"
