"""A grant that an end user has given but not confirmed yet."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xoplatform.core.fields import EncryptedTextField


class HeldGrant(models.Model):
    """Tokens between the consent of whoever opened a link and the proof that it is the right person.

    Nothing can be called with them: they become a connection in one transaction, or are erased.
    """

    attempt = models.OneToOneField(
        "integrations.AuthorizationAttempt", on_delete=models.CASCADE, related_name="held", primary_key=True
    )
    account_id = models.CharField(max_length=200, blank=True)
    account_name = models.CharField(max_length=200, blank=True)
    account_email = models.EmailField(blank=True)
    sites = models.JSONField(default=list, help_text=_("Sites of the grant: a list of {id, name, url}."))
    site_id = models.CharField(max_length=100, blank=True, help_text=_("The site that the person chose."))
    scopes = models.JSONField(default=list)
    access_token = EncryptedTextField()
    refresh_token = EncryptedTextField()
    token_ends_at = models.DateTimeField(null=True, blank=True)
    login = models.CharField(max_length=255, blank=True, help_text=_("Basic: the e-mail that is sent with the token."))
    base = models.CharField(max_length=500, blank=True, help_text=_("Basic: where calls go."))
    expires_at = models.DateTimeField(db_index=True, help_text=_("When it is erased if nobody confirms it."))

    def __str__(self) -> str:
        return f"A grant for {self.attempt}"

    @property
    def lapsed(self) -> bool:
        return self.expires_at <= timezone.now()
