from __future__ import annotations

from django.contrib.auth.views import LoginView
from django.urls import path
from oauth2_provider.views import AuthorizationView, TokenView  # type: ignore[import-untyped]

from . import resources

urlpatterns = [
    path("accounts/login/", LoginView.as_view()),
    path("authorize", AuthorizationView.as_view()),
    path("oauth/token", TokenView.as_view()),
    path("oauth/token/accessible-resources", resources.accessible_resources),
    path("me", resources.me),
    path("ex/jira/<str:cloud_id>/<path:rest>", resources.jira),
]
