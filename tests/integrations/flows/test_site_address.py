from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from integrations.catalog import registry
from integrations.errors import SiteRefused
from integrations.flows.site_address import name_of_site, site_address

if TYPE_CHECKING:
    from django.conf import LazySettings


def address(typed: str) -> str:
    return site_address(registry.provider("jira").manifest, typed)


@pytest.mark.parametrize(
    "typed",
    [
        "https://acme.atlassian.net",
        "acme.atlassian.net",
        "  https://ACME.atlassian.net/jira/your-work?x=1#y ",
        "https://acme.atlassian.net:443/",
    ],
)
def test_any_page_of_a_site_tells_the_site(typed: str) -> None:
    assert address(typed) == "https://acme.atlassian.net"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "acme",
        "http://acme.atlassian.net",
        "ftp://acme.atlassian.net",
        "https://acme.atlassian.net.evil.example",
        "https://evil.example/acme.atlassian.net",
        "https://ada:x@acme.atlassian.net",
        "https://acme.atlassian.net@evil.example",
        "https://evil.example#.atlassian.net",
        "https://evil.example\\.atlassian.net",
        "https://acme.atlassian.net:8080",
        "https://acme.atlassian.net:port",
        "https://a.b.atlassian.net",
        "https://127.0.0.1/site/acme",
        "https://[::1",
        "http://127.0.0.1:9/site/acme",
    ],
)
def test_an_api_token_is_never_sent_to_anything_else(typed: str) -> None:
    with pytest.raises(SiteRefused, match=r"your-site\.atlassian\.net"):
        address(typed)


def test_the_operators_stand_in_counts_as_a_site(settings: LazySettings) -> None:
    settings.XO_SANDBOX_URL = "http://127.0.0.1:9000"
    assert address("http://127.0.0.1:9000/site/acme/browse/DEMO-1") == "http://127.0.0.1:9000/site/acme"
    for typed in ("http://127.0.0.1:9000/site/", "http://127.0.0.1:9000/site/../x", "http://127.0.0.1:9001/site/acme"):
        with pytest.raises(SiteRefused):
            address(typed)


def test_a_site_is_called_by_the_first_part_of_its_host() -> None:
    assert name_of_site("https://acme.atlassian.net") == "acme"
    assert name_of_site("http://127.0.0.1:9000/site/acme") == "acme"
