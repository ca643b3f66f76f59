"""In which language a page or a mail speaks to an end user, and our errors in it.

The sentences are Django's, in ``locale/``. Pages for staff are in English whatever their browser asks for, so the
setting LANGUAGES names that alone and what is for an end user is rendered here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render
from django.utils import translation
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation.trans_real import parse_accept_lang_header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from .core.errors import PlatformError
    from .models import App, EndUser

ENGLISH: Final = "en"
SPOKEN: Final = (ENGLISH, "de", "es", "fr")
#: Details of errors that are words of our own, which stand in the middle of a sentence.
WORDS_OF_OURS: Final = frozenset({"account", "reason"})


def best(*wanted: str) -> str:
    """The first of these languages that we speak, whatever its region ("de_CH" is "de"); else English."""
    tags = (re.split(r"[-_]", one.strip().lower())[0] for one in wanted)
    return next((tag for tag in tags if tag in SPOKEN), ENGLISH)


def of_person(person: EndUser, app: App) -> str:
    """An end user's language: their own, else the App's."""
    return best(person.locale, app.locale)


def of_browser(request: HttpRequest) -> str:
    """The language that a browser asks for, which is all that is known of somebody unknown."""
    return best(*(tag for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", ""))))


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, language: str, status: int = 200
) -> HttpResponse:
    """A page in a language; what of its context is lazy is said in it, too."""
    with translation.override(language):
        response = render(request, template, context, status=status)
    response["Content-Language"] = language
    return response


def told(error: PlatformError) -> str:
    """What an error says, in the language that is active."""
    sentence = gettext(error.sentence())
    if not error.details:
        return sentence
    ours = {name: gettext(error.details[name]) for name in WORDS_OF_OURS & set(error.details) if error.details[name]}
    return sentence.format(**{**error.details, **ours})


#: The same, said in the language in which the page around it is rendered.
told_later = lazy(told, str)
