"""What is kept and shown of a call: request and answer without secrets, and not longer than useful."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from xoplatform.logs import redact

if TYPE_CHECKING:
    from integrations.catalog.base import Reply
    from integrations.catalog.operations import JSON
    from integrations.catalog.rendering import Rendered
    from integrations.models import Connection

#: Characters of a body that are kept.
LONGEST = 8000
#: Headers of an answer that tell something; all others are left out.
TELLING = frozenset({"content-type", "retry-after", "x-arequestid", "x-aaccountid", "date", "location"})
TELLING_PREFIXES = ("ratelimit", "x-ratelimit", "beta-ratelimit")


def telling(headers: Any) -> dict[str, str]:
    """The headers of an answer that help to understand it; cookies and the like are left out."""
    return {k: v for k, v in headers.items() if k in TELLING or k.startswith(TELLING_PREFIXES)}


def of_request(request: Rendered, base: str) -> dict[str, Any]:
    """A request as people may read it, without credentials."""
    return {"method": request.method, "url": redact(f"{base}{request.target}"), "body": shorten(redact(request.body))}


def of_reply(reply: Reply) -> dict[str, Any]:
    """An answer as people may read it, redacted and cut to size."""
    return {"status": reply.status, "headers": telling(reply.headers), "body": shorten(redact(reply.body))}


def of_connection(connection: Connection) -> dict[str, Any]:
    """Whose rights a call was made with and where, with which generation of the token, and whether it was renewed."""
    return {
        "id": connection.pk,
        "owner": "the App" if connection.end_user_id is None else "this end user",
        "account": connection.account_name or connection.account_id,
        "site": connection.site_name,
        "generation": connection.generation,
        "refreshed": connection.renewed,
    }


def mark_of(connection: Connection) -> str:
    """A text that changes with every consent given for this connection, and with nothing else."""
    return f"{connection.pk}/{connection.authorized_at.isoformat() if connection.authorized_at else ''}"


def shorten(body: JSON) -> JSON:
    """The body itself, or its beginning as text when it is long."""
    text = json.dumps(body, ensure_ascii=False, default=str)
    storable = text.replace("\\u0000", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
    if len(storable) > LONGEST:
        return f"{storable[:LONGEST]}… ({len(storable)} characters)"
    # PostgreSQL refuses JSON with NUL or half a surrogate pair in it.
    return body if storable == text else json.loads(storable)
