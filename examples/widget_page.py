"""A page with the chat in it, and the server that mints its tokens: the whole of what a site needs.

It needs Python 3.11 and nothing else. Run it with a key of the scope “chat” in the environment::

    XO_API_KEY=xo_… python examples/widget_page.py --url http://localhost:8000 --app helpdesk --port 8123

and open http://localhost:8123/. The operator of XO Platform must allow its origin for that, with
XO_CORS_ORIGINS=http://localhost:8123. A real site knows its visitors by its own sign-in; this one knows one person.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A page with a chat</title>
<script src="{server}/widget/v1/xo-chat.js" defer></script>
</head>
<body>
<main>
<h1>A page with a chat</h1>
<xo-chat app="{app}" name="Helpdesk" token-url="/chat-token" greeting="Hello! What can I do for you?"></xo-chat>
</main>
</body>
</html>
"""
#: The page loads the chat's script from XO Platform and talks to it; nothing else is needed, no inline script or style.
POLICY = "default-src 'none'; script-src {server}; connect-src 'self' {server}; base-uri 'none'; frame-ancestors 'none'"


@dataclass(frozen=True)
class Site:
    """Where XO Platform is, for which App, with which key, and who looks at the page."""

    server: str
    app: str
    key: str
    person: dict[str, str]

    def token(self) -> dict[str, Any]:
        """A token for the person: {"token", "expires_at"}. The key stays here, on the server."""
        known = self._post("end-users/", self.person)
        return self._post(f"end-users/{known['id']}/tokens/", {"person_signed_in": True})

    def _post(self, path: str, content: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        address = f"{self.server}/api/v1/apps/{self.app}/{path}"
        request = Request(address, json.dumps(content).encode(), headers, method="POST")  # noqa: S310 -- as configured
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- the same
            found: dict[str, Any] = json.load(answer)
            return found

    def page(self) -> str:
        return PAGE.format(server=escape(self.server), app=escape(self.app))


def serve(site: Site, port: int) -> ThreadingHTTPServer:
    """The site on this machine, started in a thread of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(200 if self.path == "/" else 404, "text/html; charset=utf-8", site.page().encode())

        def do_POST(self) -> None:
            # Browsers say where a request comes from: another site's page gets no token for our visitor.
            if self.path != "/chat-token" or self.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                self._answer(404, "text/plain", b"")
                return
            try:
                self._answer(200, "application/json", json.dumps(site.token()).encode())
            except HTTPError as error:
                print(f"XO Platform refused: {error.code} {error.read().decode()}")  # noqa: T201 -- for who runs it
                self._answer(502, "text/plain", b"")
            except URLError as error:
                print(f"XO Platform cannot be reached: {error.reason}")  # noqa: T201 -- the same
                self._answer(502, "text/plain", b"")

        def _answer(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Content-Security-Policy", POLICY.format(server=site.server))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main() -> None:
    parser = argparse.ArgumentParser(description="A page with the chat in it.")
    parser.add_argument("--url", default="http://localhost:8000", help="where XO Platform answers")
    parser.add_argument("--app", required=True, help="the App's short name")
    parser.add_argument("--port", type=int, default=8123)
    parser.add_argument("--person", default="visitor-1", help="who looks at the page, by your own id")
    given = parser.parse_args()
    person = {"external_id": given.person, "name": given.person}
    site = Site(given.url.rstrip("/"), given.app, os.environ["XO_API_KEY"], person)
    serve(site, given.port)
    print(f"http://localhost:{given.port}/ - press Enter to stop")  # noqa: T201 -- for who runs it
    input()


if __name__ == "__main__":
    main()
