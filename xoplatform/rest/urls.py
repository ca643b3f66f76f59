"""Version 1 of the API. Each app of the project brings its resources."""

from __future__ import annotations

from django.urls import include, path, re_path, register_converter

from . import converters, docs
from .resources import api_keys, apps, end_users, members

register_converter(converters.IdConverter, "id")

urlpatterns = [
    path("apps/<slug:app>/", include("dialogs.rest.urls")),  # asked most, and so found first
    path("openapi.json", docs.Description.as_view(), name="api-description"),
    path("docs/", docs.Pages.as_view(), name="api-docs"),
    path("apps/", apps.Apps.as_view(), name="api-apps"),
    path("apps/<slug:app>/", apps.OneApp.as_view(), name="api-app"),
    path("apps/<slug:app>/keys/", api_keys.ApiKeys.as_view(), name="api-keys"),
    path("apps/<slug:app>/keys/<id:key>/", api_keys.OneApiKey.as_view(), name="api-key"),
    path("apps/<slug:app>/keys/<id:key>/rotate/", api_keys.ApiKeyRotation.as_view(), name="api-key-rotation"),
    path("apps/<slug:app>/keys/<id:key>/revoke/", api_keys.ApiKeyRevocation.as_view(), name="api-key-revocation"),
    path("apps/<slug:app>/members/", members.Members.as_view(), name="api-members"),
    path("apps/<slug:app>/members/<id:member>/", members.OneMember.as_view(), name="api-member"),
    path("apps/<slug:app>/end-users/", end_users.EndUsers.as_view(), name="api-end-users"),
    path("apps/<slug:app>/end-users/<id:end_user>/", end_users.OneEndUser.as_view(), name="api-end-user"),
    path("apps/<slug:app>/end-users/<id:end_user>/erasure/", end_users.Erasure.as_view(), name="api-erasure"),
    path("apps/<slug:app>/end-users/<id:end_user>/tokens/", end_users.EndUserTokens.as_view(), name="api-tokens"),
    path("apps/<slug:app>/", include("integrations.rest.urls")),
    re_path(r"^(?P<rest>[\s\S]*)$", docs.no_such_path),  # an address may hold ends of lines, too
]
