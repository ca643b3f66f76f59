"""What Atlassian's platform answers, for tokens of this server: sites, account, and Jira of the sandbox."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import requests
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from oauth2_provider.oauth2_backends import get_oauthlib_core  # type: ignore[import-untyped]

from integrations.sandbox.atlassian.state.seed import first_people, first_sites

from .settings import SANDBOX_URL

if TYPE_CHECKING:
    from django.http import HttpRequest

    from integrations.sandbox.atlassian.state.records import Person, Site

#: Headers that belong to one hop of a request (RFC 9110 section 7.6.1), or that are written anew.
NOT_PASSED_ON = {"connection", "content-length", "transfer-encoding", "content-encoding", "server", "date"}


def accessible_resources(request: HttpRequest) -> HttpResponse:
    """Every site the person is a member of: this server's consent page knows no sites."""
    person, scopes = _bearer(request)
    if person is None:
        return _gateway(401, "Unauthorized")
    jira = [scope for scope in scopes if "jira" in scope]
    found = [{"id": s.cloud_id, "name": s.name, "url": _site_url(s), "scopes": jira} for s in _sites(person)]
    return JsonResponse(found, safe=False)


def me(request: HttpRequest) -> HttpResponse:
    person, _scopes = _bearer(request, "read:me")
    if person is None:
        return _gateway(401, "Unauthorized")
    return JsonResponse({"account_id": person.account_id, "name": person.name, "email": person.email})


@csrf_exempt
def jira(request: HttpRequest, cloud_id: str, rest: str) -> HttpResponse:
    """Hands the request to the sandbox's site, as the person whose token came."""
    person, scopes = _bearer(request)
    if person is None:
        return _gateway(401, "Unauthorized")
    site = next((site for site in _sites(person) if site.cloud_id == cloud_id), None)
    if site is None:
        return _gateway(403, "The app is not installed on this instance")
    wanted = {"write:jira-work"} if request.method in ("PUT", "DELETE") else {"read:jira-work", "read:jira-user"}
    if not wanted & set(scopes):
        return _gateway(401, "Unauthorized; scope does not match")
    return _forward(request, f"{_site_url(site)}/{rest}", person)


def _forward(request: HttpRequest, address: str, person: Person) -> HttpResponse:
    answer = requests.request(
        request.method or "GET",
        address,
        params=request.META["QUERY_STRING"],
        data=request.body,
        headers={"Content-Type": request.content_type or "", "Accept": "application/json"},
        auth=(person.email, _api_token(person.key)),
        timeout=10,
    )
    headers = {name: value for name, value in answer.headers.items() if name.lower() not in NOT_PASSED_ON}
    return HttpResponse(answer.content, status=answer.status_code, headers=headers)


@cache
def _api_token(person: str) -> str:
    address = f"{SANDBOX_URL}/_sandbox/api-tokens"
    return str(requests.post(address, json={"person": person}, timeout=10).json()["token"])


def _bearer(request: HttpRequest, *scopes: str) -> tuple[Person | None, list[str]]:
    """Whose living token came with the request, if it has these scopes, and all scopes it has."""
    valid, found = get_oauthlib_core().verify_request(request, scopes=list(scopes))
    if not valid:
        return None, []
    person = next(person for person in first_people() if person.key == found.user.get_username())
    return person, found.access_token.scope.split()


def _sites(person: Person) -> list[Site]:
    return [site for site in first_sites() if person.account_id in site.members]


def _site_url(site: Site) -> str:
    return f"{SANDBOX_URL}/site/{site.name}"


def _gateway(status: int, message: str) -> JsonResponse:
    return JsonResponse({"code": status, "message": message}, status=status)
