"""What an owner says about an API key."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xoplatform import api_keys
from xoplatform.core.errors import PlatformError
from xoplatform.models import Scope

if TYPE_CHECKING:
    from xoplatform.models import ApiKey

OVERLAPS: Final = (
    ("0", _("Not at all: it ends at once")),
    ("3600", _("One hour")),
    ("86400", _("One day")),
    ("604800", _("One week")),
    ("2592000", _("30 days")),
)


class ApiKeyForm(forms.Form):
    """For a new key, or for the one that is given."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Who uses it, such as the channel's name. One key for each program."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Give no more than the program needs. A chat channel needs the first."),
        error_messages={"required": _("Choose one at least.")},
    )
    requests_per_minute = forms.IntegerField(
        label=_("Requests a minute"),
        min_value=1,
        max_value=api_keys.LARGEST_LIMIT,
        initial=600,
        help_text=_("What comes beyond is refused until the minute is over."),
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("It opens nothing after this day. Empty: it has no end."),
    )

    def __init__(self, data: Any = None, *, key: ApiKey | None = None) -> None:
        self.key = key
        super().__init__(data, initial=_initial(key))

    def clean_expires_on(self) -> datetime | None:
        """The instant at which it ends: that of before if the day is the same, else the end of the day."""
        day = self.cleaned_data["expires_on"]
        if self.key is not None and day == self.initial["expires_on"]:
            return self.key.expires_at
        if day is None:
            return None
        ends = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
        try:
            api_keys.require_future(ends)
        except PlatformError:
            raise ValidationError(_("This day is over. Give today or a day to come, or leave it empty.")) from None
        return ends

    @property
    def values(self) -> dict[str, Any]:
        """By the names of the key's fields."""
        told = dict(self.cleaned_data)
        return {"expires_at": told.pop("expires_on"), **told}


def _initial(key: ApiKey | None) -> dict[str, Any]:
    if key is None:
        return {"scopes": [Scope.CHAT]}
    # An end at midnight is the end of the day before it.
    last = timezone.localdate(key.expires_at - timedelta(microseconds=1)) if key.expires_at else None
    told = {name: getattr(key, name) for name in ("name", "scopes", "requests_per_minute")}
    return {**told, "expires_on": last}


class RotationForm(forms.Form):
    """How long both values are taken."""

    overlap = forms.ChoiceField(
        label=_("How long the old value is still taken"),
        choices=OVERLAPS,
        initial="86400",
        help_text=_("Long enough to give the new one to the program. If the old one has leaked, end it at once."),
    )
