"""Everything that can go wrong between us and a provider, in words for the person who meets it."""

from __future__ import annotations

from xoplatform.core.errors import PlatformError

# --- The catalogue ---------------------------------------------------------------------


class CatalogInvalid(PlatformError):
    """{file} is not as it should be: {problems}. The provider was not loaded.
    Whoever installed it can mend the file."""

    code = "catalog_invalid"
    status = 500


class UnknownProvider(PlatformError):
    """There is no provider named {provider} here. Nothing was done. Check the name."""

    code = "unknown_provider"
    status = 404


class UnknownOperation(PlatformError):
    """{provider} has no operation {operation}. Nothing was sent.
    A developer of the App can correct the service node."""

    code = "unknown_operation"
    status = 404


class CallSentBefore(PlatformError):
    """“{operation}” was sent before with this Idempotency-Key, and its answer was lost on the way to you. It was not
    sent again. What is known of it is recorded as operation call {call}."""

    code = "call_sent_before"
    status = 409


class ParameterInvalid(PlatformError):
    """{operation} was not sent to {provider}: {problem}. Nothing was changed. A developer of the App can correct it."""

    code = "parameter_invalid"


# --- Configuration ---------------------------------------------------------------------


class NotOffered(PlatformError):
    """{provider} cannot be authorized with {choice} here. Nothing was changed. Choose another way."""

    code = "not_offered"
    status = 409


class EditionMissing(PlatformError):
    """The edition of your {provider} site is not chosen. Nothing was sent. Choose it under Authorization and save."""

    code = "edition_missing"
    status = 409


class EditionRefused(PlatformError):
    """A {edition} site of {provider} cannot be authorized: {reason} Nothing was sent."""

    code = "edition_refused"
    status = 409


class ClientMissing(PlatformError):
    """{provider} cannot be authorized: {where} has no client ID and secret. Nothing was sent. {who} can set them."""

    code = "client_missing"
    status = 409


class ProfileMissing(PlatformError):
    """{provider} cannot be authorized with Custom: no authorization profile is selected. Nothing was changed or sent.
    Select one, or create one with Create New."""

    code = "profile_missing"
    status = 409


class NoSuchProfile(PlatformError):
    """There is no authorization profile “{profile}” in this App. Nothing was sent.
    A developer of the App can create it or choose another in the service node."""

    code = "no_such_profile"


class ProfileNotConnected(PlatformError):
    """The authorization profile “{profile}” needs a consent, and no action of the App uses it. Nothing was sent.
    A developer of the App can choose it for an action under Actions, or another profile in the service node."""

    code = "profile_not_connected"


class ProfileElsewhere(PlatformError):
    """The authorization profile “{profile}” is for {site} at {provider}; the request goes to another address.
    Nothing was sent, because that address could keep the authorization. A developer of the App can correct it."""

    code = "profile_elsewhere"


class ProfileRefused(PlatformError):
    """The client of the authorization profile “{profile}” was refused ({words}). The request was not sent.
    A developer of the App can correct the profile."""

    code = "profile_refused"


class RequestUnfit(PlatformError):
    """The request to {host} cannot be written: {problem}. Nothing was sent. A developer of the App can correct it."""

    code = "request_unfit"


class AddressForbidden(PlatformError):
    """{host} may not be reached from here: {problem}. Nothing was sent.
    The operator of this installation can allow the host with XO_ALLOW_PRIVATE_HOSTS."""

    code = "address_forbidden"


class ProfileUnfilled(PlatformError):
    """The authorization profile “{profile}” cannot be used yet: {what} is missing. Nothing was sent.
    Give it where you authorize, or complete the profile."""

    code = "profile_unfilled"
    status = 409


class ProfileInvalid(PlatformError):
    """The authorization profile was not saved. {problems}"""

    code = "profile_invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        #: What is wrong, by field.
        self.fields = fields
        super().__init__(problems=" ".join(fields.values()))


class ProfileInUse(PlatformError):
    """“{profile}” is used by {users}. It was not deleted. Choose another authorization there first."""

    code = "profile_in_use"
    status = 409


class NotAuthorized(PlatformError):
    """{provider} is not authorized in {app} yet, so it was not enabled. Authorize it first."""

    code = "not_authorized"
    status = 409


class NotConfigured(PlatformError):
    """{provider} is not configured in {app}, so there is nothing to disable or delete. Nothing was changed."""

    code = "not_configured"
    status = 409


class ConnectionsWouldEnd(PlatformError):
    """{what} would end what works now: {count} would have to be authorized again. Nothing was changed.
    Confirm it with confirm_end if that is meant."""

    code = "connections_would_end"
    status = 409


class PeopleUnconfirmed(PlatformError):
    """Enabling {provider} sends a link to {people} by mail, and that was not confirmed. Nothing was changed.
    Confirm it with confirm_people, which is to be {count}."""

    code = "people_unconfirmed"
    status = 409


class SiteUnknown(PlatformError):
    """That site is not part of what was allowed at {provider}. Nothing was changed. Choose one of the list."""

    code = "site_unknown"
    status = 409


# --- Coming back from a provider's consent page ------------------------------------------


class StateUnknown(PlatformError):
    """This sign-in was not started here, or its address is incomplete. Nothing was authorized.
    Start again from the page of the action."""

    code = "state_unknown"


