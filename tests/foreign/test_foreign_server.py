"""The flows of authorization against a server that is not ours, so that they are not tuned to the sandbox."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import requests
from django.utils import timezone

from integrations.errors import CodeRefused, ConsentDenied, GrantLost
from integrations.flows import authorize
from integrations.flows.refresh import access_token
from integrations.models import AuthorizationAttempt, Connection
from integrations.oauth import pkce
from tests.factories import ActionFactory, staff
from tests.integrations.grants import parameters
from tests.sandbox import sandbox, sandbox_process
from xoplatform.core.fields import sealed

from .clients import CLIENTS
from .running import consent, running, sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.conf import LazySettings

    from integrations.models import Action
    from tests.sandbox import Sandbox

__all__ = ["sandbox", "sandbox_process"]
pytestmark = [pytest.mark.proof, pytest.mark.django_db]
BASE_URL = "http://127.0.0.1:8000"
CALLBACK = f"{BASE_URL}/oauth/callback/"


@pytest.fixture(scope="module")
def foreign_process(sandbox_process: Sandbox) -> Iterator[str]:
    with running(sandbox_process.url, CALLBACK) as url:
        yield url


@pytest.fixture
def foreign(foreign_process: str, settings: LazySettings) -> str:
    settings.XO_BASE_URL = BASE_URL
    settings.XO_ATLASSIAN_AUTH_URL = settings.XO_ATLASSIAN_API_URL = foreign_process
    settings.XO_JIRA_CLIENT_ID, settings.XO_JIRA_CLIENT_SECRET = "foreign-system", CLIENTS["foreign-system"]
    return foreign_process


class Way:
    """One authorization by a member of the App's team, at the foreign server."""

    def __init__(self, action: Action | None = None) -> None:
        self.action = action or ActionFactory()
        self.user = staff(self.action.app)
        self.session: dict[str, Any] = {}
        self.begun = authorize.begin(self.action, session=self.session, user=self.user)

    def come_back(self, person: str = "ada") -> AuthorizationAttempt:
        params = parameters(consent(requests.Session(), self.begun.url, person))
        return authorize.finish(params, session=self.session, user=self.user)

    def connect(self, person: str = "ada") -> Connection:
        connection = self.come_back(person).connection
        assert connection is not None
        return connection


def expire(connection: Connection) -> None:
    Connection.objects.filter(pk=connection.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_its_consent_connects_the_account_and_the_site(foreign: str) -> None:
    connection = Way().connect()
    assert (connection.account_name, connection.site_name) == ("Ada Ames", "acme")


def test_an_account_with_two_sites_is_asked_which(foreign: str) -> None:
    connection = Way().connect("ben")
    assert connection.site_id == ""
    assert {site["name"] for site in connection.sites} == {"acme", "globex"}


def test_a_refresh_brings_a_new_pair_and_the_old_refresh_token_is_void(foreign: str) -> None:
    connection = Way().connect()
    old_access, old_refresh = connection.access_token.reveal(), connection.refresh_token.reveal()
    expire(connection)
    fresh = access_token(connection.pk).value.reveal()
    connection.refresh_from_db()
    assert fresh != old_access
    assert connection.refresh_token.reveal() != old_refresh
    asked = requests.get(f"{foreign}/me", headers={"Authorization": f"Bearer {fresh}"}, timeout=10)
    assert asked.json()["name"] == "Ada Ames"


def test_ten_refreshes_in_a_row_keep_the_grant(foreign: str) -> None:
    connection = Way().connect()
    seen = set()
    for _round in range(10):
        expire(connection)
        seen.add(access_token(connection.pk).value.reveal())
    assert len(seen) == 10


def test_a_refresh_token_used_by_somebody_else_ends_the_grant_and_we_say_so(foreign: str) -> None:
    connection = Way().connect()
    stolen = {
        "grant_type": "refresh_token",
        "refresh_token": connection.refresh_token.reveal(),
        "client_id": "foreign-system",
        "client_secret": CLIENTS["foreign-system"],
    }
    assert requests.post(f"{foreign}/oauth/token", data=stolen, timeout=10).status_code == 200
    expire(connection)
    with pytest.raises(GrantLost):
        access_token(connection.pk)
    connection.refresh_from_db()
    assert connection.state == Connection.State.NEEDS_AUTHORIZATION


def test_it_sends_back_who_comes_without_a_challenge(foreign: str) -> None:
    url = Way().begun.url
    assert parameters(url)["code_challenge_method"] == "S256"
    bare = "&".join(part for part in url.split("&") if not part.startswith("code_challenge"))
    browser = requests.Session()
    sign_in(browser, url, "ada")
    answer = browser.get(bare, allow_redirects=False, timeout=10)
    assert parameters(answer.headers["Location"])["error"] == "invalid_request"


def test_it_refuses_a_wrong_verifier_and_nothing_is_stored(foreign: str) -> None:
    way = Way()
    attempt = way.begun.attempt
    AuthorizationAttempt.objects.filter(pk=attempt.pk).update(**sealed(attempt, verifier=pkce.new_verifier()))
    with pytest.raises(CodeRefused):
        way.come_back()
    assert not Connection.objects.exists()


def test_it_takes_the_right_verifier_once_as_form_too(foreign: str) -> None:
    way = Way()
    verifier = way.begun.attempt.verifier.reveal()
    code = parameters(consent(requests.Session(), way.begun.url, "ada"))["code"]
    right = exchange(foreign, code, verifier)
    assert right.status_code == 200
    assert exchange(foreign, code, verifier).json()["error"] == "invalid_grant"


def test_a_code_without_its_verifier_is_worth_nothing(foreign: str) -> None:
    way = Way()
    code = parameters(consent(requests.Session(), way.begun.url, "ada"))["code"]
    assert exchange(foreign, code, pkce.new_verifier()).json()["error"] == "invalid_grant"


def test_it_shows_an_error_for_a_redirect_address_that_differs_by_a_slash(foreign: str) -> None:
    url = Way().begun.url.replace("callback%2F", "callback")
    browser = requests.Session()
    sign_in(browser, url, "ada")
    answer = browser.get(url, allow_redirects=False, timeout=10)
    assert (answer.status_code, "Mismatching redirect URI" in answer.text) == (400, True)


def test_a_person_who_cancels_there_is_told_so(foreign: str) -> None:
    way = Way()
    params = parameters(consent(requests.Session(), way.begun.url, "ada", accept=False))
    with pytest.raises(ConsentDenied):
        authorize.finish(params, session=way.session, user=way.user)


def exchange(foreign: str, code: str, verifier: str) -> requests.Response:
    """As a client other than ours would ask."""
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CALLBACK,
        "client_id": "foreign-system",
        "client_secret": CLIENTS["foreign-system"],
        "code_verifier": verifier,
    }
    return requests.post(f"{foreign}/oauth/token", data=body, timeout=10)
