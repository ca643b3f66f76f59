"""Installing several templates in the background, with progress that a page can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils import timezone

from dialogs.errors import ActionNotConfigured, QueueUnreachable
from dialogs.models import Installation
from integrations import api
from xoplatform.core.errors import PlatformError
from xoplatform.models import App

from .install import install, installed, is_configured
from .queue import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

log = structlog.get_logger(__name__)

FAILED = "It was not installed because of a fault that is in the log. An administrator of this installation can look."


def request_installations(app: App, provider: str, template_ids: Sequence[str], user: Any = None) -> None:
    """Queues the installation of templates that are not installed; those that are stay as they are.

    Raises QueueUnreachable when no worker can be told; the page then shows them as failed.
    """
    with transaction.atomic():
        for template_id in template_ids:
            Installation.objects.update_or_create(
                app=app,
                provider=provider,
                template_id=template_id,
                defaults={"status": Installation.Status.WAITING, "message": "", "requested_by": user},
            )
    try:
        enqueue("install_templates", app_id=app.pk, provider=provider, template_ids=list(template_ids))
    except QueueUnreachable as error:
        for template_id in template_ids:
            _note(app, provider, template_id, Installation.Status.FAILED, error.message)
        raise


def request_all(app: App, provider: str, user: Any = None) -> list[str]:
    """Queues the installation of all templates of a provider that are not installed; their ids.

    Raises ActionNotConfigured and QueueUnreachable.
    """
    if not is_configured(app, provider):
        raise ActionNotConfigured(provider=provider, app=app.name)
    present = installed(app, provider)
    wanted = [template.id for template in api.templates(provider) if template.id not in present]
    if wanted:
        request_installations(app, provider, wanted, user)
    return wanted


def carry_out(app_id: int, provider: str, template_ids: Sequence[str]) -> None:
    """Installs one after the other. One that fails does not keep the rest from being installed."""
    app = App.objects.get(pk=app_id)
    for template_id in template_ids:
        _note(app, provider, template_id, Installation.Status.INSTALLING)
        status, message = _install(app, provider, template_id)
        _note(app, provider, template_id, status, message)


def _install(app: App, provider: str, template_id: str) -> tuple[Installation.Status, str]:
    try:
        install(app, provider, template_id, "keep")
    except PlatformError as error:
        return Installation.Status.FAILED, error.message
    except Exception:
        log.exception("installation_failed", template=template_id)
        return Installation.Status.FAILED, FAILED
    return Installation.Status.INSTALLED, ""


def _note(app: App, provider: str, template_id: str, status: Installation.Status, message: str = "") -> None:
    rows = Installation.objects.filter(app=app, provider=provider, template_id=template_id)
    rows.update(status=status, message=message, updated_at=timezone.now())
