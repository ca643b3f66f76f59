"""What stands before a round begins: an App, its action, and where the round says so a grant that the provider gave."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from integrations.catalog.base import Account, Site
from integrations.flows.grants import keep_grant
from integrations.models import Action, Connection
from integrations.oauth import Tokens
from tests.factories import ActionFactory, EndUserFactory
from tests.integrations.grants import Trip
from tests.integrations.visits import Visit, personal_action
from xoplatform.core.crypto import Secret
from xoplatform.encryption import keys
from xoplatform.models import App, EncryptionKey, SecretRotation

if TYPE_CHECKING:
    from tests.sandbox import Sandbox
    from xoplatform.models import EndUser

    from .plan import Actor, Round

SITES = ("acme", "globex")
#: The keys of a run, as `XO_ENCRYPTION_KEYS` knows them; a rotation puts the second in front.
KEYS = ("dGVzdHMtb25seS1rZXktdGVzdHMtb25seS1rZXktMTI=", "YW5vdGhlci1rZXktYW5vdGhlci1rZXktYW5vdGhlci0=")
#: Where each person's consent reaches. Ada is a member of one site only.
REACH = {"ben": SITES, "ada": ("acme",)}


def digest(secret: Secret) -> str:
    """How the provider's oracle calls a token."""
    return hashlib.sha256(secret.reveal().encode()).hexdigest()


@dataclass
class Consent:
    """A browser that has just been sent back to us, with everything that it brings."""

    way: Trip | Visit
    params: dict[str, str]


@dataclass
class Scene:
    """The rows of a round. `family` is that of the first grant's tokens at the provider."""

    sandbox: Sandbox
    action: Action
    end_user: EndUser | None
    connection_id: int | None = None
    family: str = ""
    sites: dict[str, str] = field(default_factory=dict)
    consents: dict[int, Consent] = field(default_factory=dict)

    def connection(self) -> Connection | None:
        """The grant as it is stored now."""
        rows = Connection.objects.select_related("action__app", "action__profile", "end_user")
        return rows.filter(action=self.action, end_user=self.end_user).first()

    def consent(self, person: str) -> Consent:
        """A person who has said yes on the provider's page and comes back."""
        way = self._way()
        way.begin()
        return Consent(way, way.consent(person=person, sites=REACH[person]))

    def _way(self) -> Trip | Visit:
        if self.end_user is None:
            return Trip(self.sandbox, self.action)
        return Visit(self.sandbox, self.action, self.end_user)


def prepare(sandbox: Sandbox, plan: Round) -> Scene:
    """A new scene, in a sandbox that has forgotten everything before."""
    sandbox.reset()
    for model in (App, EncryptionKey, SecretRotation):
        model._default_manager.all().delete()
    keys.note()
    sandbox.switch(profile=plan.profile)
    action = personal_action() if plan.personal else ActionFactory(enabled=plan.begins_connected)
    end_user = EndUserFactory(app=action.app, email="ben@example.com") if plan.personal else None
    scene = Scene(sandbox, action, end_user, sites={name: sandbox.cloud_id(name) for name in SITES})
    if plan.begins_connected:
        _connect(scene, plan)
    for place, actor in enumerate(plan.actors):
        if actor.verb in ("connect", "reconnect"):
            scene.consents[place] = scene.consent(_person(plan, actor))
    return scene


def _person(plan: Round, actor: Actor) -> str:
    return "ben" if plan.personal else actor.person


def _connect(scene: Scene, plan: Round) -> None:
    answer = scene.sandbox.grant("ben", SITES)
    known = scene.sandbox.refresh_token(answer["refresh_token"])
    tokens = Tokens(
        access_token=Secret(answer["access_token"]),
        refresh_token=Secret(answer["refresh_token"]),
        expires_in=answer["expires_in"],
        scopes=tuple(answer["scope"].split()),
    )
    row = keep_grant(
        scene.action,
        scene.end_user.pk if scene.end_user else None,
        tokens,
        Account(known["account_id"], "Ben Brook", "ben@example.com"),
        [Site(cloud_id, name, f"https://{name}.example.net") for name, cloud_id in scene.sites.items()],
        kind=Connection.Kind.OAUTH,
        client_id=scene.sandbox.client_id,
        site_id=scene.sites["acme"],
    )
    scene.connection_id, scene.family = row.pk, known["family"]
    age(row.pk, 3600 - plan.ending)
    if any(actor.verb == "ahead" for actor in plan.actors):
        Connection.objects.filter(pk=row.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def age(connection_id: int, seconds: float) -> None:
    """Lets this much time pass for a grant, without anybody waiting for it. The provider's clock goes by itself."""
    row = Connection.objects.filter(pk=connection_id).first()
    if row is None:
        return
    moments = ("expires_at", "refresh_expires_at", "due_at", "authorized_at", "last_refreshed_at", "last_used_at")
    moved = {name: value - timedelta(seconds=seconds) for name in moments if (value := getattr(row, name)) is not None}
    Connection.objects.filter(pk=connection_id).update(**moved)
