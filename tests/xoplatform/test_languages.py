"""What end users read on pages and in mails: whole in every language, and each in the right one."""

from __future__ import annotations

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import RequestFactory
from django.utils.translation import override
from django.utils.translation.template import templatize

import dialogs.errors as of_dialogs
from dialogs.nodes.saying import tables
from dialogs.widget.translations import FOLDER as OF_WIDGET
from integrations import errors, link_errors
from integrations.catalog import registry
from xoplatform import languages
from xoplatform.core.errors import PlatformError
from xoplatform.languages import SPOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parents[2]
OTHERS = [language for language in SPOKEN if language != languages.ENGLISH]
TEMPLATES = (
    "templates/integrations/authorize/*.html",
    "templates/integrations/authorization_failed.html",
    "templates/integrations/mail/authorization_link.*",
    "templates/dialogs/form/*.html",
)
SOURCES = (
    "integrations/views/*.py",
    "integrations/flows/invitation.py",
    "integrations/flows/links/mail.py",
    "dialogs/public/forms.py",
)
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2)}
#: What an end user can meet on a page.
ERRORS: tuple[type[PlatformError], ...] = (
    PlatformError,
    *(link_errors.LinkClosed, link_errors.LinkUnknown, link_errors.LinkUsed, link_errors.LinkExpired),
    *(link_errors.LinkRevoked, link_errors.CodesUsedUp),
    *(errors.NotAsked, errors.TeamMustMend, errors.AskedRecently, errors.TooManyTries, errors.ConfirmationLapsed),
    *(errors.IdentityMismatch, errors.IdentityHidden, errors.IdentityUnknown),
    *(errors.StateUnknown, errors.StateExpired, errors.StateUsed, errors.OtherBrowser, errors.ConsentDenied),
    *(errors.NoSite, errors.ProviderUnavailable, errors.NotOffered),
    *(errors.SiteRefused, errors.SiteNotThere, errors.TokenRefused, errors.TokenTooNarrow),
    *(of_dialogs.UnknownAddress, of_dialogs.DeliveryTooBig, of_dialogs.TooManyRequests),
)
#: Words of ours that stand in the middle of an error's sentence, and are no template's.
PARTS = (
    "the account that you used",
    *("it did not answer in time", "its certificate is not valid", "no connection"),
    "it is out of order for the moment",
)
PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|</?\w+>")


@cache
def sentences() -> frozenset[str]:
    """All that an end user may read, in English; of a plural the singular."""
    return frozenset([*_in_files(), *_of_providers(), *PARTS, *(error.sentence() for error in ERRORS)])


def _in_files() -> Iterator[str]:
    for pattern in TEMPLATES + SOURCES:
        found = sorted(ROOT.glob(pattern))
        assert found, pattern
        for path in found:
            text = path.read_text("utf-8")
            code = text if path.suffix == ".py" else templatize(text)
            for _line, message, _comments, _context in extract("python", BytesIO(code.encode()), KEYWORDS):
                yield message if isinstance(message, str) else message[0]


def _of_providers() -> Iterator[str]:
    for provider in registry.providers().values():
        about = provider.manifest.authorization
        yield from about.oauth.scope_words.values()
        if about.basic is not None and about.basic.rule:
            yield about.basic.rule


def catalogue(language: str) -> Catalog:
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language)


def english(identifier: Any) -> str:
    return identifier if isinstance(identifier, str) else str(identifier[0])


@pytest.mark.parametrize("language", OTHERS)
def test_no_language_lacks_a_sentence_or_keeps_one_that_is_said_no_more(language: str) -> None:
    assert {english(message.id) for message in catalogue(language) if message.id} == sentences()


def several(found: Any) -> tuple[str, ...]:
    """A sentence, or a sentence and its plural."""
    return (found,) if isinstance(found, str) else tuple(found or ())


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_same_places_and_says_something(language: str) -> None:
    for message in catalogue(language):
        if not message.id:
            continue
        for before, after in zip(several(message.id), several(message.string), strict=True):
            assert sorted(PLACES.findall(after)) == sorted(PLACES.findall(before)), before
            assert after.strip() == after != "", before
        assert not message.fuzzy, message.id


def strings(found: Catalog) -> dict[str, tuple[str, ...]]:
    """What each sentence is in a language, with its plural where it has one."""
    return {english(message.id): several(message.string) for message in found if message.id}


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.mo").open("rb") as file:
        compiled = read_mo(file)
    assert strings(compiled) == strings(catalogue(language))


def test_chat_widget_and_pages_speak_the_same_languages() -> None:
    assert sorted(tables()) == sorted(path.stem for path in OF_WIDGET.glob("*.json")) == sorted(OTHERS)


@pytest.mark.parametrize(
    ("wanted", "spoken"),
    [
        (("de-CH", "en"), "de"),
        (("fr_FR", "en"), "fr"),
        (("", "es"), "es"),
        (("ja", "de"), "de"),
        (("en-GB", "de"), "en"),
        (("ja", "ko"), "en"),
        ((), "en"),
    ],
)
def test_the_first_language_that_we_speak_is_taken(wanted: tuple[str, ...], spoken: str) -> None:
    assert languages.best(*wanted) == spoken


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("de-AT,de;q=0.9,en;q=0.5", "de"), ("ja,es;q=0.7,en;q=0.2", "es"), ("*", "en"), ("", "en"), ("%%", "en")],
)
def test_a_browser_says_what_it_wants(asked: str, spoken: str) -> None:
    assert languages.of_browser(RequestFactory().get("/", headers={"Accept-Language": asked})) == spoken


def test_an_error_is_said_in_the_language_that_is_active() -> None:
    error = errors.ProviderUnavailable(provider="Jira", reason="it did not answer in time")
    with override("de"):
        assert languages.told(error).startswith("Jira war nicht zu erreichen: keine rechtzeitige Antwort. ")
    assert languages.told(error) == error.message
