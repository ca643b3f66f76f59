"""Where Jira Cloud differs from plain OAuth 2.0 and JSON over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from integrations.catalog.base import Account, Ask, Provider, Reaction, Refused, Reply, Site

from .fields import described

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integrations.catalog.operations import JSON, Operation

RESOURCES = "/oauth/token/accessible-resources"
SITE_LOOKUP = "getAccessibleSite"
CREATE_FIELDS, TRANSITION_FIELDS = "getCreateFields", "getTransitionFields"
#: Jira's own word, beside a status of 200, that it took the credentials for nobody's and answered a stranger.
LOGIN_REASON = "x-seraph-loginreason"
STRANGER = ("AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED")


class Jira(Provider):
    """Jira Cloud: sites from accessible-resources, account from /me, two layers of errors."""

    def sites(self, ask: Ask) -> list[Site]:
        """Atlassian, OAuth 2.0 (3LO) apps, "Make calls to the API": one id may stand there once per product."""
        return _jira_sites(ask(RESOURCES).body)

    def sites_told(self, operation: Operation, body: JSON) -> list[Site]:
        """The site lookup answers with all sites of the grant, so that a new one costs no request of its own."""
        return _jira_sites(body) if operation.name == SITE_LOOKUP else []

    def account(self, ask: Ask) -> Account:
        """Atlassian, OAuth 2.0 (3LO) apps, "Retrieve the public profile". E-mail and name may be hidden."""
        reply = ask("/me")
        body = reply.body if reply.status == 200 and isinstance(reply.body, dict) else {}  # noqa: PLR2004
        return Account(
            id=str(body.get("account_id") or ""), name=str(body.get("name") or ""), email=str(body.get("email") or "")
        )

    def basic_account(self, reply: Reply) -> Account | None:
        """Atlassian, Jira Cloud REST API, "Get current user"; the header must name the same account as the body."""
        body = reply.body if reply.status == 200 and isinstance(reply.body, dict) else {}  # noqa: PLR2004
        account = str(body.get("accountId") or "")
        if not account or reply.headers.get("x-aaccountid") != account or _is_stranger(reply):
            return None
        return Account(account, str(body.get("displayName") or ""), str(body.get("emailAddress") or ""))

    def at_site(self, operation: Operation) -> str | None:
        """API tokens do not work at the platform, but the site tells its own id."""
        basic = self.manifest.authorization.basic
        return basic.site_id if basic and operation.name == SITE_LOOKUP else None

    def reaction(self, reply: Reply) -> Reaction:
        """Only the gateway answers ``{code, message}``, and its texts are never localised as Jira's are."""
        if _is_stranger(reply):
            return Reaction.RENEW_TOKEN
        gateway = _of_gateway(reply)
        if reply.status == 401 and "scope does not match" in str(gateway.get("message", "")):  # noqa: PLR2004
            return Reaction.ASK_FOR_SCOPES
        if reply.status == 403 and gateway:  # noqa: PLR2004
            return Reaction.SITE_GONE
        return super().reaction(reply)

    def may_have_expired(self, reply: Reply) -> bool:
        """The gateway has been seen to answer an expired token with 403 or 404. Jira's own "no permission" and "no such
        issue" come in another form and are never about the token."""
        return reply.status in (403, 404) and bool(_of_gateway(reply))

    def words(self, reply: Reply) -> str:
        """Jira's ErrorCollection, or the gateway's message, in the language of the account."""
        if not isinstance(reply.body, dict):
            return ""
        messages = [str(m) for m in reply.body.get("errorMessages") or []]
        errors = reply.body.get("errors")
        if isinstance(errors, dict):
            messages += [f"{field}: {text}" for field, text in errors.items()]
        return " ".join(messages) or str(reply.body.get("message") or "")

    def adapt(self, operation: Operation, body: JSON, site: Mapping[str, Any]) -> JSON:
        """Gives the pinned site, never the first of the list; and fields in the form in which they can be asked."""
        if operation.name != SITE_LOOKUP:
            return _with_fields(operation, body)
        if isinstance(body, dict):  # the site's own answer about itself, see at_site
            found = Site(site["id"], site["name"], site["url"]) if body.get("cloudId") == site["id"] else None
        else:
            found = next((s for s in _jira_sites(body) if s.id == site["id"]), None)
        if found is None:
            raise Refused(
                f"The Jira site {site['name']} is no longer open to this authorization. Nothing was changed in Jira. "
                "A developer of the App can authorize JIRA again and allow that site."
            )
        return {"id": found.id, "name": found.name, "url": found.url}


def _with_fields(operation: Operation, body: JSON) -> JSON:
    """An answer whose metadata of fields has become descriptions; any other as it is."""
    if not isinstance(body, dict):
        return body
    if operation.name == CREATE_FIELDS:
        listed = body.get("fields") or body.get("results") or []
        return {"fields": described((str(each.get("fieldId") or each.get("key")), each) for each in listed)}
    if operation.name == TRANSITION_FIELDS:
        moves = [move | {"fields": described((move.get("fields") or {}).items())} for move in body["transitions"]]
        return {"transitions": moves}
    return body


def _of_gateway(reply: Reply) -> dict[str, Any]:
    """The body of a refusal by the gateway, ``{code, message}``; empty for Jira's own answers and anybody else's."""
    body = reply.body if isinstance(reply.body, dict) else {}
    return body if {"code", "message"} <= body.keys() and not {"errorMessages", "errors"} & body.keys() else {}


def _is_stranger(reply: Reply) -> bool:
    return reply.headers.get(LOGIN_REASON, "") in STRANGER


def _jira_sites(body: JSON) -> list[Site]:
    """Entries with a Jira scope, each site once; Confluence-only entries are left out."""
    sites: dict[str, Site] = {}
    for entry in body if isinstance(body, list) else []:
        scopes = tuple(str(scope) for scope in entry.get("scopes", []))
        if any("jira" in scope for scope in scopes):
            sites.setdefault(entry["id"], Site(entry["id"], entry.get("name", ""), entry.get("url", ""), scopes))
    return list(sites.values())


PROVIDER = Jira
