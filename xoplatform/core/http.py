"""The one way out: every request to another system leaves through `session`.

Private and loopback addresses are refused unless the operator allows the host, answers have a size limit and
a deadline for the whole of them, redirects are not followed, cookies are not kept, connections are reused.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes of an answer, after decompression, that are read before it is given up.
MAX_ANSWER = 5 * 1024 * 1024
#: Seconds for a whole exchange where the caller names none.
DEFAULT_TIMEOUT = 20.0
#: Seconds to wait for a connection; a host that is up answers much sooner.
CONNECT_TIMEOUT = 5.0
CHUNK = 64 * 1024
POOL_SIZE = 32

#: What to catch for "a request left, or tried to, and no whole answer came".
NetworkError = requests.RequestException


#: Bytes of an answer that are read now.
_limit: ContextVar[int] = ContextVar("answer_limit", default=MAX_ANSWER)


@contextmanager
def reading_at_most(size: int) -> Iterator[None]:
    """Within, answers may have so many bytes: for callers that want little more than a status."""
    before = _limit.set(size)
    try:
        yield
    finally:
        _limit.reset(before)


class AnswerTooLarge(requests.RequestException):
    """The answer is longer than it may be; what was read of it is thrown away. Its ``response`` has the status."""


class AddressRefused(requests.RequestException):
    """The host is private, or plain http, and the operator has not allowed it. Nothing was sent."""


#: Errors that are raised before anything is sent.
UNSENT = (
    AddressRefused,
    InvalidIPAddress,
    requests.ConnectTimeout,
    requests.exceptions.InvalidJSONError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.MissingSchema,
    requests.exceptions.InvalidSchema,
)


#: Settings that hold the address of a system to talk to. Such an address is the operator's own word.
_address_settings: set[str] = set()


def trust_setting(name: str) -> None:
    """Lets requests reach scheme, host and port of the address in this setting, private or not."""
    _address_settings.add(name)


def operator_allows(url: str) -> bool:
    """Whether the operator named this address: in a trusted setting, or in ``XO_ALLOW_PRIVATE_HOSTS``.

    There it stands as ``host``, as ``host:port`` or as ``*`` for all.
    """
    parts = urlsplit(url)
    allowed = set(settings.XO_ALLOW_PRIVATE_HOSTS)
    if "*" in allowed or parts.hostname in allowed or f"{parts.hostname}:{parts.port}" in allowed:
        return True
    return any(_origin(getattr(settings, name, "")) == _origin(url) for name in _address_settings)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def require_safe(url: str) -> None:
    """Raises AddressRefused for plain http to a host that the operator has not allowed."""
    if urlsplit(url).scheme != "https" and not operator_allows(url):
        raise AddressRefused(f"{urlsplit(url).hostname} is not reached over https")


def never_left(error: NetworkError) -> bool:
    """Whether the request surely did not reach the other side, so that nothing can have changed there."""
    return isinstance(error, UNSENT) or "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)


class GuardedAdapter(IPFilterAdapter):  # type: ignore[misc]  # requests-hardened ships no types
    """Filters addresses, and reads the answer itself so that size and time are bounded for every kind of session."""

    def __init__(self, *, https: bool) -> None:
        super().__init__(is_https_proto=https)
        self.init_poolmanager(POOL_SIZE, POOL_SIZE)

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        require_safe(request.url)
        if operator_allows(request.url):
            return HTTPAdapter.build_connection_pool_key_attributes(self, request, verify, cert)
        return super().build_connection_pool_key_attributes(request, verify, cert)

    def send(self, request: Any, **options: Any) -> requests.Response:
        budget = float(options.pop("timeout", None) or DEFAULT_TIMEOUT)
        deadline = time.monotonic() + budget
        options |= {"timeout": (min(CONNECT_TIMEOUT, budget), budget), "stream": True}
        response = cast("requests.Response", super().send(request, **options))
        _read(response, deadline)
        return response


def _read(response: requests.Response, deadline: float) -> None:
    """Fills the response's content. Raises AnswerTooLarge, ReadTimeout or ConnectionError and drops the connection."""
    content = bytearray()
    try:
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            content += chunk
            _bound(response, len(content), deadline)
    except requests.RequestException:
        response.raw.close()
        raise
    except Exception as error:  # urllib3 and http.client have many ways to say that the line was cut
        response.raw.close()
        raise requests.ConnectionError("The answer broke off.", response=response) from error
    response.raw.release_conn()
    response._content = bytes(content)  # noqa: SLF001 -- where requests keeps what was read
    response._content_consumed = True  # type: ignore[attr-defined]  # noqa: SLF001


def _bound(response: requests.Response, size: int, deadline: float) -> None:
    if size > (most := _limit.get()):
        raise AnswerTooLarge(f"The answer is larger than {most:,} bytes.", response=response)
    if time.monotonic() > deadline:
        raise requests.ReadTimeout("The answer took too long.", response=response)


class _Here(threading.local):
    session: HTTPSession | None = None


_here = _Here()
_adapters: dict[str, GuardedAdapter] = {}


def _reset() -> None:
    # A child process must not write to its parent's sockets.
    _adapters.clear()
    _here.session = None


os.register_at_fork(after_in_child=_reset)


def adapters() -> dict[str, GuardedAdapter]:
    """The process's own adapters by scheme; their pools are shared by all threads."""
    if not _adapters:
        _adapters.update({"https://": GuardedAdapter(https=True), "http://": GuardedAdapter(https=False)})
    return _adapters


def harden(target: requests.Session) -> None:
    """Gives any `requests` session the shared adapters and takes cookies, proxies and .netrc from it."""
    for prefix, adapter in adapters().items():
        target.mount(prefix, adapter)
    # One person's cookie must never travel with another person's request.
    target.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    target.trust_env = False
    target.headers["User-Agent"] = "xo-platform"


def session() -> HTTPSession:
    """This thread's session."""
    if _here.session is None:
        fresh = HTTPSession(
            Config(
                ip_filter_enable=False,  # the shared adapter does it
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=DEFAULT_TIMEOUT,
            )
        )
        harden(fresh)
        _here.session = fresh
    return _here.session
