from __future__ import annotations

from django.urls import path

from .views import oauth_callback

urlpatterns = [path("oauth/callback/", oauth_callback, name="oauth_callback")]
