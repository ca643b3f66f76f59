"""The product as a subject: an App with a connected action, the dialog published, chatting in-process."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.contrib.auth import get_user_model
from django.utils import timezone

from dialogs.flows.author import create_task
from dialogs.flows.converse import post_message
from dialogs.flows.publish import publish
from dialogs.models import DialogTask
from integrations.models import Action, Connection
from xoplatform.models import App, EndUser, Member, Role

from .stub import SITE_ID, SITES

DIALOG = Path(__file__).parent / "create_issue.yaml"
SLUG = "bench"
STAFF = "bench"


class Product:
    """Every turn as a channel would post it: transcript, trace and call records included."""

    def __init__(self) -> None:
        self._open: dict[int, Any] = {}

    def prepare(self) -> None:
        """An App as a team would have it after the first ten minutes."""
        user, _ = get_user_model().objects.get_or_create(username=STAFF, is_staff=True)
        app, _ = App.objects.get_or_create(name="Bench", slug=SLUG)
        Member.objects.get_or_create(app=app, user=user, role=Role.OWNER)
        action, _ = Action.objects.update_or_create(
            app=app,
            provider="jira",
            defaults={"status": Action.Status.ENABLED, "first_enabled_at": timezone.now(), "edition": "developer"},
        )
        Connection.objects.filter(action=action).delete()
        Connection.objects.create(
            action=action,
            account_id="bench",
            account_name="Bench",
            sites=[{k: SITES[0][k] for k in ("id", "name", "url")}],
            site_id=SITE_ID,
            site_name="bench",
            site_url="https://bench.example",
            scopes=["read:jira-work", "write:jira-work", "read:jira-user", "read:me", "offline_access"],
            access_token="bench",
            refresh_token="bench",
            expires_at=timezone.now() + timedelta(days=1),
        )
        document = yaml.safe_load(DIALOG.read_text())
        task = DialogTask.objects.filter(app=app, name=document["name"]).first()
        publish(task or create_task(app, document), user)

    def open(self, conversation: int) -> None:
        app = App.objects.get(slug=SLUG)
        end_user, _ = EndUser.objects.get_or_create(app=app, external_id=f"bench-{conversation}")
        self._open[conversation] = [app, end_user, None]

    def turn(self, conversation: int, text: str) -> str:
        app, end_user, public_id = self._open[conversation]
        answer = post_message(app, end_user, text, conversation=public_id, channel="bench")
        self._open[conversation][2] = answer.conversation
        return "\n".join(reply["text"] for reply in answer.replies)
