"""One of each kind of object that an address can name. A new resource joins the walk here.

`MAKERS` has a function for each place in an address, ``part/{parameter}``. It makes a new object in the scene's App,
for the scene's person where it belongs to one, and returns what names it there. What it stands below is asked for with
``scene.value("part/{parameter}")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dialogs.flows.webhooks import keeping
from dialogs.flows.webhooks.handing_out import delivery_of
from dialogs.models import Webhook, WebhookEvent
from tests.factories import EndUserFactory, MemberFactory
from xoplatform import api_keys
from xoplatform.models import Scope

from . import of_authors, of_conversations, of_integrations

if TYPE_CHECKING:
    from collections.abc import Callable

    from .scene import Scene


def api_key(scene: Scene) -> Any:
    return api_keys.create(scene.app, f"example {scene.number}", [Scope.CHAT])[0].pk


def member(scene: Scene) -> Any:
    return MemberFactory(app=scene.app).pk


def end_user(scene: Scene) -> Any:
    return EndUserFactory(app=scene.app).pk


def webhook(scene: Scene) -> Any:
    name = f"Example {scene.number}"
    return keeping.create(scene.app, name, "https://hooks.example.com/", ["message.created"])[0].key


def webhook_delivery(scene: Scene) -> Any:
    hook = Webhook.objects.get(key=scene.value("webhooks/{webhook}"))
    event = WebhookEvent.objects.create(app=scene.app, type="message.created")
    row = delivery_of(event, hook)
    row.save()
    return row.pk


MAKERS: dict[str, Callable[[Scene], Any]] = {
    "keys/{key}": api_key,
    "members/{member}": member,
    "end-users/{end_user}": end_user,
    "webhooks/{webhook}": webhook,
    "deliveries/{delivery}": webhook_delivery,
    **of_authors.MAKERS,
    **of_conversations.MAKERS,
    **of_integrations.MAKERS,
}
#: Bodies without which nothing is to be seen; other operations are sent an empty one.
BODIES: dict[str, Any] = {**of_authors.BODIES, **of_conversations.BODIES}
#: Bodies of operations that look at the body before they look for the object. Sent only where there is none.
LOOKED_AT_FIRST: dict[str, Any] = {**of_integrations.LOOKED_AT_FIRST}
#: Places whose names mean the same in every App, or below every parent: there is no such thing as another App's.
SHARED: frozenset[str] = of_authors.SHARED | of_integrations.SHARED
#: Lists by operation whose rows are not made by the maker of their items; the function makes one more row.
ROWS: dict[str, Callable[[Scene], Any]] = {
    "list_apps": lambda scene: MemberFactory(user=scene.owner),
    **of_authors.ROWS,
    **of_conversations.ROWS,
    **of_integrations.ROWS,
}
#: Lists whose length no App decides.
FIXED: frozenset[str] = of_authors.FIXED | of_integrations.FIXED
#: Who is turned away with 403 at an operation although the view's access lets them in.
STRICTER: dict[str, set[str]] = {**of_conversations.STRICTER}
