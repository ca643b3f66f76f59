"""Makes a database ready for a subject behind HTTP; prints what lets a client in to the product."""

from __future__ import annotations

import sys
from importlib import import_module

from .subject import make


def main(name: str, conversations: int) -> None:
    subject = make(name)
    subject.prepare()
    if name == "xo-api":
        print(key())
        return
    if name != "xo":
        for number in range(1, conversations + 1):
            subject.open(number)
        return
    print(session())


def key() -> str:
    """A key that may chat as often as a bench does."""
    from xoplatform import api_keys
    from xoplatform.models import App, Scope

    from .xo import SLUG

    app = App.objects.get(slug=SLUG)
    app.api_keys.all().delete()
    return api_keys.create(app, "bench", [Scope.CHAT], requests_per_minute=1_000_000)[1]


def session() -> str:
    """The value of a staff member's session cookie."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

    from .xo import STAFF

    user = get_user_model().objects.get(username=STAFF)
    made = import_module(settings.SESSION_ENGINE).SessionStore()
    made[SESSION_KEY] = str(user.pk)
    made[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    made[HASH_SESSION_KEY] = user.get_session_auth_hash()
    made.save()
    return str(made.session_key)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
