from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class PlatformAdminConfig(AdminConfig):
    """Makes `PlatformAdminSite` the one admin site."""

    default_site = "xoplatform.admin_site.PlatformAdminSite"
