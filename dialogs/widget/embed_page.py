"""*Embed*: how a page takes the chat in, and the chat itself, talked to as the member's own end user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from dialogs.errors import NoChatKey
from dialogs.models import DialogTask
from dialogs.web import json_errors
from xoplatform import person_tokens
from xoplatform.admin_site import app_page, page_context
from xoplatform.models import ApiKey, EndUser, Role, Scope

if TYPE_CHECKING:
    from xoplatform.models import App

SNIPPET = """\
<script src="{base}{script}" defer></script>
<xo-chat app="{app}" token-url="/chat-token" layout="bubble"></xo-chat>
"""
MINTING = """\
API = "{base}/api/v1/apps/{app}"
KEY = {{"Authorization": f"Bearer {{os.environ['XO_API_KEY']}}"}}

def chat_token(user):
    person = {{"external_id": str(user.id), "name": user.name, "email": user.email}}
    known = requests.post(f"{{API}}/end-users/", json=person, headers=KEY, timeout=10).json()
    wanted = {{"person_signed_in": True}}
    return requests.post(f"{{API}}/end-users/{{known['id']}}/tokens/", json=wanted, headers=KEY, timeout=10).json()
"""


@app_page("api/embed/", name="app_embed", role=Role.DEVELOPER)
@require_GET
@ensure_csrf_cookie
def embed(request: HttpRequest, app: App) -> HttpResponse:
    base, slug = settings.XO_BASE_URL.rstrip("/"), app.slug
    context = page_context(
        request,
        app,
        "Embed",
        snippet=SNIPPET.format(base=base, script=reverse("widget_script"), app=slug),
        minting=MINTING.format(base=base, app=slug),
        origins=settings.CORS_ALLOWED_ORIGINS,
        key=_chat_key(app),
        is_published=DialogTask.objects.filter(app=app, published__isnull=False).exists(),
        token_url=reverse("admin:app_embed_token", args=[slug]),
    )
    return render(request, "dialogs/widget/embed.html", context)


@app_page("api/embed/token/", name="app_embed_token", role=Role.DEVELOPER)
@require_POST
@never_cache
@json_errors
def token(request: HttpRequest, app: App) -> JsonResponse:
    """A token for the member's own end user, as a page's server would get one: {"token", "expires_at"}.

    Raises NoChatKey.
    """
    key = _chat_key(app)
    if key is None:
        raise NoChatKey
    value, ends = person_tokens.mint(key, EndUser.objects.for_staff(app, request.user))
    return JsonResponse({"token": value, "expires_at": ends.isoformat()})


def _chat_key(app: App) -> ApiKey | None:
    """The newest key of the App that may mint such tokens."""
    keys = ApiKey.objects.filter(app=app, revoked_at=None)
    return next((key for key in keys if key.is_active and Scope.CHAT in key.scopes), None)
