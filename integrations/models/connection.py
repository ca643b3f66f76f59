"""A grant held for an Action: the App's own, or one end user's."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xoplatform.core.fields import EncryptedTextField


class Connection(models.Model):
    """Tokens, account and chosen site of one grant.

    Every write of the tokens is one UPDATE that names the generation it started from and adds one to
    it; whoever started from an older generation changes nothing. The lease says who is refreshing.
    """

    class State(models.TextChoices):
        CHOOSING_SITE = "choosing_site", _("Choose a site")
        CONNECTED = "connected", _("Connected")
        NEEDS_AUTHORIZATION = "needs_authorization", _("Authorize again")

    class Kind(models.TextChoices):
        OAUTH = "oauth", _("OAuth")
        BASIC = "basic", _("Basic")

    action = models.ForeignKey("integrations.Action", on_delete=models.CASCADE, related_name="connections")
    end_user = models.ForeignKey(
        "xoplatform.EndUser", null=True, blank=True, on_delete=models.CASCADE, related_name="connections"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OAUTH)
    state = models.CharField(max_length=30, choices=State.choices, default=State.CONNECTED)
    account_id = models.CharField(max_length=200, blank=True)
    account_name = models.CharField(max_length=200, blank=True)
    account_email = models.EmailField(blank=True)
    sites = models.JSONField(default=list, blank=True, help_text=_("Sites of the grant: a list of {id, name, url}."))
    site_id = models.CharField(max_length=100, blank=True)
    site_name = models.CharField(max_length=200, blank=True)
    site_url = models.URLField(max_length=500, blank=True)
    scopes = models.JSONField(default=list, blank=True)
    client_id = models.CharField(
        max_length=255, blank=True, help_text=_("The registration that got the grant; no other can refresh it.")
    )

    login = models.CharField(
        max_length=255, blank=True, help_text=_("Basic: the e-mail that is sent with the API token.")
    )
    base = models.CharField(
        max_length=500, blank=True, help_text=_("Basic: where calls go; empty: the provider's usual address.")
    )
    access_token = EncryptedTextField(bound_to=("action", "end_user"), help_text=_("Basic: the API token."))
    refresh_token = EncryptedTextField(bound_to=("action", "end_user"))
    expires_at = models.DateTimeField(null=True, blank=True)
    refresh_expires_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the grant ends if it is not refreshed before.")
    )
    generation = models.PositiveIntegerField(default=0, editable=False)
    #: Not stored: whether the call under way had to renew the token first.
    renewed = False
    lease_token = models.CharField(max_length=64, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    refresh_after = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Refreshing is not tried again before; set by failures.")
    )
    refresh_failures = models.PositiveSmallIntegerField(default=0, editable=False)
    due_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "When the clock renews it: shortly before the token of a used grant ends, otherwise before the "
            "grant does; empty if never."
        ),
    )

    new_sites = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("Sites that the account got since; offered, never chosen by themselves."),
    )
    sites_looked_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When the sites of the grant were last asked for.")
    )
    warned_for = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("The end of the grant of which people were warned.")
    )

    asked_generation = models.PositiveIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("The generation after whose loss the end user was asked again; once per loss."),
    )

    created_at = models.DateTimeField(auto_now_add=True)
    authorized_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_refreshed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    class Meta:
        ordering = ["action", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "end_user"], condition=Q(end_user__isnull=False), name="one_connection_per_end_user"
            ),
            models.UniqueConstraint(
                fields=["action"], condition=Q(end_user__isnull=True), name="one_connection_of_the_app"
            ),
        ]
        indexes = [
            # Not partial: SQLite does not use a partial index for a state that is a parameter of the statement.
            models.Index(fields=["state", "expires_at", "due_at"], name="connections_by_expiry"),
            models.Index(fields=["due_at", "id"], name="connections_by_due"),
            models.Index(fields=["state", "refresh_expires_at", "id"], name="connections_by_end"),
            models.Index(fields=["action", "-id"], name="connections_of_an_action"),
            models.Index(fields=["state", "-id"], name="connections_by_state"),
        ]

    def __str__(self) -> str:
        who = self.account_name or self.account_id or "unknown account"
        return f"{who} at {self.site_name}" if self.site_name else who

    @property
    def usable(self) -> bool:
        """Whether calls may be made with it."""
        return self.state == self.State.CONNECTED

    def lives_for(self, seconds: float) -> bool:
        """Whether the access token is still good in so many seconds, by the stored expiry."""
        if not self.access_token:
            return False
        return self.expires_at is None or (self.expires_at - timezone.now()).total_seconds() > seconds
