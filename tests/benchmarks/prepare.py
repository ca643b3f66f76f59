"""Makes a database ready for a subject behind HTTP; prints the staff session's cookie value for the product."""

from __future__ import annotations

import sys
from importlib import import_module

from .subject import make


def main(name: str, conversations: int) -> None:
    subject = make(name)
    subject.prepare()
    if name != "xo":
        for number in range(1, conversations + 1):
            subject.open(number)
        return
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model

    from .xo import STAFF

    user = get_user_model().objects.get(username=STAFF)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    print(session.session_key)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
