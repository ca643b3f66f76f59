"""How this browser's last trip to the provider stands or ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from integrations.models import AuthorizationAttempt
from integrations.oauth.state import BROWSER, browser_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from integrations.models import Action

Outcome = AuthorizationAttempt.Outcome

#: How long the page still tells how the last trip ended.
TOLD_FOR = timedelta(hours=1)
TITLES = {
    Outcome.DENIED: "Access was not allowed.",
    Outcome.FAILED: "The authorization did not succeed.",
}
SILENCE = (
    "the callback URL is not registered exactly as shown here",
    "an administrator of the site has blocked apps of users",
    "the app is private, so only its creator can use it",
)


@dataclass(frozen=True)
class Ending:
    """A trip that ended without authorization."""

    title: str
    reason: str
    came_back: bool = True


def last_attempt(request: HttpRequest, action: Action) -> AuthorizationAttempt | None:
    """The newest attempt of this person in this browser."""
    if action.pk is None or request.user.pk is None or BROWSER not in request.session:
        return None
    mine = action.authorization_attempts.filter(
        end_user=None,
        user_id=request.user.pk,
        session_hash=browser_of(request.session),
        created_at__gt=timezone.now() - TOLD_FOR,
    )
    return mine.first()


def is_waiting(attempt: AuthorizationAttempt | None) -> bool:
    """Whether the provider may still send the browser back."""
    return attempt is not None and attempt.outcome == Outcome.PENDING and attempt.expires_at > timezone.now()


def ending_of(attempt: AuthorizationAttempt | None) -> Ending | None:
    """What to tell of a trip that ended without authorization; nothing while it lasts or when it succeeded."""
    if attempt is None or is_waiting(attempt):
        return None
    if attempt.outcome == Outcome.PENDING:
        return Ending(
            "Nothing came back within ten minutes.", "Nothing was authorized. The usual reasons:", came_back=False
        )
    title = TITLES.get(Outcome(attempt.outcome))
    return Ending(title, attempt.reason) if title else None


def word_for(attempt: AuthorizationAttempt | None) -> str:
    """The state in one word for the waiting page: waiting, expired, none, or the outcome."""
    if attempt is None:
        return "none"
    if attempt.outcome != Outcome.PENDING:
        return attempt.outcome
    return "waiting" if is_waiting(attempt) else "expired"
