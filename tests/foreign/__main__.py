"""``python -m tests.foreign --port 0 --sandbox URL --callback URL``: prints ``ready URL`` once it answers.

Clients are named on the command line or take the defaults; people sign in with the keys of the sandbox's people
as user name and ``PASSWORD`` of `tests.foreign.clients`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

import django
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from .clients import CLIENTS, PASSWORD, PEOPLE


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keeps codes and states, which stand in addresses, out of the output."""


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="foreign-") as folder:
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.foreign.settings",
            "FOREIGN_DATA_DIR": folder,
            "FOREIGN_SANDBOX_URL": options.sandbox,
        }
        django.setup()
        call_command("migrate", verbosity=0)
        _fill(options.callback)
        server = ThreadedWSGIServer(("127.0.0.1", options.port), QuietHandler)
        server.set_app(get_wsgi_application())
        sys.stdout.write(f"ready http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.foreign", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--sandbox", required=True, help="address of the sandbox whose Jira is used")
    parser.add_argument("--callback", required=True, help="the one redirect address of both clients")
    return parser.parse_args()


def _fill(callback: str) -> None:
    from django.contrib.auth import get_user_model
    from oauth2_provider.models import get_application_model  # type: ignore[import-untyped]

    for name in PEOPLE:
        get_user_model().objects.create_user(name, password=PASSWORD)
    for client_id, secret in CLIENTS.items():
        get_application_model().objects.create(
            name=client_id,
            client_id=client_id,
            client_secret=secret,
            client_type="confidential",
            authorization_grant_type="authorization-code",
            redirect_uris=callback,
        )


if __name__ == "__main__":
    main()
