"""The base of every endpoint: who calls, which App, whether they may, how often, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS

from xoplatform.models import App, Role

from . import etags, idempotency, limits
from .callers import Caller
from .errors import NotHere, NotSignedIn

if TYPE_CHECKING:
    from datetime import timedelta

    from rest_framework.request import Request
    from rest_framework.response import Response

    from xoplatform.models import KeptAnswer

    from .access import Access

#: What clients accept that say nothing else: the first form there is, without weighing.
ANYTHING: Final = "*/*"


class ApiView(GenericAPIView):  # type: ignore[type-arg]  # the rows differ from view to view
    """An endpoint for signed-in callers that belongs to no App.

    ``editable``: what is read here can be changed, so it carries an ETag; a view that changes it calls
    `check_match` with the representation as it is now, in the transaction that changes it.
    """

    permission_classes = ()
    #: The description tells what there is; OPTIONS is for browsers of other origins, which never comes here.
    metadata_class = None
    editable: ClassVar[bool] = False
    #: How long a request counts as being at work at most, see `idempotency`.
    at_work: ClassVar[timedelta] = idempotency.HELD
    caller: Caller
    _allowance: limits.Allowance | None = None
    _held: KeptAnswer | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.format_kwarg = None
        self.perform_content_negotiation(request)
        self.perform_authentication(request)
        if not isinstance(request.auth, Caller):
            raise NotSignedIn
        self.caller = request.auth
        request._request.caller_mark = self.caller.mark  # type: ignore[attr-defined]  # noqa: SLF001 -- for the log line
        self._allowance = limits.spend(self.caller)
        limits.require(self._allowance)
        self.admit(request)
        if request.method not in SAFE_METHODS and hasattr(self, str(request.method).lower()):
            self._held = idempotency.begin(request, self.caller, self.at_work)

    def admit(self, request: Request) -> None:
        """Raises NotHere or NotAllowed for callers that may not go on."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        if request.META.get("HTTP_ACCEPT", ANYTHING) == ANYTHING:
            first = self.get_renderers()[0]
            found = first, first.media_type
        else:
            found = super().perform_content_negotiation(request, force)
        request.accepted_renderer, request.accepted_media_type = found
        return found

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, idempotency.Replayed):
            return exc.response
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        if self.editable and response.status_code in {200, 201} and hasattr(response, "data"):
            etags.mark(request, response)
        if self._held is not None:
            idempotency.end(self._held, response)
        if self._allowance is not None:
            self._allowance.tell(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return super().finalize_response(request, response, *args, **kwargs)

    def check_match(self, request: Request, data: Any) -> None:
        """Raises Changed when the caller's If-Match does not hold for ``data``, the representation as it is now."""
        etags.check_match(request, data)


class AppView(ApiView):
    """An endpoint below ``apps/{app}/``. Whoever may not see the App is told that there is none."""

    access: ClassVar[Access]
    app: App

    def admit(self, request: Request) -> None:
        self.app = self._find(str(self.kwargs["app"]))
        role = self._role()
        self.access.require(self.caller, role, str(request.method))

    def _find(self, slug: str) -> App:
        key = self.caller.key
        if key is not None:
            if key.app.slug != slug:
                raise NotHere(what="App")
            return key.app
        found = App.objects.filter(slug=slug).first()
        if found is None:
            raise NotHere(what="App")
        return found

    def _role(self) -> Role | None:
        if self.caller.key is not None:
            return None
        role = self.caller.role_in(self.app)
        if role is None:
            raise NotHere(what="App")
        return role
