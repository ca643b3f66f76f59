"""Sending links again and revoking them, one or many, each after a question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse

from integrations.flows import links
from xoplatform.admin_site import chosen_app, page_context
from xoplatform.core.errors import PlatformError
from xoplatform.models import App, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from integrations.models import AuthorizationLink

#: Rows of one request; more are done in further rounds.
AT_ONCE = 1000


@dataclass(frozen=True)
class Question:
    """What is asked before an action on the chosen links."""

    action: str
    button: str
    consequences: tuple[str, ...]


RESEND = Question(
    "resend_chosen",
    "Send again",
    (
        "Each person gets one new link by mail; the links mailed to them before stop working.",
        "Who has authorized already is left out.",
    ),
)
REVOKE = Question(
    "revoke_chosen",
    "Revoke",
    ("They stop working at once; mails that still wait are not sent.", "Connections that exist stay as they are."),
)


def resend(request: HttpRequest, rows: QuerySet[AuthorizationLink]) -> HttpResponse | None:
    """A new link for each person of these links."""
    chosen = _mine(request, rows)
    if not _confirmed(request, chosen):
        return _ask(request, RESEND, chosen)
    newest = {(link.action_id, link.end_user_id): link for link in chosen}
    sent, refused = 0, dict[str, int]()
    for link in newest.values():
        words = _resend(link, request.user)
        if words:
            refused[words] = refused.get(words, 0) + 1
        else:
            sent += 1
    if sent:
        messages.success(request, f"{_count(sent, 'link')} will be sent by mail.")
    for words, count in refused.items():
        messages.warning(request, f"Nothing was sent to {_count(count, 'person', 'people')}: {words}")
    return None


def _resend(link: AuthorizationLink, user: Any) -> str:
    """Why not, in words; empty when it is on its way."""
    if link.state == link.State.USED:
        return "they have authorized already."
    try:
        links.resend(link, user=user)
    except PlatformError as error:
        return error.message
    return ""


def revoke(request: HttpRequest, rows: QuerySet[AuthorizationLink]) -> HttpResponse | None:
    """Makes these links unusable."""
    chosen = _mine(request, rows)
    if not _confirmed(request, chosen):
        return _ask(request, REVOKE, chosen)
    count = links.revoke_many(chosen, user=request.user)
    messages.success(request, f"{_count(count, 'link')} revoked.")
    if count < len(chosen):
        messages.info(request, f"{_count(len(chosen) - count, 'link')} could not be used any more anyway.")
    return None


def _mine(request: HttpRequest, rows: QuerySet[AuthorizationLink]) -> list[AuthorizationLink]:
    """The rows of Apps in which this person may edit, oldest first, at most `AT_ONCE`."""
    apps = App.objects.with_role(request.user, Role.DEVELOPER)
    return list(rows.filter(action__app__in=apps).order_by("pk")[:AT_ONCE])


def _confirmed(request: HttpRequest, chosen: Sequence[AuthorizationLink]) -> bool:
    return bool(chosen) and request.POST.get("post") == "yes"


def _ask(request: HttpRequest, question: Question, chosen: Sequence[AuthorizationLink]) -> HttpResponse | None:
    if not chosen:
        messages.error(request, "This needs the role Developer in the App. Nothing was changed.")
        return None
    context = page_context(
        request,
        chosen_app(request),
        question.button,
        question=f"{question.button}: {_count(len(chosen), 'link')}?",
        consequences=question.consequences,
        chosen=[link.pk for link in chosen],
        checkbox=ACTION_CHECKBOX_NAME,
        action=question.action,
        button=question.button,
    )
    return TemplateResponse(request, "integrations/admin/confirm_chosen.html", context)


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
