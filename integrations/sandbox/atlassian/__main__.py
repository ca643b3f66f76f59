"""`python -m integrations.sandbox.atlassian`: the stand-in as a process of its own."""

from __future__ import annotations

import argparse
import os
import sys

from .app import create_app
from .contract.checker import contract
from .serving import open_server, serve_until_stopped
from .state.world import DefaultClient


def main(arguments: list[str] | None = None) -> int:
    """Serves until SIGINT or SIGTERM; prints `ready ADDRESS` once requests are answered."""
    options = _parser().parse_args(arguments)
    # Authlib allows plain http on loopback only; a container's network needs more.
    os.environ.setdefault("AUTHLIB_INSECURE_TRANSPORT", "1")
    contract()
    app = create_app(options.state, _default_client())
    server = open_server(app, options.host, options.port)
    sys.stdout.write(f"ready http://{options.host}:{server.server_port}\n")
    sys.stdout.flush()
    serve_until_stopped(server)
    app.extensions["sandbox"].store.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m integrations.sandbox.atlassian", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8011, help="0 takes a free one")
    parser.add_argument("--state", help="file that keeps grants and issues; in memory when omitted")
    return parser


def _default_client() -> DefaultClient:
    usual = DefaultClient()
    return DefaultClient(
        client_id=os.environ.get("XO_SANDBOX_CLIENT_ID", usual.client_id),
        client_secret=os.environ.get("XO_SANDBOX_CLIENT_SECRET", usual.client_secret),
        callback_url=os.environ.get("XO_SANDBOX_CALLBACK_URL", usual.callback_url),
    )


if __name__ == "__main__":
    sys.exit(main())
