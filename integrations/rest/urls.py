"""What the API has of integrations, below an App's address."""

from __future__ import annotations

from django.urls import path

from . import actions, audit, authorization, calls, connections, links, profiles, providers

ACTION = "actions/<slug:provider>/"
OPERATIONS = "providers/<slug:provider>/operations/"
PROFILE = "authorization-profiles/<id:profile_id>/"
LINK = "authorization-links/<id:link_id>/"

urlpatterns = [
    path("actions/", actions.Actions.as_view(), name="api-actions"),
    path(ACTION, actions.OneAction.as_view(), name="api-action"),
    path(f"{ACTION}deletion/", actions.Deletion.as_view(), name="api-action-deletion"),
    path(f"{ACTION}audience/", actions.Audience.as_view(), name="api-action-audience"),
    path(f"{ACTION}enable/", actions.Enable.as_view(), name="api-action-enable"),
    path(f"{ACTION}disable/", actions.Disable.as_view(), name="api-action-disable"),
    path(f"{ACTION}connection/", connections.OwnConnection.as_view(), name="api-own-connection"),
    path(f"{ACTION}consent/", authorization.Consent.as_view(), name="api-action-consent"),
    path(f"{ACTION}authorize/api-token/", authorization.AuthorizeBasic.as_view(), name="api-action-api-token"),
    path(f"{ACTION}authorize/direct/", authorization.AuthorizeDirectly.as_view(), name="api-action-direct"),
    path("authorization-profiles/", profiles.Profiles.as_view(), name="api-authorization-profiles"),
    path(PROFILE, profiles.OneProfile.as_view(), name="api-authorization-profile"),
    path(f"{PROFILE}test/", profiles.Trial.as_view(), name="api-authorization-profile-test"),
    path("connections/", connections.Connections.as_view(), name="api-connections"),
    path("connections/<id:connection_id>/", connections.OneConnection.as_view(), name="api-connection"),
    path("authorization-links/", links.Links.as_view(), name="api-authorization-links"),
    path(LINK, links.OneLink.as_view(), name="api-authorization-link"),
    path(f"{LINK}revoke/", links.Revoke.as_view(), name="api-authorization-link-revoke"),
    path(f"{LINK}confirm/", links.Confirm.as_view(), name="api-authorization-link-confirm"),
    path("link-batches/", links.LinkBatches.as_view(), name="api-link-batches"),
    path("link-batches/<id:batch_id>/", links.OneLinkBatch.as_view(), name="api-link-batch"),
    path("providers/", providers.Providers.as_view(), name="api-providers"),
    path("providers/<slug:provider>/", providers.OneProvider.as_view(), name="api-provider"),
    path(OPERATIONS, providers.Operations.as_view(), name="api-operations"),
    path(f"{OPERATIONS}<slug:operation>/", providers.OneOperation.as_view(), name="api-operation"),
    path(f"{OPERATIONS}<slug:operation>/call/", calls.Call.as_view(), name="api-operation-call"),
    path("operation-calls/", calls.Calls.as_view(), name="api-operation-calls"),
    path("operation-calls/<id:call_id>/", calls.OneCall.as_view(), name="api-operation-call-record"),
    path("audit/", audit.Audit.as_view(), name="api-audit"),
]
