"""What the model admins here share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.forms import Script
from django.http import Http404, HttpRequest

from integrations.catalog import registry
from integrations.errors import UnknownProvider
from xoplatform.admin_site import AppScopedAdmin

if TYPE_CHECKING:
    from django.db.models import Model

    from integrations.catalog.base import Provider


class IntegrationAdmin(AppScopedAdmin):
    """Lists don't count whole tables, and no bulk action runs past the flows."""

    show_full_result_count = False
    list_filter_submit = True
    actions: list[str] | None = None

    class Media:
        css = {"all": ["integrations/actions.css"]}
        js = [Script("integrations/actions.js", defer=True)]


class ReadOnlyAdmin(IntegrationAdmin):
    """Rows that only flows write."""

    edit_role = None

    def get_readonly_fields(self, _request: HttpRequest, _obj: Model | None = None) -> list[str]:
        return [name for _title, options in self.fieldsets or () for name in options["fields"]]


def provider_or_404(name: str) -> Provider:
    """The provider of an address; Http404 for a name that none has."""
    try:
        return registry.provider(name)
    except UnknownProvider as error:
        raise Http404(error.message) from error


def title_of(provider: str) -> str:
    """A provider's title, or its bare name once its folder is gone: rows outlive folders."""
    known = registry.providers().get(provider)
    return known.manifest.title if known else provider


def vendor_of(provider: str) -> str:
    """Whose pages a person signs in at, for sentences such as "Atlassian keeps listing it"."""
    known = registry.providers().get(provider)
    return known.manifest.vendor if known and known.manifest.vendor else title_of(provider)
