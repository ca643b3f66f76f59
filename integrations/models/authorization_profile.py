"""How to authorize with a provider, in an App's own words: the Custom card."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from xoplatform.core.fields import EncryptedTextField


class AuthorizationProfile(models.Model):
    """Client, endpoints and scopes that an App's owner registered with a provider."""

    class Type(models.TextChoices):
        OAUTH2 = "oauth2", _("OAuth v2")
        CLIENT_CREDENTIALS = "client_credentials", _("OAuth v2 client credentials")
        PASSWORD_GRANT = "password_grant", _("OAuth v2 password grant")
        BASIC = "basic", _("Basic")
        API_KEY = "api_key", _("API key")

    class RequestMethod(models.TextChoices):
        GET = "GET", "GET"
        POST = "POST", "POST"
        PUT = "PUT", "PUT"
        PATCH = "PATCH", "PATCH"
        DELETE = "DELETE", "DELETE"

    class ContentType(models.TextChoices):
        FORM = "application/x-www-form-urlencoded", _("Form")
        JSON = "application/json", "JSON"

    app = models.ForeignKey("xoplatform.App", on_delete=models.CASCADE, related_name="authorization_profiles")
    name = models.CharField(max_length=100)
    type = models.CharField(_("authorization type"), max_length=30, choices=Type.choices, default=Type.OAUTH2)
    identity_provider = models.CharField(_("identity provider name"), max_length=100, blank=True)
    client_id = models.CharField(_("client ID"), max_length=255, blank=True)
    #: Known before the row is inserted, as its number is not.
    seal = models.UUIDField(
        default=uuid.uuid4, unique=True, editable=False, help_text=_("What its secret is bound to.")
    )
    client_secret = EncryptedTextField(bound_to=("app", "seal"))
    client_secret_set_at = models.DateTimeField(null=True, blank=True, editable=False)
    authorization_url = models.CharField(_("authorization URL"), max_length=3000, blank=True)
    token_url = models.CharField(_("token request URL"), max_length=3000, blank=True)
    refresh_url = models.CharField(_("refresh token URL"), max_length=3000, blank=True)
    scopes = models.JSONField(default=list, blank=True, help_text=_("A list of {key, value} pairs."))
    tenancy = models.BooleanField(_("subdomain"), default=False)
    base_url = models.CharField(
        _("base URL"), max_length=3000, blank=True, help_text=_("Holds {tenant} where the organization's name stands.")
    )
    check_url = models.CharField(
        _("check URL"), max_length=3000, blank=True, help_text=_("Asked by Test; it should answer only those who may.")
    )
    request_method = models.CharField(_("method"), max_length=10, choices=RequestMethod.choices, blank=True)
    content_type = models.CharField(_("content type"), max_length=40, choices=ContentType.choices, blank=True)
    auth_error_status = models.PositiveSmallIntegerField(_("auth error status code"), null=True, blank=True)
    form_fields = models.JSONField(
        default=list, blank=True, help_text=_("A list of {title, key, help}: what the person who authorizes types.")
    )
    additional_fields = models.JSONField(default=list, blank=True, help_text=_("A list of {key, value} pairs."))
    authorization_fields = models.JSONField(
        default=list, blank=True, help_text=_("A list of {type, key, value}; type is header, payload, query or path.")
    )
    description = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["app", "name"]
        constraints = [models.UniqueConstraint(fields=["app", "name"], name="one_profile_per_name")]

    def __str__(self) -> str:
        return self.name
