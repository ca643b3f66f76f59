"""Where things stand in the context object, so that authors need not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xoplatform.core.templating import parse_path

if TYPE_CHECKING:
    from xoplatform.core.templating import Path

#: Session variables by whom they are visible to; `context.UserSession` is short for `context.session.UserSession`.
SCOPES: Final = ("BotUserSession", "UserSession", "BotContext", "UserContext", "EnterpriseContext")
#: Keys that the platform keeps in the context; everything else at its root belongs to the dialog.
RESERVED: Final = frozenset(
    {"intent", "entities", "confirmations", "history", "userInputs", "session", "FollowupIntents"}
)
#: Of these, those that only the engine writes.
PLATFORM_ONLY: Final = RESERVED - {"entities", "session"}


def context_path(text: str) -> Path:
    """The path of a key inside the context: a leading `context.` is optional.

    Raises TemplateSyntax when the text is not a path.
    """
    path = parse_path(text)
    return inside_context(path[1:] if path[0] == "context" and len(path) > 1 else path)


def inside_context(path: Path) -> Path:
    """A path below the context with a scope's short name written out."""
    return ("session", *path) if path and path[0] in SCOPES else path
