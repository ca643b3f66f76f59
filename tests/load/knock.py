"""The web process's application in tests of its end: asks for a connection's token and has one second for it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xoplatform.settings")
get_wsgi_application()


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """``/7`` asks for the token of connection 7, ``/`` for nothing; tells what became of it."""
    from integrations.flows.refresh import access_token
    from xoplatform.core.errors import PlatformError

    said = "here"
    try:
        if number := environ["PATH_INFO"].strip("/"):
            said = str(access_token(int(number), budget=1.0).generation)
    except PlatformError as error:
        said = type(error).__name__
    connection.close()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(said)))])
    return [said.encode()]
