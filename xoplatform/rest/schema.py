"""What the OpenAPI description says of every operation alike, so that no view repeats it."""

from __future__ import annotations

import re
from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from .problems import MEDIA_TYPE

#: Methods that change something.
WRITING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: A full stop that is not within a name.
SENTENCE_END: Final = re.compile(r"\.(?=\s|$)")
#: Headers of every answer.
ANSWER_HEADERS: Final = {
    "X-Request-ID": ("Names this request in our logs.", {"type": "string"}),
    "RateLimit-Policy": ("Requests a minute (draft-ietf-httpapi-ratelimit-headers).", {"type": "string"}),
    "RateLimit": ("What is left of them, and seconds until they are whole again.", {"type": "string"}),
}
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is stable; `detail` is for people.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON Pointer of the field at fault."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class Schema(AutoSchema):
    """Tags by the resource, ids by path, the docstring's first sentence as summary, and the headers of a request."""

    def get_tags(self) -> list[str]:
        parts = [part for part in self.path.split("/") if part and not part.startswith("{")]
        return [parts[3] if len(parts) > 3 else parts[-1]]  # noqa: PLR2004 -- api, v1, apps, and what is below an App

    def get_summary(self) -> str:
        return self._sentences()[0]

    def get_description(self) -> str:  # type: ignore[override]  # as its base class does
        return self._sentences()[1]

    def _sentences(self) -> tuple[str, str]:
        """The first sentence of what is told of the operation, and the rest."""
        first, *rest = SENTENCE_END.split(super().get_description(), maxsplit=1)
        return " ".join(first.split()), "".join(rest).strip()

    def get_override_parameters(self) -> list[Any]:
        found = list(super().get_override_parameters())
        if self.method in WRITING:
            found.append(_header("Idempotency-Key", "Sent again with the same key, the request is carried out once."))
        if getattr(self.view, "editable", False):
            name = "If-Match" if self.method in WRITING - {"POST"} else "If-None-Match"
            if self.method != "POST":
                found.append(_header(name, "An ETag that this address gave."))
        return found


def _header(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=description, required=False)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself
    target_class = "xoplatform.rest.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "A key of the App, or an end user's token."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # it registers itself
    target_class = "xoplatform.rest.authentication.StaffSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": "A signed-in staff user."}


def describe_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Every operation may answer a problem, and every answer has the common headers."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    headers = {
        name: {"description": description, "schema": schema} for name, (description, schema) in ANSWER_HEADERS.items()
    }
    result["components"]["headers"] = headers
    problem = {
        "description": "What went wrong.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for path in result["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                response.setdefault("headers", {}).update(
                    {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
                )
            operation["responses"]["default"] = problem
            if any(one.get("name") == "If-None-Match" for one in operation.get("parameters", [])):
                operation["responses"]["304"] = {"description": "You have it as it is now."}
    return result
