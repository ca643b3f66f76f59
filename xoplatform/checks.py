"""Deploy checks: what must not reach production, and what rarely should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 -- Django's name

from . import mailbox

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Rule:
    """``broken`` says whether the settings break it."""

    kind: type[Error | Warning]
    id: str
    broken: Callable[[], bool]
    message: str
    hint: str


def _some_key_is_invalid() -> bool:
    try:
        return not [Fernet(key) for key in settings.XO_ENCRYPTION_KEYS]
    except ValueError:
        return True


RULES = (
    Rule(
        Error,
        "xoplatform.E001",
        lambda: bool(settings.XO_SANDBOX_URL),
        "The stand-in Atlassian is configured: anybody could sign in to it as anybody.",
        "Unset XO_SANDBOX_URL and point XO_ATLASSIAN_AUTH_URL and XO_ATLASSIAN_API_URL at Atlassian.",
    ),
    Rule(
        Error,
        "xoplatform.E002",
        lambda: settings.SECRET_KEY == settings.DEFAULT_SECRET_KEY,
        "The default secret key is in use, so sessions can be forged.",
        "Set XO_SECRET_KEY to at least 50 random characters.",
    ),
    Rule(
        Error,
        "xoplatform.E003",
        lambda: bool(_some_key_is_invalid()),
        "XO_ENCRYPTION_KEYS is empty or holds something that is not a Fernet key, so tokens cannot be kept.",
        "Set it to a key made by `manage.py newkey`; after a rotation, the newest first.",
    ),
    Rule(
        Error,
        "xoplatform.E004",
        lambda: bool(settings.DEBUG),
        "Debug mode shows settings to visitors.",
        "Unset XO_DEBUG.",
    ),
    Rule(
        Error,
        "xoplatform.E005",
        lambda: not settings.XO_BASE_URL.startswith("https://"),
        "The base address is not https, so sign-ins and authorization codes would travel in the clear.",
        "Set XO_BASE_URL to the public https address.",
    ),
    Rule(
        Error,
        "xoplatform.E006",
        mailbox.in_use,
        "Mail is kept in files on this machine, so nobody receives it, and superusers can open everybody's links.",
        "Set XO_EMAIL_URL, for example to smtp+tls://user:password@host:587.",
    ),
    Rule(
        Warning,
        "xoplatform.W001",
        lambda: settings.CELERY_BROKER_URL.startswith("filesystem:"),
        "Jobs wait in a folder: they are lost with a worker that dies, and one machine is all there can be.",
        "Set XO_BROKER_URL to Redis or RabbitMQ.",
    ),
    Rule(
        Warning,
        "xoplatform.W002",
        lambda: settings.EMAIL_BACKEND.endswith(".console.EmailBackend"),
        "Mail is only printed, so nobody receives an authorization link or a warning.",
        "Set XO_EMAIL_URL, for example to smtp+tls://user:password@host:587.",
    ),
)


@register(Tags.security, deploy=True)
def production_settings(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuses the stand-in Atlassian, default keys and plain http."""
    return [rule.kind(rule.message, hint=rule.hint, id=rule.id) for rule in RULES if rule.broken()]
