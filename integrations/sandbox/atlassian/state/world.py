"""Everything the stand-in knows and remembers, in one place."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import current_app

from .clock import Clock
from .counts import Counts
from .faults import Faults
from .jira_records import Comment, Issue, Project
from .ledger import Ledger
from .records import AccessToken, ApiToken, Client, Code, Family, Grant, Person, RefreshToken, Setting, Site, digest
from .search_index import SearchIndex
from .seed import first_issues, first_people, first_projects, first_sites
from .store import Collection, Store
from .switches import Switches


@dataclass(frozen=True)
class DefaultClient:
    """The app that exists from the start, as its developer registered it."""

    client_id: str = "sandbox-client"
    client_secret: str = "sandbox-secret"  # noqa: S105 - a stand-in's secret protects nothing
    callback_url: str = "http://127.0.0.1:8000/oauth/callback/"


class World:
    """Collections with their store, and what is set for the moment: clock, switches, faults, counts."""

    def __init__(self, store: Store, default_client: DefaultClient) -> None:
        self.store = store
        self.default_client = default_client
        self.settings = Collection(store, Setting, lambda each: each.name)
        self.people = Collection(store, Person, lambda each: each.account_id)
        self.sites = Collection(store, Site, lambda each: each.cloud_id)
        self.clients = Collection(store, Client, lambda each: each.client_id)
        self.api_tokens = Collection(store, ApiToken, lambda each: each.digest)
        self.grants = Collection(store, Grant, lambda each: each.key)
        self.codes = Collection(store, Code, lambda each: each.digest)
        self.families = Collection(store, Family, lambda each: each.id)
        self.refresh_tokens = Collection(store, RefreshToken, lambda each: each.digest)
        self.access_tokens = Collection(store, AccessToken, lambda each: each.digest)
        self.projects = Collection(store, Project, lambda each: each.id)
        self.issues = Collection(store, Issue, lambda each: each.id)
        self.comments = Collection(store, Comment, lambda each: each.id)
        self._start_over()
        with store.transaction():
            if not len(self.people):
                self._seed()
            self.register_default_client()

    def reset(self) -> None:
        """Forgets everything and begins again with the people, sites and issues of the start."""
        self.faults.lift()
        with self.store.transaction():
            for each in vars(self).values():
                if isinstance(each, Collection) and each is not self.settings:
                    each.clear()
            self._start_over()
            self._seed()
            self.register_default_client()

    def forget_counts(self) -> None:
        self.counts = Counts()

    def person(self, name: str | None) -> Person | None:
        """A person by short name, account id or e-mail address."""
        found = self.people.get(name)
        return found or next((each for each in self.people.all() if name in (each.key, each.email)), None)

    def site(self, name: str) -> Site | None:
        """A site by name or cloud id."""
        return self.sites.get(name) or next((each for each in self.sites.all() if each.name == name), None)

    def number(self, name: str, start: int) -> int:
        """The next number of a series; never given twice, not even after a restart."""
        with self.store.transaction():
            last = self.settings.get(name)
            value = int(last.value) + 1 if last else start
            self.settings.save(Setting(name, str(value)))
            return value

    def secret_key(self) -> str:
        """What signs the sandbox's own session cookies."""
        kept = self.settings.get("secret_key") or self.settings.save(Setting("secret_key", secrets.token_hex(32)))
        return kept.value

    def register_default_client(self) -> None:
        """The configured client id, secret and callback win over what an older run has stored."""
        wanted = self.default_client
        client = self.clients.get(wanted.client_id) or Client(wanted.client_id, "", "XO Platform", "")
        client.secret_digest = digest(self.ledger.note("client_secret", wanted.client_secret))
        client.callback_url = wanted.callback_url
        self.clients.save(client)

    def _start_over(self) -> None:
        self.clock = Clock()
        self.switches = Switches()
        self.faults = Faults()
        self.counts = Counts()
        self.ledger = Ledger()
        self.index = SearchIndex(self.issues.all())

    def _seed(self) -> None:
        for person in first_people():
            self.people.save(person)
        for site in first_sites():
            self.sites.save(site)
        for project in first_projects():
            self.projects.save(project)
        for issue in first_issues(self.clock.now()):
            self.keep_issue(issue)

    def keep_issue(self, issue: Issue) -> Issue:
        """Keeps an issue and lets the search index hear of it."""
        self.index.note(issue, self.clock.now() + self.switches.index_lag_seconds)
        return self.issues.save(issue)

    def remove_issue(self, issue: Issue) -> None:
        """Forgets an issue; the search index hears of it when it hears of everything."""
        self.index.note_removal(issue, self.clock.now() + self.switches.index_lag_seconds)
        self.issues.remove(issue)


def world() -> World:
    """The world of the app that answers the request at hand."""
    found: World = current_app.extensions["sandbox"]
    return found
