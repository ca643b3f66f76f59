from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from . import health

urlpatterns = [
    path("api/v1/", include("xoplatform.rest.urls")),  # asked most, and so found first
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/work", health.work, name="health_work"),
    path("metrics", health.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("integrations.urls")),
    path("", include("dialogs.urls")),
]