class StateExpired(PlatformError):
    """This sign-in was started more than ten minutes ago and has lapsed. Nothing was authorized. Start again."""

    code = "state_expired"


class StateUsed(PlatformError):
    """This sign-in has already been finished once and cannot be used again. Nothing was changed by this visit.
    If the action does not show as authorized, start again."""

    code = "state_used"
    status = 409


class OtherBrowser(PlatformError):
    """This sign-in was started in another browser or by another person. Nothing was authorized by this visit.
    Finish it where it was started, or start again here."""

    code = "other_browser"
    status = 403


class ConfigurationChanged(PlatformError):
    """The authorization of {provider} was changed while you were away. Nothing was authorized. Start again."""

    code = "configuration_changed"
    status = 409


class ConsentDenied(PlatformError):
    """Access was not allowed on the page of {provider}. Nothing was authorized.
    To go on, start again and allow access."""

    code = "consent_denied"


class CodeRefused(PlatformError):
    """{provider} did not accept the sign-in: {words}. Nothing was authorized. Start again; if it happens twice,
    compare the callback address registered at {provider} with the one on the page of the action."""

    code = "code_refused"
    status = 409


class ClientRefused(PlatformError):
    """{provider} refused our client ID or secret. Existing authorizations were left as they are.
    {who} can correct {where}."""

    code = "client_refused"
    status = 409


class NoSite(PlatformError):
    """{account} allowed access, but to no {provider} site. Nothing was authorized. Start again and choose a site on the
    page of {provider}; if none is offered there, ask the administrator of the site for access."""

    code = "no_site"
    status = 409


# --- E-mail and API token ----------------------------------------------------------------


class SiteRefused(PlatformError):
    """“{site}” is not the address of a {provider} site. Nothing was sent or saved. It looks like {example}."""

    code = "site_refused"
    status = 409


class SiteNotThere(PlatformError):
    """There is no {provider} site at {site}. Nothing was saved. Compare the address with the one in your browser."""

    code = "site_not_there"
    status = 409


class TokenRefused(PlatformError):
    """{provider} did not accept this e-mail and API token at {site}. Nothing was saved. Check the e-mail; if it is
    right, the token may have ended or been removed, or the account has no access to the site: make a new token."""

    code = "token_refused"
    status = 409


class TokenTooNarrow(PlatformError):
    """{provider} accepts this API token, but the token's scopes do not let it say whose it is. Nothing was saved.
    Make a token with the scopes {scopes}, or one without scopes."""

    code = "token_too_narrow"
    status = 409


# --- An end user's own account -----------------------------------------------------------


class NotAsked(PlatformError):
    """{app} does not ask you to connect {provider} at the moment. Nothing was changed. The team behind {app} can say
    whether it will."""

    code = "not_asked"
    status = 409


class TeamMustMend(PlatformError):
    """{provider} cannot be connected to {app} at the moment, because {what}. Nothing was connected. The team behind
    {app} has to mend this: please tell them. Your link stays valid meanwhile."""

    code = "team_must_mend"
    status = 502


class AskedRecently(PlatformError):
    """A link was mailed to {address} less than ten minutes ago, so no other was sent. Look into your mailbox and
    into its spam folder, or try again later."""

    code = "asked_recently"
    status = 429


class TooManyTries(PlatformError):
    """This link has been tried too often. Nothing was sent and nothing was connected. Ask for a new link."""

    code = "too_many_tries"
    status = 429


class ConfirmationLapsed(PlatformError):
    """The access that was allowed at {provider} was not confirmed here in time and has been erased. Nothing was
    connected. Start again."""

    code = "confirmation_lapsed"
    status = 410


class IdentityMismatch(PlatformError):
    """{app} accepts only the {provider} account whose e-mail address is {expected}, and {account} has another one.
    Nothing was connected. Use the matching account; if your address has changed, the team behind {app} can correct it.
    """

    code = "identity_mismatch"
    status = 403


class IdentityHidden(PlatformError):
    """{app} accepts only the {provider} account whose e-mail address is {expected}, and {provider} does not tell the
    address of {account}. Nothing was connected. Let apps see your e-mail address under “Profile and visibility” of your
    account, then start again."""

    code = "identity_hidden"
    status = 403


class IdentityUnknown(PlatformError):
    """{app} accepts only the {provider} account with your own e-mail address, but knows no address of yours.
    Nothing was connected. The team behind {app} can add it."""

    code = "identity_unknown"
    status = 403


# --- Using and keeping a grant -----------------------------------------------------------


class GrantLost(PlatformError):
    """{provider} no longer accepts the authorization of {account}. Nothing was sent.
    It has to be authorized again."""

    code = "grant_lost"
    status = 409


class ConnectionGone(PlatformError):
    """This connection has been removed. Nothing was sent. Authorize again on the page of the action."""

    code = "connection_gone"
    status = 404


class ConnectionBusy(PlatformError):
    """This connection was authorized or renewed at the same moment. Its site was not changed. Look at it again,
    then choose."""

    code = "connection_busy"
    status = 409


class ProviderUnavailable(PlatformError):
    """{provider} could not be reached: {reason}. Nothing was changed by us. Try again in a moment."""

    code = "provider_unavailable"
    status = 503


class RefreshBusy(PlatformError):
    """The authorization at {provider} is being renewed and that takes longer than usual. Nothing was sent.
    Try again in a moment."""

    code = "refresh_busy"
    status = 503
