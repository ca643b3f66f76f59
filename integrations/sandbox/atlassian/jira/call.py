"""One request to Jira, after everything that is not Jira's business has been settled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response

if TYPE_CHECKING:
    from integrations.sandbox.atlassian.state.records import Person, Site
    from integrations.sandbox.atlassian.state.world import World


@dataclass(frozen=True)
class Call:
    """Who (None: anonymous) asks which site for what. `base` is the site's address in links."""

    here: World
    site: Site
    actor: Person | None
    base: str
    parameters: dict[str, Any]
    body: dict[str, Any]

    @property
    def account_id(self) -> str:
        return self.actor.account_id if self.actor else ""

    @property
    def locale(self) -> str:
        return self.actor.locale if self.actor else "en_US"


Handler = Callable[[Call], Response]
