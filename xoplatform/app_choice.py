"""Which Apps a person may see, which one they chose last, and what they may do in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from .models import App, Member, Role

#: Session key of the App chosen last.
CHOSEN_APP = "app"
#: So many Apps the switcher lists; the others are on the page "All Apps".
SWITCHER_SIZE = 20


@dataclass(frozen=True)
class Choice:
    """The Apps offered to a person (at most `SWITCHER_SIZE`) and the one they are in, with their role there."""

    apps: list[App]
    chosen: App | None
    role: Role | None


def roles_of(request: HttpRequest) -> dict[int, Role]:
    """This person's role in each App they are a member of; asked of the database once per request."""
    found: dict[int, Role] | None = getattr(request, "xo_roles", None)
    if found is None:
        held = Member.objects.filter(user_id=request.user.pk or 0).values_list("app_id", "role")
        found = {app: Role(role) for app, role in held}
        request.xo_roles = found  # type: ignore[attr-defined]  # lives as long as the request
    return found


def role_in(request: HttpRequest, app: App) -> Role | None:
    """This person's role in ``app``, ``None`` for a stranger. A superuser counts as owner."""
    if getattr(request.user, "is_superuser", False):
        return Role.OWNER
    return roles_of(request).get(app.pk)


def holds_somewhere(request: HttpRequest, role: Role) -> bool:
    """Whether this person holds at least ``role`` in any App."""
    if getattr(request.user, "is_superuser", False):
        return True
    return any(held.covers(role) for held in roles_of(request).values())


def choice_of(request: HttpRequest) -> Choice:
    """This person's Apps; asked of the database once per request."""
    found: Choice | None = getattr(request, "xo_choice", None)
    if found is None:
        found = _choice(request)
        request.xo_choice = found  # type: ignore[attr-defined]  # lives as long as the request
    return found


def _choice(request: HttpRequest) -> Choice:
    visible = App.objects.visible_to(request.user)
    apps = list(visible[:SWITCHER_SIZE])
    wanted = request.session.get(CHOSEN_APP)
    chosen = next((app for app in apps if app.pk == wanted), None)
    if chosen is None and wanted is not None and len(apps) == SWITCHER_SIZE:
        chosen = visible.filter(pk=wanted).first()
    if chosen is None and apps:
        chosen = apps[0]
    return Choice(apps, chosen, role_in(request, chosen) if chosen else None)


def chosen_app(request: HttpRequest) -> App | None:
    """The App chosen last, or the first one this person may see."""
    return choice_of(request).chosen


def choose(request: HttpRequest, app: App) -> None:
    """Remembers ``app`` as the one this person is in."""
    if request.session.get(CHOSEN_APP) != app.pk:
        request.session[CHOSEN_APP] = app.pk
    if hasattr(request, "xo_choice"):
        del request.xo_choice


def open_app(request: HttpRequest, slug: str, role: Role) -> App:
    """The App at this address, remembered as the chosen one.

    Raises Http404 for a stranger (so that names of Apps stay unknown) and PermissionDenied when
    the member's role does not cover ``role``.
    """
    app = App.objects.visible_to(request.user).filter(slug=slug).first()
    if app is None:
        raise Http404("No such App.")
    held = role_in(request, app)
    if held is None or not held.covers(role):
        raise PermissionDenied(
            f"This needs the role {role.label} in {app.name}; yours is {held.label if held else 'none'}. "
            f"Nothing was changed. An owner of the App can give you the role."
        )
    choose(request, app)
    request.app_role = held  # type: ignore[attr-defined]  # read by templates
    return app
