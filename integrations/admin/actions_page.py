"""App > Integrations > Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.response import TemplateResponse

from integrations.flows.configure import actions_of
from xoplatform.admin_site import app_page, page_context

from .cards import cards_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xoplatform.models import App


@app_page("actions/", name="app_actions")
def actions(request: HttpRequest, app: App) -> TemplateResponse:
    """Every provider as a card, those enabled once under Configured, the others under Available."""
    context = page_context(request, app, "Actions")
    query = request.GET.get("q", "").strip()
    cards = cards_of(app, actions_of(app), may_edit=context["may_edit"])
    found = [card for card in cards if card.matches(query)]
    context |= {
        "query": query,
        "configured": [card for card in found if card.is_configured],
        "available": [card for card in found if not card.is_configured],
    }
    return TemplateResponse(request, "integrations/admin/actions.html", context)
